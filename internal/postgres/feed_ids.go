package postgres

import (
	"context"

	"broadsheet/internal/newsletter"
)

// FeedIDs returns what feed readers know issues by from another feed, in number
// order, after what they know that feed itself by.
func (s *Store) FeedIDs(ctx context.Context) ([]newsletter.FeedID, error) {
	return collect[newsletter.FeedID](ctx, s, "read the ids of feed entries", `
		SELECT coalesce(number, 0) AS issue, feed_ids.id FROM feed_ids LEFT JOIN issues ON issues.id = issue_id ORDER BY 1`)
}

// FirstOfFeed returns how many issues stand on the first page of the feed, which
// readers subscribe to: the newest RevisionsPerPage, but none that is older than
// one they know from another feed and was not in that feed itself. They would
// see an old issue as new.
func (s *Store) FirstOfFeed(ctx context.Context) (issues int, err error) {
	err = s.db.QueryRow(ctx, `
		WITH newest AS (
			SELECT number, feed_ids.id IS NOT NULL AS known
			FROM (SELECT number, issue_id FROM printed_issues ORDER BY number DESC LIMIT `+revisionsLimit+`) AS page
			LEFT JOIN feed_ids USING (issue_id))
		SELECT count(*) FROM newest WHERE number > coalesce((
			SELECT max(number) FROM newest WHERE NOT known AND number < (SELECT max(number) FROM newest WHERE known)), 0)`).Scan(&issues)
	return issues, wrap(err, "measure the feed's first page")
}

// AddFeedID keeps what feed readers know a published issue, or the feed, by. It
// returns ErrConflict when that has another id already or something else has
// this one, ErrNotFound when there is no such issue in public, and whether it
// was new.
func (s *Store) AddFeedID(ctx context.Context, f newsletter.FeedID) (added bool, err error) {
	var issue *int64 // nil for the feed
	if f.Issue != 0 {
		if err := s.db.QueryRow(ctx, "SELECT id FROM issues WHERE number = $1 AND revision IS NOT NULL", f.Issue).Scan(&issue); err != nil {
			return false, wrap(err, "find the issue")
		}
	}
	tag, err := s.db.Exec(ctx, "INSERT INTO feed_ids (issue_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING", issue, f.ID)
	if err != nil || tag.RowsAffected() == 1 {
		return err == nil, wrap(err, "keep the id of a feed entry")
	}
	var same bool
	err = s.db.QueryRow(ctx, "SELECT count(*) = 1 FROM feed_ids WHERE issue_id IS NOT DISTINCT FROM $1 AND id = $2", issue, f.ID).Scan(&same)
	if err == nil && !same {
		err = newsletter.ErrConflict
	}
	return false, wrap(err, "compare the id of a feed entry")
}
