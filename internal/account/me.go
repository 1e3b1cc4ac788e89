package account

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/password"
	"broadsheet/internal/postgres"
	"broadsheet/internal/session"
)

var mePage = page.Define[meView]("account/me.html")

// meView is one's own settings: two forms, as a password is not changed on the
// way.
type meView struct {
	page.DeskFrame
	Settings, Password page.Form
}

type meForm struct {
	Name  string           `form:"name"`
	Theme newsletter.Theme `form:"theme"`
	Keys  bool             `form:"single_keys"`
}

type passwordForm struct {
	Current string `form:"current_password,raw"`
	New     string `form:"new_password,raw"`
}

// askMe shows one's own settings.
func (a *Account) askMe(w http.ResponseWriter, r *http.Request) error {
	return a.showMe(w, r, savedMe(r), nil)
}

// savedMe is the form as it is saved.
func savedMe(r *http.Request) meForm {
	me := page.User(r.Context())
	return meForm{me.Name, me.Theme, me.SingleKeys}
}

func (a *Account) showMe(w http.ResponseWriter, r *http.Request, form meForm, wrong newsletter.Invalid) error {
	frame, err := a.deskFrame(r, "My settings")
	if err != nil {
		return err
	}
	me, err := a.store.User(r.Context(), frame.User.ID)
	if err != nil {
		return err
	}
	view := meView{frame, page.Form{
		Action: address.MySettings,
		Fields: []page.Field{
			{Name: "name", Label: "Name", Hint: "Others on the desk see it beside what you do.", Autocomplete: "name", Value: form.Name},
			{Name: "theme", Label: "Look of the desk", Type: "radio", Options: page.Choose(string(form.Theme),
				page.Option{Value: "auto", Label: "As this device is set"},
				page.Option{Value: "light", Label: "Light"},
				page.Option{Value: "dark", Label: "Dark"})},
			page.SingleKeys(form.Keys),
		},
		Button: "Save my settings",
	}, a.passwordForm(r.Context(), me)}
	if view.Notice == "" {
		view.Notice = notice(r)
	}
	n, fields := len(view.Settings.Fields), slices.Concat(view.Settings.Fields, view.Password.Fields)
	view.Problems = page.Mark(fields, wrong)
	view.Settings.Fields, view.Password.Fields = fields[:n], fields[n:]
	return mePage.Render(w, r, view.Status(), view)
}

// passwordForm asks for the current password, unless there is none, or the
// person has just come by a one-time link because they have forgotten it.
func (a *Account) passwordForm(ctx context.Context, me postgres.Account) page.Form {
	form := page.Form{Action: address.MyPassword, Button: "Set a new password"}
	if a.knowsPassword(ctx, me) {
		form.Fields = []page.Field{{Name: "current_password", Label: "Current password", Type: "password", Autocomplete: "current-password",
			Hint: "Forgotten it? Ask an owner for a sign-in link: for a quarter of an hour after using one you set a password without it."}}
	}
	form.Fields = append(form.Fields, newPassword("new_password", "New password"))
	return form
}

func (a *Account) knowsPassword(ctx context.Context, me postgres.Account) bool {
	return me.Hash != "" && !a.sessions.Person(ctx).ByLink
}

// saveMe saves name, theme and keys.
func (a *Account) saveMe(w http.ResponseWriter, r *http.Request) error {
	ctx, me := r.Context(), page.User(r.Context())
	var form meForm
	err := page.DecodeForm(r, &form)
	if err == nil {
		changed := me
		changed.Name, changed.Theme = form.Name, form.Theme
		err = changed.Validate()
	}
	if err == nil && !page.Kept(ctx) {
		err = a.store.Tx(ctx, func(tx *postgres.Store) error { return form.save(ctx, tx, me) })
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok || err == nil && page.Kept(ctx) {
		return a.showMe(w, r, form, wrong)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, address.MySettings, "saved")
}

// save stores the form. Another name is recorded: older lines of the audit
// bear the former one.
func (f meForm) save(ctx context.Context, tx *postgres.Store, me newsletter.User) error {
	if err := tx.SaveUser(ctx, me.ID, f.Name, f.Theme); err != nil {
		return err
	}
	if err := tx.SaveKeys(ctx, me.ID, f.Keys); err != nil || f.Name == me.Name {
		return err
	}
	return tx.AuditBy(ctx, me, "change their name", me.Name+" to "+f.Name)
}

// savePassword sets a new password. Sessions of the person end everywhere;
// this one goes on under a new token.
func (a *Account) savePassword(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	me, err := a.store.User(ctx, page.User(ctx).ID)
	if err != nil {
		return err
	}
	var form passwordForm
	err = page.DecodeForm(r, &form)
	if err == nil && !page.Kept(ctx) {
		err = a.checkPassword(r, me, form)
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok || err == nil && page.Kept(ctx) {
		return a.showMe(w, r, savedMe(r), wrong)
	}
	if err != nil {
		return err
	}
	hash, err := a.hasher.Hash(ctx, form.New)
	if err != nil {
		return err
	}
	err = a.store.Tx(ctx, func(tx *postgres.Store) error {
		if me.Epoch, err = tx.SetPassword(ctx, me.ID, hash); err != nil {
			return err
		}
		return tx.AuditBy(ctx, me.User, "set their password", me.Email)
	})
	if err == nil {
		err = a.sessions.SignIn(ctx, session.Person{ID: me.ID, Epoch: me.Epoch, Role: string(me.Role)})
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, address.MySettings, "password")
}

// checkPassword holds a new password to the rules, and whoever sets it to
// knowing the current one. Guesses count like those of the sign-in.
func (a *Account) checkPassword(r *http.Request, me postgres.Account, form passwordForm) error {
	var wrong newsletter.Invalid
	if complaint := password.Complaint(form.New, me.Name, me.Email); complaint != "" {
		wrong.Add("new_password", complaint)
	}
	if !a.knowsPassword(r.Context(), me) {
		return wrong.Err()
	}
	_, err := a.verify(r, signInForm{Email: me.Email, Password: form.Current})
	if _, refused := errors.AsType[newsletter.Invalid](err); refused {
		wrong = append(newsletter.Invalid{{Field: "current_password", Message: "is not right; try again"}}, wrong...)
	} else if err != nil {
		return err
	}
	return wrong.Err()
}
