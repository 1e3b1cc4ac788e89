package feed

import (
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
)

func TestIssueText(t *testing.T) {
	got := source().issueHTML(issue())
	inOrder := []string{
		"<p>Welcome <em>back</em>.</p>",
		"<h2>Sponsor &amp; friends</h2>",
		"<strong>Paid placement</strong>",
		`<h3><a href="https://lantern.example/?a=1&amp;b=é|x" rel="sponsored">Try Lantern</a></h3>`,
		"<p>Logs that glow.</p>",
		`<li><a href="https://lantern.example/?a=1&amp;b=é|x" rel="sponsored">https://lantern.example/?a=1&amp;b=é|x</a></li>`,
		`<a href="https://weekly.example/issues/139#1">139.1</a>`,
		"<h2>Events</h2>",
		"<p>A gathering.</p>",
		"<p>28 October 2013 – 29 October 2013, Ghent</p>",
		`<li><a href="http://gather.example/2013">Programme</a> gather.example</li>`,
		"<p>139.3 was withdrawn.</p>",
		"<h2>Corrections</h2>",
		`<li>5 September 2013, <a href="https://weekly.example/issues/139#2">139.2</a>: The town is Ghent.</li>`,
		"<li>5 September 2013: A heading was misspelt.</li>",
	}
	rest := got
	for _, want := range inOrder {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("%q is missing, or not in its place, in\n%s", want, got)
		}
		rest = after
	}
	if n := strings.Count(got, "Paid placement"); n != 1 {
		t.Errorf("%d items are marked as paid, not 1", n)
	}
}

func TestEventLine(t *testing.T) {
	first := newsletter.Date{Year: 2013, Month: time.May, Day: 9}
	for want, item := range map[string]newsletter.PrintedItem{
		"":                         {},
		"9 May 2013":               {EventOn: first, EventUntil: first},
		"Porto":                    {PlaceName: "Porto"},
		"9 May 2013, Porto":        {EventOn: first, PlaceName: "Porto"},
		"9 May 2013 – 1 June 2013": {EventOn: first, EventUntil: newsletter.Date{Year: 2013, Month: time.June, Day: 1}},
	} {
		if got := eventLine(item); got != want {
			t.Errorf("eventLine is %q, not %q", got, want)
		}
	}
}

func TestOnlyWebAddressesAreLinked(t *testing.T) {
	for target, host := range map[string]string{
		"https://a.example/x":                "a.example",
		"HTTP://A.example:8080?q":            "A.example:8080",
		"http://a.example/%zz":               "a.example",
		"http://user@b.example#x":            "b.example",
		`http://b.example\@a.example`:        "b.example",
		"javascript:alert(1)":                "",
		"javascript://a.example/%0aalert(1)": "",
		"data:text/html,x":                   "",
		"//a.example":                        "",
		"/issues/1":                          "",
		"":                                   "",
	} {
		if got := webHost(target); got != host {
			t.Errorf("webHost(%q) is %q, not %q", target, got, host)
		}
		html := source().itemHTML(newsletter.Mark{Issue: 1, Place: 1}, newsletter.PrintedItem{
			Title: "title", Links: []newsletter.Link{{URL: target}},
		})
		if linked := strings.Count(html, "<a ") > 1; linked != (host != "") {
			t.Errorf("%q as a link:\n%s", target, html)
		}
	}
}

func TestTitles(t *testing.T) {
	words := strings.Repeat("word ", 40)
	link := newsletter.Link{URL: "https://a.example/x", Text: "Words"}
	for want, item := range map[string]newsletter.PrintedItem{
		"1.2: Title":               {Title: "Title", Note: printed("Note"), Links: []newsletter.Link{link}},
		"1.2: Words":               {Note: printed("Note"), Links: []newsletter.Link{link}},
		"1.2: Two lines":           {Note: printed("Two\nlines")},
		"1.2: https://a.example/x": {Links: []newsletter.Link{{URL: link.URL}}},
		"1.2: " + strings.TrimSpace(words[:75]) + " word…": {Note: printed(words)},
		"1.2: " + strings.Repeat("界", 80) + "…":            {Note: printed(strings.Repeat("界", 81))},
		"1.2: " + strings.Repeat("界", 80):                  {Note: printed(strings.Repeat("界", 80))},
	} {
		if got := itemTitle(item12(item)); got != want {
			t.Errorf("the title is %q, not %q", got, want)
		}
	}
	if got := source().issueTitle(newsletter.Revision{Number: 7}); got != "The Quiet Pager 7" {
		t.Errorf("without a summary the title is %q", got)
	}
}

func item12(p newsletter.PrintedItem) Item { return item(1, 2, moment(1), p) }
