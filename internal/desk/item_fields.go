package desk

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// itemFields is an item's form as it is shown; the partial "item-form" shows
// it.
type itemFields struct {
	Action string // address it is sent to
	Hidden []page.Hidden
	Links  []linkFields

	Title, Note, Sponsored, EventOn, EventUntil, PlaceName page.Field

	Place   bool       // whoever asks may put the item into an issue
	Issue   page.Field // only with Place
	Section page.Field // only with Place
	AddTo   []int      // issues that a button of their own adds to
	Details bool       // the fields that few items need are open
	Back    string     // address to leave the form for
	Button  string     // that saves
	Count   int        // of links, where each could become an item; else 0
}

// linkFields is one link of the form.
type linkFields struct {
	Number int // from 1
	URL    page.Field
	Text   page.Field
	Ran    []ran // where the address stands already
	Filled bool
	First  bool
	Last   bool // of the filled ones
}

// linksAtLeast is how many links the form has room for, and spare how many
// empty ones it offers.
const (
	linksAtLeast = 3
	spareLinks   = 2
)

// fields returns the form as it is shown, with what is wrong at its fields,
// and the lines of the error summary. where says where the addresses stand
// already; open are the issues the item may be put into.
func (f itemForm) fields(wrong newsletter.Invalid, where map[string][]ran, open []postgres.IssueLine) (itemFields, []page.Problem) {
	named := f.named()
	controls := make([]page.Field, 0, 2*f.rows()+len(named))
	for row := range f.rows() {
		controls = append(controls, f.linkControls(row)...)
	}
	controls = append(controls, named...)
	if open != nil {
		controls = append(controls, f.placeControls(open)...)
	}
	problems := page.Mark(controls, wrong)
	shown := itemFields{Place: open != nil}
	filled := f.filled()
	for row := range f.rows() {
		link := linkFields{Number: row + 1, URL: controls[2*row], Text: controls[2*row+1], First: row == 0, Last: row == filled-1, Filled: row < filled}
		link.URL.Name, link.Text.Name = "url", "label" // what is sent is the same for all
		link.Ran = where[link.URL.Value]
		shown.Links = append(shown.Links, link)
	}
	rest := controls[2*f.rows():]
	shown.Note, shown.Title, shown.Sponsored, shown.EventOn, shown.EventUntil, shown.PlaceName = rest[0], rest[1], rest[2], rest[3], rest[4], rest[5]
	if shown.Place {
		shown.Issue, shown.Section = rest[6], rest[7]
	}
	for _, field := range rest[2:6] {
		shown.Details = shown.Details || field.Value != "" && field.Type != "checkbox" || field.Checked || field.Wrong != ""
	}
	return shown, problems
}

// filled counts the rows up to the last that holds something.
func (f itemForm) filled() int {
	for i := len(f.URLs) - 1; i >= 0; i-- {
		if f.URLs[i] != "" || f.Labels[i] != "" {
			return i + 1
		}
	}
	return 0
}

func (f itemForm) rows() int {
	rows := max(linksAtLeast, f.filled()+spareLinks)
	if f.Do == doAnother {
		rows = max(rows, len(f.URLs)+1)
	}
	return rows
}

// linkControls returns the two fields of a link, named so that what is wrong
// with one link can be told from the others.
func (f itemForm) linkControls(row int) []page.Field {
	url := page.Field{Name: rowName("url", row), Label: fmt.Sprintf("Link %d", row+1)}
	text := page.Field{Name: rowName("label", row), Label: fmt.Sprintf("Text of link %d", row+1), Printed: true}
	url.ID, text.ID = url.Name, text.Name
	if row < len(f.URLs) {
		url.Value, text.Value = f.URLs[row], f.Labels[row]
	}
	return []page.Field{url, text}
}

