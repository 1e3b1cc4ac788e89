package desk

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// inboxView is the page of the items outside issues.
type inboxView struct {
	page.DeskFrame
	Filter  inboxFilter
	Fields  []page.Field
	States  []page.Entry
	Slips   []inboxSlip
	Total   int
	Triage  bool         // whoever asks may decline, hold and restore
	AddTo   []addChoices // issues whoever asks may add to
	Order   int64        // version of the order that the page shows
	From    string       // the list, for forms to come back to
	Earlier string       // address of the page before, or ""
	Later   string       // of the page after, or ""
	Page    int
	Pages   int
}

// inboxSlip is an item outside issues as it is listed.
type inboxSlip struct {
	postgres.DeskItem
	Label string        // first words, by which its buttons are told apart
	Note  template.HTML // as it will be printed
	Shown []page.Link
	At    moment
	Event page.Span
	Ran   []ran
	Edit  bool // whoever asks may edit it
	Bare  bool // it has no note yet
}

// addChoices is an issue that items may be added to. Its sections stand in
// every slip, and so have a value only where the heading cannot serve as one.
type addChoices struct {
	Number   int
	Sections []page.Option
}

// inboxFilter is what a list of items is narrowed to.
type inboxFilter struct {
	Words string               `form:"q"`
	By    string               `form:"by"`
	State newsletter.ItemState `form:"state"`
	Page  int                  `form:"page"`
}

var inboxPage = page.Define[inboxView]("desk/inbox.html")

// states are the lists of items outside issues, in the order of their tabs.
var states = []struct {
	State newsletter.ItemState
	Title string
}{{newsletter.Inbox, "Inbox"}, {newsletter.Held, "Held"}, {newsletter.Declined, "Declined"}}

// inbox lists the items outside issues.
func (d *Desk) inbox(w http.ResponseWriter, r *http.Request) error {
	filter := readInboxFilter(r)
	frame, open, err := d.frame(r, titleOf(filter.State))
	if err != nil {
		return err
	}
	order, err := d.store.Order(r.Context()) // before what it is about, so that it is never newer
	if err != nil {
		return err
	}
	items, total, err := d.store.Inbox(r.Context(), postgres.InboxFilter{
		Words: filter.Words, By: filter.By, State: filter.State, Page: filter.Page,
	})
	if err != nil {
		return err
	}
	senders, err := d.store.Senders(r.Context())
	if err != nil {
		return err
	}
	if notice := inboxNotices[r.URL.Query().Get("done")]; notice != "" {
		frame.Notice = notice
	}
	user := page.User(r.Context())
	view := inboxView{
		DeskFrame: frame, Filter: filter, Fields: filter.fields(senders), States: filter.tabs(), Total: total,
		Triage: newsletter.MayEver(user, newsletter.TriageItem), Order: order, From: filter.query(filter.Page), Page: filter.Page,
	}
	for _, issue := range placeable(user, open) {
		view.AddTo = append(view.AddTo, addChoices{issue.Number, sectionOptions(issue.Sections)})
	}
	if view.paged(total); view.Page > view.Pages { // its last item has just left it
		return seeOther(w, r, address.Inbox+filter.query(view.Pages))
	}
	if view.Slips, err = d.inboxSlips(r, items); err != nil {
		return err
	}
	return inboxPage.Render(w, r, http.StatusOK, view)
}

// sectionOptions names sections by their headings. Browsers send those with
// single spaces only; others go by their id.
func sectionOptions(sections []postgres.SectionRef) []page.Option {
	options := make([]page.Option, len(sections))
	for i, section := range sections {
		if options[i].Label = section.Title; strings.Join(strings.Fields(section.Title), " ") != section.Title {
			options[i].Value = strconv.FormatInt(section.ID, 10)
		}
	}
	return options
}

// inboxNotices say what a form did that led back to the list.
var inboxNotices = map[string]string{
	"declined": "Declined. It stands under Declined and can be restored there.",
	"held":     "Held. It stands under Held until somebody restores it or adds it to an issue.",
	"restored": "Restored. It is in the inbox again.",
}

