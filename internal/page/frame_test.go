package page

import (
	"bytes"
	"html/template"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

func TestFrame(t *testing.T) {
	frame := Frame{
		Publication: newslettertest.Publication(), Base: "https://letter.example", Title: "Tools", Path: "/sections/tools",
		Description: "Every \"tool\"", List: "/sections/tools",
	}
	body, err := testPage.Bytes(Issue{Frame: frame})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<html lang="en">`, "<title>Tools · The Harbour Letter</title>", `content="Every &#34;tool&#34;"`,
		`<link rel="canonical" href="https://letter.example/sections/tools">`,
		`<link rel="alternate" type="application/rss+xml" title="The Harbour Letter" href="/feed.xml">`,
		`type="application/atom+xml" title="Tools · The Harbour Letter" href="/sections/tools/atom.xml">`,
		`<a class="skip" href="#main">`, `<main id="main"`, `<a href="https://list.letter.example/subscribe">By mail</a>`,
		"<p>Until Sunday.</p>",
	} {
		if !strings.Contains(strings.ReplaceAll(string(body), "&#43;", "+"), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if bytes.Contains(body, []byte("noindex")) || bytes.Contains(body, []byte("aria-current")) {
		t.Error("the page asks not to be indexed or is in the navigation")
	}
}

func TestFeedsHaveSafeTitles(t *testing.T) {
	frame := Frame{Publication: newsletter.Publication{Name: `Rock "&" <Roll>`}, Title: `</title>"`, List: `/sites/a"b`}
	links := string(frame.FeedLinks())
	for _, want := range []string{`title="Rock &#34;&amp;&#34; &lt;Roll&gt;"`, `title="&lt;/title&gt;&#34; · Rock`, `href="/sites/a%22b/feed.xml"`} {
		if !strings.Contains(links, want) {
			t.Errorf("the links lack %q: %s", want, links)
		}
	}
	if strings.Count(links, "<") != 6 || strings.Count(links, ">") != 6 {
		t.Errorf("a title ends its tag: %s", links)
	}
}

func TestFrameWithoutPublication(t *testing.T) {
	body, err := testPage.Bytes(Issue{})
	if err != nil {
		t.Fatal(err)
	}
	if page := string(body); !strings.Contains(page, `<a class="name" href="/">Home</a>`) || strings.Contains(page, "canonical") || strings.Contains(page, "alternate") {
		t.Errorf("the page says more than it knows:\n%s", page)
	}
}

func TestNavigationShowsWhereOneIs(t *testing.T) {
	body, err := testPage.Bytes(Issue{Frame: Frame{Path: "/archive"}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(body), `<a href="/archive" aria-current="page">Archive</a>`) || strings.Count(string(body), "aria-current") != 1 {
		t.Error("the navigation does not say that this is the archive")
	}
}

// An issue as long as the longest of 581 real ones fits with room to spare.
func TestIssuePageIsSmall(t *testing.T) {
	issue := newslettertest.Issue(139)
	news := &issue.Sections[1]
	for place := 10; place < 40; place++ {
		news.Items = append(news.Items, newsletter.Item{Place: place, Note: strings.Repeat("about thirty words ", 15), Links: links("https://gulls.example/a/rather/long/path/to/a/page")})
	}
	body, err := testPage.Bytes(NewIssue(Frame{Publication: newslettertest.Publication()}, newslettertest.Printed(issue), 1, 2))
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > 30_000 {
		t.Errorf("the page has %d bytes, more than 30 KB", len(body))
	}
}

func TestRenderSendsNothingOnAFault(t *testing.T) {
	broken := Define[Frame]("site/issue.html") // its view has no Article
	w := httptest.NewRecorder()
	if err := broken.Render(w, httptest.NewRequest(http.MethodGet, "/", nil), http.StatusOK, Frame{}); err == nil {
		t.Fatal("a template that does not fit its view is rendered")
	}
	if w.Body.Len() > 0 || len(w.Header()) > 0 {
		t.Errorf("half a page is sent: %q", w.Body)
	}
	if _, err := Define[Frame]("site/missing.html").Bytes(Frame{}); err == nil {
		t.Error("a template that does not exist is rendered")
	}
}

func TestRender(t *testing.T) {
	w := httptest.NewRecorder()
	if err := testPage.Render(w, httptest.NewRequest(http.MethodHead, "/", nil), http.StatusUnprocessableEntity, Issue{}); err != nil {
		t.Fatal(err)
	}
	if w.Code != 422 || w.Body.Len() != 0 || w.Header().Get("Content-Type") != "text/html; charset=utf-8" || w.Header().Get("Content-Length") == "" {
		t.Errorf("%d, %d bytes, %v", w.Code, w.Body.Len(), w.Header())
	}
}

func TestTrustedWordsComeFromTheAllowListAlone(t *testing.T) {
	frame := Frame{Publication: newsletter.Publication{About: "<b>raw</b>", AboutHTML: "<p>safe</p>", Closing: "<b>", ClosingHTML: "<p>bye</p>"}}
	if frame.About() != template.HTML("<p>safe</p>") || frame.Closing() != template.HTML("<p>bye</p>") {
		t.Errorf("got %q and %q", frame.About(), frame.Closing())
	}
}

// A language tag need not name its script.
func TestTheDirectionOfLanguages(t *testing.T) {
	for tag, want := range map[string]bool{
		"ar": true, "he": true, "iw": true, "fa-IR": true, "ur": true, "yi": true, "dv": true, "ckb": true, "ks": true, "az-Arab": true, "uz-Arab-AF": true, "AR-eg": true,
		"": false, "en": false, "pt-BR": false, "ja": false, "az": false, "ar-Latn": false, "he-Latn-IL": false, "qq": false, "xxxxxxxx-1": false,
	} {
		frame := Frame{Publication: newsletter.Publication{Language: tag}}
		if got := frame.RightToLeft(); got != want {
			t.Errorf("%s runs from the right: %v, want %v", tag, got, want)
		}
	}
}

func TestTitlesTellPagesApart(t *testing.T) {
	frame := Frame{Publication: newsletter.Publication{Name: "The Weekly"}, Title: "Tools", List: "/sections/tools", ListPage: 2}
	if got := frame.FullTitle(); got != "Tools, page 2 · The Weekly" {
		t.Errorf("the second page is called %q", got)
	}
	if got := frame.Feeds()[3].Title; got != "Tools · The Weekly" {
		t.Errorf("the feed of the second page is called %q", got)
	}
	frame.ListPage = 1
	if got := frame.FullTitle(); got != "Tools · The Weekly" {
		t.Errorf("the first page is called %q", got)
	}
}

func TestTheLineStandsUnderTheName(t *testing.T) {
	frame := Frame{Publication: newsletter.Publication{Name: "The Weekly", Tagline: "Slow & good"}, Path: "/"}
	const under = `<p class="quiet" dir="auto">Slow &amp; good</p>`
	for path, want := range map[string]bool{"/": true, "/archive": false, "": false} {
		frame.Path = path
		body, err := Define[errorView]("site/error.html").Bytes(errorView{Frame: frame})
		if err != nil || strings.Contains(string(body), under) != want {
			t.Errorf("the line under the name of %q: want %v (%v)", path, want, err)
		}
	}
}
