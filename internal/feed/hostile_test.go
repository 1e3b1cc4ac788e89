package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	nethtml "golang.org/x/net/html"
	"pgregory.net/rapid"

	"broadsheet/internal/newsletter"
)

// hostile draws texts out of what breaks markup: tags, quotes, entities, ends
// of CDATA, characters XML 1.0 has no place for, bytes that are not UTF-8.
func hostile() *rapid.Generator[string] {
	pieces := rapid.SampledFrom([]string{
		"<script>alert(1)</script>", "</h2>", "]]>", "<![CDATA[", "&amp;", "&#0;", "&", "<!--", "-->", `"`, "'", ">", "<",
		"\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\xff", "\xc3", "\xed\xa0\x80", "\ufffd", "\r", "\n", "\t",
		"%s", "%", "é", "界", "😀", "\u202e", " ", "word", "<img src=x onerror=alert(1)>", "\" onclick=\"x",
	})
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(pieces, 1, 8).Draw(t, "pieces"), "") })
}

// kept is what has to arrive of a text: all that XML 1.0, section 2.2, allows.
func kept(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		bad := r == utf8.RuneError && size == 1
		allowed := r == 0x9 || r == 0xA || r == 0xD || (r >= 0x20 && r <= 0xD7FF) || (r >= 0xE000 && r <= 0xFFFD) || r >= 0x10000
		if allowed && !bad {
			b.WriteRune(r)
		}
		s = s[size:]
	}
	return b.String()
}

// parsed is the part of either format that holds texts.
type parsed struct {
	Titles  []string `xml:"title"`
	Channel struct {
		Title string `xml:"title"`
		Item  struct {
			Title       string `xml:"title"`
			Description string `xml:"description"`
			Content     string `xml:"encoded"`
		} `xml:"item"`
	} `xml:"channel"`
	Entry struct {
		Title   string `xml:"title"`
		Summary string `xml:"summary"`
		Content string `xml:"content"`
	} `xml:"entry"`
}

func TestHostileTextsStayTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) string { return hostile().Draw(t, name) }
		s := Source{Base: weekly, Publication: newsletter.Publication{
			Name: draw("name"), Tagline: draw("tagline"), Description: draw("description"), Language: draw("language"),
		}}
		p := newsletter.PrintedItem{
			Title: draw("title"), PlaceName: draw("place"), Sponsored: rapid.Bool().Draw(t, "sponsored"),
			Note: newsletter.Text{Plain: draw("note"), HTML: "<p>note</p>"},
			Links: []newsletter.Link{
				{URL: "https://a.example/" + draw("path"), Text: draw("link")}, {URL: draw("address")}, {URL: "javascript:" + draw("script"), Text: "x"},
			},
		}
		r := newsletter.Revision{
			Number: 1, Summary: draw("summary"), PublishedAt: moment(1), Intro: newsletter.Text{HTML: "<p>intro</p>"},
			Sections:    []newsletter.PrintedSection{{Title: draw("heading"), Items: []newsletter.PrintedItem{p}}},
			Corrections: []newsletter.Correction{{At: moment(1), Sentence: draw("sentence")}},
		}
		section := newsletter.StandingSection{Title: draw("section")}
		issues, items := whole(s, r), s.Section(section, []Item{item12(p)})
		paid := ""
		if p.Sponsored {
			paid = " (paid placement)"
		}
		check(t, issues, s.Publication.Name, "1: "+r.Summary, r.Summary)
		check(t, items, s.Publication.Name+": "+section.Title, "1.2: "+p.Title+paid, p.Note.Plain)
		markup(t, string(issues.entries[0].html), r.Sections[0].Title, p.Title, p.PlaceName, p.Links[0].Text, r.Corrections[0].Sentence)
		markup(t, string(items.entries[0].html), p.Title, p.PlaceName, p.Links[0].Text)
	})
}

// check reads all forms of a feed of one entry and compares their texts with
// what went in.
func check(t *rapid.T, f Feed, title, entryTitle, summary string) {
	rss, err := f.RSS()
	if err != nil {
		t.Fatal(err)
	}
	atom, err := f.Atom()
	if err != nil {
		t.Fatal(err)
	}
	document, err := f.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var j jsonFeed
	if err := json.Unmarshal(document, &j); err != nil {
		t.Fatalf("not well formed: %v\n%s", err, document)
	}
	var r, a parsed
	for document, into := range map[*[]byte]*parsed{&rss: &r, &atom: &a} {
		if err := xml.Unmarshal(*document, into); err != nil {
			t.Fatalf("not well formed: %v\n%s", err, *document)
		}
		if _, err := gofeed.NewParser().Parse(bytes.NewReader(*document)); err != nil {
			t.Fatalf("an independent reader refuses it: %v\n%s", err, *document)
		}
	}
	same := func(what, got, want string) {
		if got != kept(want) {
			t.Errorf("%s is %q, not %q", what, got, kept(want))
		}
	}
	same("JSON title", string(j.Title), title)
	same("JSON item title", string(j.Items[0].Title), entryTitle)
	same("JSON summary", string(j.Items[0].Summary), summary)
	same("JSON content", string(j.Items[0].Content), string(f.entries[0].html))
	same("RSS title", r.Channel.Title, title)
	same("RSS item title", r.Channel.Item.Title, entryTitle)
	same("RSS description", html.UnescapeString(r.Channel.Item.Description), summary)
	same("Atom title", a.Titles[0], title)
	same("Atom entry title", a.Entry.Title, entryTitle)
	same("Atom summary", a.Entry.Summary, summary)
	same("Atom content", a.Entry.Content, string(f.entries[0].html))
	same("RSS content", r.Channel.Item.Content, string(f.entries[0].html))
	if strings.Contains(r.Channel.Item.Description, "<") {
		t.Errorf("the RSS description holds markup: %q", r.Channel.Item.Description)
	}
}

// markup parses an entry's HTML as a browser does: nothing but the elements
// and addresses the feed writes itself, and every text in it as a text.
func markup(t *rapid.T, source string, texts ...string) {
	root, err := nethtml.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	var words strings.Builder
	for n := range root.Descendants() {
		switch n.Type {
		case nethtml.TextNode:
			words.WriteString(n.Data)
		case nethtml.ElementNode:
			if !strings.Contains(" html head body h2 h3 p ul li a strong ", " "+n.Data+" ") {
				t.Errorf("the element %s got in:\n%s", n.Data, source)
			}
			for _, attr := range n.Attr {
				if (attr.Key != "href" || webHost(attr.Val) == "") && (attr.Key != "rel" || attr.Val != "sponsored") {
					t.Errorf("the attribute %s=%q got in", attr.Key, attr.Val)
				}
			}
		default:
			if n.Type != nethtml.DocumentNode {
				t.Errorf("a node of type %d got in: %q", n.Type, n.Data)
			}
		}
	}
	// HTML reads \r as \n and drops NUL, as does its parser.
	newlines := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "")
	for _, want := range texts {
		if !strings.Contains(words.String(), newlines.Replace(want)) {
			t.Errorf("the text %q did not arrive in %q", want, words.String())
		}
	}
}
