package server

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/page"
	"broadsheet/internal/session"
)

// sent answers a form: a browser as the handler does, a module with the page
// that the handler would lead a browser to.
func (g *guard) sent(w http.ResponseWriter, r *http.Request, route page.Route) error {
	held := &heldAnswer{ResponseWriter: w, status: http.StatusOK}
	if err := g.done(held, r, route); err != nil {
		return err
	}
	if held.status == http.StatusSeeOther && page.Fragment(r) {
		return g.ledTo(held, r)
	}
	held.send()
	return nil
}

// ledTo answers with the page of the desk that a form leads to. Its address is
// told in the header Content-Location (RFC 9110, section 8.7). What is no page
// of the desk is left to whoever asked.
func (g *guard) ledTo(held *heldAnswer, r *http.Request) error {
	location := held.Header().Get("Location")
	to, err := url.Parse(location)
	if err != nil {
		return fmt.Errorf("read where a form leads: %w", err)
	}
	route, found := g.declared(http.MethodGet, to)
	if found == nil || !strings.HasPrefix(route.Pattern, address.Desk) {
		held.send()
		return nil
	}
	held.Header().Del("Location")
	held.Header().Set("Content-Location", location)
	if current := chi.RouteContext(r.Context()); current != nil {
		current.URLParams = found.URLParams
	}
	r = r.Clone(r.Context())
	r.Method, r.URL, r.RequestURI = http.MethodGet, to, to.RequestURI()
	r.Form, r.PostForm, r.Body = nil, nil, http.NoBody
	return g.admit(held.ResponseWriter, r, route)
}

// done does what a form asks for. When it was sent from the page of a kept form, that one
// is forgotten once what it asks for is done; a page that shows it again still
// says which one it is.
func (g *guard) done(held *heldAnswer, r *http.Request, route page.Route) error {
	if err := route.Handler(held, r); err != nil {
		return err
	}
	_ = r.ParseForm() // a handler that needs none of it may have left it
	id, _ := strconv.Atoi(r.PostForm.Get(session.KeptField))
	if form, found := g.sessions.Kept(r.Context(), id); found && form.Path == r.URL.EscapedPath() {
		if shown := held.carry(form); !shown && held.status < http.StatusBadRequest {
			g.sessions.Forget(r.Context(), id)
		}
	}
	return nil
}

// heldAnswer holds an answer until it is whole.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader notes the status.
func (h *heldAnswer) WriteHeader(status int) { h.status = status }

// Write holds a part of the answer.
func (h *heldAnswer) Write(part []byte) (int, error) { return h.body.Write(part) }

// carry has the page's forms that are sent to where a kept form goes say which
// one they show. It reports whether there are any.
func (h *heldAnswer) carry(form session.Form) (shown bool) {
	tag := regexp.MustCompile(`<form [^>]*action="` + regexp.QuoteMeta(html.EscapeString(form.Path)) + `["?#][^>]*>`)
	field := fmt.Appendf(nil, `<input type="hidden" name="%s" value="%d">`, session.KeptField, form.ID)
	whole := tag.ReplaceAllFunc(h.body.Bytes(), func(tag []byte) []byte {
		shown = true
		return append(tag[:len(tag):len(tag)], field...)
	})
	h.body = *bytes.NewBuffer(whole)
	return shown
}

// send sends the answer.
func (h *heldAnswer) send() {
	if h.Header().Get("Content-Length") != "" {
		h.Header().Set("Content-Length", strconv.Itoa(h.body.Len()))
	}
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(h.body.Bytes()) // a reader who has gone is no fault of ours
}
