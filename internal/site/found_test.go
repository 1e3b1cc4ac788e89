package site

import (
	"strings"
	"testing"

	markup "golang.org/x/net/html"
	"pgregory.net/rapid"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

func TestHitsAreWrittenAsListsHaveThem(t *testing.T) {
	var bare, full postgres.Hit
	bare.Number, bare.Date, bare.Item.Place, bare.Note = 139, newsletter.Date{Year: 2013, Month: 9, Day: 1}, 4, "A hit."
	full.Number, full.Date, full.Heading = 140, newsletter.Date{Year: 2013, Month: 9, Day: 8}, "Events & hits"
	full.Item = newsletter.PrintedItem{
		Place: 1, Title: `The "hit"`, Sponsored: true, PlaceName: "Bergen",
		EventOn: newsletter.Date{Year: 2013, Month: 10, Day: 11}, EventUntil: newsletter.Date{Year: 2013, Month: 10, Day: 12},
		Links: []newsletter.Link{{URL: "https://hit.example/a?b=1&c=2"}, {URL: "https://two.example/", Text: "Another hit"}},
	}
	want := `
<li class="item"><a class="mark" href="/issues/139#4">139.4</a>
<div class="words"><p class="when"><time datetime="2013-09-01">1 September 2013</time></p><p dir="auto">A <mark>hit</mark>.</p></div></li>
<li class="item paid"><a class="mark" href="/issues/140#1">140.1</a>
<div class="words"><p class="when"><time datetime="2013-09-08">8 September 2013</time>, <bdi>Events &amp; hits</bdi></p>` +
		`<p class="paid-label">Paid placement</p><h3 class="title" dir="auto"><a href="https://hit.example/a?b=1&amp;c=2" rel="sponsored">The &#34;<mark>hit</mark>&#34;</a></h3>` +
		`<p class="when"><time datetime="2013-10-11">11</time> to <time datetime="2013-10-12">12 October 2013</time>, <bdi>Bergen</bdi></p></div>
<ul class="links"><li><a href="https://hit.example/a?b=1&amp;c=2" rel="sponsored"><b><mark>hit</mark>.example</b>/a?b=1&amp;c=2</a></li>` +
		`<li><a class="named" href="https://two.example/" rel="sponsored"><bdi><b>Another <mark>hit</mark></b></bdi> <span class="host">two.example</span></a></li></ul></li>`
	if got := string(marks{words: map[string]bool{"hit": true}}.hits([]postgres.Hit{bare, full})); got != want {
		t.Errorf("written:\n%s\nwant:\n%s", got, want)
	}
}

func TestIntroductionsAreWrittenAsHitsAre(t *testing.T) {
	want := `
<li class="item"><a class="mark" href="/issues/139">139</a>
<div class="words"><p class="when"><time datetime="2013-09-01">1 September 2013</time></p><p dir="auto">&lt;b&gt; &amp; a <mark>hit</mark></p></div></li>`
	found := []postgres.IntroHit{{Number: 139, Date: newsletter.Date{Year: 2013, Month: 9, Day: 1}, Intro: "<b> & a hit"}}
	if got := string(marks{words: map[string]bool{"hit": true}}.intros(found)); got != want {
		t.Errorf("written:\n%s\nwant:\n%s", got, want)
	}
}

// TestHitsHoldNoOthersMarkup has whatever people write be words: as many tags come
// out as of plain letters, and the words are all there.
func TestHitsHoldNoOthersMarkup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.StringMatching(`x[<>"'&/= a-z]{0,20}`)
		hit := func(write func(name string) string) postgres.Hit {
			var h postgres.Hit
			h.Heading, h.Note = write("heading"), write("note")
			h.Item = newsletter.PrintedItem{Place: 1, Title: write("title"), PlaceName: write("place"),
				Links: []newsletter.Link{{URL: "https://x.example/" + write("path"), Text: write("text")}, {URL: "https://x.example/" + write("path")}}}
			return h
		}
		written := map[string]string{}
		tags, words := parts(t, hit(func(name string) string {
			written[name] = hostile.Draw(t, name)
			return written[name]
		}))
		if plain, _ := parts(t, hit(func(string) string { return "x" })); tags != plain {
			t.Fatalf("%q has the tags %s, want %s", written, tags, plain)
		}
		for name, text := range written {
			if !strings.Contains(words, text) {
				t.Errorf("%s %q is not among the words %q", name, text, words)
			}
		}
	})
}

// parts returns the tags of a hit as it is written, with the names of their
// attributes, and its words.
func parts(t *rapid.T, hit postgres.Hit) (tags, words string) {
	z := markup.NewTokenizer(strings.NewReader(string(marks{}.hits([]postgres.Hit{hit}))))
	for {
		switch z.Next() {
		case markup.ErrorToken:
			return tags, words
		case markup.TextToken:
			words += z.Token().Data
		default:
			token := z.Token()
			tags += " " + token.Data
			for _, a := range token.Attr {
				tags += "." + a.Key
			}
		}
	}
}
