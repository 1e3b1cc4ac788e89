package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// The corrections of a locked, printed issue. They change what the desk holds of
// it; the revision that readers get is the caller's to make in the same
// transaction.

// CorrectIssue replaces a printed issue's date, summary and introduction, as
// [Store.SaveIssue] does a draft's.
func (s *Store) CorrectIssue(ctx context.Context, by newsletter.User, board Board, version int, words newsletter.Issue) error {
	if board.Date == words.Date && board.Summary == words.Summary && board.Intro == words.Intro {
		return nil
	}
	if board.Version != version {
		return &IssueConflict{board}
	}
	words.Number, words.Title = board.Number, board.Title
	return s.writeIssue(ctx, by, board.ID, words)
}

// CorrectItem replaces the words of an item in a printed issue, as
// [Store.SaveItem] does elsewhere.
func (s *Store) CorrectItem(ctx context.Context, by newsletter.User, item DeskItem, version int, words newsletter.Item, linksOf LinksOf) error {
	if sameWords(item.Item, words) {
		return nil
	}
	if item.Version != version {
		return &ItemConflict{item}
	}
	words.ID = item.ID
	_, err := s.writeItem(ctx, by, words, linksOf)
	return err
}

// HeadingConflict is the error of correcting a heading that somebody has
// corrected first. It is [newsletter.ErrConflict].
type HeadingConflict struct{ Theirs BoardSection }

// Error says that somebody was faster.
func (c *HeadingConflict) Error() string {
	return "the heading was corrected meanwhile; compare both and correct it again"
}

// Is makes it an ErrConflict.
func (c *HeadingConflict) Is(target error) bool { return target == newsletter.ErrConflict }

// CorrectHeading replaces the heading of a section of a printed issue that says
// was, or ErrNotFound. One that another section has, or a number, is a
// [newsletter.Invalid] of field "title".
func (s *Store) CorrectHeading(ctx context.Context, by newsletter.User, board Board, section int64, was, heading string) error {
	k := findID(board.Sections, section)
	switch {
	case k < 0:
		return wrap(newsletter.ErrNotFound, "find the section")
	case board.Sections[k].Title == heading:
		return nil
	case board.Sections[k].Title != was:
		return &HeadingConflict{board.Sections[k]}
	}
	if err := freeHeading(board, section, heading); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, "UPDATE issue_sections SET title = $2 WHERE id = $1", section, heading); err != nil {
		return wrap(err, "correct the heading")
	}
	return s.notifyDesk(ctx, by, Notice{Kind: NoticeOrder, Issue: board.ID})
}

// TakeOut takes an item out of a printed issue. Its place stays unused for ever;
// the item is declined, and says why.
func (s *Store) TakeOut(ctx context.Context, by newsletter.User, issueID int64, item DeskItem, reason string) error {
	batch := &pgx.Batch{}
	batch.Queue("UPDATE issues SET withdrawn = (SELECT array_agg(place ORDER BY place) FROM unnest(array_append(withdrawn, $2::int)) AS place) WHERE id = $1",
		issueID, item.Place)
	batch.Queue(`
		UPDATE items SET state = 'declined', reason = $2, issue_id = NULL, section_id = NULL, position = NULL, place = NULL,
		       changed_by = $3, changed_at = now() WHERE id = $1`, item.ID, reason, by.Name)
	batch.Queue(`
		UPDATE items SET position = renumbered.position
		FROM (SELECT id, row_number() OVER (ORDER BY position) AS position FROM items WHERE section_id = $1) AS renumbered
		WHERE items.id = renumbered.id AND items.position <> renumbered.position`, item.SectionID)
	return wrap(s.db.SendBatch(ctx, batch).Close(), "take the item out")
}

// Revised says which revision of a locked issue is its newest, and adds the
// correction that readers are told, if it has a sentence.
func (s *Store) Revised(ctx context.Context, by newsletter.User, issueID int64, ordinal int, told newsletter.Correction) error {
	_, err := s.db.Exec(ctx, "UPDATE issues SET revision = $2 WHERE id = $1", issueID, ordinal)
	if err != nil {
		return wrap(err, "name the newest revision")
	}
	if told.Sentence != "" {
		if err := s.addCorrections(ctx, issueID, []newsletter.Correction{told}); err != nil {
			return err
		}
	}
	return s.notifyDesk(ctx, by, Notice{Kind: NoticeOrder, Issue: issueID})
}

// NewestRevision returns what was printed last of an issue, also of one that is
// withdrawn; ErrNotFound when nothing was.
func (s *Store) NewestRevision(ctx context.Context, issueID int64) (newsletter.Revision, error) {
	var revision newsletter.Revision
	err := s.db.QueryRow(ctx, `
		SELECT content FROM issues JOIN revisions ON issue_id = issues.id AND ordinal = revision WHERE issues.id = $1`, issueID).Scan(&revision)
	return revision, wrap(err, fmt.Sprintf("read the newest revision of issue %d", issueID))
}
