package site

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/mmcdole/gofeed"

	"broadsheet/internal/address"
	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

func TestFeeds(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	for path, want := range map[string]struct {
		mediaType, title, link string
		entries                int
	}{
		"/feed.xml":                      {"application/rss+xml; charset=utf-8", "The Harbour Letter", "https://letter.example/issues/140", 2},
		"/atom.xml":                      {"application/atom+xml; charset=utf-8", "The Harbour Letter", "https://letter.example/issues/140", 2},
		"/feed.json":                     {"application/feed+json; charset=utf-8", "The Harbour Letter", "https://letter.example/issues/140", 2},
		"/sections/news/feed.json":       {"application/feed+json; charset=utf-8", "The Harbour Letter: News", "https://letter.example/issues/140#2", 6},
		"/sections/news/feed.xml":        {"application/rss+xml; charset=utf-8", "The Harbour Letter: News", "https://letter.example/issues/140#2", 6},
		"/sections/news/atom.xml":        {"application/atom+xml; charset=utf-8", "The Harbour Letter: News", "https://letter.example/issues/140#2", 6},
		"/sites/ferry.example/feed.json": {"application/feed+json; charset=utf-8", "The Harbour Letter: ferry.example", "https://letter.example/issues/140#3", 2},
		"/sites/ferry.example/feed.xml":  {"application/rss+xml; charset=utf-8", "The Harbour Letter: ferry.example", "https://letter.example/issues/140#3", 2},
		"/sites/ferry.example/atom.xml":  {"application/atom+xml; charset=utf-8", "The Harbour Letter: ferry.example", "https://letter.example/issues/140#3", 2},
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
	for _, path := range []string{"/sections/nothing/feed.xml", "/sites/nobody.example/feed.xml", "/sites/ferry.example/feed.xml?page=2", "/sites/%00/feed.xml"} {
		if answer := w.ask(http.MethodGet, path, nil); answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, answer.Code)
		}
	}
	for odd, usual := range map[string]string{"/sections/News/feed.xml": "/sections/news/feed.xml", "/sites/www.Ferry.example/atom.xml": "/sites/ferry.example/atom.xml"} {
		if answer := w.ask(http.MethodGet, odd, nil); answer.Header().Get("Location") != usual {
			t.Errorf("%s leads to %q", odd, answer.Header().Get("Location"))
		}
	}
}

func TestEvents(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	answer := w.ask(http.MethodGet, "/events.ics", nil)
	calendar, err := ics.ParseCalendar(answer.Body)
	if err != nil || answer.Header().Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("%v, %v", err, answer.Header())
	}
	var ids []string
	for _, event := range calendar.Events() {
		ids = append(ids, event.Id())
	}
	if want := []string{"tag:letter.example,2026-10-04:139.6", "tag:letter.example,2026-10-11:140.6"}; !slices.Equal(ids, want) {
		t.Errorf("the events are %v, want %v", ids, want) // of the same day, but each leads elsewhere
	}
}

// TestFeedsLeadThroughTheWholeArchive follows the pages of each feed from the
// one that readers subscribe to, and back.
func TestFeedsLeadThroughTheWholeArchive(t *testing.T) {
	var issues []newsletter.Issue
	for number := range 45 {
		issues = append(issues, newslettertest.Issue(100+number))
	}
	w := newWorld(t, issues...)
	link := regexp.MustCompile(`rel="(first|last|previous|next)"[^>]*href="https://letter\.example([^"]*)"|"(next)_url": "https://letter\.example([^"]*)"`)
	for path, want := range map[string]struct{ pages, entries int }{
		"/feed.xml": {3, 45}, "/atom.xml": {3, 45}, "/feed.json": {3, 45}, "/sections/news/atom.xml": {5, 135},
	} {
		ids := map[string]bool{}
		page, at := 0, path
		for at != "" {
			page++
			body := w.get(at)
			feed, err := gofeed.NewParser().ParseString(body)
			if err != nil {
				t.Fatalf("%s: %v", at, err)
			}
			for _, entry := range feed.Items {
				if ids[entry.GUID] {
					t.Errorf("%s repeats %s", at, entry.GUID)
				}
				ids[entry.GUID] = true
			}
			to := map[string]string{}
			for _, found := range link.FindAllStringSubmatch(body, -1) {
				to[found[1]+found[3]] = found[2] + found[4]
			}
			if before, ok := to["previous"]; ok && before != address.FeedPage(path, page-1) || path != "/feed.json" && ok == (page == 1) {
				t.Errorf("%s: before it comes %q", at, before)
			}
			if path != "/feed.json" && (to["first"] != path || to["last"] != address.FeedPage(path, want.pages)) {
				t.Errorf("%s leads to %v", at, to)
			}
			at = to["next"]
		}
		if page != want.pages || len(ids) != want.entries {
			t.Errorf("%s has %d entries on %d pages, want %+v", path, len(ids), page, want)
		}
		for _, beyond := range []string{"?page=6", "?page=99999999999999999999"} {
			if answer := w.ask(http.MethodGet, path+beyond, nil); answer.Code != http.StatusNotFound {
				t.Errorf("%s%s: %d, want 404", path, beyond, answer.Code)
			}
		}
	}
}

