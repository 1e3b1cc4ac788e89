package server_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/publish"
	"broadsheet/internal/server"
	"broadsheet/web"
)

// visit is an address and the status that a reader gets there.
type visit struct {
	target string
	status int
}

// visits has for every route the addresses that show it in each of its states.
var visits = map[string][]visit{
	"/":                                {{"/", 200}, {"/?utm_source=mail", 200}},
	"/latest":                          {{"/latest", 302}},
	"/archive":                         {{"/archive", 200}},
	"/archive/{year:[0-9]+}":           {{"/archive/2026", 200}, {"/archive/1999", 404}, {"/archive/99999999999999999999", 404}},
	"/issues/{number:[0-9]+}":          {{"/issues/100", 200}, {"/issues/99", 410}, {"/issues/7", 404}, {"/issues/99999999999999999999", 404}},
	"/issues/{number:[0-9]+}.{form}":   {{"/issues/100.md", 200}, {"/issues/100.txt", 200}, {"/issues/100.json", 200}, {"/issues/100.exe", 404}, {"/issues/99.md", 410}},
	"/issues/{number:[0-9]+}/card.png": {{"/issues/100/card.png", 200}, {"/issues/99/card.png", 410}, {"/issues/7/card.png", 404}},
	"/card.png":                        {{"/card.png", 200}},
	"/{mark:[0-9]+(?:\\.[0-9]+)?}":     {{"/100", 308}, {"/100.2", 308}},
	"/sections/{slug}":                 {{"/sections/news", 200}, {"/sections/nothing", 404}, {"/sections/news?page=999", 404}},
	"/sites/{site}/feed.xml":           {{"/sites/gulls.example/feed.xml", 200}, {"/sites/nobody.example/feed.xml", 404}},
	"/sites/{site}/atom.xml":           {{"/sites/gulls.example/atom.xml", 200}, {"/sites/nobody.example/atom.xml", 404}},
	"/sites/{site}/feed.json":          {{"/sites/gulls.example/feed.json", 200}, {"/sites/nobody.example/feed.json", 404}},
	"/sections/{slug}/feed.xml":        {{"/sections/news/feed.xml", 200}, {"/sections/nothing/feed.xml", 404}},
	"/sections/{slug}/atom.xml":        {{"/sections/news/atom.xml", 200}, {"/sections/nothing/atom.xml", 404}},
	"/sections/{slug}/feed.json":       {{"/sections/news/feed.json", 200}, {"/sections/nothing/feed.json", 404}},
	"/sites/{site}":                    {{"/sites/gulls.example", 200}, {"/sites/nobody.example", 404}},
	"/search":                          {{"/search", 200}, {"/search?q=lighthouse", 200}, {"/search?q=zebra", 200}, {"/search?q=%ff'%22;--((((", 200}},
	"/feed.xml":                        {{"/feed.xml", 200}},
	"/atom.xml":                        {{"/atom.xml", 200}},
	"/feed.json":                       {{"/feed.json", 200}, {"/feed.json?page=9", 404}},
	"/events.ics":                      {{"/events.ics", 200}},
	"/follow":                          {{"/follow", 200}},
	"/about":                           {{"/about", 200}},
	"/sitemap.xml":                     {{"/sitemap.xml", 200}},
	"/sitemap-{part:[0-9]+}.xml":       {{"/sitemap-1.xml", 404}},
	"/robots.txt":                      {{"/robots.txt", 200}},
	"/theme/{hash:[0-9a-f]+}.css":      {{"/theme/000000000000.css", 404}},
	"/livez":                           {{"/livez", 200}},
	"/readyz":                          {{"/readyz", 200}},
	"/static/*":                        {{"/static/nothing.css", 404}},
}

