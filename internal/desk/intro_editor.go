package desk

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// introInPlace reports whether a module has sent an introduction by itself.
func introInPlace(r *http.Request) bool {
	return page.Fragment(r) && r.PostForm.Has("intro") && !r.PostForm.Has("number")
}

// introEditor opens an issue's introduction where it stands on the board.
func (d *Desk) introEditor(w http.ResponseWriter, r *http.Request) error {
	board, err := d.boardFor(r, newsletter.WriteIssue)
	if err != nil {
		return d.refuseIntro(w, r, issueForm{}, err)
	}
	return d.showIntroEditor(w, r, http.StatusOK, board, formOfIssue(board), nil, nil)
}

// showIntroEditor shows an introduction as it was typed, where it stands on the
// board. It goes on saying what that was based on: somebody else's, which is
// not shown, would be overwritten unseen; add fills in what there is to say besides.
func (d *Desk) showIntroEditor(w http.ResponseWriter, r *http.Request, status int, board postgres.Board, form issueForm, wrong newsletter.Invalid, add func(*editorView)) error {
	view := editorView{DeskFrame: d.editorFrame(r, "Edit the introduction"), ID: "intro", Zone: d.now.Publication().TimeZone}
	words := newWordsForm(r, partIntro, form)
	words.Fields[0].Rows = 8
	view.Problems = page.Mark(words.Fields, wrong)
	view.Intro, view.Words = words.Printed, countWords(form.Intro)
	if text, err := markdown.Intro(form.Intro); err == nil {
		view.Words = countWords(text.Plain)
	}
	view.Form = itemFields{Note: words.Fields[0], Action: address.DeskIssue(board.Number), Hidden: []page.Hidden{
		{Name: "version", Value: strconv.Itoa(form.Version)}, {Name: "id", Value: strconv.FormatInt(board.ID, 10)}, {Name: "based", Value: cmp.Or(form.Based, hashOf(board.Intro))},
	}}
	if add != nil {
		add(&view)
	}
	view.named()
	return editorPage.Render(w, r, status, view)
}

// hashOf tells one text from another: a form brings that of the stored
// introduction back, so that somebody who changed only the date is in nobody's
// way.
func hashOf(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:8])
}

// showSavedIntro answers that an introduction is saved. The version is today's
// only while the words are: another's would be overwritten unseen.
func (d *Desk) showSavedIntro(w http.ResponseWriter, r *http.Request, number int, sent issueForm) error {
	board, err := d.store.Board(r.Context(), number)
	if err != nil {
		return d.refuseIntro(w, r, sent, err)
	}
	form := formOfIssue(board)
	if form.Intro != sent.Intro {
		form.Intro, form.Version, form.Based = sent.Intro, sent.Version, hashOf(sent.Intro)
	}
	return d.showIntroEditor(w, r, http.StatusOK, board, form, nil, func(view *editorView) {
		view.Saved = d.local(board.ChangedAt).Format("15:04:05")
	})
}

// introConflict answers that somebody else's introduction was saved first.
func (d *Desk) introConflict(w http.ResponseWriter, r *http.Request, form issueForm, conflict conflictView, theirs postgres.Board) error {
	form.Version, form.Based = theirs.Version, hashOf(theirs.Intro)
	return d.showIntroEditor(w, r, http.StatusConflict, theirs, form, nil, func(view *editorView) {
		conflict.DeskFrame = view.DeskFrame
		view.Conflict, view.Theirs = &conflict, d.local(theirs.ChangedAt).Format("15:04")
	})
}

// refuseIntro answers a module whose issue is gone or closed. Other errors are
// answered as ever.
func (d *Desk) refuseIntro(w http.ResponseWriter, r *http.Request, form issueForm, err error) error {
	number, _ := issueNumber(r) // of the route, so it is one
	name := strconv.Itoa(number)
	refused := refusedEditor{What: name + " cannot be changed now", Typed: form.Intro != ""}
	forbidden, isForbidden := errors.AsType[*newsletter.Forbidden](err)
	switch {
	case errors.Is(err, newsletter.ErrNotFound):
		refused.What, refused.Why = "The draft is gone", "There is no draft "+name+" any more as you had it open: it was discarded, or it has another number now."
	case !isForbidden:
		return err
	case forbidden.Object.Issue.Printed():
		refused.What, refused.Why = name+" was published meanwhile", page.Capital(forbidden.Error())+"."
	default:
		refused.Why = page.Capital(forbidden.Error()) + "."
	}
	return d.showRefused(w, r, err, refused)
}
