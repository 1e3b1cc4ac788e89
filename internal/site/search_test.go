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
		`<a class="mark" href="/issues/140#2">140.2</a>`, "11 October 2026</time>, News</p>", `value="lighthouse keeper"`,
		`<meta name="robots" content="noindex">`, `<span aria-current="true">All 2</span>`,
		`<a href="/search?q=lighthouse&#43;keeper&amp;section=news">News 2</a>`, "Newest first</a>")
	w.holds("/search?q=collision", "<h3 class=\"title\"><a href=\"https://ferry.example/log/140?a=1&amp;b=2\">Two views of a <mark>collision</mark>")
	w.holds("/search?q=rope", "Paid placement", `rel="sponsored"`)
	w.holds("/search?q=gulls&order=newest", "Best first</a>")
}

func TestSearchKeepsToASection(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.holds("/search?q=xyzzy&section=nothing", "Nothing was found")
	w.holds("/search?q=ropeworks+or+gulls&section=sponsor", `<h2>1 result</h2>`, `>All 2</a>`, `<span aria-current="true">Sponsor 1</span>`)
	w.holds("/search?q=gulls&section=sponsor", `>All 1</a>`, "Nothing was found")
	w.holds("/search?q=gulls&section=nothing", `<h2>1 result</h2>`)
}

func TestPagesBeyondTheLast(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	for _, list := range []string{"/search?q=gulls&page=", "/sections/news?page=", "/sites/ferry.example?page="} {
		for _, number := range []string{"2", "9999", "99999999999999999999"} {
			if answer := w.ask(http.MethodGet, list+number, nil); answer.Code != http.StatusNotFound {
				t.Errorf("%s%s: %d, want 404", list, number, answer.Code)
			}
		}
		w.get(list + "-99999999999999999999")
	}
}

func TestEmptySearchShowsWhereToLook(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.holds("/search", "Search every note and link since 2026", `<a href="/sections/tools">Tools</a>`, `<a href="/sites/ferry.example">ferry.example</a>`)
	w.holds("/search?q=xyzzy", "Nothing was found for “xyzzy”", `<a href="/sections/tools">Tools</a>`)
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
	for _, raw := range []string{"q=%zz", "q", "=;&;=", "q=a&q=b", "q=gulls&page=-1", "q=gulls&page=x", "q=gulls&section=%00&order=%ff", "\xff=\xff"} {
		if answer := w.ask(http.MethodGet, "/search?"+raw, nil); answer.Code != http.StatusOK {
			t.Errorf("%q: %d", raw, answer.Code)
		}
	}
}

func TestPieces(t *testing.T) {
	tests := map[string][]piece{
		"":                                {},
		"plain":                           {{"plain", false}},
		"a \x02hit\x03 b \x02two\x03":     {{"a ", false}, {"hit", true}, {" b ", false}, {"two", true}},
		"\x02hit\x03":                     {{"hit", true}},
		"never \x02closed":                {{"never ", false}, {"closed", false}},
		"stray \x03 end \x02hit\x03 done": {{"stray \x03 end ", false}, {"hit", true}, {" done", false}},
	}
	for marked, want := range tests {
		if diff := cmp.Diff(want, pieces(marked)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", marked, diff)
		}
	}
}

// Whatever is sent, a query is valid, bounded, and has one spelling.
func FuzzReadQuery(f *testing.F) {
	f.Add("q=lighthouse+keeper&section=News&page=2&order=newest")
	f.Add("q=%ff%00%20%20x&page=99999999999999999999")
	f.Fuzz(func(t *testing.T, raw string) {
		r := httptest.NewRequest(http.MethodGet, "/search", nil)
		r.URL.RawQuery = raw
		q := readQuery(r)
		if !utf8.ValidString(q.words) || utf8.RuneCountInString(q.words) > maxQuery || strings.ContainsAny(q.words, "\x00\x02\x03\n") || q.page < 1 {
			t.Errorf("%q is read as %+v", raw, q)
		}
		canonical, err := url.Parse(q.at(q.page))
		if err != nil {
			t.Fatal(err)
		}
		again := readQuery(&http.Request{URL: canonical})
		again.cut = q.cut
		if diff := cmp.Diff(q, again, cmp.AllowUnexported(query{})); diff != "" {
			t.Errorf("%q has two spellings (-first +second):\n%s", raw, diff)
		}
	})
}
