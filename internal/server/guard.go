package server

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

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
	around   http.Handler
}

// ServeHTTP answers a request.
func (r *Routes) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.around.ServeHTTP(w, req) }

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
		if strings.HasPrefix(route.Pattern, address.Desk) {
			handler = modules(handler)
		}
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

// modules lets the pages of the desk run its modules.
func modules(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", deskSecurityPolicy)
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
	ctx = page.WithAgain(ctx, func() (newsletter.User, error) { return g.whoNow(ctx) })
	r = r.WithContext(ctx)
	if !newsletter.MayEver(user, route.Action) {
		return g.refuse(w, r, user, route)
	}
	if r.Method == http.MethodPost && !page.Kept(ctx) {
		return g.sent(w, r, route)
	}
	return route.Handler(w, r)
}

// who returns the person of the request's session: nobody when there is none,
// or when the person was disabled or their sessions ended. Somebody whose role
// has changed goes on under a new token.
func (g *guard) who(r *http.Request) (newsletter.User, error) {
	signedIn := g.sessions.Person(r.Context())
	user, err := g.account(r.Context(), signedIn)
	if user.ID != 0 && string(user.Role) != signedIn.Role {
		err = g.sessions.Renew(r.Context(), string(user.Role))
	}
	return user, err
}

// whoNow is who, for an answer that has begun: its session can no longer be
// renewed.
func (g *guard) whoNow(ctx context.Context) (newsletter.User, error) {
	signedIn, err := g.sessions.PersonNow(ctx)
	if err != nil {
		return newsletter.User{}, err
	}
	return g.account(ctx, signedIn)
}

// account returns the account of who is signed in, or nobody.
func (g *guard) account(ctx context.Context, signedIn session.Person) (newsletter.User, error) {
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
	}
	return person.User, nil
}

// refuse says who may, to somebody; nobody is led to the sign-in and from
// there to where they wanted to go.
func (g *guard) refuse(w http.ResponseWriter, r *http.Request, user newsletter.User, route page.Route) error {
	if user.ID != 0 {
		return &newsletter.Forbidden{Action: route.Action}
	}
	if route.Script {
		answer(w, http.StatusUnauthorized, "your session has ended; sign in again\n")
		return nil
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return g.keep(w, r)
	}
	http.Redirect(w, r, address.SignInThen(r.URL.RequestURI()), http.StatusSeeOther)
	return nil
}
