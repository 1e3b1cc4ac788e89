package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"broadsheet/internal/newsletter"
)

// DiscardIssue deletes a draft with the blue notes on it and its sections. Its
// items go back to the inbox with theirs, its number is free.
func (s *Store) DiscardIssue(ctx context.Context, by newsletter.User, number int) error {
	return s.reorder(ctx, by, func(m mover) error {
		issue, err := m.lockIssue(ctx, number)
		if err != nil {
			return err
		}
		if err := newsletter.Allow(by, newsletter.DiscardIssue, issue.object()); err != nil {
			return err
		}
		batch := &pgx.Batch{}
		batch.Queue(`
			UPDATE items SET state = 'inbox', issue_id = NULL, section_id = NULL, position = NULL, place = NULL,
			       moved = $2, changed_by = $3, changed_at = now()
			WHERE issue_id = $1`, issue.ID, m.version, by.Name)
		batch.Queue("DELETE FROM issues WHERE id = $1", issue.ID)
		if err := m.db.SendBatch(ctx, batch).Close(); err != nil {
			return wrap(err, "discard the issue")
		}
		if err := m.notifyDesk(ctx, by, inboxChanged, Notice{Kind: NoticeOrder, Issue: issue.ID}); err != nil {
			return err
		}
		return m.AuditOf(ctx, by, "discard issue", fmt.Sprint(number), Ref{Issues: []int64{issue.ID}})
	})
}

// MarkPublished makes a locked issue one that by has published, whose newest
// revision is the first, and gives its items the places of their marks, by item
// id. It is ErrConflict when the issue is printed already. The revision is the
// caller's to save in the same transaction.
func (s *Store) MarkPublished(ctx context.Context, by newsletter.User, issueID int64, at time.Time, places map[int64]int) error {
	ids := slices.Collect(maps.Keys(places))
	batch := &pgx.Batch{}
	batch.Queue(`
		UPDATE issues SET state = 'published', scheduled_at = NULL, waits = '', published_at = $2, revision = 1
		WHERE id = $1 AND state IN ('draft', 'scheduled')`, issueID, at).Exec(func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() == 0 {
			return newsletter.ErrConflict
		}
		return nil
	})
	batch.Queue("UPDATE items SET place = NULL WHERE issue_id = $1 AND place IS NOT NULL", issueID) // so that none is in another's way
	batch.Queue(`
		UPDATE items SET place = given.place FROM unnest($2::bigint[], $3::int[]) AS given (id, place)
		WHERE items.id = given.id AND issue_id = $1`, issueID, ids, column(ids, func(id int64) int { return places[id] }))
	if err := s.db.SendBatch(ctx, batch).Close(); err != nil {
		return wrap(err, "mark the issue as published")
	}
	return s.notifyDesk(ctx, by, Notice{Kind: NoticeOrder, Issue: issueID})
}
