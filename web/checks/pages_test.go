package checks

import (
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/live"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/server"
)

// demoStates are the situations each page is looked at in with the demo, by
// the pattern of its route. A route without a state fails the test.
var demoStates = map[string][]state{
	"/":       {{name: "home", path: "/"}},
	"/latest": {{name: "latest", path: "/latest", status: http.StatusFound}},
	"/archive": {
		{name: "archive", path: "/archive"},
		{name: "not found", path: "/nowhere", status: http.StatusNotFound},
		{name: "trailing slash", path: "/archive/", status: http.StatusPermanentRedirect},
	},
	"/archive/{year:[0-9]+}": {
		{name: "year", path: "/archive/2025"},
		{name: "year without issues", path: "/archive/1999", status: http.StatusNotFound},
	},
	"/issues/{number:[0-9]+}": {
		{name: "issue", path: "/issues/413"},
		{name: "issue long", path: "/issues/400"},
		{name: "issue corrected", path: "/issues/408"},
		{name: "issue with withdrawn item", path: "/issues/407"},
		{name: "issue without neighbours numbers", path: "/issues/309"},
		{name: "issue not found", path: "/issues/399", status: http.StatusNotFound},
		{name: "issue with zeros", path: "/issues/0413", status: http.StatusPermanentRedirect},
	},
	"/issues/{number:[0-9]+}.{form}": {
		{name: "issue as Markdown", path: "/issues/413.md"},
		{name: "issue as letter", path: "/issues/413.txt"},
		{name: "issue as JSON", path: "/issues/413.json"},
		{name: "issue as nothing", path: "/issues/413.pdf", status: http.StatusNotFound},
	},
	"/issues/{number:[0-9]+}/card.png": {
		{name: "issue's card", path: "/issues/413/card.png"},
		{name: "issue's card not found", path: "/issues/399/card.png", status: http.StatusNotFound},
	},
	"/card.png": {{name: "card", path: "/card.png"}},
	`/{mark:[0-9]+(?:\.[0-9]+)?}`: {
		{name: "number", path: "/413", status: http.StatusPermanentRedirect},
		{name: "mark", path: "/413.4", status: http.StatusPermanentRedirect},
	},
	"/sections/{slug}": {
		{name: "section", path: "/sections/news"},
		{name: "section second page", path: "/sections/news?page=2"},
		{name: "section beyond its end", path: "/sections/news?page=99", status: http.StatusNotFound},
		{name: "section not found", path: "/sections/poems", status: http.StatusNotFound},
	},
	"/sections/{slug}/feed.xml":  {{name: "section RSS", path: "/sections/tools/feed.xml"}},
	"/sections/{slug}/feed.json": {{name: "section JSON Feed", path: "/sections/tools/feed.json"}},
	"/sections/{slug}/atom.xml":  {{name: "section Atom", path: "/sections/tools/atom.xml"}},
	"/sites/{site}": {
		{name: "site", path: "/sites/bellwether.example"},
		{name: "site not found", path: "/sites/nobody.example", status: http.StatusNotFound},
	},
	"/sites/{site}/feed.xml":  {{name: "site RSS", path: "/sites/bellwether.example/feed.xml"}},
	"/sites/{site}/feed.json": {{name: "site JSON Feed", path: "/sites/bellwether.example/feed.json"}},
	"/sites/{site}/atom.xml":  {{name: "site Atom", path: "/sites/bellwether.example/atom.xml"}},
	"/search": {
		{name: "search", path: "/search"},
		{name: "search found", path: "/search?q=rollback"},
		{name: "search found in section", path: "/search?q=alert&section=News"},
		{name: "search found in a year and a site", path: "/search?q=alert&year=2026&site=bellwether.example"},
		{name: "search for a mark", path: "/search?q=413.2", status: http.StatusFound},
		{name: "search newest first", path: "/search?q=alert&order=newest"},
		{name: "search found nothing", path: "/search?q=zeppelin"},
		{name: "search hostile", path: "/search?q=%27%22%3B--%3Cscript%3E%28%28%28%28"},
		{name: "search too long", path: "/search?q=" + strings.Repeat("alert+", 1700)},
	},
	"/feed.xml":                   {{name: "RSS", path: "/feed.xml"}, {name: "RSS beyond its end", path: "/feed.xml?page=99", status: http.StatusNotFound}},
	"/feed.json":                  {{name: "JSON Feed", path: "/feed.json"}},
	"/events.ics":                 {{name: "events", path: "/events.ics"}},
	"/atom.xml":                   {{name: "Atom", path: "/atom.xml"}},
	"/follow":                     {{name: "follow", path: "/follow"}},
	"/about":                      {{name: "about", path: "/about"}},
	"/sitemap.xml":                {{name: "sitemap", path: "/sitemap.xml"}},
	"/sitemap-{part:[0-9]+}.xml":  {{name: "sitemap that is not split", path: "/sitemap-1.xml", status: http.StatusNotFound}},
	"/robots.txt":                 {{name: "robots", path: "/robots.txt"}},
	"/theme/{hash:[0-9a-f]+}.css": {{name: "theme of a publication without", path: "/theme/000000000000.css", status: http.StatusNotFound}},
	"/livez":                      {{name: "livez", path: "/livez"}},
	"/readyz":                     {{name: "readyz", path: "/readyz"}},
	"/static/*":                   {{name: "style sheet not found", path: "/static/none.css", status: http.StatusNotFound}},
}

