// Package site is everything readers see: the newest issue, the archive, the
// search, the feeds. Its pages are made when they are first asked for and kept
// in memory until something public changes.
package site

import (
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/feed"
	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// Options are what the site is made from.
type Options struct {
	Store *postgres.Store
	Now   *live.Now
	Base  address.Base
	Log   *slog.Logger
	// HeldBytes bounds the memory that held answers take; 0 means 48 MiB.
	HeldBytes uint64
}

// Site answers readers.
type Site struct {
	store   *postgres.Store
	now     *live.Now
	base    address.Base
	errors  page.Errors
	held    *held
	routes  chi.Routes
	span    atomic.Pointer[span]
	front   atomic.Pointer[front]
	lexicon *lexicon

	sitemapSize int // pages of one sitemap at most
}

// defaultHeldBytes holds some 1300 issues, or 581 issues and the searches of a day.
// The collector of garbage lets the process take twice as much.
const defaultHeldBytes = 48 << 20

// New returns a site. It asks the database nothing until a page is asked for.
func New(o Options) *Site {
	if o.HeldBytes == 0 {
		o.HeldBytes = defaultHeldBytes
	}
	s := &Site{store: o.Store, now: o.Now, base: o.Base, held: newHeld(o.HeldBytes), lexicon: newLexicon(), sitemapSize: feed.MaxPages}
	s.errors = page.Errors{Log: o.Log, Frame: func() page.Frame {
		return page.Frame{Publication: o.Now.Publication(), Base: o.Base}
	}}
	return s
}

// Errors returns the mapping of errors to pages in the frame of this
// publication, for whatever stands around the site.
func (s *Site) Errors() page.Errors { return s.errors }

// Routes registers every public address, and what answers unknown ones.
func (s *Site) Routes(r chi.Router) {
	s.routes = r
	handlers := map[string]page.Handler{
		address.Home:                       s.home,
		address.Latest:                     s.latest,
		address.Archive:                    s.archive,
		address.Archive + "/{year:[0-9]+}": s.year,
		"/issues/{number:[0-9]+}":          s.issue,
		"/issues/{number:[0-9]+}.{form}":   s.issueAs,
		"/issues/{number:[0-9]+}/card.png": s.issueCard,
		address.Card:                       s.card,
		"/{mark:[0-9]+(?:\\.[0-9]+)?}":     s.short,
		"/sections/{slug}":                 s.section,
		"/sites/{site}":                    s.site,
		address.Search:                     s.search,
		address.Follow:                     s.follow,
		address.About:                      s.about,
		address.Sitemap:                    s.sitemap,
		"/sitemap-{part:[0-9]+}.xml":       s.sitemapPart,
		address.Robots:                     s.robots,
		address.Events:                     s.events,
		address.Theme("{hash:[0-9a-f]+}"):  s.theme,
	}
	for _, format := range feedFormats {
		handlers[format.path] = format.issues(s)
		handlers["/sections/{slug}"+format.path] = format.section(s)
		handlers["/sites/{site}"+format.path] = format.site(s)
	}
	for pattern, handler := range handlers {
		handle := s.public(handler)
		r.Method(http.MethodGet, pattern, handle)
		r.Method(http.MethodHead, pattern, handle)
	}
	r.NotFound(s.public(s.missing))
}

// param returns a part of the path, decoded.
func param(r *http.Request, name string) string {
	value := chi.URLParam(r, name)
	if r.URL.RawPath == "" {
		return value // the router matched the decoded path
	}
	if decoded, err := url.PathUnescape(value); err == nil {
		return decoded
	}
	return value
}

// noPage is a page that no list has.
const noPage = postgres.MaxPage + 1

// pageNumber reads the page of a list: the first where none is given, and noPage
// for everything but a number from 1 on.
func pageNumber(r *http.Request) int {
	given := r.URL.Query().Get("page")
	if given == "" {
		return 1
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < 1 {
		return noPage
	}
	return min(n, noPage)
}

// usually returns nil where a request for a page of a list is spelt as its
// address is, else an error that leads there: unless an old address is spelt like
// the request, see [Site.public]. A page that no list has leads nowhere.
func usually(r *http.Request, address string, number int) error {
	if number == noPage {
		return newsletter.ErrNotFound
	}
	path, query, _ := strings.Cut(address, "?")
	page := r.URL.Query()["page"]
	if r.URL.EscapedPath() == path && (query == "" && len(page) == 0 || len(page) == 1 && query == "page="+page[0]) {
		return nil
	}
	return misspelt{address}
}

// misspelt is the error of a request for one of our addresses in another
// spelling. Nothing is found under it.
type misspelt struct{ usual string }

// Error says how the address is usually spelt.
func (m misspelt) Error() string { return "the address is spelt " + m.usual }

// Unwrap returns [newsletter.ErrNotFound].
func (m misspelt) Unwrap() error { return newsletter.ErrNotFound }

// moved redirects for ever to the one spelling of an address.
func moved(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, newsletter.EscapeAddress(to), http.StatusPermanentRedirect)
	return nil
}
