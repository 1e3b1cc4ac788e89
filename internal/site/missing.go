package site

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// public makes a handler of a public route. Where it finds nothing, one
// address may still lead to another: one that readers of an imported archive
// know, to what it is today; an odd spelling of one of ours, to the usual one; one
// that they know in another case.
func (s *Site) public(h page.Handler) http.HandlerFunc {
	return s.errors.Handle(func(w http.ResponseWriter, r *http.Request) error {
		err := h(w, r)
		if !errors.Is(err, newsletter.ErrNotFound) || r.Method != http.MethodGet && r.Method != http.MethodHead {
			return err
		}
		to, exact, failed := s.redirect(r)
		switch {
		case failed == nil && exact:
			return moved(w, r, to)
		case failed != nil && !errors.Is(failed, newsletter.ErrNotFound):
			return failed
		}
		if odd, ok := errors.AsType[misspelt](err); ok {
			return moved(w, r, odd.usual)
		}
		if usual, ok := s.usual(r); ok {
			if r.URL.RawQuery != "" {
				usual += "?" + r.URL.RawQuery
			}
			return moved(w, r, usual)
		}
		if failed == nil {
			return moved(w, r, to)
		}
		return err
	})
}

// missing answers addresses that are no page.
func (s *Site) missing(http.ResponseWriter, *http.Request) error { return newsletter.ErrNotFound }

// redirect returns where readers of an old address go, and whether it is spelt
// exactly so, or ErrNotFound. From one in another case it goes on to where all
// redirects end, in any case: nobody has looked whether these close a circle.
func (s *Site) redirect(r *http.Request) (to string, exact bool, err error) {
	given, query := r.URL.EscapedPath(), r.URL.RawQuery
	if len(given)+len(query) > maxOldAddress {
		return "", false, newsletter.ErrNotFound
	}
	ctx, cancel := context.WithTimeout(r.Context(), makeTime)
	defer cancel()
	old := newsletter.OldAddresses(given + "?" + query)
	redirect, err := s.store.Redirect(ctx, old...)
	if err != nil || slices.Contains(old, redirect.From) {
		return redirect.To, true, err
	}
	for range maxHops {
		next, err := s.store.Redirect(ctx, newsletter.OldAddresses(newsletter.AsSent(redirect.To))...)
		if errors.Is(err, newsletter.ErrNotFound) {
			return redirect.To, false, nil
		}
		if err != nil {
			return "", false, err
		}
		redirect = next
	}
	return "", false, newsletter.ErrNotFound
}

// maxHops is how many redirects follow one another at most, as those that are
// spelt exactly do.
const maxHops = 10

// maxOldAddress bounds the addresses the database is asked about.
const maxOldAddress = newsletter.MaxURL

// usual returns the usual spelling of a path of ours that was spelt with
// slashes, dots, capitals, escapes, zeros or, at its end, blanks it should not
// have. The result is never the path that was given, and has always a page behind
// it or the page's own error.
func (s *Site) usual(r *http.Request) (string, bool) {
	if !utf8.ValidString(r.URL.Path) {
		return "", false
	}
	clean := strings.ToLower(path.Clean("/" + strings.TrimSpace(r.URL.Path)))
	if !strings.HasPrefix(clean, "/sites/") && !strings.HasPrefix(clean, "/sections/") {
		clean = zeros.ReplaceAllString(clean, "$1$2")
	}
	usual := (&url.URL{Path: clean}).EscapedPath()
	if usual == r.URL.EscapedPath() || !s.routes.Match(chi.NewRouteContext(), http.MethodGet, clean) {
		return "", false
	}
	return usual, true
}

// zeros finds the leading zeros of a number, also in 0139.md and 139.04.
var zeros = regexp.MustCompile(`([/.])0+([1-9])`)
