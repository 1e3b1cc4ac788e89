package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// inboxFilter is what a list of items is narrowed to. It stands in the address
// and in the forms of the list.
type inboxFilter struct {
	Words string               `form:"q"`
	By    string               `form:"by"`
	Site  string               `form:"site"`
	Age   string               `form:"age"`
	State newsletter.ItemState `form:"state"`
	Page  int                  `form:"page"`
}

// states are the lists of items outside issues, in the order of their tabs.
var states = []struct {
	State newsletter.ItemState
	Title string
}{{newsletter.Inbox, "Inbox"}, {newsletter.Held, "Held"}, {newsletter.Declined, "Declined"}}

// ages are the choices of how long ago an item was sent.
var ages = []struct {
	Age, Title string
	days       int
	older      bool // than so many days; else at most so old
}{
	{"new", "In the last week", 7, false},
	{"week", "Over a week ago", 7, true},
	{"month", "Over a month ago", 30, true},
	{"quarter", "Over three months ago", 91, true},
}

// maxFilter is how many bytes of a filter's word, name or site make sense: they
// stand in the address that a form leads back to, and proxies take some 4 KB.
const maxFilter = 500

// readInboxFilter reads the filter from the query, or from a form that was
// sent. A state or an age that is none narrows nothing: the list is the inbox. Neither does what is too long.
func readInboxFilter(r *http.Request) inboxFilter {
	var f inboxFilter
	_ = page.DecodeForm(r, &f) // what cannot be read narrows nothing
	for _, text := range []*string{&f.Words, &f.By, &f.Site} {
		if len(*text) > maxFilter {
			*text = ""
		}
	}
	if !f.State.Loose() {
		f.State = newsletter.Inbox
	}
	if f.age() < 0 {
		f.Age = ""
	}
	f.Page = min(max(f.Page, 1), postgres.MaxPage)
	return f
}

// age returns the index of the filter's age, or -1 for any.
func (f inboxFilter) age() int {
	for i, a := range ages {
		if a.Age == f.Age {
			return i
		}
	}
	return -1
}

// stored returns the filter as the store knows it.
func (f inboxFilter) stored(now time.Time) postgres.InboxFilter {
	stored := postgres.InboxFilter{Words: f.Words, By: f.By, Site: f.Site, State: f.State, Page: f.Page}
	if i := f.age(); i >= 0 {
		if limit := now.AddDate(0, 0, -ages[i].days); ages[i].older {
			stored.Before = limit
		} else {
			stored.After = limit
		}
	}
	return stored
}

func (f inboxFilter) fields(senders []string) []page.Field {
	by := []page.Option{{Value: "", Label: "Everybody"}}
	if f.By != "" && !slices.Contains(senders, f.By) {
		senders = append(senders, f.By) // whose last item has just left
	}
	for _, name := range senders {
		by = append(by, page.Option{Value: name, Label: name})
	}
	age := []page.Option{{Value: "", Label: "At any time"}}
	for _, a := range ages {
		age = append(age, page.Option{Value: a.Age, Label: a.Title})
	}
	return []page.Field{
		{Name: "q", Label: "Word, person or site", Type: "search", Value: f.Words},
		{Name: "by", Label: "Sent by", Options: page.Choose(f.By, by...)},
		{Name: "site", Label: "Site", Value: f.Site},
		{Name: "age", Label: "Sent", Options: page.Choose(f.Age, age...)},
	}
}

// tabs are the lists of every state, with how many items pass the same filter.
func (f inboxFilter) tabs(counts map[newsletter.ItemState]int) []page.Entry {
	var tabs []page.Entry
	for _, s := range states {
		other := f
		other.State = s.State
		tabs = append(tabs, page.Entry{Title: fmt.Sprintf("%s %d", s.Title, counts[s.State]), Path: other.path(1), Here: s.State == f.State})
	}
	return tabs
}

// active says what the list is narrowed to; each leads to the list without it.
func (f inboxFilter) active() []page.Entry {
	var active []page.Entry
	without := func(title string, clear func(*inboxFilter)) {
		other := f
		clear(&other)
		active = append(active, page.Entry{Title: title, Path: other.path(1)})
	}
	if f.Words != "" {
		without("with “"+f.Words+"”", func(f *inboxFilter) { f.Words = "" })
	}
	if f.By != "" {
		without("by "+f.By, func(f *inboxFilter) { f.By = "" })
	}
	if f.Site != "" {
		without("of "+f.Site, func(f *inboxFilter) { f.Site = "" })
	}
	if i := f.age(); i >= 0 {
		without("sent "+uncapital(ages[i].Title), func(f *inboxFilter) { f.Age = "" })
	}
	return active
}

// values are the filter as it stands in an address, with what is not the
// first choice.
func (f inboxFilter) values(number int) url.Values {
	values := url.Values{}
	for _, field := range []hidden{{"q", f.Words}, {"by", f.By}, {"site", f.Site}, {"age", f.Age}} {
		if field.Value != "" {
			values.Set(field.Name, field.Value)
		}
	}
	if f.State != newsletter.Inbox {
		values.Set("state", string(f.State))
	}
	if number > 1 {
		values.Set("page", strconv.Itoa(number))
	}
	return values
}

// Hidden is the filter as a form sends it along.
func (f inboxFilter) Hidden() []hidden {
	values := f.values(f.Page)
	var fields []hidden
	for _, name := range filterNames {
		if value := values.Get(name); value != "" {
			fields = append(fields, hidden{name, value})
		}
	}
	return fields
}

// filterNames are the fields of a filter.
var filterNames = []string{"q", "by", "site", "age", "state", "page"}

// query is the filter as the end of an address: "?page=2&q=gulls", or "".
func (f inboxFilter) query(number int) string {
	values := f.values(number)
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// path is the address of a page of the list.
func (f inboxFilter) path(number int) string { return address.Inbox + f.query(number) }

// All is the address of the list without the filter.
func (f inboxFilter) All() string { return address.Inbox + looseQuery(f.State) }

// looseQuery leads to the list of a state.
func looseQuery(state newsletter.ItemState) string {
	if !state.Loose() {
		return ""
	}
	return inboxFilter{State: state}.query(1)
}

// uncapital returns a title of a choice as it stands inside a sentence.
func uncapital(title string) string {
	if title == "" {
		return ""
	}
	return string(title[0]|0x20) + title[1:]
}