// readInboxFilter reads the filter from the query. A state that is none is the
// inbox.
func readInboxFilter(r *http.Request) inboxFilter {
	var f inboxFilter
	_ = page.DecodeForm(r, &f) // what cannot be read narrows nothing
	if !f.State.Loose() {
		f.State = newsletter.Inbox
	}
	f.Page = min(max(f.Page, 1), postgres.MaxPage)
	return f
}

func titleOf(state newsletter.ItemState) string {
	for _, s := range states {
		if s.State == state {
			return s.Title
		}
	}
	return "Inbox"
}

func (f inboxFilter) fields(senders []string) []page.Field {
	by := []page.Option{{Value: "", Label: "Everybody"}}
	for _, name := range senders {
		if name != "" {
			by = append(by, page.Option{Value: name, Label: name})
		}
	}
	return []page.Field{
		{Name: "q", Label: "Word or site", Type: "search", Value: f.Words},
		{Name: "by", Label: "Sent by", Options: page.Choose(f.By, by...)},
	}
}

// tabs are the lists of the other states, with the same filter.
func (f inboxFilter) tabs() []page.Entry {
	var tabs []page.Entry
	for _, s := range states {
		other := f
		other.State = s.State
		tabs = append(tabs, page.Entry{Title: s.Title, Path: address.Inbox + other.query(1), Here: s.State == f.State})
	}
	return tabs
}

// query is the filter as it stands in an address, with what is not the first
// choice: "?q=gulls&page=2", or "".
func (f inboxFilter) query(number int) string {
	query := url.Values{}
	if f.Words != "" {
		query.Set("q", f.Words)
	}
	if f.By != "" {
		query.Set("by", f.By)
	}
	if f.State != newsletter.Inbox {
		query.Set("state", string(f.State))
	}
	if number > 1 {
		query.Set("page", strconv.Itoa(number))
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

// looseQuery leads to the list of a state.
func looseQuery(state newsletter.ItemState) string {
	if !state.Loose() {
		return ""
	}
	return inboxFilter{State: state}.query(1)
}

// Narrowed reports whether the list leaves something out.
func (f inboxFilter) Narrowed() bool { return f.Words != "" || f.By != "" }

func (v *inboxView) paged(total int) {
	v.Pages = max(1, (total+postgres.DeskPerPage-1)/postgres.DeskPerPage)
	if v.Page > 1 {
		v.Earlier = address.Inbox + v.Filter.query(v.Page-1)
	}
	if v.Page < v.Pages {
		v.Later = address.Inbox + v.Filter.query(v.Page+1)
	}
}

// firstWords returns enough of a label to tell its item from its neighbours:
// it is repeated at each of the item's buttons.
func firstWords(label string) string {
	words := strings.Fields(label)
	return strings.Join(words[:min(4, len(words))], " ")
}

// inboxSlips returns items as they are listed, with where their links stand
// already: one query for all of them.
func (d *Desk) inboxSlips(r *http.Request, items []postgres.DeskItem) ([]inboxSlip, error) {
	user := page.User(r.Context())
	plain := make([]newsletter.Item, len(items))
	for i, item := range items {
		plain[i] = item.Item
	}
	where, err := d.ranIn(r.Context(), user, addressesOf(plain...), 0)
	if err != nil {
		return nil, err
	}
	slips := make([]inboxSlip, len(items))
	for i, item := range items {
		slips[i] = inboxSlip{
			DeskItem: item, Label: firstWords(label(item.Item)), Note: rowNote(item.Item), Shown: linksOf(item.Item), At: d.ago(item.SubmittedAt),
			Ran: ranOf(item.Item, where), Edit: newsletter.May(user, newsletter.EditItem, item.Object()), Bare: item.Note == "",
		}
		if !item.EventOn.IsZero() {
			slips[i].Event = page.SpanOf(item.EventOn, item.EventUntil)
		}
	}
	return slips, nil
}