func (f itemForm) named() []page.Field {
	return []page.Field{
		{Name: "note", Label: "Note", Hint: "Why is it worth reading? In Markdown.", Value: f.Note, Rows: 6, Printed: true},
		{Name: "title", Label: "Title", Hint: "Optional. It is printed over the note and leads to the first link.", Value: f.Title, Printed: true},
		{Name: "sponsored", Label: "Somebody paid for it", Hint: "It is marked as a paid placement everywhere.", Type: "checkbox", Value: "on", Checked: f.Sponsored},
		dateField("event_on", "First day of the event", f.EventOn, f.typedOn),
		dateField("event_until", "Last day, if it lasts longer", f.EventUntil, f.typedUntil),
		{Name: "place_name", Label: "Place of the event", Value: f.PlaceName, Printed: true},
	}
}

// dateField is a field for a date. What was typed and is no date is shown as
// it was.
func dateField(name, label string, date newsletter.Date, typed string) page.Field {
	if date.IsZero() && typed != "" {
		return page.Field{Name: name, Label: label, Value: typed}
	}
	return page.Field{Name: name, Label: label, Type: "date", Value: date.String()}
}

// placeControls are the fields of where the item stands: issues that may be
// changed, and every heading of theirs once.
func (f itemForm) placeControls(open []postgres.IssueLine) []page.Field {
	issues := []page.Option{{Value: "", Label: "No issue"}}
	var sections []page.Option
	seen := map[string]bool{}
	first := ""
	for _, issue := range open {
		issues = append(issues, page.Option{Value: strconv.Itoa(issue.Number), Label: fmt.Sprintf("%d, %s", issue.Number, issue.State)})
		for _, section := range issue.Sections {
			if seen[section.Title] {
				continue
			}
			seen[section.Title] = true
			sections = append(sections, page.Option{Value: section.Title, Label: section.Title})
			if first == "" && newsletter.KindOfHeading(section.Title) == newsletter.KindLinks {
				first = section.Title
			}
		}
	}
	chosen := cmp.Or(f.heading(open), first)
	return []page.Field{
		{Name: "issue", Label: "Issue", Options: page.Choose(f.Issue, issues...)},
		{Name: "section", Label: "Section", Options: page.Choose(chosen, sections...)},
	}
}

// heading returns the section the form names, by its heading where it was
// named by its id.
func (f itemForm) heading(open []postgres.IssueLine) string {
	for _, issue := range open {
		for _, section := range issue.Sections {
			if strings.EqualFold(section.Title, f.Section) || strconv.FormatInt(section.ID, 10) == f.Section {
				return section.Title
			}
		}
	}
	return f.Section
}

// placeable returns those open issues into which a person may put items, or
// nil when there is none or they may not at all.
func placeable(user newsletter.User, open []postgres.IssueLine) []postgres.IssueLine {
	var list []postgres.IssueLine
	for _, issue := range open {
		if len(issue.Sections) > 0 && newsletter.May(user, newsletter.PlaceItem, newsletter.Object{Issue: issue.State}) {
			list = append(list, issue)
		}
	}
	return list
}

// toIssues names the issues for buttons that add to them: the one due next
// first, and no more than two.
func toIssues(open []postgres.IssueLine) []int {
	var numbers []int
	for _, issue := range open[:min(2, len(open))] {
		numbers = append(numbers, issue.Number)
	}
	return numbers
}

// toNew addresses the form to become a new item.
func (f itemFields) toNew(key string, open []postgres.IssueLine) itemFields {
	f.Action, f.Back, f.Button = address.Items, address.Inbox, "Save"
	f.Hidden = []page.Hidden{{Name: "key", Value: key}}
	f.AddTo = toIssues(open)
	return f
}

// toItem addresses the form to an item. It says again on what it is based, and
// not what the item is now.
func (f itemFields) toItem(item postgres.DeskItem, form itemForm) itemFields {
	f.Action, f.Back, f.Button = address.DeskItem(item.ID), backOf(item), "Save"
	f.Hidden = []page.Hidden{{Name: "version", Value: strconv.Itoa(form.Version)}, {Name: "stood", Value: form.Stood}}
	return f
}

// backOf is the page from which people come to an item.
func backOf(item postgres.DeskItem) string {
	if item.Issue != 0 {
		return boardAt(item.Issue, item.ID)
	}
	return address.Inbox + looseQuery(item.State)
}
