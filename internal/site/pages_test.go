package site

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"broadsheet/internal/newslettertest"
	"broadsheet/internal/page"
	"broadsheet/internal/pgtest"
)

func TestTemplatesFitTheirViews(t *testing.T) {
	check(t, issuePage)
	check(t, emptyPage)
	check(t, archivePage)
	check(t, itemsPage)
	check(t, searchPage)
	check(t, followPage)
	check(t, aboutPage)
}

func check[T any](t *testing.T, p page.Page[T]) {
	t.Helper()
	var view T
	template, err := p.Template()
	if err != nil {
		t.Fatal(err)
	}
	if err := templatecheck.CheckHTMLStrict(template, view); err != nil {
		t.Errorf("%T: %v", view, err)
	}
}

func TestHomeIsTheNewestIssue(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(138), newslettertest.Issue(139))
	w.holds("/", `<h1 class="number" id="number">139</h1>`, "<title>The Harbour Letter</title>",
		`<link rel="canonical" href="https://letter.example/">`, `<a href="/issues/138" rel="prev">`)
	if latest := w.ask(http.MethodGet, "/latest", nil); latest.Code != http.StatusFound || latest.Header().Get("Location") != "/issues/139" {
		t.Errorf("/latest: %d to %q", latest.Code, latest.Header().Get("Location"))
	}
}

func TestIssue(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(138), newslettertest.Issue(139), newslettertest.Issue(141))
	w.holds("/issues/139", "<title>Issue 139 · The Harbour Letter</title>", `content="What drifted in during week 139"`,
		`id="2"`, "The gulls were terns.", "139.4 was withdrawn.", `rel="sponsored"`, "<em>139</em> letters",
		`<a href="/issues/138" rel="prev">`, `<a href="/issues/141" rel="next">`, "<p>Until Sunday.</p>")
	if body := w.get("/issues/139"); strings.Contains(body, "working title") {
		t.Error("the working title is printed")
	}
}

func TestIssueInOtherShapes(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	for path, want := range map[string][2]string{
		"/issues/139.md":  {"text/markdown; charset=utf-8", "layout: post"},
		"/issues/139.txt": {"text/plain; charset=utf-8", "===="},
	} {
		answer := w.ask(http.MethodGet, path, nil)
		if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != want[0] || !strings.Contains(answer.Body.String(), want[1]) {
			t.Errorf("%s: %d %s\n%s", path, answer.Code, answer.Header().Get("Content-Type"), answer.Body)
		}
	}
	var issue struct {
		Number int
		URL    string
	}
	if err := json.Unmarshal([]byte(w.get("/issues/139.json")), &issue); err != nil || issue.Number != 139 || issue.URL != "https://letter.example/issues/139" {
		t.Errorf("JSON %+v, %v", issue, err)
	}
}

func TestArchive(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(97), newslettertest.Issue(98), newslettertest.Issue(100), newslettertest.Issue(105))
	w.holds("/archive", "Search every note and link since 2025", `<span aria-current="true">2026</span>`, `<a href="/archive/2025">2025</a>`,
		`<a class="mark" href="/issues/105">105</a>`, "8 February</time>", "What drifted in during week 105",
		`<abbr title="December">Dec</abbr></dt><dd><a href="/issues/97">97</a> <a href="/issues/98">98</a>`)
	if body := w.get("/archive"); strings.Index(body, ">105<") > strings.Index(body, ">100<") {
		t.Error("this year's issues are not newest first")
	}
	w.holds("/archive/2025", "<h1>Archive of 2025</h1>", `<span aria-current="true">2025</span>`, "What drifted in during week 97")
	if body := w.get("/archive/2025"); strings.Contains(body, "week 100") {
		t.Error("a year shows another year's issues")
	}
}

// TestDrawersAreWholeYears shows the archive of a daily letter: the years that fit
// are there with every number, and the one that does not is left out.
func TestDrawersAreWholeYears(t *testing.T) {
	pool := pgtest.New(t)
	if _, err := pool.Exec(t.Context(), `
		INSERT INTO issues (number, date) SELECT n, date '2008-12-31' + n FROM generate_series(1, 2007) AS numbers (n);
		INSERT INTO printed_issues (number, issue_id, date, summary, items, published_at, revised_at) SELECT number, id, date, '', 0, date, date FROM issues`); err != nil {
		t.Fatal(err)
	}
	body := worldOn(t, pool).get("/archive")
	for year := 2009; year < 2014; year++ {
		if got, want := strings.Contains(body, fmt.Sprintf(`id="year-%d"`, year)), year > 2009; got != want {
			t.Errorf("%d has a drawer: %v, want %v", year, got, want)
		}
	}
	for number := 1 + 365; number <= 365+3*365+366; number++ { // of 2010 to 2013
		if link := fmt.Sprintf(`<a href="/issues/%d">`, number); !strings.Contains(body, link) {
			t.Fatalf("%d is missing", number)
		}
	}
}

