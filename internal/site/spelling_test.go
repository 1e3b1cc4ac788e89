package site

import (
	"net/http"
	"strings"
	"testing"

	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

// Old addresses may look like ours. They lead on only where nothing of ours is.
func TestOldAddressesThatLookLikeOurs(t *testing.T) {
	withdrawn := newslettertest.Issue(138)
	withdrawn.State = newsletter.Withdrawn
	w := newWorld(t, withdrawn, newslettertest.Issue(139))
	old := []string{"/sections/Old", "/sections/NEWS", "/sections/TOOLS/atom.xml", "/sites/Old.example", "/sites/WWW.ferry.example", "/Issues/139", "/issues/139/x", "/sections/old", "/sites/old.example", "/archive/1999", "/archive/1999.html", "/issues/900", "/issues/0900", "/issues/900.md", "/900", "/139.99",
		"/Archive/1998", "/sections/old/feed.xml"}
	doc := exchange.Document{Complete: true}
	for _, from := range old {
		doc.Redirects = append(doc.Redirects, newsletter.Redirect{From: from, To: "/about"})
	}
	ours := map[string]int{"/archive": http.StatusOK, "/feed.xml": http.StatusOK, "/issues/139": http.StatusOK, "/issues/138": http.StatusGone, "/138": http.StatusGone, "/latest": http.StatusFound}
	for from := range ours {
		doc.Redirects = append(doc.Redirects, newsletter.Redirect{From: from, To: "/about"})
	}
	w.load(doc)
	for _, target := range append(old, "/archive/1999/", "/issues/900?page=2", "/sections/old?page=7") {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			answer := w.ask(method, target, nil)
			if got := answer.Header().Get("Location"); answer.Code != http.StatusPermanentRedirect || got != "/about" {
				t.Errorf("%s %s: %d to %q, want 308 to /about", method, target, answer.Code, got)
			}
		}
	}
	for target, want := range ours {
		if answer := w.ask(http.MethodGet, target, nil); answer.Code != want {
			t.Errorf("%s: %d, want %d", target, answer.Code, want)
		}
	}
}

func TestOldAddressesInEverySpelling(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.load(exchange.Document{Complete: true, Redirects: []newsletter.Redirect{
		{From: "/über uns", To: "/about"}, {From: "/2013/09/01/", To: "/archive"}, {From: "/a?q=<b>", To: `/search?q="<gulls>"#it's`}, {From: "/c", To: "/ä b"},
		{From: "/OLD/4.html", To: "/about"}, {From: "/old/5.HTML", To: "/about"}, {From: "/Old/5.html", To: "/archive"},
		{From: "/Round", To: "/round"}, {From: "/There", To: "/Back?x=1#y"}, {From: "/BACK", To: "/there/"}, {From: "/Now?p=Ab", To: "/About"},
		{From: "/Chain/A", To: "/Chain/B"}, {From: "/chain/b", To: "/archive"}, {From: "/ISSUES/139", To: "/about"}, {From: "/Sections/NEWS", To: "/about"},
		{From: "/Issues/998", To: "/issues//998"},
	}})
	for given, want := range map[string]string{
		"/über uns": "/about", "/%C3%BCber%20uns": "/about", "/%c3%bcber%20uns/": "/about", "/2013/09/01": "/archive", "/2013/09/01/": "/archive",
		"/a?q=<b>": "/search?q=%22%3Cgulls%3E%22#it%27s", "/a?q=%3cb%3E": "/search?q=%22%3Cgulls%3E%22#it%27s", "/c": "/%C3%A4%20b",
		`/about/?"<x>'`: "/about?%22%3Cx%3E%27",
		"/old/4.html":   "/about", "/Old/4.HTML/?utm=1": "/about", "/OLD/4.html": "/about", "/Old/5.html": "/archive", "/old/5.HTML": "/about", "/OLD/5.HTML": "/archive",
		"/Round": "/round", "/There": "/Back?x=1#y", "/BACK": "/there/", "/NOW?p=Ab": "/About", "/chain/a": "/archive", "/chain/B": "/archive", "/Chain/A": "/Chain/B",
		"/Issues/139": "/issues/139", "/issues/139/": "/issues/139", "/ISSUES/139": "/about", "/sections/News": "/sections/news",
	} {
		answer := w.ask(http.MethodGet, given, nil)
		if got := answer.Header().Get("Location"); answer.Code != http.StatusPermanentRedirect || got != want {
			t.Errorf("%s: %d to %q, want 308 to %q", given, answer.Code, got, want)
		}
	}
	for _, target := range []string{"/round", "/there", "/Back?x=1", "/now", "/NOW?p=ab", "/NOW?P=Ab", "/issues/998"} { // in a circle, or elsewhere
		if answer := w.ask(http.MethodGet, target, nil); answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d to %q, want 404", target, answer.Code, answer.Header().Get("Location"))
		}
	}
}

