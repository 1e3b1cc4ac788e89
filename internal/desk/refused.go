package desk

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// refusedView is the page of words that cannot be saved where they were meant
// to be: they are shown to be copied.
type refusedView struct {
	page.DeskFrame
	What  string // as in "you may not edit this item now"
	Why   string
	Words []page.Field
}

var refusedPage = page.Define[refusedView]("desk/refused.html")

// refuseWords answers a form whose object is gone or closed with the words that
// were typed, right or wrong. When there are none the error is answer enough;
// so is every other error.
func (d *Desk) refuseWords(w http.ResponseWriter, r *http.Request, err error, view refusedView) error {
	status := page.Status(err)
	view.Words = slices.DeleteFunc(view.Words, func(f page.Field) bool { return f.Value == "" || f.Type == "checkbox" })
	if len(view.Words) == 0 || status != http.StatusNotFound && status != http.StatusForbidden && status != http.StatusConflict {
		return err
	}
	for i := range view.Words {
		view.Words[i].Hint, view.Words[i].Type = "", ""
	}
	if forbidden, ok := errors.AsType[*newsletter.Forbidden](err); ok && view.Why == "" {
		view.Why = page.Capital(forbidden.Error()) + "."
	}
	frame, _, frameErr := d.frame(r, "Not saved")
	if frameErr != nil {
		return frameErr
	}
	view.DeskFrame = frame
	return refusedPage.Render(w, r, status, view)
}

// ownWhileWaiting tells those who collect why an item is not theirs to edit.
const ownWhileWaiting = "People who collect edit their own items while these wait in the inbox. This one does not any more, or it is somebody else’s."

// refuse answers a form whose item is gone, or may no longer be edited, with
// what was typed: as a new item, or to be copied.
func (d *Desk) refuse(w http.ResponseWriter, r *http.Request, form itemForm, err error) error {
	if page.Fragment(r) {
		return d.refuseInRow(w, r, form, err)
	}
	words := slices.Concat(form.named(), form.linkWords())
	typed := slices.ContainsFunc(words, func(f page.Field) bool { return f.Value != "" && f.Type != "checkbox" })
	if errors.Is(err, newsletter.ErrNotFound) && typed {
		form.Key, form.Issue, form.Section = "", "", ""
		return d.showNew(w, r, http.StatusNotFound, form, nil, newItemView{Gone: true})
	}
	view := refusedView{What: "you may not edit this item now", Words: words}
	forbidden, _ := errors.AsType[*newsletter.Forbidden](err)
	if forbidden != nil && forbidden.Action == newsletter.EditItem && !page.User(r.Context()).Role.AtLeast(newsletter.Editor) {
		view.Why = ownWhileWaiting
	}
	return d.refuseWords(w, r, err, view)
}

// linkWords returns the form's links as one text, as they were typed.
func (f itemForm) linkWords() []page.Field {
	var lines []string
	for i, url := range f.URLs {
		if line := strings.TrimSpace(f.Labels[i] + " " + url); line != "" {
			lines = append(lines, line)
		}
	}
	return []page.Field{{Name: "links", Label: "Links", Value: strings.Join(lines, "\n"), Rows: len(lines) + 1}}
}

// refuseIssue answers a form of an issue that is gone or closed.
func (d *Desk) refuseIssue(w http.ResponseWriter, r *http.Request, err error, words ...page.Field) error {
	number, _ := issueNumber(r) // of the route, so it is one
	view := refusedView{What: strconv.Itoa(number) + " cannot be changed now", Words: words}
	if errors.Is(err, newsletter.ErrNotFound) {
		view.What = "the issue is gone"
		view.Why = "There is no draft " + strconv.Itoa(number) + " any more as you had it open: it was discarded, or it has another number now. The list of issues shows what there is."
	}
	return d.refuseWords(w, r, err, view)
}

// boardSent returns the board that a form was made on, if whoever asks may do
// the action to it: the one in the address, or the open one that the form's
// "id" names, when that has been given another number since.
func (d *Desk) boardSent(r *http.Request, action newsletter.Action) (postgres.Board, error) {
	board, err := d.boardFor(r, action)
	id, _ := strconv.ParseInt(page.Typed(r, "id"), 10, 64) // forms may come without
	if id == 0 || board.ID == id {
		return board, err
	}
	open, err := d.store.OpenIssues(r.Context()) // some few
	if err != nil {
		return postgres.Board{}, err
	}
	for _, line := range open {
		board, err := d.store.Board(r.Context(), line.Number)
		if err == nil && board.ID == id {
			return board, newsletter.Allow(page.User(r.Context()), action, board.Object())
		}
	}
	return postgres.Board{}, newsletter.ErrNotFound
}