// TestOldFeedEndsTheFirstPage follows the pages of feeds whose readers know some
// issues from another feed: none of the older ones stands on the first page,
// where they would be new to them, and none is lost or doubled behind it.
func TestOldFeedEndsTheFirstPage(t *testing.T) {
	var issues []newsletter.Issue
	for number := range 45 {
		issues = append(issues, newslettertest.Issue(100+number))
	}
	for name, test := range map[string]struct {
		known []int // issues of the old feed
		pages []int // how many entries each page has
	}{
		"the newest two":          {[]int{144, 143}, []int{2, 20, 20, 3}},
		"two came since":          {[]int{142, 141, 140}, []int{5, 20, 20}},
		"one was not in it":       {[]int{144, 142}, []int{1, 20, 20, 4}},
		"more than a page of it":  {[]int{144, 143, 142, 141, 140, 139, 138, 137, 136, 135, 134, 133, 132, 131, 130, 129, 128, 127, 126, 125, 124, 123}, []int{20, 20, 5}},
		"a page came since":       {[]int{124}, []int{20, 20, 5}},
		"the last of a full page": {[]int{125}, []int{20, 20, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, issues...)
			var ids []newsletter.FeedID
			for _, number := range test.known {
				ids = append(ids, newsletter.FeedID{Issue: number, ID: fmt.Sprintf("old-%d", number)})
			}
			w.load(exchange.Document{Complete: true, FeedIDs: ids})
			for _, path := range []string{"/feed.xml", "/atom.xml", "/feed.json"} {
				var pages []int
				next := 144
				for page := range test.pages {
					feed, err := gofeed.NewParser().ParseString(w.get(address.FeedPage(path, page+1)))
					if err != nil {
						t.Fatal(err)
					}
					pages = append(pages, len(feed.Items))
					for _, entry := range feed.Items {
						if want := "https://letter.example" + address.Issue(next); entry.Link != want {
							t.Errorf("%s, page %d has %s, want %s", path, page+1, entry.Link, want)
						}
						next--
					}
				}
				if !slices.Equal(pages, test.pages) || next != 99 {
					t.Errorf("%s has pages of %v entries down to %d, want %v", path, pages, next+1, test.pages)
				}
				if answer := w.ask(http.MethodGet, address.FeedPage(path, len(test.pages)+1), nil); answer.Code != http.StatusNotFound {
					t.Errorf("%s has a page more", path)
				}
			}
		})
	}
}

// TestKeptEntriesSayWhatIsTrueNow changes what an entry of the feed says besides
// its revision: the publication's name, which stands for a summary, and its id.
func TestKeptEntriesSayWhatIsTrueNow(t *testing.T) {
	brief := newslettertest.Issue(139)
	brief.Summary, brief.Intro = "", ""
	w := newWorld(t, brief)
	feeds := []string{"/feed.xml", "/atom.xml", "/feed.json"}
	for _, feed := range feeds {
		w.holds(feed, "The Harbour Letter 139", "tag:letter.example,2026-10-04:139")
	}
	renamed := newslettertest.Publication()
	renamed.Name = "The Pier Letter"
	w.saved(renamed)
	for _, feed := range feeds {
		w.holds(feed, "The Pier Letter 139")
	}
	w.load(exchange.Document{Complete: true, FeedIDs: []newsletter.FeedID{{Issue: 139, ID: "https://old.example/139"}}})
	w.publish(newslettertest.Issue(140))
	for _, feed := range feeds {
		w.holds(feed, "The Pier Letter 139", "https://old.example/139", "140: What drifted in during week 140")
	}
}

func TestRobots(t *testing.T) {
	newWorld(t).holds("/robots.txt", "User-agent: *", "Disallow: /search", "Sitemap: https://letter.example/sitemap.xml")
}