func TestMarksOfNothing(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(137), newslettertest.Issue(139))
	for _, target := range []string{"/139.99", "/138", "/138.1"} {
		answer := w.ask(http.MethodGet, target, nil)
		body := answer.Body.String()
		if answer.Code != http.StatusNotFound || !strings.Contains(body, `<a href="/issues/137">137</a> <a href="/issues/139">139</a>`) {
			t.Errorf("%s: %d\n%s", target, answer.Code, body)
		}
	}
}

func TestOddSpellingsLeadToTheUsualOne(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	for given, want := range map[string]string{
		"/139": "/issues/139", "/139.4": "/issues/139#4", "/0139": "/139", "/0139.4": "/139.4", "/139/": "/139",
		"/issues/0139": "/issues/139", "/issues/139/": "/issues/139", "/Issues/139": "/issues/139", "//issues//139": "/issues/139",
		"/issues/00139.md": "/issues/139.md", "/issues/139.TXT": "/issues/139.txt",
		"/ARCHIVE": "/archive", "/archive/": "/archive", "/archive/02026": "/archive/2026",
		"/sections/Tools": "/sections/tools", "/sections/tools/": "/sections/tools", "/Sections/Tools/Feed.xml": "/sections/tools/feed.xml",
		"/sections/Tools?page=2": "/sections/tools?page=2", "/sections/-tools-": "/sections/tools",
		"/sites/Ferry.example": "/sites/ferry.example", "/sites/www.ferry.example": "/sites/ferry.example",
		"/%69ssues/139": "/issues/139", "/issues/1%339": "/issues/139", "/issues/139%2Emd": "/issues/139.md", "/%31%33%39": "/139", "/archive/20%32%36": "/archive/2026",
		"/%61bout": "/about", "/sections/%74ools": "/sections/tools", "/sections/t%6fols/feed.xml": "/sections/tools/feed.xml", "/sites/ferry%2Eexample": "/sites/ferry.example",
		"/issues/139.MD": "/issues/139.md", "/issues/0139.JSON/": "/issues/139.json", "/139.04": "/139.4", "/00139.0004/": "/139.4", "/issues/%30139": "/issues/139",
		"/issues/139/../139": "/issues/139", "/%2e%2e/archive": "/archive", "///": "/", "/./": "/",
		"/sections/news?page=1": "/sections/news", "/sections/news?page=": "/sections/news", "/sections/news?page=02": "/sections/news?page=2", "/sections/news?page=%2B2": "/sections/news?page=2",
		"/sections/news?page=2&page=3": "/sections/news?page=2", "/sites/ferry.example?page=01": "/sites/ferry.example", "/sites/FERRY.example?page=3": "/sites/ferry.example?page=3",
		"/feed.xml?page=1": "/feed.xml", "/sections/news/atom.xml?page=001": "/sections/news/atom.xml",
		"/search/?q=gulls": "/search?q=gulls", "/./about": "/about", "/x/../about": "/about", "/FEED.XML": "/feed.xml",
		"/issues/139%20": "/issues/139", "/139.4%20": "/139.4", "/archive%0A": "/archive", "/archive/%20": "/archive",
	} {
		answer := w.ask(http.MethodGet, given, nil)
		if got := answer.Header().Get("Location"); answer.Code != http.StatusPermanentRedirect || got != want {
			t.Errorf("%s: %d to %q, want 308 to %q", given, answer.Code, got, want)
		}
	}
}

