package postgres

import (
	"context"
	"time"

	"broadsheet/internal/newsletter"
)

// IssueLine is an issue in a list of the desk.
type IssueLine struct {
	Number                   int
	Date                     newsletter.Date
	Title, Summary           string
	State                    newsletter.IssueState
	Items                    int
	ScheduledAt, PublishedAt time.Time
	Waits                    string       // why it waits for a person, or ""
	Sections                 []SectionRef // in order; of drafts and scheduled issues only
}

// SectionRef names a section of an issue.
type SectionRef struct {
	ID    int64
	Title string
}

// IssueLines returns all issues, newest (highest number) first.
func (s *Store) IssueLines(ctx context.Context) ([]IssueLine, error) {
	return s.issueLines(ctx, " ORDER BY number DESC")
}

// OpenIssues returns the drafts and scheduled issues, lowest number first: the
// one due next leads.
func (s *Store) OpenIssues(ctx context.Context) ([]IssueLine, error) {
	return s.issueLines(ctx, " WHERE state IN ('draft', 'scheduled') ORDER BY number")
}

func (s *Store) issueLines(ctx context.Context, which string) ([]IssueLine, error) {
	type row struct {
		Number                   int
		Date                     newsletter.Date
		Title, Summary           string
		State                    newsletter.IssueState
		Items                    int
		ScheduledAt, PublishedAt *time.Time
		Waits                    string
		Sections                 []SectionRef
	}
	rows, err := collect[row](ctx, s, "list the issues", `
		SELECT number, date, title, summary, state, scheduled_at, published_at, waits,
		       (SELECT count(*) FROM items WHERE issue_id = issues.id) AS items,
		       CASE WHEN state IN ('draft', 'scheduled') THEN
		           (SELECT jsonb_agg(jsonb_build_object('ID', id, 'Title', title) ORDER BY position)
		            FROM issue_sections WHERE issue_id = issues.id) END AS sections
		FROM issues`+which)
	lines := make([]IssueLine, len(rows))
	for k, r := range rows {
		lines[k] = IssueLine{
			Number: r.Number, Date: r.Date, Title: r.Title, Summary: r.Summary, State: r.State, Items: r.Items,
			ScheduledAt: utc(r.ScheduledAt), PublishedAt: utc(r.PublishedAt), Waits: r.Waits, Sections: r.Sections,
		}
	}
	return lines, err
}

// LastIssue returns the highest number of all issues, 0 when there is none, and
// the latest date: what the next issue's are proposed from.
func (s *Store) LastIssue(ctx context.Context) (highest int, last newsletter.Date, err error) {
	err = s.db.QueryRow(ctx, "SELECT coalesce(max(number), 0), max(date) FROM issues").Scan(&highest, &last)
	return highest, last, wrap(err, "look for the last issue")
}
