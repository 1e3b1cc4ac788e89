package page

import (
	"regexp"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

var testPage = Define[Issue]("site/issue.html")

func revision() newsletter.Revision {
	return newslettertest.Printed(newsletter.Issue{
		Number: 413, Date: date("2026-11-15"), Intro: "Fog.",
		Sections: []newsletter.Section{{Title: "News", Items: []newsletter.Item{{Place: 6, Note: "Gulls.", Links: links("https://gulls.example/count")}}}},
	})
}

func links(addresses ...string) []newsletter.Link {
	var out []newsletter.Link
	for _, address := range addresses {
		out = append(out, newsletter.Link{URL: address})
	}
	return out
}

// articleOf returns the article of a revision's page as it is printed.
func articleOf(t *testing.T, r newsletter.Revision) string {
	t.Helper()
	return articleIn(t, NewIssue(Frame{}, r, 0, 0))
}

func articleIn(t *testing.T, view Issue) string {
	t.Helper()
	body, err := testPage.Bytes(view)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?s)<article.*</article>`).FindString(string(body))
}

func TestIssueTemplateFitsItsView(t *testing.T) {
	template, err := testPage.Template()
	if err != nil {
		t.Fatal(err)
	}
	if err := templatecheck.CheckHTMLStrict(template, Issue{}); err != nil {
		t.Error(err)
	}
}

// The desk's preview must show what readers get, whatever stands around it.
func TestArticleDependsOnTheRevisionAlone(t *testing.T) {
	r := newslettertest.Printed(newslettertest.Issue(139))
	framed := Frame{Publication: newslettertest.Publication(), Base: "https://letter.example", Title: "Issue 139", Path: "/issues/139"}
	if bare, full := articleOf(t, r), articleIn(t, NewIssue(framed, r, 138, 140)); bare != full || !strings.Contains(full, "139.1") {
		t.Errorf("the article changes with what is around it:\n%s\n%s", bare, full)
	}
}

func TestArticle(t *testing.T) {
	r := newslettertest.Printed(newslettertest.Issue(139))
	r.Sections[1].Items = append(r.Sections[1].Items, newsletter.PrintedItem{Place: 4, Withdrawn: true})
	body := articleOf(t, r)
	for _, want := range []string{
		`<h1 class="number" id="number">139</h1>`,
		`<time datetime="2026-10-04">Sunday, 4 October 2026</time>. <span>Five links, about one minute.</span>`,
		`<a href="#section-1" dir="auto">News</a> 3</li>`,
		`<section class="row" id="section-1" aria-labelledby="name-1">`,
		`id="3"><a class="mark" href="/issues/139#3">139.3</a>`,
		`<h3 class="title" dir="auto"><a href="https://ferry.example/log/139?a=1&amp;b=2">Two views of a collision</a></h3>`,
		`<a class="named" href="https://yacht.example/log/139"><bdi><b>The yacht&#39;s log</b></bdi> <span class="host">yacht.example</span></a>`,
		`<a href="https://gulls.example/139"><b>gulls.example</b>/139</a>`,
		`<time datetime="2026-06-12">12</time> to <time datetime="2026-06-14">14 June 2026</time>, <bdi>Bergen</bdi></p>`,
		`<li class="item" id="4"><p class="words withdrawn">139.4 was withdrawn.</p></li>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the article lacks %q", want)
		}
	}
	if t.Failed() {
		t.Log(body)
	}
}

func TestPaidPlacementIsAlwaysNamed(t *testing.T) {
	paid := newsletter.PrintedItem{Place: 1, Sponsored: true, Links: links("https://rope.example/")}
	free := newsletter.PrintedItem{Place: 2, Links: links("https://gulls.example/")}
	gone := newsletter.PrintedItem{Place: 3, Withdrawn: true}
	tests := map[string]struct {
		items           []newsletter.PrintedItem
		inHead, atItems bool
	}{
		"all paid":                  {[]newsletter.PrintedItem{paid}, true, false},
		"paid, and one withdrawn":   {[]newsletter.PrintedItem{paid, gone}, true, false},
		"paid among others":         {[]newsletter.PrintedItem{free, paid}, false, true},
		"none paid":                 {[]newsletter.PrintedItem{free}, false, false},
		"nothing but one withdrawn": {[]newsletter.PrintedItem{gone}, false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			body := articleOf(t, newsletter.Revision{Number: 413, Sections: []newsletter.PrintedSection{{Title: "News", Items: test.items}}})
			head, items, _ := strings.Cut(body, `<ol class="items`)
			if got := strings.Contains(head, "Paid placement"); got != test.inHead {
				t.Errorf("label in the head: %v, want %v", got, test.inHead)
			}
			if got := strings.Contains(items, "Paid placement"); got != test.atItems {
				t.Errorf("label at the item: %v, want %v", got, test.atItems)
			}
			if got, want := strings.Contains(items, `<a href="https://rope.example/" rel="sponsored">`), test.inHead || test.atItems; got != want {
				t.Errorf("rel=sponsored on the paid link: %v, want %v", got, want)
			}
			if strings.Contains(items, `<a href="https://gulls.example/" rel`) {
				t.Error("a link nobody paid for is marked as paid")
			}
		})
	}
}

