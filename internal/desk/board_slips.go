package desk

import (
	"net/http"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// slips is the inbox beside a board.
type slips struct {
	Words string // that it is filtered by
	Count int    // in the inbox, without the filter
	Total int    // that pass the filter, held ones too
	List  []slip
}

// slip is an item in the inbox beside a board.
type slip struct {
	inboxSlip
	Section int64 // where "Add" puts it; 0 when the issue has no section
}

// slipsShown is how many slips stand beside the board; the rest is in the
// inbox. With 60 items on the board the page stays below 60 KB.
const slipsShown = 12

// slips reads the inbox beside a board. Held items come first: they wait in
// front of the inbox.
func (d *Desk) slips(r *http.Request, board postgres.Board, count int) (slips, error) {
	list := slips{Words: readInboxFilter(r).Words, Count: count}
	var items []postgres.DeskItem
	for _, state := range []newsletter.ItemState{newsletter.Held, newsletter.Inbox} {
		found, total, err := d.store.Inbox(r.Context(), postgres.InboxFilter{Words: list.Words, State: state, Page: 1})
		if err != nil {
			return slips{}, err
		}
		list.Total += total
		items = append(items, found...)
	}
	shown, err := d.inboxSlips(r, items[:min(len(items), slipsShown)])
	if err != nil {
		return slips{}, err
	}
	for _, item := range shown {
		list.List = append(list.List, slip{item, sectionFor(item.Item, board.Sections)})
	}
	return list, nil
}

// More returns how many that pass the filter are not shown.
func (s slips) More() int { return s.Total - len(s.List) }

// Path is the address of the inbox, narrowed as the slips are.
func (s slips) Path() string {
	return inboxFilter{Words: s.Words, State: newsletter.Inbox}.path(1)
}

// sectionFor returns the section an item most likely belongs to: paid ones to
// the sponsor's, those with a date to the events, others to the first with
// links; else the first there is. 0 is none.
func sectionFor(item newsletter.Item, sections []postgres.BoardSection) int64 {
	kind := newsletter.KindLinks
	switch {
	case item.Sponsored:
		kind = newsletter.KindSponsor
	case !item.EventOn.IsZero():
		kind = newsletter.KindEvents
	}
	for _, section := range sections {
		if section.Kind == kind {
			return section.ID
		}
	}
	if len(sections) > 0 {
		return sections[0].ID
	}
	return 0
}
