// Package feed writes a publication's RSS 2.0, Atom 1.0 and JSON Feed 1.1
// documents, its calendar of events and its sitemap. The same input always makes the same bytes: no date comes from the
// clock, and whatever a text holds, the document stays well formed.
package feed

import (
	"cmp"
	"fmt"
	"net/url"
	"sync"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// Source is what all feeds of a publication have in common.
type Source struct {
	Publication newsletter.Publication
	Base        address.Base
	IDs         map[int]string // of issues that readers know from another feed, by number; 0: that feed's own
}

// Item is one entry of the feed of a section or site: a printed item and what is needed of
// the revision it stands in.
type Item struct {
	Mark        newsletter.Mark
	PublishedAt time.Time
	RevisedAt   time.Time
	Printed     newsletter.PrintedItem
}

// Feed is a list of entries, to be written as [Feed.RSS], [Feed.Atom] or
// [Feed.JSON].
type Feed struct {
	base        address.Base
	page, last  int    // see [Feed.Page]
	id          text   // as readers know the Atom feed itself, or "" for its address
	list        string // address of the section or site, or "" for the whole publication
	title       text
	author      text
	tagline     text
	description text
	language    text
	entries     []Entry
}

// Entry is an issue or an item as all formats show it. It may be kept: as XML it
// is written once, when it is first needed so, which is most of the work of a
// feed.
type Entry struct {
	entry
	rss, atom func() ([]byte, error)
}

func newEntry(e entry) Entry {
	return Entry{e, sync.OnceValues(e.asRSS), sync.OnceValues(e.asAtom)}
}

// entry is what every format says of an entry.
type entry struct {
	id        text // as readers know it; not always a URI
	uri       text // the id, or for one that is no URI a tag URI
	link      text // absolute
	title     text
	summary   text // plain
	html      text
	published time.Time // never moved
	updated   time.Time // moved by a correction
}

// Issue returns the entry of a whole issue with its full text.
//
// The id of an issue that readers know from another feed is the one it had
// there. Any other's is the tag URI of the day it was published and its number,
// an item's that of its issue's day and its mark. None of these changes once it
// is printed, whatever is corrected (the printed date, say) or imported later.
// The host of the base is part of an id: a publication that moves to another
// host has new ids.
func (s Source) Issue(r newsletter.Revision) Entry {
	tag := s.Base.Tag(publicationDay(r.PublishedAt), fmt.Sprint(r.Number))
	return newEntry(entry{
		id:        text(cmp.Or(s.IDs[r.Number], tag)),
		uri:       text(uriOr(s.IDs[r.Number], tag)),
		link:      text(s.Base.Absolute(address.Issue(r.Number))),
		title:     text(s.issueTitle(r)),
		summary:   text(r.Summary),
		html:      text(s.issueHTML(r)),
		published: r.PublishedAt.UTC(),
		updated:   later(r.PublishedAt, r.RevisedAt),
	})
}

// Issues returns the feed of whole issues in the order given, which is newest
// first. All entries are of this source.
func (s Source) Issues(newest []Entry) Feed {
	f := s.feed()
	f.id, f.entries = text(uriOr(s.IDs[0], "")), newest
	return f
}

// Section returns the feed of a standing section with an entry per item, in
// the order given, which is newest first.
func (s Source) Section(section newsletter.StandingSection, newest []Item) Feed {
	return s.items(section.Title, address.Section(section.Slug(), 1), newest)
}

// Site returns the feed of what led to a site with an entry per item, in the
// order given, which is newest first.
func (s Source) Site(name string, newest []Item) Feed {
	return s.items(name, address.Site(name, 1), newest)
}

// items returns the feed of a list of items.
func (s Source) items(title, list string, newest []Item) Feed {
	f := s.feed()
	f.list, f.title = list, text(s.Publication.Name+": "+title)
	for _, i := range newest {
		tag := s.Base.Tag(publicationDay(i.PublishedAt), i.Mark.String())
		f.entries = append(f.entries, newEntry(entry{
			id:        text(tag),
			uri:       text(tag),
			link:      text(s.Base.Absolute(address.Item(i.Mark))),
			title:     text(itemTitle(i)),
			summary:   text(i.Printed.Note.Plain),
			html:      text(s.itemHTML(i.Mark, i.Printed)),
			published: i.PublishedAt.UTC(),
			updated:   later(i.PublishedAt, i.RevisedAt),
		}))
	}
	return f
}

// Page returns the feed as one page of several, from 1 to last: a paged feed of
// RFC 5005, section 3, whose pages lead to each other. The first is the feed
// that readers subscribe to; all of them together are the whole archive.
func (f Feed) Page(page, last int) Feed {
	f.page, f.last = page, last
	return f
}

// pages returns the addresses of other pages of the feed by their relation.
// format is [address.RSS], [address.Atom] or [address.JSON].
func (f Feed) pages(format string) (list []relation) {
	if f.last < 2 {
		return nil
	}
	list = []relation{{"first", f.at(format, 1)}, {"last", f.at(format, f.last)}}
	if f.page > 1 {
		list = append(list, relation{"previous", f.at(format, f.page-1)})
	}
	if f.page < f.last {
		list = append(list, relation{"next", f.at(format, f.page+1)})
	}
	return list
}

// relation is a link to another page of the feed.
type relation struct {
	name string
	href text
}

// uriOr returns an id that is a URI, or else the other one: Atom takes nothing
// else (RFC 4287, section 4.2.6).
func uriOr(id, other string) string {
	if u, err := url.Parse(id); err == nil && u.IsAbs() {
		return id
	}
	return other
}

// publicationDay is the day of a moment of publication, in UTC.
func publicationDay(published time.Time) newsletter.Date { return newsletter.DateOf(published.UTC()) }

// feed returns a feed of the whole publication without entries.
func (s Source) feed() Feed {
	return Feed{
		base:        s.Base,
		title:       text(s.Publication.Name),
		author:      text(s.Publication.Name),
		tagline:     text(s.Publication.Tagline),
		description: text(s.Publication.Description),
		language:    text(s.Publication.Language),
	}
}

// home returns the absolute address of the page the feed belongs to.
func (f Feed) home() text {
	return text(f.base.Absolute(cmp.Or(f.list, address.Home)))
}

// self returns the absolute address of this page of the feed.
func (f Feed) self(format string) text { return f.at(format, f.page) }

// at returns the absolute address of a page of the feed.
func (f Feed) at(format string, page int) text {
	return text(f.base.Absolute(address.FeedPage(address.ListFeed(f.list, format), page)))
}

// updated returns the moment of the latest change of any entry, or the zero
// time for a feed without entries.
func (f Feed) updated() time.Time {
	var latest time.Time
	for _, e := range f.entries {
		latest = later(latest, e.updated)
	}
	return latest
}

// later returns the later of two moments, in UTC.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b.UTC()
	}
	return a.UTC()
}
