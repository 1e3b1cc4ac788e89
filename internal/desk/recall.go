package desk

import (
	"context"
	"net/http"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// withdrawView asks whether an issue is really to be taken from readers.
type withdrawView struct {
	page.DeskFrame
	Board   postgres.Board
	Address string
	Out     moment
}

var withdrawPage = page.Define[withdrawView]("desk/withdraw.html")

// askWithdraw says what withdrawing an issue does, and asks.
func (d *Desk) askWithdraw(w http.ResponseWriter, r *http.Request) error {
	board, err := d.boardFor(r, newsletter.CorrectIssue)
	if err != nil {
		return err
	}
	if board.State == newsletter.Withdrawn {
		return seeOther(w, r, address.DeskIssue(board.Number))
	}
	frame, _, err := d.frame(r, "Withdraw "+strconv.Itoa(board.Number))
	if err != nil {
		return err
	}
	return withdrawPage.Render(w, r, http.StatusOK, withdrawView{frame, board, d.base.Absolute(address.Issue(board.Number)), d.ago(board.PublishedAt)})
}

func (d *Desk) withdraw(w http.ResponseWriter, r *http.Request) error {
	return d.recall(w, r, publish.Withdraw)
}

func (d *Desk) reinstate(w http.ResponseWriter, r *http.Request) error {
	return d.recall(w, r, publish.Reinstate)
}

func (d *Desk) recall(w http.ResponseWriter, r *http.Request, to func(context.Context, *postgres.Store, newsletter.User, int) error) error {
	number, err := issueNumber(r)
	if err != nil {
		return err
	}
	if err := to(r.Context(), d.store, page.User(r.Context()), number); err != nil {
		return err
	}
	d.turnOver(r)
	return seeOther(w, r, address.DeskIssue(number))
}

// turnOver has this process give readers what is new at once; the others hear of
// it.
func (d *Desk) turnOver(r *http.Request) {
	if err := d.now.Refresh(r.Context()); err != nil {
		d.log.WarnContext(r.Context(), "the site turns over a little later", "error", err) // as every process does
	}
}
