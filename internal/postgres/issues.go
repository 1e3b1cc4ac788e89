package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Numbers returns the numbers of all issues in order, whatever their state.
func (s *Store) Numbers(ctx context.Context) ([]int, error) {
	rows, err := s.db.Query(ctx, "SELECT number FROM issues ORDER BY number")
	if err != nil {
		return nil, wrap(err, "list the issues")
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[int])
	return numbers, wrap(err, "list the issues")
}

// Issue returns an issue as the desk holds it, or ErrNotFound. It takes the
// same number of queries however many items the issue has.
func (s *Store) Issue(ctx context.Context, number int) (newsletter.Issue, error) {
	type row struct {
		ID                       int64
		Number                   int
		Date                     newsletter.Date
		Title, Summary, Intro    string
		State                    newsletter.IssueState
		ScheduledAt, PublishedAt *time.Time
		Withdrawn                []int
		Corrections              []newsletter.Correction
	}
	r, err := one[row](ctx, s, "read the issue", `
		SELECT id, number, date, title, summary, intro, state, scheduled_at, published_at, withdrawn,
		       coalesce((SELECT jsonb_agg(jsonb_build_object('at', at, 'place', coalesce(place, 0), 'sentence', sentence) ORDER BY id)
		                 FROM corrections WHERE issue_id = issues.id), '[]') AS corrections
		FROM issues WHERE number = $1`, number)
	if err != nil {
		return newsletter.Issue{}, err
	}
	issue := newsletter.Issue{
		ID: r.ID, Number: r.Number, Date: r.Date, Title: r.Title, Summary: r.Summary, Intro: r.Intro,
		State: r.State, ScheduledAt: utc(r.ScheduledAt), PublishedAt: utc(r.PublishedAt),
		Corrections: r.Corrections, Withdrawn: r.Withdrawn,
	}
	issue.Sections, err = s.sections(ctx, issue.ID)
	return issue, err
}

// sections returns an issue's sections with their items, in print order.
func (s *Store) sections(ctx context.Context, issueID int64) ([]newsletter.Section, error) {
	type row struct {
		ID    int64
		Title string
		Kind  newsletter.Kind
		Of    string
	}
	rows, err := collect[row](ctx, s, "read the sections", `
		SELECT sections.id, sections.title, sections.kind, coalesce(standing.title, '') AS of
		FROM issue_sections sections LEFT JOIN standing_sections standing ON standing.id = standing_id
		WHERE issue_id = $1 ORDER BY sections.position`, issueID)
	if err != nil {
		return nil, err
	}
	items, err := collect[itemRow](ctx, s, "read the items", selectItem+`
		WHERE issue_id = $1 ORDER BY section_id, position`, issueID)
	if err != nil {
		return nil, err
	}
	inSection := map[int64][]newsletter.Item{}
	for _, item := range items {
		inSection[*item.SectionID] = append(inSection[*item.SectionID], item.item())
	}
	var sections []newsletter.Section
	for _, r := range rows {
		sections = append(sections, newsletter.Section{Title: r.Title, Kind: r.Kind, Of: r.Of, Items: inSection[r.ID]})
	}
	return sections, nil
}

// orNull is NULL for the zero time.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// utc is the zero time for NULL, and in UTC otherwise.
func utc(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// notNil is an empty list for nil, which the database would take for NULL.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
