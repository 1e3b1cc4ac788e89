package account

import (
	"errors"
	"net/http"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

var (
	peoplePage = page.Define[peopleView]("account/people.html")
	secretPage = page.Define[secretView]("account/secret.html")
)

// peopleView is the owner's page of people.
type peopleView struct {
	page.DeskFrame
	People []personView
	Add    page.Form
}

// personView is one person on the page.
type personView struct {
	newsletter.User
	Roles                     []page.Option
	ToRole, ToDisable, ToLink string // addresses of what can be done
	ToEnable                  string
}

// secretView shows a one-time sign-in link, once.
type secretView struct {
	page.DeskFrame
	Who     newsletter.User
	Address string
}

type personForm struct {
	Name  string          `form:"name"`
	Email string          `form:"email"`
	Role  newsletter.Role `form:"role"`
}

// people lists everybody.
func (a *Account) people(w http.ResponseWriter, r *http.Request) error {
	return a.showPeople(w, r, personForm{Role: newsletter.Contributor}, nil)
}

// showPeople shows everybody, and the form to add somebody. problems are what
// is wrong with what was done to one of them.
func (a *Account) showPeople(w http.ResponseWriter, r *http.Request, form personForm, wrong newsletter.Invalid, problems ...page.Problem) error {
	frame, err := a.deskFrame(r, "People")
	if err != nil {
		return err
	}
	people, err := a.store.Users(r.Context())
	if err != nil {
		return err
	}
	view := peopleView{DeskFrame: frame, Add: page.Form{
		Action: address.People,
		Fields: []page.Field{
			{Name: "name", Label: "Name", Value: form.Name},
			{Name: "email", Label: "E-mail", Hint: "They sign in with it. No mail is sent: you get a link to give to them.", Type: "email", Value: form.Email},
			{Name: "role", Label: "Role", Options: roles(form.Role)},
		},
		Button: "Add and get a sign-in link",
	}}
	if view.Notice == "" {
		view.Notice = notice(r)
	}
	for _, u := range people {
		view.People = append(view.People, personView{
			User: u, Roles: roleNames(u.Role), ToRole: address.PersonTo(u.ID, "role"), ToLink: address.PersonTo(u.ID, "link"),
			ToDisable: address.PersonTo(u.ID, "disable"), ToEnable: address.PersonTo(u.ID, "enable"),
		})
	}
	view.Problems = append(problems, page.Mark(view.Add.Fields, wrong)...)
	return peoplePage.Render(w, r, view.Status(), view)
}

// roles returns the choices of a role, with what each may do.
func roles(chosen newsletter.Role) []page.Option {
	return page.Choose(string(chosen),
		page.Option{Value: string(newsletter.Contributor), Label: "Contributor: submits links"},
		page.Option{Value: string(newsletter.Editor), Label: "Editor: edits, declines and orders them too"},
		page.Option{Value: string(newsletter.Curator), Label: "Curator: writes and publishes issues too"},
		page.Option{Value: string(newsletter.Owner), Label: "Owner: people and settings too"})
}

// roleNames returns the same choices by their names alone.
func roleNames(chosen newsletter.Role) []page.Option {
	options := roles(chosen)
	for i, o := range options {
		options[i].Label = page.Capital(o.Value)
	}
	return options
}

// addPerson adds somebody and shows a link for them to sign in with.
func (a *Account) addPerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var form personForm
	err := page.DecodeForm(r, &form)
	u := newsletter.User{Name: form.Name, Email: form.Email, Role: form.Role}
	if err == nil {
		err = u.Validate()
	}
	var secret string
	if err == nil && !page.Kept(ctx) {
		err = a.store.Tx(ctx, func(tx *postgres.Store) error {
			if u.ID, err = tx.AddUser(ctx, u, ""); err != nil {
				return err
			}
			if secret, err = tx.NewSignInLink(ctx, u.ID); err != nil {
				return err
			}
			return tx.AuditBy(ctx, page.User(ctx), "add "+string(u.Role), u.Email)
		})
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok || err == nil && page.Kept(ctx) {
		return a.showPeople(w, r, form, wrong)
	}
	if err != nil {
		return err
	}
	return a.showSecret(w, r, u, secret)
}

// showSecret shows a one-time link to whom it may be given. It is in no
// redirect, as addresses are kept in many places.
func (a *Account) showSecret(w http.ResponseWriter, r *http.Request, who newsletter.User, secret string) error {
	frame, err := a.deskFrame(r, "A sign-in link for "+who.Name)
	if err != nil {
		return err
	}
	view := secretView{frame, who, frame.Base.Absolute(address.SignInLink(secret))}
	return secretPage.Render(w, r, http.StatusOK, view)
}
