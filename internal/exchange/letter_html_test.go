package exchange

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"broadsheet/internal/newsletter"
)

const base = "https://bees.example"

func TestLetterHTML(t *testing.T) {
	p := newsletter.Publication{Name: "Bees & <Keepers>", Language: "fr", ClosingHTML: "<p>Until <em>Sunday</em>.</p>\n"}
	letter := string(LetterHTML(printed(), p, base))
	at := 0
	for _, want := range []string{ // in this order
		`<html lang="fr">`, "<title>Bees &amp; &lt;Keepers&gt; 12: Counting &amp; weighing</title>", "Bees &amp; &lt;Keepers&gt;", ">12</h1>",
		`3rd March 2019. <a href="https://bees.example/issues/12">Read it on the web</a>`, "<p><em>Spring is near",
		">Sponsor</h2>", "Paid placement", "Hives that last.", `<a href="https://hive.example/?a=1&amp;b=2">Try one</a> hive.example`, `<a href="https://bees.example/issues/12#1">12.1</a>`,
		">Events</h2>", ">A day out</h3>", "1st May 2019 to 2nd May 2019, Lyon", "12.3</a>",
		">Corrections</h2>", "12.3, 4th March 2019: Lyon, not Lille.", "<p>Until <em>Sunday</em>.</p>",
	} {
		found := strings.Index(letter[at:], want)
		if found < 0 {
			t.Fatalf("%q is missing, or not in its place:\n%s", want, letter)
		}
		at += found + len(want)
	}
	for _, never := range []string{"Gone", "12.2", "12.4", "<style", "<script", "<table", "class=", `href="/`} {
		if strings.Contains(letter, never) {
			t.Errorf("the letter has %q", never)
		}
	}
	for _, tag := range regexp.MustCompile(`<(?:p|h[123]|div)>`).FindAllString(strings.ReplaceAll(letter, "<p><em>", ""), -1) {
		if tag != "<p>" { // rendered words have none
			t.Errorf("%s has no style of its own", tag)
		}
	}
}

// TestNoTextBreaksTheLetter puts markup where texts belong.
func TestNoTextBreaksTheLetter(t *testing.T) {
	const evil = `"><script>alert(1)</script><a href="javascript:alert(1)`
	revision := newsletter.Revision{
		Number: 1, Summary: evil,
		Sections: []newsletter.PrintedSection{{Title: evil, Items: []newsletter.PrintedItem{
			{Place: 1, Title: evil, PlaceName: evil, Links: []newsletter.Link{{URL: "javascript:alert(1)", Text: evil}, {URL: `https://a.example/"onclick="x`, Text: evil}}},
		}}},
		Corrections: []newsletter.Correction{{Sentence: evil}},
	}
	letter := LetterHTML(revision, newsletter.Publication{Name: evil, Language: evil}, base)
	tree, err := html.Parse(strings.NewReader(string(letter)))
	if err != nil {
		t.Fatal(err)
	}
	for node := range tree.Descendants() {
		if node.Data == "script" {
			t.Error("a text became a script")
		}
		for _, a := range node.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "href" && !strings.HasPrefix(a.Val, "https://") {
				t.Errorf("%s has %s=%q", node.Data, a.Key, a.Val)
			}
		}
	}
}
