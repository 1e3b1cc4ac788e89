package desk

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// showItemEditor shows an item's form as it was typed, in its row; add fills in
// what there is to say besides.
func (d *Desk) showItemEditor(w http.ResponseWriter, r *http.Request, status int, item postgres.DeskItem, form itemForm, wrong newsletter.Invalid, add func(*editorView)) error {
	user := page.User(r.Context())
	open, err := d.store.OpenIssues(r.Context())
	if err != nil {
		return err
	}
	typed, faults := form.item()
	where, err := d.ranIn(r.Context(), user, addressesOf(typed), item.ID)
	if err != nil {
		return err
	}
	here := placeable(user, open)
	if here = slices.DeleteFunc(here, func(issue postgres.IssueLine) bool { return issue.Number != item.Issue }); len(here) == 0 {
		here = nil
	}
	fields, problems := form.fields(wrong, where, here)
	fields = fields.toItem(item, form)
	fields.Hidden = append(fields.Hidden, page.Hidden{Name: "was", Value: whereOf(item)})
	fields.inRow(form)
	if len(faults) == 0 {
		typed.ID = item.ID
		item.Item = typed
	}
	view := editorView{
		DeskFrame: d.editorFrame(r, "Edit "+label(item.Item)), ID: rowAnchor(item.ID), Form: fields, Item: true, Blank: blankLink(),
		Printed: printedItem(item), Ran: ranOf(typed, where), Words: wordsOfNote(form.Note), Zone: d.now.Publication().TimeZone,
	}
	if view.Problems = problems; add != nil {
		add(&view)
	}
	view.named()
	return editorPage.Render(w, r, status, view)
}

// inRow is the form in a row: with the links there are, or one empty one, and
// short labels.
func (f *itemFields) inRow(form itemForm) {
	f.Links = f.Links[:max(1, form.filled())]
	f.Issue.Value = form.Issue // sent without being shown
	f.Note.Label, f.Note.Hint, f.Note.Rows = "Note, in Markdown", "", 5
	for i := range f.Links {
		f.Links[i].URL.Type = "url"
		f.Links[i].nameInRow()
	}
}

// nameInRow gives the fields of a link the labels they have in a row.
func (l *linkFields) nameInRow() {
	l.URL.Label, l.Text.Label = "Link "+strconv.Itoa(l.Number), "Text of link "+strconv.Itoa(l.Number)
	if l.Number == 1 {
		l.URL.Label, l.Text.Label = "Link", "Link text (optional)"
	}
}

// blankLink is a link for modules to make more of: its number, 0, stands at the
// end of every id and in the labels.
func blankLink() linkFields {
	blank := linkFields{
		URL:  page.Field{Name: "url", ID: rowName("url", -1), Type: "url"},
		Text: page.Field{Name: "label", ID: rowName("label", -1), Printed: true},
	}
	blank.nameInRow()
	return blank
}

func wordsOfNote(note string) int {
	text, err := markdown.Note(note)
	if err != nil {
		return countWords(note)
	}
	return countWords(text.Plain)
}

// showSaved answers that an item's words are saved as that version. It is not
// asked what the version is by now: another's would be overwritten unseen.
func (d *Desk) showSaved(w http.ResponseWriter, r *http.Request, before postgres.DeskItem, sent itemForm, version int) error {
	item, err := d.store.DeskItem(r.Context(), before.ID)
	if err != nil {
		return d.refuseInRow(w, r, sent, err)
	}
	form := formAt(item)
	form.Version = version
	return d.showItemEditor(w, r, http.StatusOK, item, form, nil, func(view *editorView) {
		view.Saved = d.local(item.ChangedAt).Format("15:04:05")
		view.Notice = sent.meanwhile(page.User(r.Context()), before)
	})
}

// meanwhile says where somebody else put the item while the form was open, or
// "". The words were saved with it all the same.
func (f itemForm) meanwhile(user newsletter.User, item postgres.DeskItem) string {
	if f.Was == "" || f.Was == whereOf(item) || item.ChangedBy == user.Name {
		return ""
	}
	did := map[newsletter.ItemState]string{
		newsletter.Inbox: "returned it to the inbox", newsletter.Held: "held it for a later issue", newsletter.Declined: "declined it",
		newsletter.Placed: "put it into " + strconv.Itoa(item.Issue) + ", " + item.Section,
	}
	return page.Capital(nameOr(item.ChangedBy)) + " " + did[item.State] + " while you were writing. Your words are saved with it."
}

// conflictInRow answers that somebody else's words were saved first.
func (d *Desk) conflictInRow(w http.ResponseWriter, r *http.Request, form itemForm, conflict conflictView, theirs postgres.DeskItem) error {
	form.Version = theirs.Version
	return d.showItemEditor(w, r, http.StatusConflict, theirs, form, nil, func(view *editorView) {
		conflict.DeskFrame = view.DeskFrame
		view.Conflict, view.Theirs = &conflict, d.local(theirs.ChangedAt).Format("15:04")
	})
}

// refuseInRow answers a module whose item is gone, or may not be edited now.
// Other errors are answered as ever.
func (d *Desk) refuseInRow(w http.ResponseWriter, r *http.Request, form itemForm, err error) error {
	forbidden, isForbidden := errors.AsType[*newsletter.Forbidden](err)
	typed := form.Note != "" || form.Title != "" || form.filled() > 0
	switch {
	case errors.Is(err, newsletter.ErrNotFound):
		gone := refusedEditor{What: "The item is gone", Why: "Somebody has merged it with another. What it said stands there.", Typed: typed}
		if typed {
			gone.New = append(form.values(false), hidden{"key", rand.Text()})
		}
		return d.showRefused(w, r, err, gone)
	case !isForbidden:
		return err
	}
	refused := refusedEditor{What: "You may not edit this item now", Why: page.Capital(forbidden.Error()) + ".", Typed: typed}
	id, _ := pathID(r) // of the route, so it is one
	item, readErr := d.store.DeskItem(r.Context(), id)
	switch {
	case readErr != nil:
		return err
	case item.IssueState.Printed():
		refused.What = strconv.Itoa(item.Issue) + " was published meanwhile"
	case item.IssueState == newsletter.Scheduled:
		refused.What = strconv.Itoa(item.Issue) + " was scheduled meanwhile"
	case !page.User(r.Context()).Role.AtLeast(newsletter.Editor):
		refused.Why = ownWhileWaiting
	}
	return d.showRefused(w, r, err, refused)
}
