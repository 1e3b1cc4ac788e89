package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// placeOf says where an item stands, for its form to bring back: "413/News",
// or "" outside issues.
func placeOf(item postgres.DeskItem) string { return place(strconv.Itoa(item.Issue), item.Section) }

func place(issue, section string) string {
	if issue == "" || issue == "0" {
		return ""
	}
	return issue + "/" + section
}

// moves reports whether the form puts the item where it does not stand. A form
// that was not touched there never does, whoever moved the item meanwhile.
func (f itemForm) moves(item postgres.DeskItem) bool {
	wish := place(f.Issue, f.Section)
	return wish != f.Stood && wish != placeOf(item)
}

// overtaken reports whether the form moves an item that somebody else has
// moved since the form was made.
func (f itemForm) overtaken(item postgres.DeskItem) bool {
	return f.moves(item) && f.Stood != placeOf(item)
}

// showOvertaken shows the form of an item that somebody else has moved, with
// where it stands now.
func (d *Desk) showOvertaken(w http.ResponseWriter, r *http.Request, item postgres.DeskItem, form itemForm) error {
	wrong := newsletter.Invalid{{Field: "issue", Message: fmt.Sprintf("was changed by %s while you were writing: the item is %s now. Nothing is lost; look at your choice and save again",
		nameOr(item.ChangedBy), strings.ToLower(whereOf(item)[:1])+whereOf(item)[1:])}}
	form.Stood = placeOf(item)
	return d.showItem(w, r, http.StatusConflict, item, form, wrong, "")
}

// showBoth puts the words of whoever was faster into the form, beside mine.
func (d *Desk) showBoth(w http.ResponseWriter, r *http.Request, item postgres.DeskItem, form itemForm) error {
	form.join(item.Item)
	form.Version = item.Version
	return d.showItem(w, r, http.StatusOK, item, form, nil, "Both texts are in the form and nothing is saved yet. Make one of them and save.")
}

// join adds another item's words to the form: its note under mine, its links
// behind mine, and what mine has not.
func (f *itemForm) join(other newsletter.Item) {
	f.Note = both(f.Note, other.Note)
	theirs := formOf(other)
	for i, url := range theirs.URLs {
		if !slices.Contains(f.URLs, url) {
			f.URLs, f.Labels = append(f.URLs, url), append(f.Labels, theirs.Labels[i])
		}
	}
	if f.Title == "" {
		f.Title = theirs.Title
	}
	if f.PlaceName == "" {
		f.PlaceName = theirs.PlaceName
	}
	if f.EventOn.IsZero() {
		f.EventOn, f.EventUntil, f.typedOn, f.typedUntil = theirs.EventOn, theirs.EventUntil, theirs.typedOn, theirs.typedUntil
	}
	f.Sponsored = f.Sponsored || theirs.Sponsored
}

// itemConflict is the page of two people who changed the same item.
func (d *Desk) itemConflict(r *http.Request, form itemForm, mine newsletter.Item, theirs postgres.DeskItem) conflictView {
	differences := compareItems(mine, theirs.Item)
	view := conflictView{
		Who: theirs.ChangedBy, What: "this item", Saved: d.ago(theirs.ChangedAt), Differences: differences,
		Action: address.DeskItem(theirs.ID), Back: address.DeskItem(theirs.ID),
	}
	if len(differences) == 1 {
		view.What = "this " + strings.ToLower(differences[0].Label)
	}
	form.Version = theirs.Version
	view.Fields = form.values(r.PostForm.Has("issue"))
	return view
}

// compareItems returns how two versions of an item differ, field by field.
func compareItems(mine, theirs newsletter.Item) []difference {
	var list []difference
	for _, field := range []struct {
		name, label string
		long        bool
		of          func(newsletter.Item) string
	}{
		{"note", "Note", true, func(i newsletter.Item) string { return i.Note }},
		{"title", "Title", false, func(i newsletter.Item) string { return i.Title }},
		{"url", "Links", true, linkLines},
		{"event_on", "Event", false, eventLine},
		{"sponsored", "Payment", false, paidLine},
	} {
		if a, b := field.of(mine), field.of(theirs); a != b {
			list = append(list, compare(field.name, field.label, field.long, a, b))
		}
	}
	return list
}

func linkLines(item newsletter.Item) string {
	lines := make([]string, len(item.Links))
	for i, link := range item.Links {
		lines[i] = strings.TrimSpace(link.Text + " " + link.URL)
	}
	return strings.Join(lines, "\n")
}

func eventLine(item newsletter.Item) string {
	var parts []string
	if !item.EventOn.IsZero() {
		parts = append(parts, page.SpanOf(item.EventOn, item.EventUntil).String())
	}
	if item.PlaceName != "" {
		parts = append(parts, item.PlaceName)
	}
	return strings.Join(parts, ", ")
}

func paidLine(item newsletter.Item) string {
	if item.Sponsored {
		return "Somebody paid for it"
	}
	return "Nobody paid for it"
}

// values returns the form as it is sent again, with where the item shall stand
// if that was asked.
func (f itemForm) values(placed bool) []hidden {
	fields := []hidden{
		{Name: "title", Value: f.Title}, {Name: "note", Value: f.Note},
		{Name: "event_on", Value: f.EventOn.String()}, {Name: "event_until", Value: f.EventUntil.String()},
		{Name: "place_name", Value: f.PlaceName}, {Name: "version", Value: strconv.Itoa(f.Version)},
	}
	if f.Sponsored {
		fields = append(fields, hidden{Name: "sponsored", Value: "on"})
	}
	for i := range f.URLs {
		fields = append(fields, hidden{Name: "url", Value: f.URLs[i]}, hidden{Name: "label", Value: f.Labels[i]})
	}
	if placed {
		fields = append(fields, hidden{Name: "issue", Value: f.Issue}, hidden{Name: "section", Value: f.Section}, hidden{Name: "stood", Value: f.Stood})
	}
	return fields
}
