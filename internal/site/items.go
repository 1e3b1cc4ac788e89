package site

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

var itemsPage = page.Define[itemsView]("site/items.html")

// itemsView is a page of every item of a section, or that led to a site.
type itemsView struct {
	page.Frame
	Heading string
	Site    bool         // the heading is a site's name
	Line    string       // what is listed, in a sentence
	Offers  []page.Entry // the feeds
	Groups  []group
	Pager   pager
}

// Labels returns the parts of a site's name, each with its dot: between them a
// narrow page may break it.
func (v itemsView) Labels() []string { return strings.SplitAfter(v.Heading, ".") }

// Structured says to search engines what the page lists: the items at their
// anchors.
func (v itemsView) Structured() *page.Structured {
	var list []page.Structured
	for _, group := range v.Groups {
		for _, item := range group.Items {
			list = append(list, page.Structured{URL: v.Base.Absolute(address.Item(item.Item.Mark))})
		}
	}
	return v.Listing(nil, list)
}

func (s *Site) section(w http.ResponseWriter, r *http.Request) error {
	slug, number := newsletter.Slug(param(r, "slug")), pageNumber(r)
	if slug == "" {
		return newsletter.ErrNotFound
	}
	to := address.Section(slug, number)
	if err := usually(r, to, number); err != nil {
		return err
	}
	return s.hold(w, r, to, func(ctx context.Context, db snapshot) (answer, error) {
		section, total, err := db.Section(ctx, slug)
		if err != nil {
			return answer{}, err
		}
		pager, exists := paged(number, total, func(n int) string { return address.Section(slug, n) })
		if !exists {
			return answer{}, newsletter.ErrNotFound
		}
		items, err := db.SectionItems(ctx, slug, number)
		if err != nil {
			return answer{}, err
		}
		frame := db.frame(section.Title, to)
		frame.List, frame.ListPage = address.Section(slug, 1), number
		frame.Description = fmt.Sprintf("Every item in the section %s of %s, newest first.", section.Title, frame.Name())
		return html(itemsPage, itemsView{
			Frame: frame, Heading: section.Title, Groups: byYear(list(items, section.Title)), Pager: pager,
			Line:   page.Capital(page.Count(total, "item")) + " in this section, newest first.",
			Offers: offers("section", frame.List),
		})
	})
}

func (s *Site) site(w http.ResponseWriter, r *http.Request) error {
	name, number := siteName(param(r, "site")), pageNumber(r)
	to := address.Site(name, number)
	if err := usualSite(r, name, to, number); err != nil {
		return err
	}
	return s.hold(w, r, to, func(ctx context.Context, db snapshot) (answer, error) {
		items, total, err := db.SiteItems(ctx, name, number)
		if err != nil {
			return answer{}, err
		}
		pager, exists := paged(number, total, func(n int) string { return address.Site(name, n) })
		if total == 0 || !exists {
			return answer{}, newsletter.ErrNotFound
		}
		frame := db.frame(name, to)
		frame.List, frame.ListPage = address.Site(name, 1), number
		frame.Description = fmt.Sprintf("Every item of %s that led to %s, newest first.", frame.Name(), name)
		return html(itemsPage, itemsView{
			Frame: frame, Heading: name, Site: true, Groups: byYear(list(items, "")), Pager: pager,
			Line:   page.Capital(page.Count(total, "item")) + " led to this site, newest first.",
			Offers: offers("site", frame.List),
		})
	})
}

// offers are the feeds of a list of items; what is listed is a section or a site.
func offers(what, list string) []page.Entry {
	return []page.Entry{
		{Title: "RSS of this " + what, Path: address.ListFeed(list, address.RSS)},
		{Title: "Atom of this " + what, Path: address.ListFeed(list, address.Atom)},
		{Title: "JSON Feed of this " + what, Path: address.ListFeed(list, address.JSON)},
	}
}

// usualSite is [usually] for addresses of a site, whose name may be unreadable.
func usualSite(r *http.Request, name, address string, number int) error {
	if strings.ContainsFunc(name, unreadable) {
		return newsletter.ErrNotFound
	}
	return usually(r, address, number)
}

// unreadable reports whether a character has no place in a name: a control
// character, or what stands for bytes that are none.
func unreadable(c rune) bool { return unicode.IsControl(c) || c == utf8.RuneError }

// siteName returns a site's name as its page is called: in lower case and
// without "www.", as sites are told apart.
func siteName(given string) string {
	name := strings.ToLower(given)
	if rest, found := strings.CutPrefix(name, "www."); found && strings.Contains(rest, ".") {
		return siteName(rest)
	}
	return name
}
