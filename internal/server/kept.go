package server

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/session"
)

var keptPage = page.Define[keptView]("account/kept.html")

// keptView shows a kept form that has no page of its own.
type keptView struct {
	page.DeskFrame
	Form  page.Form
	Shown []page.Hidden // what a person can make sense of
}

// keptRoute shows the form that an expired session interrupted, filled in, in
// its own page. Nothing is saved by looking at it, however often.
func (g *guard) keptRoute() page.Route {
	return page.Route{Method: http.MethodGet, Pattern: address.Kept, Action: newsletter.UseDesk, Handler: g.showKept}
}

func (g *guard) showKept(w http.ResponseWriter, r *http.Request) error {
	id, _ := strconv.Atoi(r.URL.Query().Get("form")) // anything else finds none
	form, ok := g.sessions.Kept(r.Context(), id)
	if !ok { // it has been sent meanwhile
		http.Redirect(w, r, address.Desk, http.StatusSeeOther)
		return nil
	}
	to, err := url.Parse(form.Path)
	if err != nil {
		return newsletter.ErrNotFound
	}
	route, found := g.declared(http.MethodPost, to)
	if found == nil {
		return newsletter.ErrNotFound
	}
	r = again(r, form, to, found)
	held := &heldAnswer{ResponseWriter: w, status: http.StatusOK}
	if route.Form {
		err = g.admit(held, r, route)
	} else {
		err = g.showPlain(held, r, form)
	}
	if err != nil {
		return err
	}
	held.carry(form)
	held.send()
	return nil
}

// declared returns the declared route that answers an address, and what chi
// reads out of the address; nil when there is none.
func (g *guard) declared(method string, to *url.URL) (page.Route, *chi.Context) {
	found := chi.NewRouteContext()
	pattern := g.routes.Find(found, method, to.EscapedPath())
	i := slices.IndexFunc(g.routes.Declared, func(d page.Route) bool { return d.Method == method && d.Pattern == pattern })
	if i < 0 || pattern == "" {
		return page.Route{}, nil
	}
	return g.routes.Declared[i], found
}

// again returns a request as it was when its form was sent.
func again(r *http.Request, form session.Form, to *url.URL, found *chi.Context) *http.Request {
	ctx := page.WithKept(r.Context())
	if current := chi.RouteContext(ctx); current != nil {
		current.URLParams = found.URLParams
	}
	r = r.Clone(ctx)
	r.Method, r.URL, r.RequestURI = http.MethodPost, to, form.Path
	r.Form, r.PostForm = nil, nil
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(form.Body)), int64(len(form.Body))
	return r
}

// showPlain lists what was sent, with a button that sends it again.
func (g *guard) showPlain(w http.ResponseWriter, r *http.Request, form session.Form) error {
	values, err := url.ParseQuery(form.Body)
	if err != nil {
		return newsletter.ErrNotFound
	}
	view := keptView{
		DeskFrame: page.NewDeskFrame(r, g.errors.Frame(), "Send it again?"),
		Form:      page.Form{Action: form.Path, Button: "Send it again"},
	}
	view.Notice = "" // the page says it itself
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			field := page.Hidden{Name: name, Value: value}
			view.Form.Hidden = append(view.Form.Hidden, field)
			if !isState(name) && value != "" {
				view.Shown = append(view.Shown, field)
			}
		}
	}
	return keptPage.Render(w, r, http.StatusOK, view)
}
