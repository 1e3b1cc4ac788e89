package account

import (
	"errors"
	"fmt"
	"net/http"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// changeRole gives a person another role.
func (a *Account) changeRole(w http.ResponseWriter, r *http.Request) error {
	var form struct {
		Role newsletter.Role `form:"role"`
	}
	err := page.DecodeForm(r, &form)
	if err == nil && !form.Role.Valid() {
		err = newsletter.Invalid{{Field: "role", Message: "is none of those there are; choose one"}}
	}
	if err == nil {
		err = a.doTo(r, "make "+string(form.Role), func(tx *postgres.Store, id int64) error {
			return tx.SetRole(r.Context(), id, form.Role)
		})
	}
	return a.did(w, r, "role", err)
}

// disable keeps a person from signing in.
func (a *Account) disable(w http.ResponseWriter, r *http.Request) error {
	return a.did(w, r, "disabled", a.doTo(r, "disable", func(tx *postgres.Store, id int64) error {
		return tx.Disable(r.Context(), id)
	}))
}

// enable lets a person sign in again.
func (a *Account) enable(w http.ResponseWriter, r *http.Request) error {
	return a.did(w, r, "enabled", a.doTo(r, "enable", func(tx *postgres.Store, id int64) error {
		return tx.Enable(r.Context(), id)
	}))
}

// newLink makes a one-time sign-in link and shows it.
func (a *Account) newLink(w http.ResponseWriter, r *http.Request) error {
	id, err := personID(r)
	if err != nil {
		return err
	}
	who, err := a.store.User(r.Context(), id)
	if err != nil {
		return err
	}
	if who.Disabled {
		return a.did(w, r, "", newsletter.Invalid{{Message: "no link is made for somebody who is disabled; enable them first"}})
	}
	var secret string
	err = a.store.Tx(r.Context(), func(tx *postgres.Store) error {
		if secret, err = tx.NewSignInLink(r.Context(), id); err != nil {
			return err
		}
		return tx.AuditBy(r.Context(), page.User(r.Context()), "make a sign-in link", who.Email)
	})
	if err != nil {
		return err
	}
	return a.showSecret(w, r, who.User, secret)
}

// doTo changes the person of a route and records it, in one transaction. What
// is as it was is not recorded.
func (a *Account) doTo(r *http.Request, action string, do func(tx *postgres.Store, id int64) error) error {
	id, err := personID(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	return a.store.Tx(ctx, func(tx *postgres.Store) error {
		before, err := tx.User(ctx, id)
		if err != nil {
			return err
		}
		if err := do(tx, id); err != nil {
			return err
		}
		who, err := tx.User(ctx, id)
		if err != nil || who.User == before.User {
			return err
		}
		return tx.AuditBy(ctx, page.User(ctx), action, who.Email)
	})
}

// did leads back to the people, or shows there what could not be done.
func (a *Account) did(w http.ResponseWriter, r *http.Request, done string, err error) error {
	wrong, refused := errors.AsType[newsletter.Invalid](err)
	if !refused {
		if err != nil {
			return err
		}
		return seeOther(w, r, address.People, done)
	}
	id, err := personID(r)
	if err != nil {
		return err
	}
	who, err := a.store.User(r.Context(), id)
	if err != nil {
		return err
	}
	problem := page.Problem{ID: fmt.Sprintf("role-%d", id), Text: who.Name + ": " + wrong[0].Message}
	if wrong[0].Field == "role" {
		problem.Text = who.Name + ": the role " + wrong[0].Message
	}
	return a.showPeople(w, r, personForm{Role: newsletter.Contributor}, nil, problem)
}
