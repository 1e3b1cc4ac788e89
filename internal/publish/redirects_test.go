package publish_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// redirecting is a document of redirects, each given as "/from /to".
func redirecting(lines ...string) exchange.Document {
	doc := exchange.Document{Complete: true}
	for _, l := range lines {
		from, to, _ := strings.Cut(l, " ")
		doc.Redirects = append(doc.Redirects, newsletter.Redirect{From: from, To: to})
	}
	return doc
}

func TestImportedRedirectsEnd(t *testing.T) {
	var forwards, backwards []string
	for n := range 14 {
		forwards = append(forwards, fmt.Sprintf("/%c /%c", 'a'+n, 'b'+n))
		backwards = append([]string{forwards[n]}, backwards...)
	}
	for name, test := range map[string]struct {
		before, lines []string
		added, out    int
	}{
		"a chain":             {nil, []string{"/a /b", "/b /c"}, 2, 0},
		"ten in a row":        {nil, forwards[:10], 10, 0},
		"eleven in a row":     {nil, forwards[:11], 10, 1},
		"fourteen in a row":   {nil, forwards, 10, 4},
		"the same backwards":  {nil, backwards, 13, 1}, // what is behind the one left out ends there
		"a circle":            {nil, []string{"/a /b", "/b /a", "/x /y"}, 2, 1},
		"a circle of three":   {nil, []string{"/x /a", "/a /b", "/b /c", "/c /a", "/y /c"}, 4, 1},
		"closes a circle":     {[]string{"/a /b"}, []string{"/b /a", "/x /y"}, 1, 1},
		"other spellings":     {[]string{"/ä /b"}, []string{"/b/ /%c3%a4/#top"}, 0, 1},
		"slashes in a row":    {nil, []string{"/a /b//c", "/b/c /x/../a", "/x /y"}, 2, 1},
		"only its query":      {nil, []string{"/a /a?b=1"}, 0, 1},
		"a second try":        {nil, []string{"/a /a?b=1", "/a /b"}, 1, 1},
		"through a page":      {nil, []string{"/a /issues/1#2", "/issues/1 /b"}, 2, 0},
		"back through a page": {nil, []string{"/a /issues/1#2", "/issues/1 /a"}, 1, 1},
		"elsewhere already":   {[]string{"/a /b"}, []string{"/a/ /c", "/d /e"}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			store := postgres.New(pgtest.New(t))
			mustImport(t, store, redirecting(test.before...))
			report := mustImport(t, store, redirecting(test.lines...))
			if diff := cmp.Diff(publish.Tally{Added: test.added, Differs: test.out}, report.Redirects); diff != "" {
				t.Error(diff)
			}
			if len(report.Messages) != test.out {
				t.Errorf("the messages are %q, want %d", report.Messages, test.out)
			}
			if all, err := store.Redirects(t.Context()); err != nil || len(all) != len(test.before)+test.added {
				t.Errorf("there are %v (%v)", all, err)
			}
		})
	}
}

func TestImportedRedirectsAreFound(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	mustImport(t, store, redirecting("/über/ /about"))
	report := mustImport(t, store, redirecting("/%c3%bcber /about"))
	if report.Redirects != (publish.Tally{Unchanged: 1}) {
		t.Errorf("the report is %+v", report)
	}
	if r, err := store.Redirect(t.Context(), newsletter.OldAddress("/%C3%BCber")); err != nil || r.To != "/about" {
		t.Errorf("leads to %q (%v)", r.To, err)
	}
	mustImport(t, store, redirecting("/a /a?b=1", "/a /b"))
	if r, err := store.Redirect(t.Context(), "/a"); err != nil || r.To != "/b" {
		t.Errorf("leads to %q (%v), want the one that ends", r.To, err)
	}
	if _, err := publish.Import(t.Context(), store, redirecting("/a //evil.example"), "test"); err == nil {
		t.Error("a redirect to another host was imported")
	}
}

// Addresses that files say their issues had are left out, with a word, where
// they are pages of today or the issue is not here; the file goes in.
func TestOldAddressesOfFiles(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	publication := newslettertest.Publication()
	draft := newsletter.Issue{Number: 141, Date: newslettertest.Issue(141).Date, State: newsletter.Draft}
	mustImport(t, store, exchange.Document{Publication: &publication, Complete: true, Issues: []newsletter.Issue{newslettertest.Issue(139), draft}})
	was := func(from string, number int) newsletter.Redirect {
		return newsletter.Redirect{From: from, To: fmt.Sprintf("/issues/%d", number)}
	}
	doc := exchange.Document{OldAddresses: []newsletter.Redirect{
		was("/2026/10/04/139.html", 139), was("/issues/139.html", 139), was("/archive/1999", 139),
		was("/", 139), was("/archive", 139), was("/?p=139", 139), was("/issues/139.md", 140), was("/139.1", 139), was("/139", 139),
		was("/archive/2026", 139), was("/sections/news/", 139), was("/sites/gulls.example", 139), was("/desk/x", 139), was("/static/x", 139),
		was("/2026/10/11/140.html", 140), was("/2026/10/18/141.html", 141), // not here, not printed
	}}
	first := mustImport(t, store, doc)
	if want := (publish.Tally{Added: 3, Differs: len(doc.OldAddresses) - 3}); first.Redirects != want || len(first.Messages) != want.Differs {
		t.Errorf("the first time: %+v %q", first.Redirects, first.Messages)
	}
	if last := first.Messages[len(first.Messages)-1]; !strings.Contains(last, "/issues/141, which is not published here") {
		t.Errorf("a draft's old address: %q", last)
	}
	again := mustImport(t, store, doc)
	if want := (publish.Tally{Unchanged: 3, Differs: len(doc.OldAddresses) - 3}); again.Redirects != want {
		t.Errorf("again: %+v", again.Redirects)
	}
	if all, err := store.Redirects(t.Context()); err != nil || len(all) != 3 {
		t.Errorf("there are %v (%v)", all, err)
	}
}