// routes returns the visits of every route that is open to readers; a route
// without any, and visits without a route, fail the test.
func routes(t *testing.T, p *program) map[string][]visit {
	t.Helper()
	style, err := web.Asset("site.css")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]visit{}
	for _, route := range p.Router.(*server.Routes).Declared {
		if route.Action != newsletter.Read {
			continue
		}
		all[route.Pattern] = visits[route.Pattern]
		if len(visits[route.Pattern]) == 0 {
			t.Errorf("nothing visits the route %s; add its states here", route.Pattern)
		}
	}
	for route := range visits {
		if _, there := all[route]; !there {
			t.Errorf("there is no route %s", route)
		}
	}
	all["/static/*"] = append(all["/static/*"], visit{style, 200})
	return all
}

func TestEveryRouteAnswers(t *testing.T) {
	p := start(t, filled(t), nil)
	for _, states := range routes(t, p) {
		for _, s := range states {
			get, head := p.get(s.target), p.ask(http.MethodHead, s.target)
			if get.Code != s.status {
				t.Errorf("GET %s: %d, want %d", s.target, get.Code, s.status)
			}
			if get.Code == http.StatusOK && (get.Body.Len() == 0 || get.Header().Get("Content-Type") == "") {
				t.Errorf("GET %s: %d bytes of %q", s.target, get.Body.Len(), get.Header().Get("Content-Type"))
			}
			if head.Code != s.status || head.Header().Get("Content-Type") != get.Header().Get("Content-Type") {
				t.Errorf("HEAD %s: %d of %q, unlike GET", s.target, head.Code, head.Header().Get("Content-Type"))
			}
		}
	}
	if lines := p.log.read(t); len(lines) > 0 {
		t.Errorf("logged: %v", lines)
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	p := start(t, filled(t), nil)
	for route, states := range routes(t, p) {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "BREW"} {
			w := p.ask(method, states[0].target, "Sec-Fetch-Site", "same-origin")
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("%s: %s is answered with %d, Allow %q", route, method, w.Code, w.Header().Get("Allow"))
			}
			if !strings.Contains(w.Body.String(), "Allow") {
				t.Errorf("%s: %s is answered with the words %q", route, method, w.Body)
			}
		}
	}
}

func TestEveryRouteRefusesOtherSites(t *testing.T) {
	p := start(t, filled(t), nil)
	for _, states := range routes(t, p) {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			if w := p.ask(method, states[0].target, "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden {
				t.Errorf("%s %s from another site: %d, want 403", method, states[0].target, w.Code)
			}
		}
	}
}

// TestOldAddressesAreNoneOfToday holds the rules of old addresses to what the
// router answers: no redirect from an address that has a page, or that is not
// for readers, would ever act.
func TestOldAddressesAreNoneOfToday(t *testing.T) {
	p := start(t, filled(t), nil)
	var given []string
	for _, states := range routes(t, p) {
		for _, s := range states {
			if s.status != http.StatusNotFound {
				given = append(given, s.target)
			}
		}
	}
	for _, route := range p.private() {
		if route.Method == http.MethodGet {
			given = append(given, pathOf(route, 100, 1, "secret"))
		}
	}
	owner := newsletter.User{Name: "Osman", Role: newsletter.Owner}
	for _, from := range given {
		err := publish.AddRedirect(t.Context(), p.store, owner, newsletter.Redirect{From: from, To: "/issues/101#2"})
		if wrong, ok := errors.AsType[newsletter.Invalid](err); !ok || wrong[0].Field != "from" {
			t.Errorf("a redirect from %s: %v, want it refused", from, err)
		}
	}
	for _, from := range []string{"/issues/100.html", "/archive/1999", "/issues/7", "/100.99", "/sections/nothing", "/posts/"} {
		if err := publish.AddRedirect(t.Context(), p.store, owner, newsletter.Redirect{From: from, To: "/issues/101"}); err != nil {
			t.Errorf("a redirect from %s: %v", from, err)
		}
		if w := p.get(from); w.Header().Get("Location") != "/issues/101" {
			t.Errorf("%s leads to %q (%d)", from, w.Header().Get("Location"), w.Code)
		}
	}
}
