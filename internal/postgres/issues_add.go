package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// AddIssues stores new issues with everything in them, all or none, and returns
// their ids in the same order. The links inside notes come from linksOf. A
// standing section that one names and that is not there is kept as a retired
// one. It returns ErrConflict when a number is taken. An issue that is printed
// needs its revision in the same transaction: see [Store.SaveRevision]. It takes
// the same number of round trips for any number of issues; what they hold is on
// its way to the database at once, so give hundreds, not thousands.
func (s *Store) AddIssues(ctx context.Context, issues []newsletter.Issue, linksOf LinksOf) (ids []int64, err error) {
	err = s.Tx(ctx, func(s *Store) error {
		if ids, err = s.addIssues(ctx, issues); err != nil {
			return err
		}
		if err := s.addSections(ctx, ids, issues, linksOf); err != nil {
			return err
		}
		for k, issue := range issues {
			if err := s.addCorrections(ctx, ids[k], issue.Corrections); err != nil {
				return err
			}
		}
		return nil
	})
	return ids, err
}

// addIssues stores issues without what is in them.
func (s *Store) addIssues(ctx context.Context, issues []newsletter.Issue) ([]int64, error) {
	batch := &pgx.Batch{}
	ids := make([]int64, len(issues))
	for k, issue := range issues {
		queueIssue(batch, issue).QueryRow(func(row pgx.Row) error {
			err := row.Scan(&ids[k])
			if errors.Is(err, pgx.ErrNoRows) {
				return fmt.Errorf("issue %d: %w", issue.Number, newsletter.ErrConflict)
			}
			return err
		})
	}
	return ids, wrap(s.db.SendBatch(ctx, batch).Close(), "add issues")
}

func (s *Store) addIssue(ctx context.Context, issue newsletter.Issue) (int64, error) {
	ids, err := s.addIssues(ctx, []newsletter.Issue{issue})
	return ids[0], err
}

func queueIssue(batch *pgx.Batch, issue newsletter.Issue) *pgx.QueuedQuery {
	var revision *int
	if issue.State.Printed() {
		revision = new(1)
	}
	return batch.Queue(`
		INSERT INTO issues (number, date, title, summary, intro, state, scheduled_at, published_at, revision, withdrawn)
		VALUES (@number, @date, @title, @summary, @intro, @state, @scheduled_at, @published_at, @revision, @withdrawn)
		ON CONFLICT (number) DO NOTHING RETURNING id`,
		pgx.StrictNamedArgs{
			"number": issue.Number, "date": issue.Date, "title": issue.Title, "summary": issue.Summary,
			"intro": issue.Intro, "state": issue.State, "scheduled_at": orNull(issue.ScheduledAt),
			"published_at": orNull(issue.PublishedAt), "revision": revision, "withdrawn": notNil(issue.Withdrawn),
		})
}

// addedSection is a section of an issue to be stored.
type addedSection struct {
	newsletter.Section
	issueID  int64
	position int
}

// addSections stores the sections of issues and all that stands in them.
func (s *Store) addSections(ctx context.Context, issueIDs []int64, issues []newsletter.Issue, linksOf LinksOf) error {
	var sections []addedSection
	for k, issue := range issues {
		for position, section := range issue.Sections {
			sections = append(sections, addedSection{section, issueIDs[k], position + 1})
		}
	}
	if err := s.ensureStanding(ctx, sections); err != nil {
		return err
	}
	ids, err := s.added(ctx, "add sections", `
		INSERT INTO issue_sections (issue_id, title, kind, standing_id, position)
		SELECT issue, title, kind, (SELECT id FROM standing_sections standing WHERE standing.title = of), position
		FROM unnest(@issues::bigint[], @titles::text[], @kinds::text[], @ofs::text[], @positions::int[])
		     WITH ORDINALITY AS section (issue, title, kind, of, position, nth)
		ORDER BY nth RETURNING id`, pgx.StrictNamedArgs{
		"issues":    column(sections, func(s addedSection) int64 { return s.issueID }),
		"titles":    column(sections, func(s addedSection) string { return s.Title }),
		"kinds":     column(sections, func(s addedSection) newsletter.Kind { return s.Kind }),
		"ofs":       column(sections, func(s addedSection) string { return s.Of }),
		"positions": column(sections, func(s addedSection) int { return s.position }),
	})
	if err != nil {
		return err
	}
	var items []addedItem
	for k, section := range sections {
		for position, item := range section.Items {
			items = append(items, addedItem{item, placement{&section.issueID, &ids[k], new(position + 1)}})
		}
	}
	return s.addItems(ctx, items, linksOf)
}

// ensureStanding makes sure of the standing sections that sections come from.
func (s *Store) ensureStanding(ctx context.Context, sections []addedSection) error {
	batch := &pgx.Batch{}
	seen := map[string]bool{}
	for _, section := range sections {
		if !seen[section.Of] {
			seen[section.Of] = true
			queueStanding(batch, section.Of, section.Kind)
		}
	}
	if batch.Len() == 0 {
		return nil
	}
	return wrap(s.db.SendBatch(ctx, batch).Close(), "add standing sections")
}

func (s *Store) addCorrections(ctx context.Context, issueID int64, corrections []newsletter.Correction) error {
	batch := &pgx.Batch{}
	for _, c := range corrections {
		batch.Queue("INSERT INTO corrections (issue_id, at, place, sentence) VALUES ($1, $2, nullif($3, 0), $4)",
			issueID, c.At, c.Place, c.Sentence)
	}
	if batch.Len() == 0 {
		return nil
	}
	return wrap(s.db.SendBatch(ctx, batch).Close(), "add corrections")
}
