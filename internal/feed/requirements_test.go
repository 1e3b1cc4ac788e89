package feed

import (
	"encoding/xml"
	"testing"
	"time"
)

// element is any element of a document, for rules that a reader passes over.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func tree(t *testing.T, document []byte, err error) element {
	t.Helper()
	var root element
	if err == nil {
		err = xml.Unmarshal(document, &root)
	}
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// texts returns the texts of an element's children of a name.
func (e element) texts(name string) []string {
	var texts []string
	for _, c := range e.Children {
		if c.XMLName.Local == name {
			texts = append(texts, c.Text)
		}
	}
	return texts
}

// TestAtomRequirements holds the document against RFC 4287, sections 4.1.1 and
// 4.1.2: what has to be there exactly once, and what has to be unique.
func TestAtomRequirements(t *testing.T) {
	second := issue()
	second.Number, second.Summary = 138, ""
	document, err := whole(source(), issue(), second).Atom()
	root := tree(t, document, err)
	if root.XMLName != (xml.Name{Space: "http://www.w3.org/2005/Atom", Local: "feed"}) {
		t.Fatalf("the root is %v", root.XMLName)
	}
	once := func(e element, names ...string) {
		for _, name := range names {
			if n := len(e.texts(name)); n != 1 {
				t.Errorf("%s has %d times %s", e.XMLName.Local, n, name)
			}
		}
	}
	once(root, "id", "title", "updated", "author", "subtitle")
	ids := map[string]bool{}
	moments := root.texts("updated")
	for _, e := range root.Children {
		if e.XMLName.Local != "entry" {
			continue
		}
		once(e, "id", "title", "updated", "published", "link", "summary", "content")
		ids[e.texts("id")[0]] = true
		moments = append(moments, append(e.texts("updated"), e.texts("published")...)...)
	}
	if len(ids) != 2 {
		t.Errorf("two entries have the ids %v", ids)
	}
	for _, m := range moments {
		if _, err := time.Parse(time.RFC3339, m); err != nil {
			t.Error(err)
		}
	}
}

// TestRSSRequirements holds the document against the RSS 2.0 specification:
// title, link and description of the channel, an item's guid that is no
// address, and dates of RFC 822 with four digits of the year.
func TestRSSRequirements(t *testing.T) {
	document, err := whole(source(), issue()).RSS()
	root := tree(t, document, err)
	if version := root.Attrs[0].Value; root.XMLName.Local != "rss" || version != "2.0" {
		t.Errorf("the root is %s of version %s", root.XMLName.Local, version)
	}
	channel := root.Children[0]
	for _, name := range []string{"title", "description", "language", "lastBuildDate"} {
		if n := len(channel.texts(name)); n != 1 {
			t.Errorf("the channel has %d times %s", n, name)
		}
	}
	entry := channel.Children[len(channel.Children)-1]
	for _, e := range entry.Children {
		if e.XMLName.Local == "guid" && (len(e.Attrs) != 1 || e.Attrs[0].Name.Local != "isPermaLink" || e.Attrs[0].Value != "false") {
			t.Errorf("the guid has the attributes %v", e.Attrs)
		}
	}
	if _, err := time.Parse(time.RFC1123Z, entry.texts("pubDate")[0]); err != nil {
		t.Error(err)
	}
}
