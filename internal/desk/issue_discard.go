package desk

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// discardView asks whether a draft is really to be discarded.
type discardView struct {
	page.DeskFrame
	Board postgres.Board
	Items int
}

var discardPage = page.Define[discardView]("desk/discard.html")

// askDiscard says what discarding a draft does, and asks.
func (d *Desk) askDiscard(w http.ResponseWriter, r *http.Request) error {
	board, err := d.boardFor(r, newsletter.DiscardIssue)
	if err != nil {
		return err
	}
	frame, _, err := d.frame(r, "Discard "+strconv.Itoa(board.Number))
	if err != nil {
		return err
	}
	return discardPage.Render(w, r, http.StatusOK, discardView{frame, board, len(board.Issue().Items())})
}

// discard deletes a draft.
func (d *Desk) discard(w http.ResponseWriter, r *http.Request) error {
	number, err := issueNumber(r)
	if err != nil {
		return err
	}
	err = d.store.DiscardIssue(r.Context(), page.User(r.Context()), number)
	if err != nil && (!errors.Is(err, newsletter.ErrNotFound) || !d.discarded(r, number)) {
		return err
	}
	return seeOther(w, r, fmt.Sprintf("%s?discarded=%d", address.Issues, number))
}

// discarded reports whether the last that was done to an issue, of late, was to
// discard it: then the button was pressed twice.
func (d *Desk) discarded(r *http.Request, number int) bool {
	deeds, err := d.store.Deeds(r.Context(), 1)
	k := slices.IndexFunc(deeds, func(deed postgres.Deed) bool { return deed.Object == strconv.Itoa(number) })
	return err == nil && k >= 0 && deeds[k].Action == "discard issue"
}

// boardFor returns the board of the address, if whoever asks may do the action
// to the issue as it is.
func (d *Desk) boardFor(r *http.Request, action newsletter.Action) (postgres.Board, error) {
	number, err := issueNumber(r)
	if err != nil {
		return postgres.Board{}, err
	}
	board, err := d.store.Board(r.Context(), number)
	if err != nil {
		return postgres.Board{}, err
	}
	return board, newsletter.Allow(page.User(r.Context()), action, board.Object())
}