// Whatever is asked for, redirects end, and end on our own pages.
func TestRedirectsEndHere(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	for _, target := range []string{"//evil.example/archive", "//evil.example", "/\\evil.example/archive", "/%2F%2Fevil.example/archive",
		"/sections/İ", "/sections/ΑΣ", "/sections/%FFtools", "/sections/a%2Fb", "/sites/A%2FB", "/sites/[::1]", "/sites/www.www.ferry.example", "/sites/ferry.example.",
		"/0", "/00", "/issues/0", "/issues/000", "/issues/00.md", "/0.0", "/139.0", "/139.04"} {
		for range 5 {
			answer := w.ask(http.MethodGet, target, nil)
			to := answer.Header().Get("Location")
			if to == "" {
				if strings.Contains(target, "%FF") && answer.Code != http.StatusNotFound {
					t.Errorf("%s: %d to %q, want 404 at once", target, answer.Code, answer.Header().Get("Location"))
				}
				if answer.Code != http.StatusNotFound && answer.Code != http.StatusOK {
					t.Errorf("%s: %d", target, answer.Code)
				}
				break
			}
			if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\") || to == target {
				t.Fatalf("%s leads to %q", target, to)
			}
			target = to
		}
		if answer := w.ask(http.MethodGet, target, nil); answer.Code == http.StatusPermanentRedirect {
			t.Errorf("%s leads on and on", target)
		}
	}
}

func TestUnknownAddresses(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	for _, target := range []string{"/nothing", "/issues", "/issues/abc", "/issues/139.pdf", "/issues/139.md.md", "/issues/-1", "/issues/+5", "/issues/%2B5", "/issues/%EF%BC%95", "/+5", "/-5", "/%EF%BC%95", "/5.-1", "/issues/1e3", "/issues/0x8b", "/issues/139%00", "/issues/%20139", "/issues/139,4",
		"/issues/9223372036854775808", "/9223372036854775808", "/139.9223372036854775808", "/issues/1000000000.md", "/issues/139.", "/issues/139.4", "/archive/0", "/archive/-2026", "/archive/+2026", "/archive/%EF%BC%92%EF%BC%90", "/archive/9223372036854775808",
		"/archive/2026/10", "/sections/%FF", "/sections/---", "/sections/tools%2F", "/sections/x%2Fy", "/sites/007.example", "/feed.xml/x", "/feed.xml?page=-1",
		"/issues/99999999999999999999", "/archive/1999", "/archive/abc", "/archive/99999", "/sections/nothing", "/sections/", "/sites/nothing.example",
		"/sites/%00", "/sites/%FF", "/sites/%FF/atom.xml", "/Archive/%FF", "/sections/%00", "/%00", "/%FF%FE", "/%25", "/wp-login.php", "/" + strings.Repeat("a", 9000), "/.env",
		"/nothing?" + strings.Repeat("q", 9000), "/nothing?\xff\xfe", "/nothing?%00"} {
		answer := w.ask(http.MethodGet, target, nil)
		if answer.Code != http.StatusNotFound && answer.Code != http.StatusPermanentRedirect || answer.Code == http.StatusNotFound && !strings.Contains(answer.Body.String(), `action="/search"`) {
			t.Errorf("%.40q: %d, want a 404 page with a search\n%s", target, answer.Code, answer.Body)
		}
	}
	if answer := w.ask(http.MethodPost, "/nothing", nil); answer.Code != http.StatusNotFound {
		t.Errorf("POST: %d, want 404", answer.Code)
	}
}

