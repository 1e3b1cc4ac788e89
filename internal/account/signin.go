package account

import (
	"errors"
	"net/http"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

var signInPage = page.Define[formView]("account/sign_in.html")

// formView is the view of a page that is one form.
type formView struct {
	page.DeskFrame
	Form page.Form
}

type signInForm struct {
	Email    string `form:"email"`
	Password string `form:"password,raw"`
	Next     string `form:"next"`
}

// errRefused is what everybody reads who may not sign in: whether there is
// such a person, and whether they are disabled, is nobody else's business.
var errRefused = newsletter.Invalid{{Message: "E-mail or password is not right. Try again, or ask an owner for a sign-in link."}}

// askSignIn shows the sign-in, or goes on for somebody who is signed in.
func (a *Account) askSignIn(w http.ResponseWriter, r *http.Request) error {
	var form signInForm
	if err := page.DecodeForm(r, &form); err != nil {
		form = signInForm{}
	}
	if page.User(r.Context()).ID != 0 {
		http.Redirect(w, r, a.next(form.Next), http.StatusSeeOther)
		return nil
	}
	return a.showSignIn(w, r, form, nil)
}

func (a *Account) showSignIn(w http.ResponseWriter, r *http.Request, form signInForm, wrong newsletter.Invalid) error {
	frame, err := a.deskFrame(r, "Sign in")
	if err != nil {
		return err
	}
	view := formView{frame, page.Form{
		Action: address.SignIn,
		Fields: []page.Field{
			{Name: "email", Label: "E-mail", Type: "email", Autocomplete: "username", Value: form.Email},
			{Name: "password", Label: "Password", Type: "password", Autocomplete: "current-password"},
		},
		Button: "Sign in",
	}}
	if form.Next != "" {
		view.Form.Hidden = []page.Hidden{{Name: "next", Value: a.next(form.Next)}}
	}
	view.Notice = notice(r)
	view.Problems = page.Mark(view.Form.Fields, wrong)
	return signInPage.Render(w, r, view.Status(), view)
}

// signIn begins a session for the right password.
func (a *Account) signIn(w http.ResponseWriter, r *http.Request) error {
	var form signInForm
	err := page.DecodeForm(r, &form)
	if err == nil {
		err = form.complete()
	}
	var who postgres.Account
	if err == nil {
		who, err = a.verify(r, form)
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		return a.showSignIn(w, r, form, wrong)
	}
	if err != nil {
		return err
	}
	if err := a.begin(r, who, false); err != nil {
		return err
	}
	http.Redirect(w, r, a.next(form.Next), http.StatusSeeOther)
	return nil
}

func (f signInForm) complete() error {
	var wrong newsletter.Invalid
	if f.Email == "" {
		wrong.Add("email", "is empty; give the address your account was made for")
	}
	if f.Password == "" {
		wrong.Add("password", "is empty; give it, or ask an owner for a sign-in link")
	}
	return wrong.Err()
}

// verify returns whose e-mail and password these are. It takes as long for an
// e-mail that nobody has.
func (a *Account) verify(r *http.Request, form signInForm) (postgres.Account, error) {
	ctx, counted := r.Context(), countersOf(r, form.Email)
	if err := counted.count(ctx, a.store); err != nil {
		return postgres.Account{}, err
	}
	who, err := a.store.UserByEmail(ctx, form.Email)
	if err != nil && !errors.Is(err, newsletter.ErrNotFound) {
		return who, err
	}
	fits, outdated, err := a.hasher.Verify(ctx, who.Hash, form.Password)
	if err != nil {
		return postgres.Account{}, err
	}
	if !fits || who.Disabled {
		return postgres.Account{}, errRefused
	}
	if err := a.store.ForgetAttempts(ctx, counted.account, counted.client); err != nil || !outdated {
		return who, err
	}
	hash, err := a.hasher.Hash(ctx, form.Password)
	if err != nil {
		return who, err
	}
	return who, a.store.Rehash(ctx, who.ID, who.Hash, hash)
}

// signOut ends the session.
func (a *Account) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := a.sessions.SignOut(r.Context()); err != nil {
		return err
	}
	return seeOther(w, r, address.SignIn, "out")
}
