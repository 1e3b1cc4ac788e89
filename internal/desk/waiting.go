package desk

import (
	"net/http"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// waiting is what waits for whoever asks: their sections, blue notes that name
// them, items they can finish.
type waiting struct {
	Sections []waitingSection
	Notes    []waitingNote
	Items    []waitingItem
}

// Nothing reports whether nothing waits.
func (w waiting) Nothing() bool { return len(w.Sections)+len(w.Notes)+len(w.Items) == 0 }

// waitingSection is a section that whoever asks looks after.
type waitingSection struct {
	postgres.OwnedSection
	Path string // on the board
	Deed string // where its progress goes; "" when it is closed to them
}

// waitingNote is an open blue note that names whoever asks.
type waitingNote struct {
	blueNote
	On   string // what it is on: "413, News"
	Path string // where that is
}

// waitingItem is an item of an open issue without a note.
type waitingItem struct{ Label, Path, Where string }

// waiting reads what waits for whoever asks, in three queries.
func (d *Desk) waiting(r *http.Request) (waiting, error) {
	user := page.User(r.Context())
	var list waiting
	sections, err := d.store.SectionsOf(r.Context(), user.ID)
	if err != nil {
		return waiting{}, err
	}
	for _, s := range sections {
		section := waitingSection{OwnedSection: s, Path: sectionAt(s.Issue, s.ID)}
		if newsletter.May(user, newsletter.Arrange, newsletter.Object{Issue: s.IssueState}) {
			section.Deed = address.DeskSection(s.Issue, s.ID, "progress")
		}
		list.Sections = append(list.Sections, section)
	}
	notes, err := d.store.BlueNotesTo(r.Context(), user.ID)
	if err != nil {
		return waiting{}, err
	}
	for _, n := range notes {
		note := waitingNote{d.blueNote(user, n, fromDesk), noteOn(n), noteAt(n)}
		if n.Issue == 0 && !newsletter.May(user, newsletter.EditItem, n.Object()) {
			note.Path = address.Inbox + looseQuery(n.ItemState)
		}
		list.Notes = append(list.Notes, note)
	}
	items, err := d.store.UnfinishedOf(r.Context(), user.ID)
	for _, item := range items {
		if newsletter.May(user, newsletter.EditItem, item.Object()) {
			list.Items = append(list.Items, waitingItem{label(item.Item), address.DeskItem(item.ID), whereOf(item)})
		}
	}
	return list, err
}

// noteOn names what a blue note is on.
func noteOn(n postgres.BlueNote) string {
	issue := strconv.Itoa(n.Issue)
	switch {
	case n.ItemID != 0 && n.Issue == 0:
		return label(newsletter.Item{Title: n.Title, Note: n.Note, Links: n.Links})
	case n.ItemID != 0:
		return issue + ", " + label(newsletter.Item{Title: n.Title, Note: n.Note, Links: n.Links})
	case n.SectionID != 0:
		return issue + ", " + n.Title
	}
	return "Issue " + issue
}
