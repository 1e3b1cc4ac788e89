package server

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"broadsheet/internal/account"
	"broadsheet/internal/address"
	"broadsheet/internal/page"
	"broadsheet/internal/session"
)

var unkeptPage = page.Define[unkeptView]("account/unkept.html")

// unkeptView gives a form back that could not be kept.
type unkeptView struct {
	page.DeskFrame
	Why    string       // it could not be kept, as it follows "because"
	Typed  []page.Field // what was typed, to copy
	SignIn string       // address that leads back to where the form was
}

// perClient is how many forms of one client are kept in a quarter of an hour:
// each is a row in the database that nobody has signed in for.
const perClient = 30

// keep keeps the form of somebody without a session, and leads to the sign-in
// and from there to the form. One that cannot be kept is given back.
func (g *guard) keep(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	id, complaint := 0, "it is no form of these pages"
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if isForm := slices.Contains([]string{"application/x-www-form-urlencoded", ""}, mediaType); isForm {
		err = account.Limit(r.Context(), g.store, "kept "+account.Client(r), perClient)
		if _, tooMany := errors.AsType[*page.TooMany](err); tooMany {
			complaint = "too many have been sent from your network in the last minutes"
		} else if err != nil {
			return err
		} else {
			id, complaint = g.sessions.Keep(r.Context(), r.URL.EscapedPath(), string(body))
		}
	}
	if complaint != "" {
		return g.giveBack(w, r, string(body), complaint)
	}
	http.Redirect(w, r, address.SignInThen(address.KeptForm(id)), http.StatusSeeOther)
	return nil
}

// giveBack shows what was typed in a form that could not be kept.
func (g *guard) giveBack(w http.ResponseWriter, r *http.Request, body, complaint string) error {
	return unkeptPage.Render(w, r, http.StatusUnprocessableEntity, unkeptView{
		DeskFrame: page.NewDeskFrame(r, g.errors.Frame(), "Your session has ended"),
		Why:       complaint,
		Typed:     typed(body),
		SignIn:    address.SignInThen(r.URL.EscapedPath()),
	})
}

// typed returns the fields of a form that hold what somebody may have typed;
// of what is no form, or was cut, those that can be told. Passwords are never
// repeated.
func typed(body string) []page.Field {
	values, _ := url.ParseQuery(body)
	var fields []page.Field
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			if value == "" || isState(name) || strings.Contains(name, "password") {
				continue
			}
			fields = append(fields, page.Field{
				Name: name, ID: fmt.Sprintf("typed-%d", len(fields)+1), Label: page.Capital(strings.ReplaceAll(name, "_", " ")),
				Value: strings.ToValidUTF8(value, "\uFFFD"), Rows: min(20, 2+strings.Count(value, "\n")+len(value)/80),
			})
		}
	}
	return fields
}

// isState reports whether a field holds what only the program makes sense of.
func isState(name string) bool {
	return name == "key" || name == "version" || name == session.KeptField
}
