// Package account is people and their accounts: signing in and out, the set-up
// of the first owner, one's own settings, and the owner's page of people.
package account

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/password"
	"broadsheet/internal/postgres"
	"broadsheet/internal/session"
)

// Options are what accounts are made from.
type Options struct {
	Store    *postgres.Store
	Sessions *session.Sessions
	Hasher   *password.Hasher
	Frame    func() page.Frame      // what stands around a page, without asking the database
	HasPage  func(path string) bool // whether a path can be asked for with GET

	// DeskFrame returns the frame of a page of the desk for whoever asks.
	DeskFrame func(r *http.Request, title string) (page.DeskFrame, error)
}

// Account answers people about their accounts.
type Account struct {
	store    *postgres.Store
	sessions *session.Sessions
	hasher   *password.Hasher
	frame    func() page.Frame
	hasPage  func(path string) bool

	deskFrame func(r *http.Request, title string) (page.DeskFrame, error)
}

// New returns an account. It asks the database nothing until it is asked.
func New(o Options) *Account {
	return &Account{o.Store, o.Sessions, o.Hasher, o.Frame, o.HasPage, o.DeskFrame}
}

// Routes returns every route of accounts with the action it needs.
func (a *Account) Routes() []page.Route {
	const get, post = http.MethodGet, http.MethodPost
	link, setUp, person := address.SignInLink("{secret}"), address.SetUpLink("{secret}"), address.People+"/{id:[0-9]+}"
	return []page.Route{
		{Method: get, Pattern: address.SignIn, Action: newsletter.SignIn, Handler: a.askSignIn},
		{Method: post, Pattern: address.SignIn, Action: newsletter.SignIn, Handler: a.signIn},
		{Method: post, Pattern: address.SignOut, Action: newsletter.SignIn, Handler: a.signOut},
		{Method: get, Pattern: link, Action: newsletter.SignIn, Handler: a.askLink},
		{Method: post, Pattern: link, Action: newsletter.SignIn, Handler: a.useLink},
		{Method: get, Pattern: setUp, Action: newsletter.SignIn, Handler: a.askSetUp},
		{Method: post, Pattern: setUp, Action: newsletter.SignIn, Handler: a.setUp},
		{Method: get, Pattern: address.MySettings, Action: newsletter.UseDesk, Handler: a.askMe},
		{Method: post, Pattern: address.MySettings, Action: newsletter.UseDesk, Handler: a.saveMe, Form: true},
		{Method: post, Pattern: address.MyPassword, Action: newsletter.UseDesk, Handler: a.savePassword, Form: true},
		{Method: get, Pattern: address.People, Action: newsletter.ManagePeople, Handler: a.people},
		{Method: post, Pattern: address.People, Action: newsletter.ManagePeople, Handler: a.addPerson, Form: true},
		{Method: post, Pattern: person + "/role", Action: newsletter.ManagePeople, Handler: a.changeRole},
		{Method: post, Pattern: person + "/disable", Action: newsletter.ManagePeople, Handler: a.disable},
		{Method: post, Pattern: person + "/enable", Action: newsletter.ManagePeople, Handler: a.enable},
		{Method: post, Pattern: person + "/link", Action: newsletter.ManagePeople, Handler: a.newLink},
	}
}

// begin makes the session that of a person who has just shown who they are.
func (a *Account) begin(r *http.Request, who postgres.Account, byLink bool) error {
	return a.sessions.SignIn(r.Context(), session.Person{ID: who.ID, Epoch: who.Epoch, Role: string(who.Role), ByLink: byLink})
}

// personID returns the person a route is about.
func personID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return 0, newsletter.ErrNotFound
	}
	return id, nil
}

// notices are what pages say after a deed, by the query that led to them.
var notices = map[string]string{
	"out":      "You have signed out.",
	"saved":    "Your settings are saved.",
	"password": "Your password is set. Other browsers you were signed in with have been signed out.",
	"role":     "The role is changed.",
	"disabled": "They are signed out everywhere and cannot sign in again until you enable them.",
	"enabled":  "They can sign in again.",
	"link":     "You are signed in. Set a password within a quarter of an hour: the link you came by does not work twice.",
}

// seeOther leads to a page that says what was done.
func seeOther(w http.ResponseWriter, r *http.Request, path, done string) error {
	http.Redirect(w, r, path+"?done="+done, http.StatusSeeOther)
	return nil
}

// notice returns what a page says about the deed that led to it.
func notice(r *http.Request) string { return notices[r.URL.Query().Get("done")] }
