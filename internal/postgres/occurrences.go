package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Occurrence is an item that has a certain link already, listed or inside its
// note.
type Occurrence struct {
	ItemID     int64
	Mark       newsletter.Mark       // zero unless printed
	Issue      int                   // number, or 0 outside issues
	IssueState newsletter.IssueState // "" outside issues
	ItemState  newsletter.ItemState
	Date       newsletter.Date // of the issue
	By         string          // who submitted the item
	At         time.Time       // when it was printed, else submitted
	Sponsored  bool
	Title      string // the item's label
}

// Occurrences returns where addresses stand already, by the address as it was
// asked for: loose items first, then the highest issue number. Addresses are
// compared by their normal form. exceptItem is left out; 0 leaves out none. It
// is one query for any number of addresses.
func (s *Store) Occurrences(ctx context.Context, urls []string, exceptItem int64) (map[string][]Occurrence, error) {
	asked := map[string][]string{} // by normal form
	var normals []string
	for _, url := range urls {
		normal, _ := normalise(url)
		if asked[normal] == nil {
			normals = append(normals, normal)
		}
		asked[normal] = append(asked[normal], url)
	}
	rows, err := s.occurrences(ctx, normals, exceptItem)
	found := map[string][]Occurrence{}
	for _, r := range rows {
		for _, url := range asked[r.Canonical] {
			found[url] = append(found[url], r.occurrence())
		}
	}
	return found, err
}

type occurrenceRow struct {
	Canonical   string
	ID          int64
	State       newsletter.ItemState
	Place       int
	Title, Note string
	Links       []newsletter.Link
	Sponsored   bool
	SubmittedBy string
	At          time.Time
	Number      int
	IssueState  newsletter.IssueState
	Date        newsletter.Date
}

func (r occurrenceRow) occurrence() Occurrence {
	o := Occurrence{
		ItemID: r.ID, Issue: r.Number, IssueState: r.IssueState, ItemState: r.State, Date: r.Date,
		By: r.SubmittedBy, At: r.At.UTC(), Sponsored: r.Sponsored,
		Title: newsletter.Item{Title: r.Title, Note: r.Note, Links: r.Links}.Label(),
	}
	if r.IssueState.Printed() {
		o.Mark = newsletter.Mark{Issue: r.Number, Place: r.Place}
	}
	return o
}

// occurrences reads no more of a note than a label can need.
func (s *Store) occurrences(ctx context.Context, normals []string, exceptItem int64) ([]occurrenceRow, error) {
	return collect[occurrenceRow](ctx, s, "look where the link stands", `
		SELECT canonical, items.id, items.state, coalesce(place, 0) AS place, items.title, left(note, 400) AS note,
		       `+listedLinks+`, sponsored, submitted_by, coalesce(published_at, submitted_at) AS at,
		       coalesce(number, 0) AS number, coalesce(issues.state, '') AS issue_state, date
		FROM (SELECT DISTINCT canonical, item_id FROM links WHERE canonical = ANY(@normals)) AS hits
		     JOIN items ON items.id = item_id LEFT JOIN issues ON issues.id = issue_id
		WHERE items.id <> @except
		ORDER BY issues.number DESC NULLS FIRST, submitted_at DESC, items.id DESC`,
		pgx.StrictNamedArgs{"normals": notNil(normals), "except": exceptItem})
}
