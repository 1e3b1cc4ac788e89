package account

import (
	"context"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/password"
	"broadsheet/internal/postgres"
)

var setUpPage = page.Define[formView]("account/set_up.html")

type setUpForm struct {
	Publication string `form:"publication"`
	Name        string `form:"name"`
	Email       string `form:"email"`
	Password    string `form:"password,raw"`
}

// askSetUp shows the form of the first owner.
func (a *Account) askSetUp(w http.ResponseWriter, r *http.Request) error {
	if err := a.store.SetUpLink(r.Context(), chi.URLParam(r, "secret")); err != nil {
		return a.ended(w, r, err)
	}
	return a.showSetUp(w, r, setUpForm{Publication: a.frame().Publication.Name}, nil)
}

func (a *Account) showSetUp(w http.ResponseWriter, r *http.Request, form setUpForm, wrong newsletter.Invalid) error {
	frame, err := a.deskFrame(r, "Set up the newsletter")
	if err != nil {
		return err
	}
	view := formView{frame, page.Form{
		Action: r.URL.Path,
		Fields: []page.Field{
			{Name: "publication", Label: "Name of the newsletter", Hint: "You can change it later.", Value: form.Publication, Printed: true},
			{Name: "name", Label: "Your name", Hint: "Others on the desk see it beside what you do.", Autocomplete: "name", Value: form.Name},
			{Name: "email", Label: "Your e-mail", Hint: "You sign in with it.", Type: "email", Autocomplete: "username", Value: form.Email},
			newPassword("password", "Password"),
		},
		Button: "Set up the newsletter",
	}}
	view.Problems = page.Mark(view.Form.Fields, wrong)
	return setUpPage.Render(w, r, view.Status(), view)
}

// newPassword is the field for a password that is to be set.
func newPassword(name, label string) page.Field {
	return page.Field{Name: name, Label: label, Type: "password", Autocomplete: "new-password",
		Hint: "At least 10 characters. Four words that do not belong together are good and easy to keep in mind."}
}

// setUp adds the first owner, names the newsletter and signs the owner in.
func (a *Account) setUp(w http.ResponseWriter, r *http.Request) error {
	ctx, secret := r.Context(), chi.URLParam(r, "secret")
	if err := a.store.SetUpLink(ctx, secret); err != nil {
		return a.ended(w, r, err)
	}
	var form setUpForm
	err := page.DecodeForm(r, &form)
	if err == nil {
		err = form.validate()
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		return a.showSetUp(w, r, form, wrong)
	}
	if err != nil {
		return err
	}
	hash, err := a.hasher.Hash(ctx, form.Password)
	if err != nil {
		return err
	}
	owner, err := a.addOwner(ctx, secret, form, hash)
	if err != nil {
		return a.ended(w, r, err)
	}
	if err := a.begin(r, owner, false); err != nil {
		return err
	}
	http.Redirect(w, r, address.Desk, http.StatusSeeOther)
	return nil
}

// validate holds the form to what people, passwords and publications are held
// to.
func (f setUpForm) validate() error {
	var wrong newsletter.Invalid
	named := newsletter.Publication{Name: f.Publication, Language: "en", TimeZone: "UTC"}.Validate() // the rest is as it always is
	if found, ok := errors.AsType[newsletter.Invalid](named); ok {
		wrong.Add("publication", found[0].Message)
	}
	about := newsletter.User{Name: f.Name, Email: f.Email, Role: newsletter.Owner}.Validate()
	if found, ok := errors.AsType[newsletter.Invalid](about); ok {
		wrong = append(wrong, found...)
	}
	if complaint := password.Complaint(f.Password, f.Name, f.Email); complaint != "" {
		wrong.Add("password", complaint)
	}
	return wrong.Err()
}

// addOwner uses the link and names the publication, in one transaction.
func (a *Account) addOwner(ctx context.Context, secret string, form setUpForm, hash string) (owner postgres.Account, err error) {
	err = a.store.Tx(ctx, func(tx *postgres.Store) error {
		owner, err = tx.UseSetUpLink(ctx, secret, newsletter.User{Name: form.Name, Email: form.Email}, hash)
		if err != nil {
			return err
		}
		if err := tx.AuditBy(ctx, owner.User, "set up the newsletter", owner.Email); err != nil {
			return err
		}
		publication, err := tx.Publication(ctx)
		if err != nil || publication.Name == form.Publication {
			return err
		}
		publication.Name = form.Publication
		if err := tx.SavePublication(ctx, publication); err != nil {
			return err
		}
		return tx.RaiseGeneration(ctx)
	})
	return owner, err
}
