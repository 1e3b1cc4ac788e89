package desk

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// declineView is the page that asks why an item is declined.
type declineView struct {
	page.DeskFrame
	Item postgres.DeskItem
	Note inboxSlip
	Form page.Form
	Back string
}

var declinePage = page.Define[declineView]("desk/decline.html")

// declineForm is why an item is declined.
type declineForm struct {
	Reason string `form:"reason"`
	Reply  string `form:"reply,text"`
	From   string `form:"from"`
}

// maxReply is how long a reply may be, in bytes: a page of words.
const maxReply = 2000

func (f declineForm) validate() newsletter.Invalid {
	var wrong newsletter.Invalid
	if f.Reason == "" {
		wrong.Add("reason", "is empty; say why in a few words")
	}
	if !fitsTitle(f.Reason) {
		wrong.Add("reason", "is too long; say it in 300 characters")
	}
	if len(f.Reply) > maxReply {
		wrong.Add("reply", "is too long; say it in 2,000 characters")
	}
	return wrong
}

func (f declineForm) fields() []page.Field {
	return []page.Field{
		{Name: "reason", Label: "Reason", Hint: "It stays on the desk.", Value: f.Reason},
		{Name: "reply", Label: "Reply", Hint: "Optional. Whoever sent it will read it.", Value: f.Reply, Rows: 3},
	}
}

// askDecline asks why an item is declined.
func (d *Desk) askDecline(w http.ResponseWriter, r *http.Request) error {
	item, err := d.itemTo(newsletter.TriageItem, r)
	if err != nil {
		return err
	}
	form := declineForm{Reason: item.Reason, Reply: item.Reply, From: r.URL.Query().Get("from")}
	return d.showDecline(w, r, http.StatusOK, item, form, nil)
}

// decline takes an item out of the inbox or its issue for good.
func (d *Desk) decline(w http.ResponseWriter, r *http.Request) error {
	var form declineForm
	var wrong newsletter.Invalid
	if err := page.DecodeForm(r, &form); err != nil && !errors.As(err, &wrong) {
		return err
	}
	item, err := d.itemTo(newsletter.TriageItem, r)
	if err != nil {
		return d.refuseDecline(w, r, form, err)
	}
	if page.Kept(r.Context()) {
		return d.showDecline(w, r, http.StatusOK, item, form, nil)
	}
	if wrong = joinFaults(wrong, form.validate()); wrong.Err() != nil {
		return d.showDecline(w, r, http.StatusUnprocessableEntity, item, form, wrong)
	}
	if err := d.store.Decline(r.Context(), page.User(r.Context()), item.ID, form.Reason, form.Reply); err != nil {
		return d.refuseDecline(w, r, form, err)
	}
	return seeOther(w, r, afterTriage(item, form.From, "declined"))
}

// refuseDecline answers the reason and reply for an item that is gone or
// closed.
func (d *Desk) refuseDecline(w http.ResponseWriter, r *http.Request, form declineForm, err error) error {
	view := refusedView{What: "you may not decline this item now", Words: form.fields()}
	if errors.Is(err, newsletter.ErrNotFound) {
		view.What, view.Why = "the item is gone", "Somebody has merged it with another. What it said stands there."
	}
	return d.refuseWords(w, r, err, view)
}

func (d *Desk) showDecline(w http.ResponseWriter, r *http.Request, status int, item postgres.DeskItem, form declineForm, wrong newsletter.Invalid) error {
	frame, _, err := d.frame(r, "Decline "+label(item.Item))
	if err != nil {
		return err
	}
	slips, err := d.inboxSlips(r, []postgres.DeskItem{item})
	if err != nil {
		return err
	}
	fields := form.fields()
	frame.Problems = page.Mark(fields, wrong)
	view := declineView{DeskFrame: frame, Item: item, Note: slips[0], Back: backOf(item), Form: page.Form{
		Action: address.DeskItemTo(item.ID, "decline"), Hidden: []page.Hidden{{Name: "from", Value: form.From}},
		Fields: fields, Button: "Decline",
	}}
	return declinePage.Render(w, r, status, view)
}

// hold puts an item aside until a later issue.
func (d *Desk) hold(w http.ResponseWriter, r *http.Request) error {
	item, err := d.itemTo(newsletter.TriageItem, r)
	if err == nil {
		err = d.store.Hold(r.Context(), page.User(r.Context()), item.ID)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, afterTriage(item, r.PostFormValue("from"), "held"))
}

// restore brings an item back to the inbox from wherever it is.
func (d *Desk) restore(w http.ResponseWriter, r *http.Request) error {
	item, err := d.itemTo(newsletter.TriageItem, r)
	if err == nil {
		err = d.store.Restore(r.Context(), page.User(r.Context()), item.ID)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, afterTriage(item, r.PostFormValue("from"), "restored"))
}

// afterTriage is where people go on when an item has left its place: back to
// the board it was on, or to the list they came from, which says what was done.
func afterTriage(item postgres.DeskItem, from, done string) string {
	if item.Issue != 0 && from == "" {
		return address.DeskIssue(item.Issue)
	}
	query, err := url.ParseQuery(strings.TrimPrefix(from, "?"))
	if err != nil {
		query = url.Values{}
	}
	back := url.Values{"done": {done}}
	for _, name := range filterNames {
		if value := query.Get(name); value != "" {
			back.Set(name, value)
		}
	}
	return address.Inbox + "?" + back.Encode()
}
