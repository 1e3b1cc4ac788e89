package site

import (
	"context"
	"net/http"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/feed"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// feedIssues is how many issues a feed holds: more than four months of a weekly.
const feedIssues = 20

// Media types of the feeds (RSS has no registered one; readers know this).
const (
	rssType  = "application/rss+xml; charset=utf-8"
	atomType = "application/atom+xml; charset=utf-8"
)

func (s *Site) rss(w http.ResponseWriter, r *http.Request) error {
	return s.issuesFeed(w, r, address.RSS, rssType, feed.Feed.RSS)
}

func (s *Site) atom(w http.ResponseWriter, r *http.Request) error {
	return s.issuesFeed(w, r, address.Atom, atomType, feed.Feed.Atom)
}

func (s *Site) sectionRSS(w http.ResponseWriter, r *http.Request) error {
	return s.sectionFeed(w, r, address.RSS, rssType, feed.Feed.RSS)
}

func (s *Site) sectionAtom(w http.ResponseWriter, r *http.Request) error {
	return s.sectionFeed(w, r, address.Atom, atomType, feed.Feed.Atom)
}

// writeFeed writes a feed in one of its formats.
type writeFeed func(feed.Feed) ([]byte, error)

func (s *Site) issuesFeed(w http.ResponseWriter, r *http.Request, path, mediaType string, write writeFeed) error {
	return s.hold(w, r, path, func(ctx context.Context, db snapshot) (answer, error) {
		newest, err := db.RecentRevisions(ctx, feedIssues)
		if err != nil {
			return answer{}, err
		}
		body, err := write(db.source().Issues(newest))
		return answer{body: page.NewBody(mediaType, body)}, err
	})
}

func (s *Site) sectionFeed(w http.ResponseWriter, r *http.Request, format, mediaType string, write writeFeed) error {
	slug := param(r, "slug")
	if slug != newsletter.Slug(slug) {
		return moved(w, r, address.SectionFeed(newsletter.Slug(slug), format))
	}
	return s.hold(w, r, address.SectionFeed(slug, format), func(ctx context.Context, db snapshot) (answer, error) {
		section, _, err := db.Section(ctx, slug)
		if err != nil {
			return answer{}, err
		}
		found, err := db.SectionItems(ctx, slug, 1)
		if err != nil {
			return answer{}, err
		}
		items := make([]feed.Item, len(found))
		for i, f := range found {
			items[i] = feed.Item{Mark: f.Mark(), PublishedAt: f.PublishedAt, RevisedAt: f.RevisedAt, Printed: f.Item}
		}
		body, err := write(db.source().Section(section, items))
		return answer{body: page.NewBody(mediaType, body)}, err
	})
}

func (s snapshot) source() feed.Source {
	return feed.Source{Publication: s.publication, Base: s.site.base}
}

// sitemapSites is how many site pages the sitemap names, the most linked first.
const sitemapSites = 1000

// sitemap lists the pages search engines should know: the newest issues where
// there are more than one sitemap holds.
func (s *Site) sitemap(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.Sitemap, func(ctx context.Context, db snapshot) (answer, error) {
		span, err := db.Span(ctx)
		if err != nil {
			return answer{}, err
		}
		heads, err := db.Heads(ctx)
		if err != nil {
			return answer{}, err
		}
		pages := []feed.Page{{Path: address.Home}, {Path: address.Archive}, {Path: address.Follow}, {Path: address.About}}
		for _, section := range db.publication.Sections {
			pages = append(pages, feed.Page{Path: address.Section(section.Slug(), 1)})
		}
		for _, year := range span.Years {
			pages = append(pages, feed.Page{Path: address.Year(year)})
		}
		sites, err := db.Sites(ctx, sitemapSites)
		if err != nil {
			return answer{}, err
		}
		for _, site := range sites {
			pages = append(pages, feed.Page{Path: address.Site(site.Name, 1)})
		}
		for _, head := range heads[:min(len(heads), max(0, feed.MaxPages-len(pages)))] {
			pages = append(pages, feed.Page{Path: address.Issue(head.Number), Modified: head.RevisedAt})
		}
		body, err := feed.Sitemap(s.base, pages)
		return answer{body: page.NewBody("application/xml; charset=utf-8", body)}, err
	})
}

// robots lets everybody read everything but search results, which are without
// end.
func (s *Site) robots(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.Robots, func(context.Context, snapshot) (answer, error) {
		lines := []string{"User-agent: *", "Disallow: " + address.Search, "", "Sitemap: " + s.base.Absolute(address.Sitemap), ""}
		return answer{body: page.NewBody("text/plain; charset=utf-8", []byte(strings.Join(lines, "\n")))}, nil
	})
}
