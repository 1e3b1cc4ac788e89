package server

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/account"
	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/session"
)

// Routes is the router and the table of all its routes with their actions.
type Routes struct {
	chi.Router
	Declared []page.Route
}

// guard stands before every declared route. It finds out who asks, and lets
// through whom the route's action is open to.
type guard struct {
	store    *postgres.Store
	sessions *session.Sessions
	errors   page.Errors
	routes   *Routes // to find the handler of a kept form
}

// register adds declared routes to the table and the router.
func (g *guard) register(r chi.Router, routes ...page.Route) {
	for _, route := range routes {
		g.routes.Declared = append(g.routes.Declared, route)
		admit := g.errors.Handle(func(w http.ResponseWriter, r *http.Request) error { return g.admit(w, r, route) })
		handler := noStore(g.sessions.Handle(admit, g.errors.Answer))
		r.Method(route.Method, route.Pattern, handler)
		if route.Method == http.MethodGet {
			r.Method(http.MethodHead, route.Pattern, handler)
		}
	}
}

// noStore keeps pages of people who have signed in out of every cache.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// admit answers with the route's handler, for those who may ask.
func (g *guard) admit(w http.ResponseWriter, r *http.Request, route page.Route) error {
	user, err := g.who(r)
	if err != nil {
		return err
	}
	ctx := page.WithUser(r.Context(), user)
	r = r.WithContext(ctx)
	if !newsletter.MayEver(user, route.Action) {
		return g.refuse(w, r, user, route.Action)
	}
	if r.Method == http.MethodPost && !page.Kept(ctx) {
		g.sessions.Sent(ctx, r.URL.EscapedPath())
	}
	return route.Handler(w, r)
}

// who returns the person of the request's session: nobody when there is none,
// or when the person was disabled or their sessions ended. Somebody whose role
// has changed goes on under a new token.
func (g *guard) who(r *http.Request) (newsletter.User, error) {
	ctx := r.Context()
	signedIn := g.sessions.Person(ctx)
	if signedIn.ID == 0 {
		return newsletter.User{}, nil
	}
	person, err := g.store.User(ctx, signedIn.ID)
	switch {
	case errors.Is(err, newsletter.ErrNotFound):
		return newsletter.User{}, nil
	case err != nil:
		return newsletter.User{}, err
	case person.Disabled || person.Epoch != signedIn.Epoch:
		return newsletter.User{}, nil
	case string(person.Role) != signedIn.Role:
		err = g.sessions.Renew(ctx, string(person.Role))
	}
	return person.User, err
}

// refuse says who may, to somebody; nobody is led to the sign-in and from
// there to where they wanted to go.
func (g *guard) refuse(w http.ResponseWriter, r *http.Request, user newsletter.User, action newsletter.Action) error {
	if user.ID != 0 {
		return &newsletter.Forbidden{Action: action}
	}
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		var err error
		if next, err = g.keep(r); err != nil {
			return err
		}
	}
	http.Redirect(w, r, address.SignInThen(next), http.StatusSeeOther)
	return nil
}

// perClient is how many forms of one client are kept in a quarter of an hour:
// each is a row in the database that nobody has signed in for.
const perClient = 30

// errNotKept is for forms of a size that the desk's own never have.
var errNotKept = newsletter.Invalid{{Field: "form", Message: "is too long to be kept, and your session has ended; sign in in another window, then go back and send it again"}}

// keep keeps the form of somebody without a session, and returns where it is
// found after the sign-in.
func (g *guard) keep(r *http.Request) (next string, err error) {
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if !slices.Contains([]string{"application/x-www-form-urlencoded", ""}, mediaType) {
		return address.Desk, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	if err := account.Limit(r.Context(), g.store, "kept "+account.Client(r), perClient); err != nil {
		return "", err
	}
	id, ok := g.sessions.Keep(r.Context(), r.URL.EscapedPath(), string(body))
	if !ok {
		return "", errNotKept
	}
	return address.KeptForm(id), nil
}
