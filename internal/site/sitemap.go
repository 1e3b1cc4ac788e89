package site

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/feed"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// sitemap names every page search engines should know: in one document, or,
// where there are more than one may hold, in several that it is the index of.
func (s *Site) sitemap(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.Sitemap, func(ctx context.Context, db snapshot) (answer, error) {
		pages, err := sitemapPages(ctx, db)
		if err != nil {
			return answer{}, err
		}
		if len(pages) <= s.sitemapSize {
			return s.sitemapOf(feed.Sitemap, pages)
		}
		var parts []feed.Page
		for part := range slices.Chunk(pages, s.sitemapSize) {
			parts = append(parts, feed.Page{Path: address.SitemapPart(len(parts) + 1), Modified: newest(part)})
		}
		return s.sitemapOf(feed.SitemapIndex, parts)
	})
}

// sitemapPart answers with one of several sitemaps, numbered from 1.
func (s *Site) sitemapPart(w http.ResponseWriter, r *http.Request) error {
	n, err := newsletter.ParseNumber(chi.URLParam(r, "part"))
	if err != nil {
		return s.missing(w, r)
	}
	return s.hold(w, r, address.SitemapPart(n), func(ctx context.Context, db snapshot) (answer, error) {
		pages, err := sitemapPages(ctx, db)
		if err != nil {
			return answer{}, err
		}
		parts := slices.Collect(slices.Chunk(pages, s.sitemapSize))
		if len(parts) == 1 || n > len(parts) {
			return answer{}, newsletter.ErrNotFound
		}
		return s.sitemapOf(feed.Sitemap, parts[n-1])
	})
}

func (s *Site) sitemapOf(write func(address.Base, []feed.Page) ([]byte, error), pages []feed.Page) (answer, error) {
	body, err := write(s.base, pages)
	return answer{body: page.NewBody("application/xml; charset=utf-8", body)}, err
}

// sitemapPages are all pages of the sitemap, with the time of their last change
// where one is known. Issues stand in the order of their numbers, so that a new
// one leaves the others in the part they were in.
func sitemapPages(ctx context.Context, db snapshot) ([]feed.Page, error) {
	heads, err := db.Heads(ctx)
	if err != nil {
		return nil, err
	}
	sites, err := db.Sites(ctx)
	if err != nil {
		return nil, err
	}
	years, issues := yearPages(heads), make([]feed.Page, len(heads))
	for i, head := range heads {
		issues[len(heads)-1-i] = feed.Page{Path: address.Issue(head.Number), Modified: head.RevisedAt}
	}
	pages := []feed.Page{
		{Path: address.Home, Modified: newest(issues[max(0, len(issues)-1):])}, {Path: address.Archive, Modified: newest(issues)},
		{Path: address.Follow}, {Path: address.About},
	}
	for _, section := range db.publication.Sections {
		pages = append(pages, feed.Page{Path: address.Section(section.Slug(), 1)})
	}
	pages = slices.Concat(pages, years, issues)
	for _, site := range sites {
		pages = append(pages, feed.Page{Path: address.Site(site.Name, 1), Modified: site.RevisedAt})
	}
	return pages, nil
}

// yearPages are the pages of the years, newest first.
func yearPages(heads []postgres.Head) []feed.Page {
	changed := map[int]time.Time{}
	var years []int
	for _, head := range heads {
		year := head.Date.Year
		if changed[year].IsZero() {
			years = append(years, year)
		}
		if head.RevisedAt.After(changed[year]) {
			changed[year] = head.RevisedAt
		}
	}
	slices.SortFunc(years, func(a, b int) int { return b - a })
	pages := make([]feed.Page, len(years))
	for i, year := range years {
		pages[i] = feed.Page{Path: address.Year(year), Modified: changed[year]}
	}
	return pages
}

// newest is when any of some pages changed last, zero where that is not known.
func newest(pages []feed.Page) time.Time {
	var at time.Time
	for _, p := range pages {
		if p.Modified.After(at) {
			at = p.Modified
		}
	}
	return at
}
