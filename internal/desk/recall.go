package desk

import (
	"context"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

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

// withdrawItem takes an item out of a printed issue.
func (d *Desk) withdrawItem(w http.ResponseWriter, r *http.Request) error {
	board, form, wrong, err := d.correctSent(r)
	if err != nil {
		return err
	}
	place, _ := strconv.Atoi(chi.URLParam(r, "place"))
	form.Part = strconv.Itoa(place)
	if wrong.Err() != nil {
		c, err := d.correction(r, board, form, false)
		if err != nil {
			return err
		}
		c.wrong = wrong
		return d.showCorrect(w, r, http.StatusUnprocessableEntity, c)
	}
	wish := correction{board: board, form: form, place: place}.wish()
	if err := publish.WithdrawItem(r.Context(), d.store, page.User(r.Context()), wish); err != nil {
		return err
	}
	d.turnOver(r)
	return seeOther(w, r, address.DeskIssue(board.Number))
}
