package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// DeskItem is an item as the desk shows it. Unlike elsewhere, who submitted it
// and when is filled for placed items too; Place is the frozen mark's, or 0.
type DeskItem struct {
	newsletter.Item
	Version     int                   // of its words
	Moved       int64                 // order version of its last move
	Issue       int                   // number of the issue it stands in, or 0
	IssueID     int64                 // that issue's id, or 0
	IssueState  newsletter.IssueState // of that issue, or ""
	SectionID   int64                 // section it stands in, or 0
	Section     string                // that section's heading
	Position    int                   // in its section, from 1; 0 outside
	SubmitterID int64                 // account of who submitted it, or 0
	AlsoBy      []string              // who sent the items merged into it
	ChangedBy   string                // who last changed its words, place or state
	ChangedAt   time.Time
	Reply       string // what the one who suggested it will read
	BlueNotes   int    // open ones on it
}

// Object returns what decides who may change the item.
func (i DeskItem) Object() newsletter.Object {
	return newsletter.Object{Issue: i.IssueState, Item: i.State, Submitter: i.SubmitterID}
}

const selectDeskItem = `
	SELECT items.id, items.state, coalesce(place, 0) AS place, items.title, note, sponsored, event_on, event_until,
	       place_name, reason, submitted_by, submitted_at, ` + listedLinks + `,
	       items.version, items.moved, coalesce(issues.number, 0) AS issue, coalesce(issues.id, 0) AS issue_id, coalesce(issues.state, '') AS issue_state,
	       coalesce(section_id, 0) AS section_id, coalesce(sections.title, '') AS section,
	       coalesce(items.position, 0) AS position, coalesce(submitter_id, 0) AS submitter_id,
	       also_by, items.changed_by, items.changed_at, reply,
	       (SELECT count(*) FROM blue_notes WHERE item_id = items.id AND done_at IS NULL) AS blue_notes
	FROM items LEFT JOIN issues ON issues.id = items.issue_id
	     LEFT JOIN issue_sections sections ON sections.id = section_id`

// deskItems returns the items that the end of a query selects.
func (s *Store) deskItems(ctx context.Context, attempted, where string, args ...any) ([]DeskItem, error) {
	items, err := collect[DeskItem](ctx, s, attempted, selectDeskItem+where, args...)
	for i := range items {
		items[i].SubmittedAt, items[i].ChangedAt = items[i].SubmittedAt.UTC(), items[i].ChangedAt.UTC()
	}
	return items, err
}

// DeskItem returns an item with where it stands, or ErrNotFound.
func (s *Store) DeskItem(ctx context.Context, id int64) (DeskItem, error) {
	items, err := s.deskItems(ctx, "read the item", " WHERE items.id = $1", id)
	if err != nil {
		return DeskItem{}, err
	}
	if len(items) == 0 {
		return DeskItem{}, wrap(newsletter.ErrNotFound, "read the item")
	}
	return items[0], nil
}

// lockItem returns an item as it is once everybody else who was changing it is
// done, and keeps it so until the end of the transaction. It is read after it
// is locked: the issue it stands in may have been published meanwhile.
func (s *Store) lockItem(ctx context.Context, id int64) (DeskItem, error) {
	if _, err := s.db.Exec(ctx, "SELECT FROM items WHERE id = $1 FOR UPDATE", id); err != nil {
		return DeskItem{}, wrap(err, "lock the item")
	}
	return s.DeskItem(ctx, id)
}

// recorded names an item in the audit, where it outlives the item.
func recorded(item newsletter.Item) string {
	return fmt.Sprintf("%d: %s", item.ID, strings.TrimSuffix(item.Label(), "."))
}

// quoted names an item inside a sentence.
func quoted(item newsletter.Item) string { return "“" + item.Label() + "”" }
