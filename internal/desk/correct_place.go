package desk

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// The places of an added item in a section that the issue does not have yet.
const (
	inNew      = "new"   // whose heading is given
	inStanding = "new: " // and the title of a default section
)

// placesIn are the fields of where an added item goes: the beginning of each
// section, after each item, or a new section. A place is the section's id, and
// with a hyphen that of the item it follows.
func (d *Desk) placesIn(board postgres.Board, form correctForm) []page.Field {
	var places []page.Option
	chosen := form.Stands
	for _, section := range board.Sections {
		first := strconv.FormatInt(section.ID, 10)
		places = append(places, page.Option{Value: first, Label: section.Title + ", first"})
		last := first
		for _, item := range section.Items {
			last = fmt.Sprintf("%d-%d", section.ID, item.ID)
			mark := newsletter.Mark{Issue: board.Number, Place: item.Place}
			places = append(places, page.Option{Value: last, Label: fmt.Sprintf("%s, after %s: %s", section.Title, mark, label(item.Item))})
		}
		if section.ID == form.Section {
			chosen = cmp.Or(chosen, last)
		}
	}
	for _, section := range absent(board, d.now.Publication()) {
		places = append(places, page.Option{Value: inStanding + section.Title, Label: "In a new section " + section.Title})
	}
	places = append(places, page.Option{Value: inNew, Label: "In a new section, named below"})
	return append([]page.Field{{Name: "stands", Label: "Place", Options: page.Choose(chosen, places...)}}, headingFields(form)...)
}

// headingFields are the fields of a new section.
func headingFields(form correctForm) []page.Field {
	options := append([]page.Option{{Label: "As its heading says"}}, kinds("")...)
	return []page.Field{
		{Name: "heading", Label: "Heading of a new section", Value: form.Heading, Printed: true, Hint: "Only for an item that gets a section of its own. One named like a default section stands where that does."},
		{Name: "kind", Label: "Kind of a new section", Options: page.Choose(string(form.Kind), options...)},
	}
}

// absent returns the default sections that an issue lacks.
func absent(board postgres.Board, p newsletter.Publication) []newsletter.StandingSection {
	return slices.DeleteFunc(slices.Clone(p.Sections), func(s newsletter.StandingSection) bool {
		return slices.ContainsFunc(board.Sections, func(b postgres.BoardSection) bool { return b.Of == s.Title || strings.EqualFold(b.Title, s.Title) })
	})
}

// target returns where an added item is to go: to a place, or into a new section.
func (f correctForm) target(board postgres.Board, p newsletter.Publication) (postgres.Target, *postgres.NewSection, newsletter.Invalid) {
	if title, standing := strings.CutPrefix(f.Stands, inStanding); standing {
		if k := slices.IndexFunc(p.Sections, func(s newsletter.StandingSection) bool { return s.Title == title }); k >= 0 && f.Heading == "" {
			return postgres.Target{Issue: board.Number}, &postgres.NewSection{Title: title, Kind: p.Sections[k].Kind}, nil
		}
	}
	switch section, wrong := f.newSection(); {
	case f.Stands == inNew:
		return postgres.Target{Issue: board.Number}, section, wrong
	case f.Heading != "":
		return postgres.Target{}, nil, newsletter.Invalid{{Field: "heading", Message: "is given, and the place is in another section; empty it, or choose the new section as the place"}}
	}
	section, after, follows := strings.Cut(f.Stands, "-")
	id, _ := strconv.ParseInt(section, 10, 64)
	to := postgres.Target{Issue: board.Number, Section: section, After: postgres.First}
	if follows {
		to.After, _ = strconv.ParseInt(after, 10, 64)
	}
	if _, found := sectionOf(board, id); !found || follows && to.After < 1 {
		return to, nil, newsletter.Invalid{{Field: "stands", Message: "is none of the issue; choose one of the list"}}
	}
	return to, nil, nil
}

// newSection returns the section that a heading is given for.
func (f correctForm) newSection() (*postgres.NewSection, newsletter.Invalid) {
	form := sectionForm{Title: f.Heading, Kind: f.Kind}
	wrong, _ := errors.AsType[newsletter.Invalid](form.validate())
	for k := range wrong {
		if wrong[k].Field == "title" {
			wrong[k].Field = "heading"
		}
	}
	return &postgres.NewSection{Title: form.Title, Kind: form.Kind}, wrong
}