func TestMissingIssuesNameTheirNeighbours(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(137), newslettertest.Issue(139))
	for _, target := range []string{"/issues/138", "/issues/138.md"} {
		answer := w.ask(http.MethodGet, target, nil)
		body := answer.Body.String()
		if answer.Code != http.StatusNotFound || !strings.Contains(body, `<a href="/issues/137">137</a> <a href="/issues/139">139</a>`) {
			t.Errorf("%s: %d\n%s", target, answer.Code, body)
		}
	}
}

func TestWithdrawnIssueIsGone(t *testing.T) {
	withdrawn := newslettertest.Issue(138)
	withdrawn.State = newsletter.Withdrawn
	w := newWorld(t, newslettertest.Issue(137), withdrawn, newslettertest.Issue(139))
	for _, target := range []string{"/issues/138", "/issues/138.json"} {
		answer := w.ask(http.MethodGet, target, nil)
		if body := answer.Body.String(); answer.Code != http.StatusGone || !strings.Contains(body, "/issues/137") || strings.Contains(body, "volume 138") {
			t.Errorf("%s: %d\n%s", target, answer.Code, body)
		}
	}
	for _, target := range []string{"/archive", "/sections/news", "/search?q=gulls", "/feed.xml", "/sitemap.xml", "/issues/139"} {
		if body := w.get(target); strings.Contains(body, "issues/138") || strings.Contains(body, "volume 138") {
			t.Errorf("%s shows what was withdrawn", target)
		}
	}
}

func TestDraftsAreNowhere(t *testing.T) {
	draft := newslettertest.Issue(140)
	draft.State, draft.Summary = newsletter.Draft, "Unripe"
	draft.PublishedAt, draft.Corrections, draft.Withdrawn = draft.ScheduledAt, nil, nil
	w := newWorld(t, newslettertest.Issue(139), draft)
	for _, target := range []string{"/", "/issues/139", "/archive", "/archive/2026", "/sections/news", "/sites/gulls.example", "/search?q=volume+140",
		"/search", "/feed.xml", "/atom.xml", "/sections/news/atom.xml", "/sitemap.xml", "/about"} {
		body := w.get(target)
		for _, word := range []string{"issues/140", "Unripe", "volume 140.", "gulls.example/140"} {
			if strings.Contains(body, word) {
				t.Errorf("%s shows %q of a draft", target, word)
			}
		}
	}
	if answer := w.ask(http.MethodGet, "/issues/140", nil); answer.Code != http.StatusNotFound {
		t.Errorf("a draft: %d, want 404", answer.Code)
	}
}

func TestOldAddressesRedirectForEver(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.load(exchange.Document{Complete: true, Redirects: []newsletter.Redirect{
		{From: "/2026/10/letter-139.html", To: "/issues/139"}, {From: "/letters?n=139", To: "/issues/139"},
	}})
	for given, want := range map[string]string{
		"/2026/10/letter-139.html": "/issues/139", "/2026/10/letter-139.html?utm_source=x": "/issues/139", "/letters?n=139": "/issues/139",
	} {
		answer := w.ask(http.MethodGet, given, nil)
		if got := answer.Header().Get("Location"); answer.Code != http.StatusPermanentRedirect || got != want {
			t.Errorf("%s: %d to %q, want 308 to %q", given, answer.Code, got, want)
		}
	}
	if answer := w.ask(http.MethodPost, "/2026/10/letter-139.html", nil); answer.Code != http.StatusNotFound {
		t.Errorf("POST to an old address: %d, want 404", answer.Code)
	}
	if answer := w.ask(http.MethodGet, "/letters?n=140", nil); answer.Code != http.StatusNotFound {
		t.Errorf("an unknown old address: %d, want 404", answer.Code)
	}
}
