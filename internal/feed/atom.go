package feed

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"time"

	"broadsheet/internal/address"
)

// The structs follow RFC 4287.
type atomFeed struct {
	XMLName  xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	Language text       `xml:"xml:lang,attr,omitempty"`
	ID       text       `xml:"id"`
	Title    text       `xml:"title"`
	Subtitle text       `xml:"subtitle,omitempty"`
	Updated  string     `xml:"updated"`
	Author   atomAuthor `xml:"author"`
	Links    []atomLink `xml:"link"`
	Entries  []byte     `xml:",innerxml"` // as they are written
}

type atomAuthor struct {
	Name text `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href text   `xml:"href,attr"`
}

type atomEntry struct {
	XMLName   xml.Name `xml:"entry"`
	ID        text     `xml:"id"`
	Title     text     `xml:"title"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Link      atomLink `xml:"link"`
	Summary   atomText `xml:"summary"`
	Content   atomHTML `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text text   `xml:",chardata"`
}

// atomHTML is HTML as it stands, between the marks of a CDATA section.
type atomHTML struct {
	Type string `xml:"type,attr"`
	Text text   `xml:",cdata"`
}

// Atom returns the feed as an Atom 1.0 document. A correction moves updated
// and leaves published. A feed without entries needs an updated date too
// (RFC 4287, section 4.1.1); it is the beginning of 1970. The feed's own id is
// the one that readers know from another feed, else its address, on every page.
func (f Feed) Atom() ([]byte, error) {
	updated := f.updated()
	if updated.IsZero() {
		updated = time.Unix(0, 0).UTC()
	}
	document := atomFeed{
		Language: f.language,
		ID:       cmp.Or(f.id, f.at(address.Atom, 1)),
		Title:    f.title,
		Subtitle: cmp.Or(f.tagline, f.description),
		Updated:  updated.Format(time.RFC3339),
		Author:   atomAuthor{Name: f.author},
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: f.self(address.Atom)},
			{Rel: "alternate", Type: "text/html", Href: f.home()},
		},
	}
	document.Links = append(document.Links, f.atomPages(address.Atom, "application/atom+xml")...)
	var entries [][]byte
	for _, e := range f.entries {
		written, err := e.atom()
		if err != nil {
			return nil, err
		}
		entries = append(entries, written)
	}
	document.Entries = bytes.Join(entries, nil)
	return encode(xml.Header, document, "")
}

// asAtom returns the entry as it stands in a feed.
func (e entry) asAtom() ([]byte, error) {
	return encode("\n", atomEntry{
		ID:        e.uri,
		Title:     e.title,
		Published: e.published.Format(time.RFC3339),
		Updated:   e.updated.Format(time.RFC3339),
		Link:      atomLink{Rel: "alternate", Type: "text/html", Href: e.link},
		Summary:   atomText{Type: "text", Text: e.summary},
		Content:   atomHTML{Type: "html", Text: e.html},
	}, " ")
}

// atomPages returns the links to other pages of the feed.
func (f Feed) atomPages(format, mediaType string) (links []atomLink) {
	for _, r := range f.pages(format) {
		links = append(links, atomLink{Rel: r.name, Type: mediaType, Href: r.href})
	}
	return links
}
