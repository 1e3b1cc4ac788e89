package postgres

import (
	"context"
	"time"

	"broadsheet/internal/newsletter"
)

// Head is a published issue in a list.
type Head struct {
	Number      int
	Date        newsletter.Date
	Summary     string
	Items       int
	PublishedAt time.Time
	RevisedAt   time.Time
}

const selectHead = "SELECT number, date, summary, items, published_at, revised_at FROM printed_issues"

// Heads returns all published issues, newest (highest number) first.
func (s *Store) Heads(ctx context.Context) ([]Head, error) {
	return collect[Head](ctx, s, "list the archive", selectHead+" ORDER BY number DESC")
}

// HeadsOfYear returns the published issues dated in a year, newest first.
func (s *Store) HeadsOfYear(ctx context.Context, year int) ([]Head, error) {
	return collect[Head](ctx, s, "list the year", selectHead+`
		WHERE date >= make_date($1, 1, 1) AND date <= make_date($1, 12, 31) ORDER BY number DESC`, year)
}

// Month is the numbers of the issues dated in one month, ascending.
type Month struct {
	Year    int
	Month   time.Month
	Numbers []int
}

// MonthsBefore returns the months of the published issues dated before a year,
// latest year first, each from January on. They are of the latest issues, so many
// at most: where there are more, the earliest year lacks some.
func (s *Store) MonthsBefore(ctx context.Context, year, issues int) ([]Month, error) {
	return collect[Month](ctx, s, "list the months", `
		SELECT extract(year FROM date)::int AS year, extract(month FROM date)::int AS month, array_agg(number ORDER BY number) AS numbers
		FROM (SELECT number, date FROM printed_issues WHERE date < make_date($1, 1, 1) ORDER BY date DESC LIMIT $2) AS latest
		GROUP BY 1, 2 ORDER BY 1 DESC, 2`, year, issues)
}

// Near returns up to n published issues whose numbers are closest to number,
// nearest first.
func (s *Store) Near(ctx context.Context, number, n int) ([]Head, error) {
	return collect[Head](ctx, s, "look for near numbers", `
		SELECT * FROM ((`+selectHead+` WHERE number >= $1 ORDER BY number LIMIT $2) UNION ALL
		               (`+selectHead+` WHERE number < $1 ORDER BY number DESC LIMIT $2)) AS around
		ORDER BY abs(number - $1), number LIMIT $2`, number, n)
}

// Span is the extent of the archive.
type Span struct {
	Newest int             // highest number, 0 in an empty archive
	First  newsletter.Date // earliest date
	Years  []int           // with issues, newest first
}

// Span returns the extent of the archive. It looks up each year in the index
// and reads no issue that is between.
func (s *Store) Span(ctx context.Context) (Span, error) {
	return one[Span](ctx, s, "measure the archive", `
		WITH RECURSIVE years AS (
			SELECT extract(year FROM max(date))::int AS year FROM printed_issues
			UNION ALL
			SELECT (SELECT extract(year FROM max(date))::int FROM printed_issues WHERE date < make_date(year, 1, 1))
			FROM years WHERE year IS NOT NULL)
		SELECT (SELECT coalesce(max(number), 0) FROM printed_issues) AS newest, (SELECT min(date) FROM printed_issues) AS first,
		       ARRAY(SELECT year FROM years WHERE year IS NOT NULL ORDER BY year DESC) AS years`)
}

// CountIssues returns how many issues are published.
func (s *Store) CountIssues(ctx context.Context) (int, error) {
	var n int
	err := s.db.QueryRow(ctx, "SELECT count(*) FROM printed_issues").Scan(&n)
	return n, wrap(err, "count the issues")
}

// Neighbours returns the numbers of the published issues before and after
// number, 0 where there is none.
func (s *Store) Neighbours(ctx context.Context, number int) (earlier, later int, err error) {
	err = s.db.QueryRow(ctx, `
		SELECT coalesce((SELECT max(number) FROM printed_issues WHERE number < $1), 0),
		       coalesce((SELECT min(number) FROM printed_issues WHERE number > $1), 0)`, number).Scan(&earlier, &later)
	return earlier, later, wrap(err, "look for earlier and later issues")
}
