package desk

import (
	"html/template"
	"net/http"
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
	States  []page.Entry // lists to choose from
	Active  []page.Entry // what the list is narrowed to
	Bulk    *bulkFields  // nil for those who may not sort, or where there is nothing to
	Slips   []inboxSlip
	Total   int
	Triage  bool   // whoever asks may decline, hold and restore
	AddTo   []int  // numbers of the issues whoever asks may add to
	Order   int64  // version of the order that the page shows
	From    string // the list, for forms to come back to
	Earlier string // address of the page before, or ""
	Later   string // of the page after, or ""
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
	Chose bool // in the form of several items
}

var inboxPage = page.Define[inboxView]("desk/inbox.html")

// inbox lists the items outside issues.
func (d *Desk) inbox(w http.ResponseWriter, r *http.Request) error {
	return d.showInbox(w, r, http.StatusOK, bulkForm{}, nil)
}

// showInbox shows the list that the request's filter says, with what was
// chosen in it and what is wrong with that.
func (d *Desk) showInbox(w http.ResponseWriter, r *http.Request, status int, form bulkForm, wrong newsletter.Invalid) error {
	filter := readInboxFilter(r)
	frame, open, err := d.frame(r, titleOf(filter.State))
	if err != nil {
		return err
	}
	frame.Here = address.Inbox
	order, err := d.store.Order(r.Context()) // before what it is about, so that it is never newer
	if err != nil {
		return err
	}
	stored := filter.stored(d.clock())
	items, total, err := d.store.Inbox(r.Context(), stored)
	if err != nil {
		return err
	}
	counts, err := d.store.InboxCounts(r.Context(), stored)
	if err != nil {
		return err
	}
	senders, err := d.store.Senders(r.Context())
	if err != nil {
		return err
	}
	user := page.User(r.Context())
	view := inboxView{
		DeskFrame: frame, Filter: filter, Fields: filter.fields(senders), States: filter.tabs(counts), Active: filter.active(), Total: total,
		Triage: newsletter.MayEver(user, newsletter.TriageItem), Order: order, From: filter.query(filter.Page), Page: filter.Page,
	}
	for _, issue := range placeable(user, open) {
		view.AddTo = append(view.AddTo, issue.Number)
	}
	if view.paged(total); view.Page > view.Pages { // its last item has just left it
		filter.Page = view.Pages
		return seeOther(w, r, address.Inbox+"?"+filter.doneAgain(r).Encode())
	}
	if view.Slips, err = d.inboxSlips(r, items); err != nil {
		return err
	}
	if view.Triage && len(view.Slips) > 0 {
		view.showBulk(form, wrong, placeable(user, open))
	}
	if view.Notice, err = d.inboxNotice(r, view, form, open); err != nil {
		return err
	}
	return inboxPage.Render(w, r, status, view)
}

func titleOf(state newsletter.ItemState) string {
	for _, s := range states {
		if s.State == state {
			return s.Title
		}
	}
	return "Inbox"
}

func (v *inboxView) paged(total int) {
	v.Pages = max(1, (total+postgres.DeskPerPage-1)/postgres.DeskPerPage)
	if v.Page > 1 {
		v.Earlier = v.Filter.path(v.Page - 1)
	}
	if v.Page < v.Pages {
		v.Later = v.Filter.path(v.Page + 1)
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
