package desk

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// start is the form that opens the next issue, filled with what is proposed:
// number and date, the default sections with those who had them last, and where
// the held items go.
type start struct {
	Number   int
	Date     newsletter.Date
	Fields   []page.Field
	Sections []startSection
	Held     []page.Field
	More     int // held items that are not listed
	Key      string
}

// startSection is a default section: whether the issue has it, and who looks
// after it.
type startSection struct{ Tick, Owner page.Field }

// startForm is what a form chose of sections and held items.
type startForm struct {
	Chosen   bool     `form:"chosen"`  // it did; else what is proposed is meant
	Sections []string `form:"section"` // id of a default section
	Owners   []string `form:"owner"`   // "7:3": section 7 is person 3's; "7:0": nobody's
	Held     []string `form:"held"`    // "12:7": held item 12 goes to section 7; "12:0": it stays held
}

// pair writes two ids as a form has them.
func pair(a, b int64) string { return fmt.Sprintf("%d:%d", a, b) }

// pairs reads such ids; what is none is left out.
func pairs(list []string) map[int64]int64 {
	read := map[int64]int64{}
	for _, text := range list {
		first, second, _ := strings.Cut(text, ":")
		a, err := strconv.ParseInt(first, 10, 64)
		b, err2 := strconv.ParseInt(second, 10, 64)
		if err == nil && err2 == nil {
			read[a] = b
		}
	}
	return read
}

// opening is what a form asks for.
func (f startForm) opening(form issueForm) postgres.Opening {
	opening := postgres.Opening{Issue: form.draft(), Key: form.Key}
	owners, seen := pairs(f.Owners), map[int64]bool{}
	for _, text := range f.Sections {
		id, _ := strconv.ParseInt(text, 10, 64) // 0 is no section, and refused as one
		if !seen[id] {
			opening.Sections = append(opening.Sections, postgres.OpeningSection{Standing: id, Owner: owners[id]})
		}
		seen[id] = true
	}
	held := pairs(f.Held)
	for _, text := range f.Held { // in the order of the page
		first, _, _ := strings.Cut(text, ":")
		id, _ := strconv.ParseInt(first, 10, 64)
		if held[id] != 0 {
			opening.Held = append(opening.Held, postgres.OpeningItem{Item: id, Standing: held[id]})
		}
		delete(held, id)
	}
	return opening
}

// startNext is the form as it is proposed, or nil for those who may not open an
// issue.
func (d *Desk) startNext(r *http.Request) (*start, error) {
	if !newsletter.May(page.User(r.Context()), newsletter.CreateIssue, newsletter.Object{}) {
		return nil, nil
	}
	form, err := d.proposal(r)
	if err != nil {
		return nil, err
	}
	view, _, err := d.startView(r, form, startForm{}, nil)
	return view, err
}

// startView fills the form with what was chosen, or is proposed, and says what
// is wrong with it.
func (d *Desk) startView(r *http.Request, form issueForm, chosen startForm, wrong newsletter.Invalid) (*start, []page.Problem, error) {
	sections, err := d.store.ProposedSections(r.Context())
	if err != nil {
		return nil, nil, err
	}
	people, err := d.store.Users(r.Context())
	if err != nil {
		return nil, nil, err
	}
	held, all, err := d.store.Inbox(r.Context(), postgres.InboxFilter{State: newsletter.Held, Page: 1})
	if err != nil {
		return nil, nil, err
	}
	fields := issueFields(r, form)
	own, n := len(fields), len(sections)
	fields = append(fields, chosen.sectionFields(sections, people)...)
	fields = append(fields, chosen.heldFields(sections, held)...)
	problems := page.Mark(fields, wrong)
	for i := range fields[own:] { // each was marked by a name of its own
		field := &fields[own+i]
		field.ID, field.Name = field.Name, strings.TrimRight(field.Name, "-0123456789")
	}
	view := &start{Number: form.Number, Date: form.Date, Fields: fields[:own], Held: fields[own+2*n:], More: all - len(held), Key: form.Key}
	for k := range sections {
		view.Sections = append(view.Sections, startSection{fields[own+2*k], fields[own+2*k+1]})
	}
	return view, problems, nil
}

// sectionFields are two fields for each default section.
func (f startForm) sectionFields(sections []postgres.ProposedSection, people []newsletter.User) []page.Field {
	ticked, owners := map[string]bool{}, pairs(f.Owners)
	for _, id := range f.Sections {
		ticked[id] = true
	}
	var fields []page.Field
	for _, s := range sections {
		id, owner := strconv.FormatInt(s.ID, 10), s.Owner
		if f.Chosen {
			owner = owners[s.ID]
		}
		options := []page.Option{{Value: pair(s.ID, 0), Label: "Nobody"}}
		for _, person := range people {
			if newsletter.May(person, newsletter.Arrange, newsletter.Object{Issue: newsletter.Draft}) {
				options = append(options, page.Option{Value: pair(s.ID, person.ID), Label: person.Name})
			}
		}
		fields = append(fields,
			page.Field{Name: "section-" + id, Label: s.Title, Type: "checkbox", Value: id, Checked: !f.Chosen || ticked[id]},
			page.Field{Name: "owner-" + id, Label: "Who looks after " + s.Title, Options: page.Choose(pair(s.ID, owner), options...)})
	}
	return fields
}

// heldFields are a field for each held item: where it goes.
func (f startForm) heldFields(sections []postgres.ProposedSection, held []postgres.DeskItem) []page.Field {
	places := pairs(f.Held)
	like := make([]postgres.BoardSection, len(sections))
	for k, s := range sections {
		like[k] = postgres.BoardSection{ID: s.ID, Kind: s.Kind}
	}
	fields := make([]page.Field, len(held))
	for k, item := range held {
		place := sectionFor(item.Item, like)
		if f.Chosen {
			place = places[item.ID]
		}
		options := []page.Option{{Value: pair(item.ID, 0), Label: "Stays held"}}
		for _, s := range sections {
			options = append(options, page.Option{Value: pair(item.ID, s.ID), Label: "Into " + s.Title})
		}
		fields[k] = page.Field{Name: fmt.Sprintf("held-%d", item.ID), Label: label(item.Item), Options: page.Choose(pair(item.ID, place), options...)}
	}
	return fields
}

// Coming counts the held items that are to come along.
func (s start) Coming() int {
	n := 0
	for _, field := range s.Held {
		if !field.Options[0].Chosen {
			n++
		}
	}
	return n
}

// leftNotice says which held items an issue was opened without, as somebody
// placed them elsewhere meanwhile.
func (d *Desk) leftNotice(r *http.Request) (string, error) {
	var ids []int64
	for _, text := range r.URL.Query()["left"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && len(ids) < maxChosen {
			ids = append(ids, id)
		}
	}
	left, err := d.leftWords(r.Context(), ids)
	if left == "" || err != nil {
		return "", err
	}
	return "Not held any more, and left where they are: " + left + ".", nil
}