func TestSection(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	w.holds("/sections/news", "<h1>News</h1>", "Six items in this section", "volume 140", "volume 139", `href="/issues/139#2"`,
		`href="/sections/news/feed.xml"`, `<h2>2026</h2>`, `title="News · The Harbour Letter" href="/sections/news/atom.xml"`)
	w.holds("/sections/sponsor", "Ropeworks sponsors the letter", "Paid placement", `rel="sponsored"`)
	w.holds("/sections/tools", "No items in this section")
}

func TestSite(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	w.holds("/sites/ferry.example", "Two items led to this site", "Two views of a collision", ", <bdi>News</bdi></p>")
	w.holds("/sites/thoughts.example", "about tides") // linked inside the note
}

func TestListsArePaged(t *testing.T) {
	issue := newslettertest.Issue(139)
	news := &issue.Sections[1]
	for place := 10; place < 50; place++ {
		item := news.Items[0]
		item.Place = place
		news.Items = append(news.Items, item)
	}
	w := newWorld(t, issue)
	w.holds("/sections/news", "Page 1 of 2", `<a href="/sections/news?page=2" rel="next">`)
	w.holds("/sections/news?page=2", "Page 2 of 2", `<a href="/sections/news" rel="prev">`, `<link rel="canonical" href="https://letter.example/sections/news?page=2">`)
	w.holds("/search?q=gulls&page=2", "Page 2 of 2", `<a href="/search?q=gulls" rel="prev">`)
	for _, beyond := range []string{"/sections/news?page=3", "/sites/gulls.example?page=3", "/search?q=gulls&page=99"} {
		if answer := w.ask(http.MethodGet, beyond, nil); answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", beyond, answer.Code)
		}
	}
}

func TestFollowAndAbout(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.holds("/follow", `href="https://list.letter.example/subscribe"><b>list.letter.example</b>/subscribe</a>`, "<b>Calendar</b> https://letter.example/events.ics")
	for _, path := range []string{"", "/sections/sponsor", "/sections/news", "/sections/events", "/sections/tools", "/sections/jobs"} {
		for name, file := range map[string]string{"RSS": "feed.xml", "Atom": "atom.xml", "JSON Feed": "feed.json"} {
			at := "https://letter.example" + path + "/" + file
			w.holds("/follow", `<a href="`+at+`"><b>`+name+`</b> `+at+"</a>")
		}
	}
	w.holds("/about", "<strong>boathouse</strong>", "One issue since 4 October 2026", `href="mailto:harbour@letter.example"`)
}

// What has nowhere to subscribe by mail does not speak of mail.
func TestMailStandsUnderEveryIssue(t *testing.T) {
	const line = `<p>Every issue by mail: <a class="address" href="https://list.letter.example/subscribe">list.letter.example/subscribe</a></p>`
	w := newWorld(t, newslettertest.Issue(138), newslettertest.Issue(139))
	pages := []string{"/", "/issues/138", "/issues/139"}
	for _, page := range pages {
		w.holds(page, line)
		if body := w.get(page); strings.Index(body, line) < strings.Index(body, "Until Sunday") || strings.Index(body, line) > strings.Index(body, `rel="prev"`) && strings.Contains(body, `rel="prev"`) {
			t.Errorf("%s: the line is not between the closing words and the other issues", page)
		}
	}
	publication := newslettertest.Publication()
	publication.Subscribe = ""
	w.saved(publication)
	for _, page := range append(pages, "/follow") {
		if body := w.get(page); strings.Contains(strings.ToLower(body), "by mail") || strings.Contains(body, ">Mail<") {
			t.Errorf("%s speaks of mail", page)
		}
	}
}

func TestEmptyPublication(t *testing.T) {
	w := newWorld(t)
	w.holds("/", "<h1>The Harbour Letter</h1>", "The first issue is being written")
	w.holds("/archive", "Nothing has been published yet")
	w.holds("/search", "nothing to find yet")
	w.holds("/search?q=gulls", "nothing to find yet")
	w.holds("/about", "boathouse")
	w.holds("/follow", "feed.xml")
	w.holds("/feed.xml", "<channel>")
	w.holds("/atom.xml", "<feed")
	w.holds("/sitemap.xml", "<loc>https://letter.example/</loc>")
	if latest := w.ask(http.MethodGet, "/latest", nil); latest.Header().Get("Location") != "/" {
		t.Errorf("/latest leads to %q", latest.Header().Get("Location"))
	}
}
