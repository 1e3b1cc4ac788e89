package desk

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// previewLinkView is the page of an issue's secret preview address.
type previewLinkView struct {
	page.DeskFrame
	Number  int
	Address string // of a link just made, else ""
	Works   bool   // there is one
	MadeBy  string
	MadeAt  moment
	Until   string // the clock at which it ends
}

var previewLinkPage = page.Define[previewLinkView]("desk/preview-link.html")

// askPreviewLink says whether an issue has a secret preview address.
func (d *Desk) askPreviewLink(w http.ResponseWriter, r *http.Request) error {
	return d.showPreviewLink(w, r, "")
}

// makePreviewLink makes one, and shows it this once. It is in no redirect, as
// addresses are kept in many places.
func (d *Desk) makePreviewLink(w http.ResponseWriter, r *http.Request) error {
	number, err := issueNumber(r)
	if err != nil {
		return err
	}
	secret, err := d.store.NewPreviewLink(r.Context(), page.User(r.Context()), number)
	if err != nil {
		return err
	}
	return d.showPreviewLink(w, r, d.base.Absolute(address.Preview(secret)))
}

func (d *Desk) revokePreviewLink(w http.ResponseWriter, r *http.Request) error {
	number, err := issueNumber(r)
	if err != nil {
		return err
	}
	if err := d.store.RevokePreviewLink(r.Context(), page.User(r.Context()), number); err != nil {
		return err
	}
	return seeOther(w, r, address.DeskIssueTo(number, "preview-link"))
}

func (d *Desk) showPreviewLink(w http.ResponseWriter, r *http.Request, made string) error {
	board, err := d.boardFor(r, newsletter.PreviewIssue)
	if err != nil {
		return err
	}
	frame, _, err := d.frame(r, "A preview of "+strconv.Itoa(board.Number)+" to share")
	if err != nil {
		return err
	}
	view := previewLinkView{DeskFrame: frame, Number: board.Number, Address: made}
	link, err := d.store.PreviewLinkOf(r.Context(), board.ID)
	switch {
	case err == nil:
		view.Works, view.MadeBy, view.MadeAt = true, link.MadeBy, d.ago(link.MadeAt)
		view.Until = clockWords(link.ExpiresAt, d.now.Publication().Location())
	case !errors.Is(err, newsletter.ErrNotFound):
		return err
	}
	return previewLinkPage.Render(w, r, http.StatusOK, view)
}

// sharedPreview shows an issue to whoever has the secret of its preview link, as
// it would be printed now. Of an issue that is out it leads to the printed page.
func (d *Desk) sharedPreview(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	w.Header().Set("Referrer-Policy", "no-referrer")
	number, err := d.store.Previewed(r.Context(), chi.URLParam(r, "secret"))
	if err != nil {
		return err
	}
	board, err := d.store.Board(r.Context(), number)
	if err != nil {
		return err
	}
	if board.State.Printed() {
		return seeOther(w, r, address.Issue(number))
	}
	view, _, err := d.previewView(r, board)
	if _, unprintable := errors.AsType[newsletter.Invalid](err); unprintable {
		return newsletter.ErrNotFound // its curators are told, on the desk
	}
	if err != nil {
		return err
	}
	view.Secret = true
	return previewPage.Render(w, r, http.StatusOK, view)
}
