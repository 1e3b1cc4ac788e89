package site

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"broadsheet/internal/newslettertest"
)

func TestFeeds(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	for path, want := range map[string]struct {
		mediaType, title, link string
		entries                int
	}{
		"/feed.xml":               {"application/rss+xml; charset=utf-8", "The Harbour Letter", "https://letter.example/issues/140", 2},
		"/atom.xml":               {"application/atom+xml; charset=utf-8", "The Harbour Letter", "https://letter.example/issues/140", 2},
		"/sections/news/feed.xml": {"application/rss+xml; charset=utf-8", "The Harbour Letter: News", "https://letter.example/issues/140#2", 6},
		"/sections/news/atom.xml": {"application/atom+xml; charset=utf-8", "The Harbour Letter: News", "https://letter.example/issues/140#2", 6},
	} {
		answer := w.ask(http.MethodGet, path, nil)
		if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != want.mediaType {
			t.Fatalf("%s: %d, %s", path, answer.Code, answer.Header().Get("Content-Type"))
		}
		feed, err := gofeed.NewParser().ParseString(answer.Body.String())
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if feed.Title != want.title || len(feed.Items) != want.entries || feed.Items[0].Link != want.link || feed.Items[0].PublishedParsed == nil {
			t.Errorf("%s: %q with %d entries, first %s", path, feed.Title, len(feed.Items), feed.Items[0].Link)
		}
	}
	if answer := w.ask(http.MethodGet, "/sections/nothing/feed.xml", nil); answer.Code != http.StatusNotFound {
		t.Errorf("a feed of no section: %d, want 404", answer.Code)
	}
	if answer := w.ask(http.MethodGet, "/sections/News/feed.xml", nil); answer.Header().Get("Location") != "/sections/news/feed.xml" {
		t.Errorf("an odd spelling leads to %q", answer.Header().Get("Location"))
	}
}

// Every address in the sitemap is a page.
func TestSitemapNamesPagesThatAreThere(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(98), newslettertest.Issue(139))
	var count int
	for part := range strings.SplitSeq(w.get("/sitemap.xml"), "<loc>") {
		location, _, found := strings.Cut(part, "</loc>")
		if !found {
			continue
		}
		count++
		path, ours := strings.CutPrefix(location, "https://letter.example")
		if !ours {
			t.Errorf("%s is not ours", location)
			continue
		}
		w.get(path)
	}
	if count < 12 {
		t.Errorf("the sitemap names %d pages", count)
	}
}

func TestRobots(t *testing.T) {
	newWorld(t).holds("/robots.txt", "User-agent: *", "Disallow: /search", "Sitemap: https://letter.example/sitemap.xml")
}
