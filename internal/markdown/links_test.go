package markdown

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// odd are addresses that parsers like to rewrite.
var odd = []string{
	"https://example.org/?a=1&b=2&copy=3&amp;d=4&#x41;5",
	"https://EXAMPLE.org:443/%7euser/%zz/%c3%A9?q=%20+#é",
	"https://example.org/straße/日本?utm_source=Ünïcode",
	"https://bücher.example/./a/../b//c/",
	"http://user@example.org/a'b;c=d!$e,f~g|h^i{j}",
	"https://example.org/a_(b)_[c]?d[]=1&d[]=2",
	"https://example.org/__init__.py?*a*=*b*c",
	"https://example.org/100%",
	"HTTPS://example.org/?x=%E2%80%A6",
}

func TestSponsorsAddressesLetterForLetter(t *testing.T) {
	for _, address := range odd {
		for _, src := range []string{
			"[Ada](" + address + ")", "[Ada](<" + address + "> 'x')", "<" + address + ">", "See " + address + " now.",
			"[a]\n\n[a]: " + address, "![Ada](" + address + ")", "[](" + address + ")",
		} {
			got, err := NoteSponsored(src)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.HTML, `<a href="`+html.EscapeString(address)+`" rel="sponsored">`) {
				t.Errorf("NoteSponsored(%q) = %s", src, got.HTML)
			}
			if !strings.Contains(got.Plain, address) {
				t.Errorf("plain of %q: %s", src, got.Plain)
			}
			if found := Links(src); len(found) != 1 || found[0].URL != address {
				t.Errorf("Links(%q) = %q", src, found)
			}
		}
	}
	if got, _ := Note("[Ada](https://example.org)"); strings.Contains(got.HTML, "rel=") {
		t.Errorf("an unpaid link has a rel: %s", got.HTML)
	}
}

func TestBareAddresses(t *testing.T) {
	tests := []struct {
		src  string
		want []string
	}{
		{"See https://example.org/a.", []string{"https://example.org/a"}},
		{"https://example.org/a, http://example.com!", []string{"https://example.org/a", "http://example.com"}},
		{"(https://example.org/a_(b))", []string{"https://example.org/a_(b)"}},
		{"[see https://example.org/a]", []string{"https://example.org/a"}},
		{`"https://example.org" “https://example.com”`, []string{"https://example.org", "https://example.com"}},
		{"**https://example.org/__a__b** *https://example.com/*", []string{"https://example.org/__a__b", "https://example.com/"}},
		{"詳細はhttps://example.org/日本。", []string{"https://example.org/日本"}},
		{"one\nhttps://example.org\ntwo", []string{"https://example.org"}},
		{"[https://example.com](https://example.org)", []string{"https://example.org"}},
		{"`https://example.org` www.example.org ada@example.org ftp://example.org xhttps://example.org https:// https:///a", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, l := range Links(tt.src) {
			got = append(got, l.URL)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Links(%q): %s", tt.src, diff)
		}
	}
}

func TestLinks(t *testing.T) {
	src := "[One *two*\nthree](https://example.org/1) https://example.org/2 [m](mailto:a@example.org)\n\n" +
		"- <https://example.org/3>\n- ![four](https://example.org/4)\n\n[x](javascript:1) [One](https://example.org/1)"
	want := []Link{
		{"https://example.org/1", "One two three"},
		{"https://example.org/2", ""},
		{"https://example.org/3", ""},
		{"https://example.org/4", "four"},
		{"https://example.org/1", "One"},
	}
	if diff := cmp.Diff(want, Links(src)); diff != "" {
		t.Error(diff)
	}
	if got := Links(strings.Repeat("https://example.org ", IntroLimit)); got != nil {
		t.Errorf("links of a text over the limit: %d", len(got))
	}
}

// An address whose colon is an entity is none, neither printed nor listed: only
// texts with a colon are looked through.
func TestNoLinkWithoutAColon(t *testing.T) {
	for _, src := range []string{"[x](http&#58;//a.example/)", "[x](http&colon;//a.example/)", "www.a.example", "[x](//a.example/)", "<a@b.example>"} {
		text, err := Note(src)
		if links := Links(src); len(links) != 0 || err != nil || strings.Contains(text.HTML, "http") {
			t.Errorf("%q has the links %+v, printed %q (%v)", src, links, text.HTML, err)
		}
	}
}