func TestOnlyWebAddressesAreLinked(t *testing.T) {
	for _, address := range []string{"javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,<b>", "vbscript:x", `https://x.example/"onclick="a`, "https://x.example/<script>"} {
		r := revision()
		r.Sections[0].Items[0].Title = "<b>"
		r.Sections[0].Items[0].Links = links(address)
		body := articleOf(t, r)
		if regexp.MustCompile(`(?i)href="\s*(javascript|data|vbscript)`).MatchString(body) || strings.Contains(body, `"onclick`) ||
			strings.Contains(body, "<script") || strings.Contains(body, `class="title" dir="auto"><a href="javascript`) {
			t.Errorf("%q reaches the page:\n%s", address, body)
		}
	}
}

func TestSignature(t *testing.T) {
	tests := []struct{ html, rest, signature string }{
		{"<p>Fog.</p>\n<p><em>Ines, Bergen</em></p>\n", "<p>Fog.</p>\n", "Ines, Bergen"},
		{"<p><em>All of it is emphasised.</em></p>\n", "<p><em>All of it is emphasised.</em></p>\n", ""},
		{"<p>Fog.</p>\n<p><em>Fog</em> and <em>rain</em></p>", "<p>Fog.</p>\n<p><em>Fog</em> and <em>rain</em></p>", ""},
		{"<p>Fog.</p>\n<p><em>Fog</em> again.</p>", "<p>Fog.</p>\n<p><em>Fog</em> again.</p>", ""},
		{"<p>A.</p>\n<p><em>B</em></p>\n<p>C.</p>", "<p>A.</p>\n<p><em>B</em></p>\n<p>C.</p>", ""},
		{"", "", ""},
	}
	for _, test := range tests {
		if rest, signature := cutSignature(test.html); rest != test.rest || signature != test.signature {
			t.Errorf("%q: %q and %q", test.html, rest, signature)
		}
	}
}

func TestShownAddress(t *testing.T) {
	tests := []struct{ url, host, rest string }{
		{"https://wardline.example/field-notes", "wardline.example", "/field-notes"},
		{"http://wardline.example", "wardline.example", ""},
		{"HTTPS://Wardline.example/", "Wardline.example", ""},
		{"https://wardline.example/?q=1", "wardline.example", "/?q=1"},
		{"https://wardline.example?q=1", "wardline.example", "?q=1"},
		{"https://bank.example@evil.example/x", "evil.example", "/x"},
		{"https://wardline.example:8080/#top", "wardline.example:8080", "/#top"},
		{"https://evil.example/@bank.example", "evil.example", "/@bank.example"},
	}
	for _, test := range tests {
		if host, rest := ShownAddress(test.url); host != test.host || rest != test.rest {
			t.Errorf("%s: %q and %q, want %q and %q", test.url, host, rest, test.host, test.rest)
		}
	}
}

func TestLengthWithoutLinks(t *testing.T) {
	r := revision()
	r.Sections[0].Items[0].Links = nil
	if got, want := NewArticle(r).Length, "One item, about one minute."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSectionNamesFitTheirColumn(t *testing.T) {
	for title, want := range map[string]string{"News": "", "StackHawk sponsors us": "long", "Conferences": "longer", "Événement": "long", "お知らせ・港のニュースと広告": ""} {
		if got := (Section{Title: title}).Size(); got != want {
			t.Errorf("%s: %q, want %q", title, got, want)
		}
	}
}
