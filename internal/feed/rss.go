package feed

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"html"
	"time"

	"broadsheet/internal/address"
)

// The structs follow the RSS 2.0 specification, with two extensions every
// reader knows: content:encoded holds the full text, atom:link the addresses of
// the feed itself and of its other pages.
type rssDocument struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Content string     `xml:"xmlns:content,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title         text       `xml:"title"`
	Link          text       `xml:"link"`
	Description   text       `xml:"description"`
	Language      text       `xml:"language,omitempty"`
	LastBuildDate string     `xml:"lastBuildDate,omitempty"`
	Links         []atomLink `xml:"atom:link"`
	Items         []byte     `xml:",innerxml"` // as they are written
}

type rssItem struct {
	XMLName     xml.Name `xml:"item"`
	Title       text     `xml:"title"`
	Link        text     `xml:"link"`
	GUID        rssGUID  `xml:"guid"`
	PubDate     string   `xml:"pubDate"`
	Updated     string   `xml:"atom:updated,omitempty"` // by a correction
	Description text     `xml:"description"`
	Content     rssHTML  `xml:"content:encoded"`
}

// rssHTML is HTML as it stands, between the marks of a CDATA section: with all of
// its tags escaped it is a fifth longer.
type rssHTML struct {
	Text text `xml:",cdata"`
}

type rssGUID struct {
	IsPermaLink bool `xml:"isPermaLink,attr"`
	ID          text `xml:",chardata"`
}

// RSS returns the feed as an RSS 2.0 document. pubDate is the moment of
// publication, and atom:updated that of a correction, which RSS itself has no
// word for; lastBuildDate is that of the latest correction or publication
// and is left out of a feed without entries.
//
// An item's description is HTML by common reading of the specification, so the
// plain summary is escaped once more than the other texts.
func (f Feed) RSS() ([]byte, error) {
	channel := rssChannel{
		Title:       f.title,
		Link:        f.home(),
		Description: cmp.Or(f.description, f.tagline, f.title), // required, never empty
		Language:    f.language,
		Links:       []atomLink{{Rel: "self", Type: "application/rss+xml", Href: f.self(address.RSS)}},
	}
	channel.Links = append(channel.Links, f.atomPages(address.RSS, "application/rss+xml")...)
	if built := f.updated(); !built.IsZero() {
		channel.LastBuildDate = built.Format(time.RFC1123Z)
	}
	var entries [][]byte
	for _, e := range f.entries {
		written, err := e.rss()
		if err != nil {
			return nil, err
		}
		entries = append(entries, written)
	}
	channel.Items = bytes.Join(entries, nil)
	return encode(xml.Header, rssDocument{
		Version: "2.0",
		Content: "http://purl.org/rss/1.0/modules/content/",
		Atom:    "http://www.w3.org/2005/Atom",
		Channel: channel,
	}, "")
}

// asRSS returns the entry as it stands in a channel.
func (e entry) asRSS() ([]byte, error) {
	item := rssItem{
		Title:       e.title,
		Link:        e.link,
		GUID:        rssGUID{ID: e.id},
		PubDate:     e.published.Format(time.RFC1123Z),
		Description: text(html.EscapeString(string(e.summary))),
		Content:     rssHTML{e.html},
	}
	if e.updated.After(e.published) {
		item.Updated = e.updated.Format(time.RFC3339)
	}
	return encode("\n", item, "  ")
}
