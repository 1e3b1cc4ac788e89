package desk

import (
	"strconv"

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
