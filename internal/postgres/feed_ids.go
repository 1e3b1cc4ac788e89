package postgres

import (
	"context"

	"broadsheet/internal/newsletter"
)

// FeedIDs returns what feed readers know issues by from another feed, in number
// order.
func (s *Store) FeedIDs(ctx context.Context) ([]newsletter.FeedID, error) {
	return collect[newsletter.FeedID](ctx, s, "read the ids of feed entries", `
		SELECT number AS issue, feed_ids.id FROM feed_ids JOIN issues ON issues.id = issue_id ORDER BY number`)
}

// AddFeedID keeps what feed readers know a published issue by. It returns
// ErrConflict when the issue has another id already or another issue has this
// one, ErrNotFound when there is no such issue in public, and whether it was
// new.
func (s *Store) AddFeedID(ctx context.Context, f newsletter.FeedID) (added bool, err error) {
	var issue int64
	if err := s.db.QueryRow(ctx, "SELECT id FROM issues WHERE number = $1 AND revision IS NOT NULL", f.Issue).Scan(&issue); err != nil {
		return false, wrap(err, "find the issue")
	}
	tag, err := s.db.Exec(ctx, "INSERT INTO feed_ids (issue_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING", issue, f.ID)
	if err != nil || tag.RowsAffected() == 1 {
		return err == nil, wrap(err, "keep the id of a feed entry")
	}
	var same bool
	err = s.db.QueryRow(ctx, "SELECT count(*) = 1 FROM feed_ids WHERE issue_id = $1 AND id = $2", issue, f.ID).Scan(&same)
	if err == nil && !same {
		err = newsletter.ErrConflict
	}
	return false, wrap(err, "compare the id of a feed entry")
}
