package site

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newslettertest"
)

func TestSearchFindsSingleItems(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	w.holds("/search?q=lighthouse+keeper", "<h2>2 results</h2>", `<mark>lighthouse</mark> <mark>keeper</mark> counts gulls`,
		`<a class="mark" href="/issues/140#2">140.2</a>`, "11 October 2026</time>, <bdi>News</bdi></p>", `value="lighthouse keeper"`,
		`<meta name="robots" content="noindex">`, `<span aria-current="true">All 2</span>`,
		`<a href="/search?q=lighthouse+keeper&amp;section=news">News 2</a>`, "Newest first</a>")
	w.holds("/search?q=collision", "<h3 class=\"title\" dir=\"auto\"><a href=\"https://ferry.example/log/140?a=1&amp;b=2\">Two views of a <mark>collision</mark>")
	w.holds("/search?q=rope", "Paid placement", `rel="sponsored"`)
	w.holds("/search?q=gulls&order=newest", "Best first</a>")
}

func TestSearchKeepsToASection(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.holds("/search?q=xyzzy&section=nothing", "Nothing was found")
	w.holds("/search?q=ropeworks+or+gulls&section=sponsor", `<h2>1 result</h2>`, `>All 2</a>`, `<span aria-current="true">Sponsor 1</span>`)
	w.holds("/search?q=gulls&section=sponsor", `>All 1</a>`, `<span aria-current="true">Sponsor 0</span>`, "Nothing of what was found for “<bdi>gulls</bdi>” is in all that you chose above. <a href=\"/search?q=gulls\">All 1</a>")
	w.holds("/search?q=gulls&section=nothing", `<h2>1 result</h2>`)
}

func TestSearchKeepsToAYearAndASite(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(100), newslettertest.Issue(200)) // of 2026 and 2027
	w.holds("/search?q=gulls", `<ul class="line" aria-label="Years">`, `<a href="/search?q=gulls&amp;year=2026">2026 1</a>`)
	w.holds("/search?q=gulls&year=2026", `<h2>1 result</h2>`, `<span aria-current="true">2026 1</span>`, `<a href="/search?q=gulls&amp;year=2027">2027 1</a>`, `<a href="/search?q=gulls">All 2</a>`, "100.2")
	w.holds("/search?q=collision", `<ul class="line" aria-label="Sites">`, `<a href="/search?q=collision&amp;site=yacht.example">yacht.example 2</a>`)
	w.holds("/search?q=collision&site=WWW.Yacht.example&year=2027", `<h2>1 result</h2>`, "200.3")
	w.holds("/search?q=collision&site=nobody.example", "Nothing of what was found", `>All 2</a>`, `<span aria-current="true">nobody.example 0</span>`, `<a href="/search?q=collision">All sites</a>`)
	w.holds("/search?q=collision&year=1999", `<span aria-current="true">1999 0</span>`, `<a href="/search?q=collision">All years</a>`)
	w.holds("/search?q=collision&year=2027&section=news&site=yacht.example", `<h2>1 result</h2>`, // each is taken back alone
		`<a href="/search?q=collision&amp;site=yacht.example&amp;year=2027">All sections</a>`, `<a href="/search?q=collision&amp;section=news&amp;site=yacht.example">All years</a>`,
		`<a href="/search?q=collision&amp;section=news&amp;year=2027">All sites</a>`)
	w.holds("/search?q=xyzzy&year=2027", "Nothing was found for")
	w.holds("/search?q=collision&year=abc&site=%00", `<h2>2 results</h2>`)
}

// What names one thing exactly leads straight to it.
func TestSearchGoesStraightThere(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	for words, want := range map[string]string{
		"139.2": "/issues/139#2", " 139.4 ": "/issues/139#4", "139": "/issues/139", "#140": "/issues/140", "0139": "/issues/139", "issue 139": "/issues/139", "Issue #139": "/issues/139", "issue 139.2": "/issues/139#2", "１３９．４": "/issues/139#4", "＃140": "/issues/140", "١٣٩": "/issues/139", "۱۳۹.۲": "/issues/139#2",
		"/issues/139#4": "/issues/139#4", "https://letter.example/issues/139#2": "/issues/139#2", "letter.example/139.2": "/issues/139#2", "http://letter.example/issues/139": "/issues/139",
		"<https://gulls.example/139>": "/issues/139#2", "https://gulls.example": "/sites/gulls.example", "https://www.gulls.example/": "/sites/gulls.example", "gulls.example/": "/sites/gulls.example",
		"http://www.gulls.example/139/?utm_source=x": "/issues/139#2", "gulls.example/140": "/issues/140#2", "https://thoughts.example/tide": "/issues/140#5",
		"gulls.example": "/sites/gulls.example", "WWW.Gulls.example": "/sites/gulls.example",
		"139.9": "", "999": "", "999.1": "", "https://letter.example/issues/999": "", "https://gulls.example/never": "", "https://nobody.example/": "", "nobody.example": "", "gulls": "", `"139"`: "", "139 gulls": "", "file:///etc/passwd": "", "..": "", "./.": "",
	} {
		answer := w.ask(http.MethodGet, "/search?q="+url.QueryEscape(words), nil)
		status := http.StatusFound
		if want == "" {
			status = http.StatusOK
		}
		if got := answer.Header().Get("Location"); answer.Code != status || got != want {
			t.Errorf("%q: %d, to %q, want %q", words, answer.Code, got, want)
		}
	}
	w.holds("/search?q=139.99", `<p>139.99 was never printed.</p>`, `<li><a href="/issues/139">Issue 139</a></li>`)
	w.holds("/search?q=issue+138", "<p>Issue 138 was never printed.</p>\n<ul class=\"line\" aria-label=\"Near it\">\n<li><a href=\"/issues/139\">Issue 139</a></li>\n<li><a href=\"/issues/140\">Issue 140</a></li>\n</ul>")
	w.holds("/search?q=141.2", "Issue 141 was never printed.")
	w.holds("/search?q=999", `Issue 999 was never printed.`)
	w.holds("/search?q=https://gulls.example/never", `This address was never printed.`, `<li><a href="/sites/gulls.example">Everything that led to gulls.example</a></li>`)
	w.holds("/search?q=139&order=newest", "<h2>4 results</h2>") // it is narrowed, so it is a search, of addresses too
}

