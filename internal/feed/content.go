package feed

import (
	"fmt"
	"html"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// content collects the HTML of one entry. It escapes by hand, because
// html/template rewrites characters of addresses, and a sponsor's address is
// printed letter for letter.
type content struct {
	strings.Builder
	source Source
}

// issueHTML is the full text of an issue.
func (s Source) issueHTML(r newsletter.Revision) string {
	c := content{source: s}
	c.WriteString(r.Intro.HTML)
	for _, section := range r.Sections {
		c.write("\n<h2>%s</h2>", section.Title)
		for _, item := range section.Items {
			c.item(r.Mark(item), item)
		}
	}
	c.corrections(r)
	return c.html()
}

// itemHTML is the full text of an item by itself.
func (s Source) itemHTML(mark newsletter.Mark, item newsletter.PrintedItem) string {
	c := content{source: s}
	c.item(mark, item)
	return c.html()
}

// html returns what was collected, with the ends of lines as both HTML and XML
// read them.
func (c *content) html() string { return lineEnds.Replace(c.String()) }

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// write writes HTML with a text, escaped, in the place of each %s.
func (c *content) write(format string, texts ...string) {
	for _, t := range texts {
		before, after, _ := strings.Cut(format, "%s")
		c.WriteString(before)
		c.WriteString(html.EscapeString(t))
		format = after
	}
	c.WriteString(format)
}

// item writes an item as it was printed: the paid label before everything
// else, title, note, event, links, and its mark as a link to itself.
func (c *content) item(mark newsletter.Mark, item newsletter.PrintedItem) {
	if item.Withdrawn {
		c.write("\n<p>%s was withdrawn.</p>", mark.String())
		return
	}
	if item.Sponsored {
		c.write("\n<p><strong>Paid placement</strong></p>")
	}
	c.title(item)
	c.write("\n")
	c.WriteString(item.Note.HTML)
	if event := eventLine(item); event != "" {
		c.write("\n<p>%s</p>", event)
	}
	c.links(item)
	c.write("\n<p>")
	c.mark(mark)
	c.write("</p>")
}

// title writes an item's title, linked to its first link.
func (c *content) title(item newsletter.PrintedItem) {
	if item.Title == "" {
		return
	}
	c.write("\n<h3>")
	if len(item.Links) > 0 {
		c.link(item.Links[0].URL, item.Title, item.Sponsored)
	} else {
		c.write("%s", item.Title)
	}
	c.write("</h3>")
}

// links writes an item's links as a list: text and host, or the address where
// there is no text.
func (c *content) links(item newsletter.PrintedItem) {
	if len(item.Links) == 0 {
		return
	}
	c.write("\n<ul>")
	for _, l := range item.Links {
		c.write("\n<li>")
		if l.Text == "" {
			c.link(l.URL, l.URL, item.Sponsored)
		} else {
			c.link(l.URL, l.Text, item.Sponsored)
			c.write(" %s", webHost(l.URL))
		}
		c.write("</li>")
	}
	c.write("\n</ul>")
}

// link writes words as a link. An address that is not of the web is not linked.
func (c *content) link(target, words string, sponsored bool) {
	switch {
	case webHost(target) == "":
		c.write("%s", words)
	case sponsored:
		c.write(`<a href="%s" rel="sponsored">%s</a>`, target, words)
	default:
		c.write(`<a href="%s">%s</a>`, target, words)
	}
}

// mark writes a mark, linked to the item on its issue's page.
func (c *content) mark(mark newsletter.Mark) {
	c.write(`<a href="%s">%s</a>`, c.source.Base.Absolute(address.Item(mark)), mark.String())
}

// corrections writes what was openly changed, each with its day in the
// publication's time zone.
func (c *content) corrections(r newsletter.Revision) {
	if len(r.Corrections) == 0 {
		return
	}
	c.write("\n<h2>Corrections</h2>\n<ul>")
	for _, correction := range r.Corrections {
		at := correction.At.In(c.source.Publication.Location())
		c.write("\n<li>%s", longDate(newsletter.DateOf(at)))
		if correction.Place > 0 {
			c.write(", ")
			c.mark(newsletter.Mark{Issue: r.Number, Place: correction.Place})
		}
		c.write(": %s</li>", correction.Sentence)
	}
	c.write("\n</ul>")
}

// eventLine is "4 September 2013 – 6 September 2013, London", or what there is
// of it.
func eventLine(item newsletter.PrintedItem) string {
	var parts []string
	if !item.EventOn.IsZero() {
		dates := longDate(item.EventOn)
		if !item.EventUntil.IsZero() && item.EventUntil != item.EventOn {
			dates += " – " + longDate(item.EventUntil)
		}
		parts = append(parts, dates)
	}
	if item.PlaceName != "" {
		parts = append(parts, item.PlaceName)
	}
	return strings.Join(parts, ", ")
}

// longDate is "4 September 2013".
func longDate(d newsletter.Date) string { return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year) }

// webHost returns the host of an http or https address, and "" for every other.
// It does not parse: browsers open addresses that net/url refuses.
func webHost(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	if scheme = strings.ToLower(scheme); scheme != "http" && scheme != "https" {
		return ""
	}
	if end := strings.IndexAny(rest, `/?#\`); end >= 0 {
		rest = rest[:end]
	}
	return rest[strings.LastIndexByte(rest, '@')+1:]
}