// emptyStates are the pages of a publication without any issue.
var emptyStates = map[string][]state{
	"/":         {{name: "empty home", path: "/"}},
	"/archive":  {{name: "empty archive", path: "/archive"}},
	"/search":   {{name: "empty search", path: "/search"}, {name: "empty search found nothing", path: "/search?q=a"}},
	"/follow":   {{name: "empty follow", path: "/follow"}},
	"/about":    {{name: "empty about", path: "/about"}},
	"/latest":   {{name: "empty latest", path: "/latest", status: http.StatusFound}},
	"/feed.xml": {{name: "empty RSS", path: "/feed.xml"}},
}

// oddStates are pages whose texts try to break them, in a theme of the owner's.
var oddStates = map[string][]state{
	"/issues/{number:[0-9]+}": {
		{name: "issue of every shape", path: "/issues/100"},
		{name: "issue withdrawn", path: "/issues/101", status: http.StatusGone},
		{name: "issue with odd texts", path: "/issues/102"},
		{name: "issue of sixty items", path: "/issues/103"},
		{name: "issue of one item", path: "/issues/104"},
		{name: "issue in many writings", path: "/issues/105"},
	},
	"/archive":               {{name: "archive with long words", path: "/archive"}},
	"/search":                {{name: "search found odd texts", path: "/search?q=title"}},
	"/sites/{site}":          {{name: "site with odd texts", path: "/sites/example.example"}},
	"/follow":                {{name: "follow in a theme", path: "/follow"}},
	"/archive/{year:[0-9]+}": {{name: "year without issues in a theme", path: "/archive/1999", status: http.StatusNotFound}},
	"/about":                 {{name: "about with long words", path: "/about"}},
}

func TestDemo(t *testing.T) {
	all := maps.Clone(deskStates)
	maps.Copy(all, historyStates)
	maps.Copy(all, demoStates)
	if lines := unmatched(routes(t), all); len(lines) > 0 {
		t.Error(strings.Join(lines, "\n"))
	}
	walk(t, startDemo(t), demoStates)
}

// TestEmpty looks at a publication without any issue: before anybody is there,
// and as its first owner.
func TestEmpty(t *testing.T) {
	base, setUp := startEmpty(t)
	states := maps.Clone(emptyStates)
	states["/set-up/{secret}"] = []state{
		{name: "set up", path: setUp},
		{name: "set up wrong", path: setUp, status: http.StatusUnprocessableEntity, form: url.Values{"name": {""}, "email": {"no address"}, "password": {"short"}}},
	}
	walk(t, base, states)

	response, err := client.PostForm(base+setUp, url.Values{"publication": {"The Harbour Letter"}, "name": {"Ines"}, "email": {owner}, "password": {demoPassword}})
	if err != nil || response.StatusCode != http.StatusSeeOther {
		t.Fatalf("setting up answered %v (%v)", response, err)
	}
	_ = response.Body.Close()
	walk(t, base, firstRunStates)
}

// firstRunStates are the desk of an owner before there is anything on it.
var firstRunStates = map[string][]state{
	"/desk":          {{name: "first run", path: "/desk", as: owner}},
	"/desk/inbox":    {{name: "inbox empty", path: "/desk/inbox", as: owner}},
	"/desk/issues":   {{name: "issues none yet", path: "/desk/issues", as: owner}},
	"/desk/activity": {{name: "activity of the first day", path: "/desk/activity", as: owner}},
}

func TestOdd(t *testing.T) { walk(t, startOdd(t), oddStates) }

// routes returns the patterns of all routes that answer GET.
func routes(t *testing.T) []string {
	t.Helper()
	store := postgres.New(pgtest.New(t))
	now, err := live.New(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	router, err := server.Router(server.Options{Store: store, Now: now, Base: "http://127.0.0.1", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	err = chi.Walk(router, func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if method == http.MethodGet {
			patterns = append(patterns, pattern)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(patterns)
	return slices.Compact(patterns)
}

// Pictures are called after states: two of one name would be one picture.
func TestStatesHaveNamesOfTheirOwn(t *testing.T) {
	had := map[string]bool{}
	for _, states := range []map[string][]state{demoStates, emptyStates, firstRunStates, oddStates, mirroredStates, deskStates, formStates, historyStates} {
		for route, all := range states {
			for _, s := range all {
				picture := pictureFile(s.name, 0, "")
				if s.name == "" || had[picture] {
					t.Errorf("%s: the name %q is empty or taken", route, s.name)
				}
				if !strings.HasPrefix(s.path, "/") {
					t.Errorf("%s: the path %q does not begin with a slash", route, s.path)
				}
				had[picture] = true
			}
		}
	}
}