func TestPagesBeyondTheLast(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	for _, list := range []string{"/search?q=gulls&page=", "/sections/news?page=", "/sites/ferry.example?page="} {
		for _, number := range []string{"2", "9999", "99999999999999999999", "0", "00", "-1", "-99999999999999999999", "x", "1e3", "0x2", "2.0", "%202", "%EF%BC%92", "%00", "%ff"} {
			if answer := w.ask(http.MethodGet, list+number, nil); answer.Code != http.StatusNotFound || !strings.Contains(answer.Body.String(), `action="/search"`) {
				t.Errorf("%s%s: %d, want a 404 page with a search", list, number, answer.Code)
			}
		}
	}
}

func TestEmptySearchShowsWhereToLook(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.holds("/search", "Search every note and link since 2026", `<a href="/sections/tools">Tools</a>`, `<a href="/sites/ferry.example">ferry.example</a>`)
	w.holds("/search?q=xyzzy", "Nothing was found for “<bdi>xyzzy</bdi>”", `<a href="/sections/tools">Tools</a>`)
}

func TestHostileQueries(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	for _, words := range []string{"'\";--", "((((", "))))", "\"", "\"\"\"\"", "&|!", ":*", "a:*b", "<script>alert(1)</script>", "\x00", "\xff\xfe", "%", "\\", "\x02\x03",
		"-", "- - -", "or or or", "-gulls", strings.Repeat("gulls ", 2000), strings.Repeat("(", 10_000), strings.Repeat("é", 10_000), "😀", "\u202egulls"} {
		answer := w.ask(http.MethodGet, "/search?q="+url.QueryEscape(words), nil)
		body := answer.Body.String()
		if answer.Code != http.StatusOK || strings.Contains(body, "<script>") || !utf8.ValidString(body) {
			t.Errorf("%.20q: %d\n%s", words, answer.Code, body)
		}
		if got, want := strings.Contains(body, "its first 200 characters"), utf8.RuneCountInString(words) > maxQuery; got != want {
			t.Errorf("%.20q: says that it was cut: %v, want %v", words, got, want)
		}
	}
	for _, raw := range []string{"q=%zz", "q", "=;&;=", "q=a&q=b", "q=gulls&page=", "q=gulls&page=01", "q=gulls&year=-1&year=x", "q=gulls&section=%00&order=%ff", "\xff=\xff"} {
		if answer := w.ask(http.MethodGet, "/search?"+raw, nil); answer.Code != http.StatusOK {
			t.Errorf("%q: %d", raw, answer.Code)
		}
	}
}

// Whatever is sent, a query is valid, bounded, and has one spelling.
func FuzzReadQuery(f *testing.F) {
	f.Add("q=lighthouse+keeper&section=News&page=2&order=newest")
	f.Add("q=a&year=2013&site=WWW.A.example&section=x")
	f.Add("q=%ff%00%20%20x&page=99999999999999999999")
	f.Fuzz(func(t *testing.T, raw string) {
		r := httptest.NewRequest(http.MethodGet, "/search", nil)
		r.URL.RawQuery = raw
		q, _ := readQuery(r)
		if !utf8.ValidString(q.Words) || utf8.RuneCountInString(q.Words) > maxQuery || strings.ContainsAny(q.Words, "\x00\x02\x03\n") || q.Page < 1 {
			t.Errorf("%q is read as %+v", raw, q)
		}
		canonical, err := url.Parse(q.Address())
		if err != nil {
			t.Fatal(err)
		}
		again, _ := readQuery(&http.Request{URL: canonical})
		if diff := cmp.Diff(q, again); diff != "" {
			t.Errorf("%q has two spellings (-first +second):\n%s", raw, diff)
		}
	})
}

// Every word that was found is marked, wherever it stands.
func TestSearchMarksAddressesAndHeadings(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.holds("/search?q=ropeworks", `<bdi><mark>Ropeworks</mark> sponsors the letter</bdi>`, `<a href="https://ropeworks.example/139" rel="sponsored"><b><mark>ropeworks</mark>.example</b>/139</a>`)
	w.holds("/search?q=log&order=newest", `href="https://ferry.example/log/139?a=1&amp;b=2"><bdi><b>The ferry&#39;s <mark>log</mark></b></bdi> <span class="host">ferry.example</span>`)
	w.holds("/search?q=139+gulls", `<b><mark>gulls</mark>.example</b>/<mark>139</mark></a>`)
}

func TestSearchListsIntroductions(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	w.holds("/search?q=fog+139", `<h2 id="introductions">Introductions</h2>`, `<a class="mark" href="/issues/139">139</a>`, `<mark>Fog</mark> all week, and <mark>139</mark> letters.`)
	if body := w.get("/search?q=fog+139"); strings.Contains(body, "Nothing was found") || strings.Contains(body, "/issues/140") {
		t.Errorf("it does not list the issue alone:\n%s", body)
	}
}
