package postgres

import (
	"context"

	"broadsheet/internal/newsletter"
)

// OwnedSection is a section of an open issue that somebody looks after.
type OwnedSection struct {
	ID         int64
	Title      string
	Progress   newsletter.Progress
	Issue      int
	IssueState newsletter.IssueState
	Items      int
	Bare       int // items without a note
}

// SectionsOf returns the sections of open issues that a person looks after, in
// print order, the issue due next first.
func (s *Store) SectionsOf(ctx context.Context, person int64) ([]OwnedSection, error) {
	return collect[OwnedSection](ctx, s, "list one's sections", `
		SELECT sections.id, sections.title, progress, number AS issue, issues.state AS issue_state,
		       count(items.id) AS items, count(items.id) FILTER (WHERE note !~ '\S') AS bare
		FROM issue_sections sections JOIN issues ON issues.id = sections.issue_id
		     LEFT JOIN items ON items.section_id = sections.id
		WHERE owner_id = $1 AND issues.state IN ('draft', 'scheduled')
		GROUP BY sections.id, issues.id ORDER BY number, sections.position`, person)
}

// BlueNotesTo returns the open blue notes that name a person, oldest first, but
// not those on printed issues: nobody finishes them any longer.
func (s *Store) BlueNotesTo(ctx context.Context, person int64) ([]BlueNote, error) {
	return s.blueNotes(ctx, `
		WHERE blue_notes.id IN (SELECT note_id FROM blue_note_mentions WHERE person_id = $1)
		  AND done_at IS NULL AND (issues.id IS NULL OR issues.state IN ('draft', 'scheduled'))`, person)
}

// UnfinishedOf returns the items of open issues without a note that a person
// sent or that stand in their sections, in print order.
func (s *Store) UnfinishedOf(ctx context.Context, person int64) ([]DeskItem, error) {
	return s.deskItems(ctx, "list one's unfinished items", `
		WHERE issues.state IN ('draft', 'scheduled') AND note !~ '\S' AND (submitter_id = $1 OR owner_id = $1)
		ORDER BY issues.number, sections.position, items.position`, person)
}
