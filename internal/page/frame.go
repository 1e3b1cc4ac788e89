package page

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// Frame is what stands around the content of every page; every view embeds
// one. The zero Frame makes a page that needs no database.
type Frame struct {
	Publication newsletter.Publication
	Base        address.Base // for absolute addresses; may be empty
	Title       string       // of this page; empty for the home page
	Description string       // for search engines and cards; else the publication's
	Path        string       // the page's one canonical address, or ""
	NoIndex     bool         // search engines are asked to leave the page out
	Secret      bool         // its address is nobody else's business
	List        string       // address of the list of items it shows, whose feeds it offers too
	ListPage    int          // which page of a list it is, from 1; 0 where there are no pages

	Issue                  int       // number of the issue the page shows, or 0
	PublishedAt, RevisedAt time.Time // of that issue
}

// Feed is a feed the page offers to feed readers.
type Feed struct{ Title, Type, Path string }

// Name returns the publication's name, or a word that serves without one.
func (f Frame) Name() string { return cmp.Or(f.Publication.Name, "Home") }

// Language returns the BCP 47 tag of the publication's words, "en" without one.
func (f Frame) Language() string { return cmp.Or(f.Publication.Language, "en") }

// rightToLeft are the codes (ISO 15924) of the scripts that run from right to
// left among those in use today (Unicode Standard Annex 31, tables 5 and 7).
var rightToLeft = []string{"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Syrc", "Thaa"}

// RightToLeft reports whether the publication's language is written from right
// to left, so that its pages are laid out from there. A tag that names no
// script stands for the usual one of its language.
func (f Frame) RightToLeft() bool {
	script, _ := language.Make(f.Language()).Script()
	return slices.Contains(rightToLeft, script.String())
}

// FullTitle is the title of the browser's tab: the page's, which page of a list
// it is where it is not the first, then the name.
func (f Frame) FullTitle() string {
	if f.ListPage > 1 {
		return f.titled(fmt.Sprintf("%s, page %d", f.Title, f.ListPage))
	}
	return f.titled(f.Title)
}

func (f Frame) titled(title string) string {
	switch {
	case title == "":
		return f.Name()
	case f.Publication.Name == "":
		return title
	}
	return title + " · " + f.Publication.Name
}

// UnderName returns the publication's line where it stands under the name: on
// the home page.
func (f Frame) UnderName() string {
	if f.Path != address.Home {
		return ""
	}
	return f.Publication.Tagline
}

// Describe returns the page's description, else the publication's, else "".
func (f Frame) Describe() string {
	return cmp.Or(f.Description, f.Publication.Description, f.Publication.Tagline)
}

// Closing returns the publication's closing words.
func (f Frame) Closing() template.HTML { return trusted(f.Publication.ClosingHTML) }

// ByMail returns where one subscribes by mail, or nil.
func (f Frame) ByMail() *Link {
	if f.Publication.Subscribe == "" {
		return nil
	}
	host, rest := ShownAddress(f.Publication.Subscribe)
	return &Link{URL: f.Publication.Subscribe, Host: host, Rest: rest}
}

// About returns the publication's words about itself.
func (f Frame) About() template.HTML { return trusted(f.Publication.AboutHTML) }

// Canonical returns the absolute address under which search engines should
// know the page, or "" when it has none.
func (f Frame) Canonical() string {
	if f.Path == "" || f.Base == "" {
		return ""
	}
	return f.Base.Absolute(f.Path)
}

// Feeds returns the feeds that feed readers discover on the page.
func (f Frame) Feeds() []Feed {
	if f.Publication.Name == "" {
		return nil
	}
	feeds := []Feed{
		{f.Name(), "application/rss+xml", address.RSS},
		{f.Name(), "application/atom+xml", address.Atom},
		{f.Name(), "application/feed+json", address.JSON},
	}
	if f.List != "" {
		title := f.titled(f.Title)
		feeds = append(feeds,
			Feed{title, "application/rss+xml", address.ListFeed(f.List, address.RSS)},
			Feed{title, "application/atom+xml", address.ListFeed(f.List, address.Atom)},
			Feed{title, "application/feed+json", address.ListFeed(f.List, address.JSON)})
	}
	return feeds
}

// FeedLinks returns the feeds as lines of a page's head.
func (f Frame) FeedLinks() template.HTML {
	var b strings.Builder
	for _, feed := range f.Feeds() {
		fmt.Fprintf(&b, "\n<link rel=\"alternate\" type=\"%s\" title=\"%s\" href=\"%s\">",
			template.HTMLEscapeString(feed.Type), template.HTMLEscapeString(feed.Title), Href(feed.Path))
	}
	return template.HTML(b.String()) // of tags and what was escaped
}

// Entry is a place in the navigation.
type Entry struct {
	Title string
	Path  string
	Here  bool // it is this page
}

// Navigation returns the places every page leads to.
func (f Frame) Navigation() []Entry {
	entries := []Entry{{"Archive", address.Archive, false}, {"Search", address.Search, false}, {"Follow", address.Follow, false}}
	here, _, _ := strings.Cut(f.Path, "?")
	for i := range entries {
		entries[i].Here = entries[i].Path == here
	}
	return entries
}
