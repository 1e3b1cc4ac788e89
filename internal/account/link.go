package account

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

var (
	linkPage  = page.Define[formView]("account/link.html")
	endedPage = page.Define[page.DeskFrame]("account/ended.html")
)

// askLink shows a button. Following the link signs nobody in: programs that
// look at links in mails follow them too.
func (a *Account) askLink(w http.ResponseWriter, r *http.Request) error {
	who, err := a.store.SignInLink(r.Context(), chi.URLParam(r, "secret"))
	if err != nil {
		return a.ended(w, r, err)
	}
	frame, err := a.deskFrame(r, "Sign in as "+who.Name)
	if err != nil {
		return err
	}
	return linkPage.Render(w, r, http.StatusOK, formView{frame, page.Form{Action: r.URL.Path, Button: "Sign in as " + who.Name}})
}

// useLink signs in whom the link was made for, once.
func (a *Account) useLink(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var who postgres.Account
	err := a.store.Tx(ctx, func(tx *postgres.Store) (err error) {
		if who, err = tx.UseSignInLink(ctx, chi.URLParam(r, "secret")); err != nil {
			return err
		}
		return tx.AuditBy(ctx, who.User, "sign in by a one-time link", who.Email)
	})
	if err != nil {
		return a.ended(w, r, err)
	}
	if err := a.begin(r, who, true); err != nil {
		return err
	}
	return seeOther(w, r, address.MySettings, "link")
}

// ended answers a one-time link that does not work with a page that says what
// to do, and leaves other errors as they are.
func (a *Account) ended(w http.ResponseWriter, r *http.Request, err error) error {
	if !errors.Is(err, newsletter.ErrNotFound) {
		return err
	}
	frame, err := a.deskFrame(r, "This link does not work any more")
	if err != nil {
		return err
	}
	return endedPage.Render(w, r, http.StatusNotFound, frame)
}
