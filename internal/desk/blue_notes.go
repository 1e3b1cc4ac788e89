package desk

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// blueForm is the form of a new blue note.
type blueForm struct {
	Text string `form:"text,text"`
	Key  string `form:"key"`
	From string `form:"from"` // where it leads back to: "item", or "" for the board

	Action string // where it goes
	On     string // what it is on: "413.2", "News"
	Ask    string // address of the page on which it is unfolded; "" where it stands already
	Wrong  string // what is wrong with the text, or ""
	Open   bool   // it is unfolded
}

// fromItem is what the forms of an item's page say that lead back there.
const fromItem = "item"

// remarkRoutes are the routes of blue notes.
func (d *Desk) remarkRoutes() []page.Route {
	const (
		issue = address.Issues + "/{number:[0-9]+}"
		note  = address.BlueNotes + "/{id:[0-9]+}"
	)
	finish := func(done bool) page.Handler {
		return func(w http.ResponseWriter, r *http.Request) error { return d.finishBlueNote(w, r, done) }
	}
	return []page.Route{
		{Method: http.MethodPost, Pattern: address.Items + "/{id:[0-9]+}/blue-notes", Action: newsletter.Remark, Handler: d.remark, Form: true},
		{Method: http.MethodPost, Pattern: issue + "/blue-notes", Action: newsletter.Remark, Handler: d.remark, Form: true},
		{Method: http.MethodPost, Pattern: issue + "/sections/{id:[0-9]+}/blue-notes", Action: newsletter.Remark, Handler: d.remark, Form: true},
		{Method: http.MethodPost, Pattern: note + "/done", Action: newsletter.Remark, Handler: finish(true)},
		{Method: http.MethodPost, Pattern: note + "/open", Action: newsletter.Remark, Handler: finish(false)},
	}
}

// remarkedIn returns what a request's address says that a remark is on.
func remarkedIn(r *http.Request) (on postgres.Remarked, err error) {
	ofItem := strings.HasPrefix(r.URL.Path, address.Items)
	if !ofItem {
		on.Issue, err = issueNumber(r)
	}
	if err != nil || !ofItem && !strings.Contains(r.URL.Path, "/sections/") {
		return on, err
	}
	id, err := pathID(r)
	if on.Section = id; ofItem {
		on = postgres.Remarked{Item: id}
	}
	return on, err
}

// remark adds a blue note to what the address names.
func (d *Desk) remark(w http.ResponseWriter, r *http.Request) error {
	on, err := remarkedIn(r)
	if err != nil {
		return err
	}
	var form blueForm
	err = decode(r, &form, func() error {
		form.Text = strings.TrimSpace(form.Text)
		return newsletter.CheckBlueNote(form.Text)
	})
	if err == nil && !page.Kept(r.Context()) {
		err = d.store.AddBlueNote(r.Context(), page.User(r.Context()), on, form.Text, form.Key)
	}
	wrong, invalid := errors.AsType[newsletter.Invalid](err)
	switch {
	case invalid, page.Kept(r.Context()):
		return d.showRemark(w, r, on, form, wrong)
	case err != nil:
		return d.refuseRemark(w, r, form, err)
	case on.Item == 0:
		return seeOther(w, r, noteAt(postgres.BlueNote{Issue: on.Issue, SectionID: on.Section}))
	}
	item, err := d.store.DeskItem(r.Context(), on.Item)
	if err != nil {
		return err
	}
	return seeOther(w, r, backToNote(form.From, postgres.BlueNote{ItemID: item.ID, Issue: item.Issue}))
}

// noteAt is where a blue note is seen: the place on the board of what it is on,
// or the page of an item outside issues.
func noteAt(n postgres.BlueNote) string {
	switch {
	case n.ItemID != 0 && n.Issue == 0:
		return address.DeskItem(n.ItemID)
	case n.ItemID != 0:
		return boardAt(n.Issue, n.ItemID)
	case n.SectionID != 0:
		return sectionAt(n.Issue, n.SectionID)
	}
	return address.DeskIssue(n.Issue) + "#issue"
}

// backToNote is where a form about a blue note leads back to.
func backToNote(from string, n postgres.BlueNote) string {
	switch {
	case from == fromDesk:
		return address.Desk
	case from == fromItem && n.ItemID != 0:
		return address.DeskItem(n.ItemID)
	}
	return noteAt(n)
}

// showRemark shows what a remark is on with the form unfolded, and what is
// wrong with it.
func (d *Desk) showRemark(w http.ResponseWriter, r *http.Request, on postgres.Remarked, form blueForm, wrong newsletter.Invalid) error {
	field := page.Field{Name: "text", ID: blueAnchor, Label: "Blue note"}
	problems := page.Mark([]page.Field{field}, wrong)
	if len(wrong) > 0 {
		form.Wrong = problems[0].Text
	}
	form.Open = true
	user, number := page.User(r.Context()), on.Issue
	if on.Item != 0 {
		item, err := d.itemTo(newsletter.Remark, r)
		if err != nil {
			return d.refuseRemark(w, r, form, err)
		}
		number = item.Issue
		if number == 0 || form.From == fromItem && newsletter.May(user, newsletter.EditItem, item.Object()) {
			view, err := d.itemView(r, item, formAt(item), nil)
			if err != nil {
				return err
			}
			view.Problems = problems
			view.Blue.open(form)
			return itemPage.Render(w, r, view.Status(), view)
		}
	}
	view, err := d.boardView(r, number)
	if err == nil {
		err = newsletter.Allow(user, newsletter.Remark, view.Board.Object())
	}
	if err == nil && !view.openRemark(on, form) {
		err = newsletter.ErrNotFound
	}
	if err != nil {
		return d.refuseRemark(w, r, form, err)
	}
	view.Problems = problems
	return boardPage.Render(w, r, view.Status(), view)
}

// refuseRemark answers a remark on what is gone or printed with its words.
func (d *Desk) refuseRemark(w http.ResponseWriter, r *http.Request, form blueForm, err error) error {
	view := refusedView{What: "no blue note can be written here now", Words: []page.Field{{Name: "text", Label: "Blue note", Value: form.Text, Rows: 4}}}
	if errors.Is(err, newsletter.ErrNotFound) {
		view.What, view.Why = "what the blue note was on is gone", "Somebody has removed, merged or discarded it, or the issue has another number now."
	}
	return d.refuseWords(w, r, err, view)
}

// finishBlueNote marks a blue note as done, or opens it again.
func (d *Desk) finishBlueNote(w http.ResponseWriter, r *http.Request, done bool) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	note, err := d.store.FinishBlueNote(r.Context(), page.User(r.Context()), id, done)
	if err != nil {
		return fmt.Errorf("blue note %d: %w", id, err)
	}
	return seeOther(w, r, backToNote(page.Typed(r, "from"), note))
}
