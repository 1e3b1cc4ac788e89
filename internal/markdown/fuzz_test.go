package markdown

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// allowed are the elements a text may print and their attributes.
var allowed = map[string][]string{
	"p": nil, "br": nil, "em": nil, "strong": nil, "code": nil, "pre": nil, "blockquote": nil,
	"ul": nil, "ol": {"start"}, "li": nil, "a": {"href", "rel"},
}

// checkHTML fails the test if the HTML of a text holds anything but what may be
// printed, or does not end where the element around it ends.
func checkHTML(t *testing.T, src, got string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader("<div id=x>" + got + "</div><p id=after>"))
	if err != nil {
		t.Fatalf("%q: %v", src, err)
	}
	around := doc.LastChild.LastChild.FirstChild
	after := around.NextSibling
	if around.Data != "div" || after == nil || attr(after, "id") != "after" || after.NextSibling != nil {
		t.Errorf("%q breaks out of its element: %s", src, got)
	}
	for n := range around.Descendants() {
		if n.Type == html.TextNode {
			continue
		}
		attrs, ok := allowed[n.Data]
		if n.Type != html.ElementNode || !ok {
			t.Errorf("%q prints %q: %s", src, n.Data, got)
		}
		for _, a := range n.Attr {
			if !slices.Contains(attrs, a.Key) {
				t.Errorf("%q prints %s=%q: %s", src, a.Key, a.Val, got)
			}
		}
		if n.Data == "a" && !linkable(attr(n, "href")) {
			t.Errorf("%q links to %q", src, attr(n, "href"))
		}
	}
}

// hostile are texts that try to print what may not be printed; the seeds of the
// fuzz test too.
var hostile = []string{
	"</div></p></blockquote>", "<div>", "</div", "<svg><script>alert(1)</script>", "<p id=after>", "<!--", "-->", "<![CDATA[", "<?php",
	"<img src=x onerror=alert(1)>", `[a](https://example.org"onclick="alert(1))`, `[a](<https://example.org" onclick="x>)`,
	"<https://example.org/\"><b>", "```\"><script>\n</code></pre></div>\n```", "`</code></div>`", "&lt;script&gt;", "&#0;&#x110000;",
	"[a](javascript:alert(1))", "![a](data:x)", "<javascript:alert(1)>", "[a]: javascript:alert(1)\n[a]", "[<b](https://example.org)",
	"- a\n  > b\n    1. c\n", "# a\n---\n===\n", "[[a](https://example.org)](https://example.org)", "![[a](https://example.org)](https://example.org)",
	"*a **b* c**", "https://example.org/<b>\"'", "999999999. a", "<a href=\"https://example.org\">", "<textarea>", "<plaintext>", "<style>", "a\r\n\tb  \nc\\\n",
	"&#60;script&#62;", "a\u2028b", "[a][A]\n\n[ a ]: <https://example.org>", "\\<b>", "\\https://example.org", "<br/>", "<br x=y>", "[<br>](https://example.org)",
}

func TestHostile(t *testing.T) {
	for _, src := range hostile {
		for _, src := range []string{src, "- " + src, "[" + src + "](https://example.org)", "**" + src + "**", src + src} {
			got, err := Note(src)
			if err != nil {
				t.Errorf("Note(%q): %v", src, err)
			}
			checkHTML(t, src, got.HTML)
		}
	}
}

func FuzzNote(f *testing.F) {
	for _, src := range hostile {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, render := range []func(string) (Text, error){Note, NoteSponsored, Intro} {
			got, err := render(src)
			if err != nil {
				continue
			}
			checkHTML(t, src, got.HTML)
			if again, _ := render(src); again != got {
				t.Errorf("%q rendered again: %q, %q", src, got, again)
			}
			if s := FirstSentence(got.Plain, 40); utf8.RuneCountInString(s) > 40 || !utf8.ValidString(s) {
				t.Errorf("first sentence of %q: %q", src, s)
			}
		}
		for _, l := range Links(src) {
			if !linkable(l.URL) {
				t.Errorf("Links(%q) has %q", src, l.URL)
			}
		}
	})
}
