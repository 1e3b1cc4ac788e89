package site

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/newsletter"
)

// missing answers addresses that are no page: one that readers of an imported
// archive know redirects to what it is today; an odd spelling of one of ours
// to the usual one; all others do not exist.
func (s *Site) missing(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return newsletter.ErrNotFound
	}
	if usual, ok := s.usual(r); ok {
		if r.URL.RawQuery != "" {
			usual += "?" + r.URL.RawQuery
		}
		return moved(w, r, usual)
	}
	to, err := s.redirect(r)
	if err != nil {
		return err
	}
	return moved(w, r, to)
}

// redirect looks for an old address: with its query, then without.
func (s *Site) redirect(r *http.Request) (string, error) {
	given, query := r.URL.EscapedPath(), r.URL.RawQuery
	if len(given)+len(query) > maxOldAddress || !utf8.ValidString(query) {
		return "", newsletter.ErrNotFound
	}
	ctx, cancel := context.WithTimeout(r.Context(), makeTime)
	defer cancel()
	if query != "" {
		to, err := s.store.Redirect(ctx, given+"?"+query)
		if !errors.Is(err, newsletter.ErrNotFound) {
			return to, err
		}
	}
	return s.store.Redirect(ctx, given)
}

// maxOldAddress bounds the addresses the database is asked about.
const maxOldAddress = newsletter.MaxURL

// usual returns the usual spelling of a path of ours that was spelt with
// slashes, capitals or zeros it should not have. The result is never the path
// that was given, and has always a page behind it or the page's own error.
func (s *Site) usual(r *http.Request) (string, bool) {
	given := r.URL.Path
	parts := strings.Split(strings.ToLower(path.Clean("/"+given)), "/")
	for i, part := range parts {
		parts[i] = withoutZeros(part)
	}
	usual := strings.Join(parts, "/")
	if usual == given || !s.routes.Match(chi.NewRouteContext(), http.MethodGet, usual) {
		return "", false
	}
	return (&url.URL{Path: usual}).EscapedPath(), true
}

// withoutZeros takes leading zeros from a part that is a number, or begins
// with one as 0139.md and 0139.4 do.
func withoutZeros(part string) string {
	if stripped := strings.TrimLeft(part, "0"); stripped != part && stripped != "" && stripped[0] >= '1' && stripped[0] <= '9' {
		return stripped
	}
	return part
}
