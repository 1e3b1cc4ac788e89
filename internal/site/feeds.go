package site

import (
	"context"
	"net/http"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/feed"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// feedFormat is a format of feeds.
type feedFormat struct {
	path      string // of the publication's feed; that of a section or site lies under its page
	mediaType string
	write     func(feed.Feed) ([]byte, error)
}

// feedFormats are all formats that every feed has. RSS has no registered media
// type; readers know this one.
var feedFormats = []feedFormat{
	{address.RSS, "application/rss+xml; charset=utf-8", feed.Feed.RSS},
	{address.Atom, "application/atom+xml; charset=utf-8", feed.Feed.Atom},
	{address.JSON, "application/feed+json; charset=utf-8", feed.Feed.JSON},
}

// issues answers with a page of the feed of whole issues.
func (f feedFormat) issues(s *Site) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		number := pageNumber(r)
		to := address.FeedPage(f.path, number)
		if err := usually(r, to, number); err != nil {
			return err
		}
		return s.hold(w, r, to, func(ctx context.Context, db snapshot) (answer, error) {
			issues, err := db.CountIssues(ctx)
			if err != nil {
				return answer{}, err
			}
			first, err := db.FirstOfFeed(ctx)
			if err != nil {
				return answer{}, err
			}
			last := 1
			if issues > first {
				last += pages(issues-first, postgres.RevisionsPerPage)
			}
			if number > last {
				return answer{}, newsletter.ErrNotFound
			}
			source := db.source()
			if source.IDs, err = db.feedIDs(ctx); err != nil {
				return answer{}, err
			}
			newest, err := s.entries(ctx, db, source, number, first)
			if err != nil {
				return answer{}, err
			}
			return f.answer(source.Issues(newest).Page(number, last))
		})
	}
}

// section answers with a page of a standing section's feed, item by item.
func (f feedFormat) section(s *Site) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		slug, number := newsletter.Slug(param(r, "slug")), pageNumber(r)
		if slug == "" {
			return newsletter.ErrNotFound
		}
		to := address.FeedPage(address.ListFeed(address.Section(slug, 1), f.path), number)
		if err := usually(r, to, number); err != nil {
			return err
		}
		return s.hold(w, r, to, func(ctx context.Context, db snapshot) (answer, error) {
			section, total, err := db.Section(ctx, slug)
			if err != nil {
				return answer{}, err
			}
			last := pages(total, postgres.ItemsPerPage)
			if number > last {
				return answer{}, newsletter.ErrNotFound
			}
			found, err := db.SectionItems(ctx, slug, number)
			if err != nil {
				return answer{}, err
			}
			return f.answer(db.source().Section(section, feedItems(found)).Page(number, last))
		})
	}
}

// site answers with a page of the feed of what led to a site, item by item.
func (f feedFormat) site(s *Site) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		name, number := siteName(param(r, "site")), pageNumber(r)
		to := address.FeedPage(address.ListFeed(address.Site(name, 1), f.path), number)
		if err := usualSite(r, name, to, number); err != nil {
			return err
		}
		return s.hold(w, r, to, func(ctx context.Context, db snapshot) (answer, error) {
			found, total, err := db.SiteItems(ctx, name, number)
			if err != nil {
				return answer{}, err
			}
			last := pages(total, postgres.ItemsPerPage)
			if total == 0 || number > last {
				return answer{}, newsletter.ErrNotFound
			}
			return f.answer(db.source().Site(name, feedItems(found)).Page(number, last))
		})
	}
}

func (f feedFormat) answer(content feed.Feed) (answer, error) {
	body, err := f.write(content)
	return answer{body: page.NewBody(f.mediaType, body)}, err
}

func feedItems(found []postgres.Found) []feed.Item {
	items := make([]feed.Item, len(found))
	for i, f := range found {
		items[i] = feed.Item{Mark: f.Mark(), PublishedAt: f.PublishedAt, RevisedAt: f.RevisedAt, Printed: f.Item}
	}
	return items
}

// events answers with the calendar of all events.
func (s *Site) events(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.Events, func(ctx context.Context, db snapshot) (answer, error) {
		found, err := db.EventItems(ctx)
		if err != nil {
			return answer{}, err
		}
		return answer{body: page.NewBody("text/calendar; charset=utf-8", db.source().Calendar(feedItems(found)))}, nil
	})
}

func (s snapshot) feedIDs(ctx context.Context) (map[int]string, error) {
	ids, err := s.FeedIDs(ctx)
	byNumber := make(map[int]string, len(ids))
	for _, id := range ids {
		byNumber[id.Issue] = id.ID
	}
	return byNumber, err
}

func (s snapshot) source() feed.Source {
	return feed.Source{Publication: s.publication, Base: s.site.base}
}

// robots lets everybody read everything but search results, which are without
// end.
func (s *Site) robots(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.Robots, func(context.Context, snapshot) (answer, error) {
		lines := []string{"User-agent: *", "Disallow: " + address.Search, "", "Sitemap: " + s.base.Absolute(address.Sitemap), ""}
		return answer{body: page.NewBody("text/plain; charset=utf-8", []byte(strings.Join(lines, "\n")))}, nil
	})
}
