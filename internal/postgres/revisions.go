package postgres

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// IssueRevision is a revision and the id of its issue.
type IssueRevision struct {
	IssueID int64
	newsletter.Revision
}

// SaveRevision stores a revision of an issue and makes it the one readers get, in
// one round trip: see [Store.KeepRevision] and [Store.Print].
func (s *Store) SaveRevision(ctx context.Context, issueID int64, revision newsletter.Revision, linksOf LinksOf) error {
	revisions := []IssueRevision{{issueID, revision}}
	batch := &pgx.Batch{}
	queueKept(batch, revisions)
	queuePrint(batch, revisions, linksOf)
	return wrap(s.db.SendBatch(ctx, batch).Close(), "save the revision")
}

// KeepRevision stores a revision of an issue. The issue's row must name it as its
// newest at the end of the transaction.
func (s *Store) KeepRevision(ctx context.Context, issueID int64, revision newsletter.Revision) error {
	return s.KeepRevisions(ctx, []IssueRevision{{issueID, revision}})
}

// KeepRevisions is [Store.KeepRevision] for several in one round trip.
func (s *Store) KeepRevisions(ctx context.Context, revisions []IssueRevision) error {
	batch := &pgx.Batch{}
	queueKept(batch, revisions)
	return wrap(s.db.SendBatch(ctx, batch).Close(), "keep the revision")
}

func queueKept(batch *pgx.Batch, revisions []IssueRevision) {
	for _, r := range revisions {
		batch.Queue("INSERT INTO revisions (issue_id, ordinal, made_at, content) VALUES ($1, $2, $3, $4)",
			r.IssueID, r.Ordinal, r.RevisedAt, r.Revision)
	}
}

// Unprint takes an issue out of archive, search, section and site pages.
func (s *Store) Unprint(ctx context.Context, issueID int64) error {
	_, err := s.db.Exec(ctx, "DELETE FROM printed_issues WHERE issue_id = $1", issueID)
	return wrap(err, "take the issue out of the archive")
}

// RecallIssue withdraws a locked published issue, or makes a withdrawn one
// published again. It is ErrConflict when it is neither. What readers get is the
// caller's to change in the same transaction: see [Store.Unprint] and
// [Store.Print].
func (s *Store) RecallIssue(ctx context.Context, by newsletter.User, issueID int64, to newsletter.IssueState) error {
	tag, err := s.db.Exec(ctx, `
		UPDATE issues SET state = $2
		WHERE id = $1 AND state IN ('published', 'withdrawn') AND $2 IN ('published', 'withdrawn')`, issueID, to)
	if err == nil && tag.RowsAffected() == 0 {
		err = newsletter.ErrConflict
	}
	if err != nil {
		return wrap(err, "recall the issue")
	}
	return s.notifyDesk(ctx, by, Notice{Kind: NoticeOrder, Issue: issueID})
}

// Revision returns the newest revision of a published issue: ErrNotFound when
// there is none, ErrGone when the issue was withdrawn.
func (s *Store) Revision(ctx context.Context, number int) (newsletter.Revision, error) {
	type row struct {
		State   newsletter.IssueState
		Content newsletter.Revision
	}
	r, err := one[row](ctx, s, "read the revision", `
		SELECT state, content FROM issues JOIN revisions ON issue_id = issues.id AND ordinal = revision
		WHERE number = $1`, number)
	if err == nil && r.State == newsletter.Withdrawn {
		err = newsletter.ErrGone
	}
	if err != nil {
		return newsletter.Revision{}, err
	}
	return r.Content, nil
}

// RevisionsPerPage is how many issues [Store.RecentRevisions] returns at once:
// more than four months of a weekly.
const RevisionsPerPage = 20

// revisionsLimit is RevisionsPerPage in a statement, for the planner to know.
var revisionsLimit = strconv.Itoa(RevisionsPerPage)

// Written tells the words of a revision from any others.
type Written struct {
	Issue   int64
	Ordinal int
	Written int64 // the transaction that wrote them; a redaction is one
}

// Recent is a revision, and what tells its words from others.
type Recent struct {
	Written
	Content *newsletter.Revision
}

// RecentRevisions returns up to RevisionsPerPage newest revisions, newest issue
// first, after skipping some issues. Those that are known come without their
// content: most of the time of a revision goes into reading it.
func (s *Store) RecentRevisions(ctx context.Context, skip int, known []Written) ([]Recent, error) {
	return collect[Recent](ctx, s, "read the newest revisions", `
		SELECT revisions.issue_id AS issue, ordinal, revisions.xmin::text::bigint AS written,
		       CASE WHEN (revisions.issue_id, ordinal, revisions.xmin::text::bigint) IN (SELECT * FROM unnest($2::bigint[], $3::int[], $4::bigint[])) THEN NULL
		       ELSE content END AS content
		FROM (SELECT number, issue_id FROM printed_issues ORDER BY number DESC LIMIT `+revisionsLimit+` OFFSET $1) AS page
		JOIN issues ON issues.id = page.issue_id
		JOIN revisions ON revisions.issue_id = issues.id AND ordinal = revision
		ORDER BY page.number DESC`, skip,
		column(known, func(w Written) int64 { return w.Issue }), column(known, func(w Written) int { return w.Ordinal }),
		column(known, func(w Written) int64 { return w.Written }))
}
