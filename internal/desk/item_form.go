package desk

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// itemForm is an item as a browser sends it. Addresses and labels belong
// together by their order.
type itemForm struct {
	URLs       []string        `form:"url,text"`
	Labels     []string        `form:"label"`
	Title      string          `form:"title"`
	Note       string          `form:"note,text"`
	Sponsored  bool            `form:"sponsored"`
	EventOn    newsletter.Date `form:"event_on"`
	EventUntil newsletter.Date `form:"event_until"`
	PlaceName  string          `form:"place_name"`
	Issue      string          `form:"issue"`
	Section    string          `form:"section"`
	Key        string          `form:"key"`
	Version    int             `form:"version"`     // of the words it was made from
	Stood      string          `form:"stood"`       // where the item stood when the form was made; see placeOf
	Pasted     string          `form:"pasted,text"` // several links at once, with words around them
	Was        string          `form:"was"`         // where the row said it stood, as whereOf says it
	Do         string          `form:"do"`          // which button was pressed
	Both       bool            `form:"both"`        // after a conflict: put both texts into the editor

	typedOn, typedUntil string // the dates as they were typed

	Several bool // one of the fields held several addresses
}

// The buttons of the form beside "save". Those of a link carry its number
// behind a hyphen, the one that adds to an issue that issue's.
const (
	doSave    = "save"
	doEach    = "each" // an item for each link
	doAdd     = "add"
	doAnother = "another"
	doUp      = "up"
	doDown    = "down"
	doLook    = "look"
)

// decodeItem reads an item's form. What cannot be read of it is returned as
// wrong; the error is of a form that came too large or not at all.
func decodeItem(r *http.Request) (form itemForm, wrong newsletter.Invalid, err error) {
	if err := page.DecodeForm(r, &form); err != nil && !errors.As(err, &wrong) {
		return form, nil, err
	}
	form.typedOn, form.typedUntil = page.Typed(r, "event_on"), page.Typed(r, "event_until")
	form.Labels = append(form.Labels, make([]string, max(0, len(form.URLs)-len(form.Labels)))...)[:len(form.URLs)]
	form.nameRows(wrong)
	form.spread()
	for i := range form.URLs {
		form.takeAddress(i)
	}
	form.takePasted()
	if issue, found := strings.CutPrefix(form.Do, doAdd+"-"); found {
		form.Do, form.Issue = doSave, issue
	}
	return form, wrong, nil
}

// nameRows says of links that could not be read which one it is.
func (f *itemForm) nameRows(wrong newsletter.Invalid) {
	values := map[string][]string{"url": f.URLs, "label": f.Labels}
	next := map[string]int{}
	for i, w := range wrong {
		for row := next[w.Field]; row < len(values[w.Field]); row++ {
			if next[w.Field] = row + 1; strings.ContainsRune(values[w.Field][row], utf8.RuneError) {
				wrong[i].Field = rowName(w.Field, row)
				break
			}
		}
	}
}

// takeAddress finds the address in what was pasted into a link's field. Words
// around it become the link's text, where there is none and they fit; else
// everything stays as it was pasted.
func (f *itemForm) takeAddress(i int) {
	url, words := takeAddress(f.URLs[i])
	words = strings.Join(strings.Fields(words), " ")
	switch {
	case url == "":
		f.URLs[i] = words
	case words == "":
		f.URLs[i] = url
	case f.Labels[i] == "" && fitsTitle(words):
		f.URLs[i], f.Labels[i] = url, words
	}
}

func fitsTitle(words string) bool { return utf8.RuneCountInString(words) <= newsletter.MaxTitle }

// rearrange does what a button of the links says, and reports whether it was
// one: then nothing is to be saved.
func (f *itemForm) rearrange() bool {
	what, number, _ := strings.Cut(f.Do, "-")
	i, _ := strconv.Atoi(number)
	i-- // links are counted from 1
	switch what {
	case doAnother, doLook:
		return true
	case doUp:
		f.swap(i-1, i)
		return true
	case doDown:
		f.swap(i, i+1)
		return true
	}
	return false
}

func (f *itemForm) swap(i, k int) {
	if i >= 0 && k < len(f.URLs) {
		f.URLs[i], f.URLs[k] = f.URLs[k], f.URLs[i]
		f.Labels[i], f.Labels[k] = f.Labels[k], f.Labels[i]
	}
}

// item returns the item that the form describes, and what is wrong with it by
// the names that [itemForm.fields] gives its fields.
func (f itemForm) item() (newsletter.Item, newsletter.Invalid) {
	item := newsletter.Item{
		Title: f.Title, Note: f.Note, Sponsored: f.Sponsored,
		EventOn: f.EventOn, EventUntil: f.EventUntil, PlaceName: f.PlaceName,
	}
	if strings.TrimSpace(f.Note) == "" {
		item.Note = ""
	}
	var wrong newsletter.Invalid
	var rows []int // of the item's links
	for i, url := range f.URLs {
		switch {
		case url != "":
			item.Links, rows = append(item.Links, newsletter.Link{URL: url, Text: f.Labels[i]}), append(rows, i)
		case f.Labels[i] != "":
			wrong.Add(rowName("url", i), "is empty, but has a text; give the address")
		}
	}
	if invalid, found := errors.AsType[newsletter.Invalid](item.Validate()); found {
		for _, w := range invalid {
			if w.Field == "item.links" {
				w.Message = fmt.Sprintf("and the others are %d; at most %d can be saved at once, in one item or in several: take some out", len(item.Links), newsletter.MaxLinks)
			}
			wrong.Add(formField(w.Field, rows), w.Message)
		}
	}
	if !f.EventUntil.IsZero() && f.EventOn.IsZero() {
		wrong.Add("event_on", "is empty, but a last day is given; give the first day too")
	}
	if _, err := printedNote(item); err != nil {
		wrong = joinFaults(wrong, newsletter.Invalid{{Field: "note", Message: markdownFault(err)}})
	}
	return item, wrong
}

// rowName names a field of one of several links.
func rowName(field string, row int) string { return fmt.Sprintf("%s-%d", field, row+1) }

// formField returns the form's name of a field of an item: rows says in which
// row each link stands.
func formField(field string, rows []int) string {
	field = strings.TrimPrefix(field, "item.")
	var link int
	var part string
	if n, _ := fmt.Sscanf(field, "links[%d].%s", &link, &part); n == 2 && link < len(rows) {
		name := map[string]string{"url": "url", "text": "label"}[part]
		return rowName(name, rows[link])
	}
	if field == "item" || field == "links" { // as a whole
		return rowName("url", 0)
	}
	return field
}

// formOf returns the form of an item as it is stored.
func formOf(item newsletter.Item) itemForm {
	form := itemForm{
		Title: item.Title, Note: item.Note, Sponsored: item.Sponsored,
		EventOn: item.EventOn, EventUntil: item.EventUntil, PlaceName: item.PlaceName,
		typedOn: item.EventOn.String(), typedUntil: item.EventUntil.String(),
	}
	for _, link := range item.Links {
		form.URLs, form.Labels = append(form.URLs, link.URL), append(form.Labels, link.Text)
	}
	return form
}
