package desk

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// issueControls are the fields of an issue's own words that are printed.
func issueControls(form issueForm) []page.Field {
	return []page.Field{
		dateField("date", "Date", form.Date, ""),
		{Name: "summary", Label: "Summary", Hint: "One line, in the archive and in feeds. Empty, it is the introduction's first sentence.", Value: form.Summary, Printed: true},
		{Name: "intro", Label: "Introduction, in Markdown", Value: form.Intro, Rows: 12, Printed: true},
	}
}

// itemControls are the fields of an item, named so that each link can be told
// from the others.
func itemControls(form itemForm) []page.Field {
	named := form.named()
	fields := []page.Field{named[1], named[0]}
	for row := range form.rows() {
		fields = append(fields, form.linkControls(row)...)
	}
	return append(fields, named[2:]...)
}

// headingControls is the field of a section's heading.
func headingControls(title string) []page.Field {
	return []page.Field{{Name: "title", Label: "Heading", Value: title, Printed: true}}
}

// hidden is what a correction's form says beside its fields.
func (f correctForm) hidden() []page.Hidden {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	hidden := []page.Hidden{{Name: "part", Value: f.Part}}
	switch f.Part {
	case partHeading:
		return append(hidden, page.Hidden{Name: "section", Value: number(f.Section)}, page.Hidden{Name: "was", Value: f.Was})
	case partItem:
		hidden = append(hidden, page.Hidden{Name: "key", Value: f.Key})
		if f.Item != 0 {
			hidden = append(hidden, page.Hidden{Name: "item", Value: number(f.Item)})
		}
	}
	return append(hidden, page.Hidden{Name: "version", Value: strconv.Itoa(f.Version)})
}

// refuseCorrection answers a correction of what is no longer printed, or is not
// theirs to correct, with what was typed.
func (d *Desk) refuseCorrection(w http.ResponseWriter, r *http.Request, form correctForm, err error) error {
	item, _, readErr := decodeItem(r)
	if readErr != nil {
		return readErr
	}
	words := slices.Concat(item.named(), item.linkWords(), []page.Field{
		{Name: "heading", Label: "Heading of a new section", Value: form.Heading},
		{Name: "date", Label: "Date", Value: page.Typed(r, "date")},
		{Name: "summary", Label: "Summary", Value: page.Typed(r, "summary")},
		{Name: "intro", Label: "Introduction, in Markdown", Value: page.Typed(r, "intro"), Rows: 12},
		{Name: "sentence", Label: "What readers are told", Value: form.Sentence},
	})
	number, _ := issueNumber(r) // of the route, so it is one
	view := refusedView{What: strconv.Itoa(number) + " cannot be corrected by you now", Words: words}
	if errors.Is(err, newsletter.ErrNotFound) {
		view.What = "it is no longer printed in " + strconv.Itoa(number)
		view.Why = "What you corrected was withdrawn meanwhile, or never stood there. The board of " + strconv.Itoa(number) + " shows what is printed."
	}
	return d.refuseWords(w, r, err, view)
}
