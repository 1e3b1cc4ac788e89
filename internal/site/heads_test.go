package site

import (
	"encoding/json"
	"fmt"
	"image"
	_ "image/png" // reads the cards
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	nethtml "golang.org/x/net/html"

	"broadsheet/internal/newslettertest"
)

// told is what a page tells machines of itself in its head.
type told struct {
	Language, Title, Canonical string
	Meta                       map[string]string // by name or property
	Feeds                      []string          // address, type and title of each
	Data                       []map[string]any  // blocks of JSON-LD
}

// readHead reads the head of a page as a crawler does. What is told twice fails
// the test, as does a script that is no data.
func readHead(t *testing.T, body string) told {
	t.Helper()
	root, err := nethtml.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	out := told{Meta: map[string]string{}}
	for node := range root.Descendants() {
		has := map[string]string{}
		for _, attribute := range node.Attr {
			has[attribute.Key] = attribute.Val
		}
		switch {
		case node.Type != nethtml.ElementNode:
		case node.Data == "html":
			out.Language = has["lang"]
		case node.Data == "title":
			out.Title = node.FirstChild.Data
		case node.Data == "meta" && has["content"] != "":
			name := has["name"] + has["property"]
			if _, twice := out.Meta[name]; twice {
				t.Errorf("%s is told twice", name)
			}
			out.Meta[name] = has["content"]
		case node.Data == "link" && has["rel"] == "canonical":
			out.Canonical += has["href"]
		case node.Data == "link" && has["rel"] == "alternate":
			out.Feeds = append(out.Feeds, has["href"]+" "+has["type"]+" "+has["title"])
		case node.Data == "script":
			var data map[string]any
			if err := json.Unmarshal([]byte(node.FirstChild.Data), &data); err != nil || has["type"] != "application/ld+json" {
				t.Errorf("a script of type %q: %v", has["type"], err)
			}
			out.Data = append(out.Data, data)
		}
	}
	return out
}

const (
	allFeeds  = "/feed.xml application/rss+xml The Harbour Letter,/atom.xml application/atom+xml The Harbour Letter,/feed.json application/feed+json The Harbour Letter"
	ferryFeed = ",/sites/ferry.example/feed.xml application/rss+xml ferry.example · The Harbour Letter,/sites/ferry.example/atom.xml application/atom+xml ferry.example · The Harbour Letter,/sites/ferry.example/feed.json application/feed+json ferry.example · The Harbour Letter"
	newsFeed  = ",/sections/news/feed.xml application/rss+xml News · The Harbour Letter,/sections/news/atom.xml application/atom+xml News · The Harbour Letter,/sections/news/feed.json application/feed+json News · The Harbour Letter"
)

// TestWhatPagesTellMachines reads what search engines, cards on other sites and
// feed readers are told: https://ogp.me, RFC 6596, the RSS Advisory Board's
// autodiscovery and https://schema.org.
func TestWhatPagesTellMachines(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	const base, ours = "https://letter.example", "Links for people who keep boats."
	for target, want := range map[string]struct{ title, canonical, describe, kind, feeds, data string }{
		"/":                             {"The Harbour Letter", "/", "What drifted in during week 140", "website", allFeeds, "WebSite"},
		"/issues/139":                   {"Issue 139 · The Harbour Letter", "/issues/139", "What drifted in during week 139", "article", allFeeds, "PublicationIssue"},
		"/issues/139?utm_source=mail":   {"Issue 139 · The Harbour Letter", "/issues/139", "What drifted in during week 139", "article", allFeeds, "PublicationIssue"},
		"/archive":                      {"Archive · The Harbour Letter", "/archive", "Every issue of The Harbour Letter, by year.", "website", allFeeds, "CollectionPage"},
		"/sections/news":                {"News · The Harbour Letter", "/sections/news", "Every item in the section News of The Harbour Letter, newest first.", "website", allFeeds + newsFeed, "CollectionPage"},
		"/sites/ferry.example":          {"ferry.example · The Harbour Letter", "/sites/ferry.example", "Every item of The Harbour Letter that led to ferry.example, newest first.", "website", allFeeds + ferryFeed, "CollectionPage"},
		"/search":                       {"Search · The Harbour Letter", "/search", ours, "website", allFeeds, ""},
		"/search?section=x&q=++gulls+":  {"Search for gulls · The Harbour Letter", "/search?q=gulls", ours, "website", allFeeds, ""},
		"/search?q=%3C%2Fscript%3E+%22": {`Search for </script> " · The Harbour Letter`, "/search?q=%3C%2Fscript%3E+%22", ours, "website", allFeeds, ""},
	} {
		head := readHead(t, w.get(target))
		if head.Language != "en" || head.Title != want.title || head.Canonical != base+want.canonical || strings.Join(head.Feeds, ",") != want.feeds {
			t.Errorf("%s tells %+v", target, head)
		}
		cards := map[string]string{
			"description": want.describe, "twitter:card": "summary_large_image", "og:type": want.kind, "og:url": base + want.canonical,
			"og:title": want.title, "og:site_name": "The Harbour Letter", "og:description": want.describe,
		}
		if strings.Contains(target, "q=") {
			cards["robots"] = "noindex"
		}
		cards["og:image"], cards["og:image:alt"] = base+"/card.png", "The Harbour Letter in large letters"
		cards["og:image:width"], cards["og:image:height"] = "1200", "630"
		if want.kind == "article" {
			cards["og:image"], cards["og:image:alt"] = base+"/issues/139/card.png", "The Harbour Letter, issue 139, in large letters"
			cards["article:published_time"], cards["article:modified_time"] = head.Meta["article:published_time"], head.Meta["article:modified_time"]
			if !strings.HasSuffix(cards["article:published_time"], "T07:00:00Z") || cards["article:modified_time"] <= cards["article:published_time"] {
				t.Errorf("%s came out %s and was corrected %s", target, cards["article:published_time"], cards["article:modified_time"])
			}
		}
		maps.DeleteFunc(head.Meta, func(name, _ string) bool { return slices.Contains([]string{"viewport", "referrer"}, name) })
		if diff := cmp.Diff(cards, head.Meta); diff != "" {
			t.Errorf("%s (-want +got):\n%s", target, diff)
		}
		types := ""
		for _, data := range head.Data {
			types += data["@type"].(string)
			if data["url"] != head.Canonical || data["@context"] != "https://schema.org" {
				t.Errorf("%s says of itself %v", target, data)
			}
		}
		if types != want.data {
			t.Errorf("%s says it is %q, want %q", target, types, want.data)
		}
	}
}

// What is told leads to what is there: each page to itself, to its feeds, and
// the search of the home page to a result.
func TestWhatPagesTellIsThere(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	for _, target := range []string{"/", "/issues/139", "/archive/2026", "/sections/news", "/sites/ferry.example", "/about", "/follow", "/search?q=gulls"} {
		head := readHead(t, w.get(target))
		if again := strings.TrimPrefix(head.Canonical, "https://letter.example"); again != target || readHead(t, w.get(again)).Canonical != head.Canonical {
			t.Errorf("%s calls itself %s", target, head.Canonical)
		}
		picture, kind, err := image.DecodeConfig(w.ask(http.MethodGet, strings.TrimPrefix(head.Meta["og:image"], "https://letter.example"), nil).Body)
		if size := fmt.Sprint(picture.Width, " ", picture.Height); err != nil || kind != "png" || size != head.Meta["og:image:width"]+" "+head.Meta["og:image:height"] {
			t.Errorf("%s has a card %s, which is a %s of %s: %v", target, head.Meta["og:image"], kind, size, err)
		}
		for _, feed := range head.Feeds {
			path, rest, _ := strings.Cut(feed, " ")
			kind, _, _ := strings.Cut(rest, " ")
			if got := w.ask(http.MethodGet, path, nil).Header().Get("Content-Type"); !strings.HasPrefix(got, kind) {
				t.Errorf("%s offers %s, which is %q", target, feed, got)
			}
		}
	}
	action, _ := readHead(t, w.get("/")).Data[0]["potentialAction"].(map[string]any)
	search, _ := action["target"].(string)
	w.holds(strings.Replace(strings.TrimPrefix(search, "https://letter.example"), "{words}", url.QueryEscape("lighthouse keeper"), 1), "<h2>1 result</h2>")
}

// An issue names its items by the anchors that its page has, without those that
// were withdrawn.
func TestAnIssueTellsOfItsItems(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	body := w.get("/issues/139")
	parts, _ := readHead(t, body).Data[0]["hasPart"].([]any)
	for _, part := range parts {
		item, _ := part.(map[string]any)
		place, found := strings.CutPrefix(item["url"].(string), "https://letter.example/issues/139#")
		if !found || fmt.Sprint(item["position"]) != place || item["name"] == "" || !strings.Contains(body, `" id="`+place+`"><a class="mark"`) {
			t.Errorf("an item is told as %v", item)
		}
	}
	if marks := strings.Count(body, `"><a class="mark" href="/issues/139#`); len(parts) == 0 || len(parts) != marks {
		t.Errorf("%d items are told of, %d are printed", len(parts), marks)
	}
}

// Pages that list things say where they are and what they list, in order, at
// addresses that are there.
func TestListsTellOfWhatTheyList(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139), newslettertest.Issue(140))
	const base = "https://letter.example"
	for target, want := range map[string]struct{ steps, first string }{
		"/archive/2026":        {"The Harbour Letter /,Archive /archive,Archive of 2026 /archive/2026", "/issues/140"},
		"/sections/news":       {"The Harbour Letter /,News /sections/news", "/issues/140#2"},
		"/sites/ferry.example": {"The Harbour Letter /,ferry.example /sites/ferry.example", "/issues/140#3"},
	} {
		body := w.get(target)
		data := readHead(t, body).Data[0]
		elements := func(part, kind string) []any {
			list, _ := data[part].(map[string]any)
			all, _ := list["itemListElement"].([]any)
			if list["@type"] != kind || len(all) == 0 {
				t.Fatalf("%s tells of %s %v", target, part, list)
			}
			return all
		}
		var steps []string
		for i, step := range elements("breadcrumb", "BreadcrumbList") {
			s, _ := step.(map[string]any)
			steps = append(steps, fmt.Sprint(s["name"], " ", strings.TrimPrefix(fmt.Sprint(s["item"]), base)))
			if s["@type"] != "ListItem" || s["position"] != float64(i+1) {
				t.Errorf("%s: a step is told as %v", target, s)
			}
		}
		if got := strings.Join(steps, ","); got != want.steps {
			t.Errorf("%s is at %q, want %q", target, got, want.steps)
		}
		list := elements("mainEntity", "ItemList")
		for i, element := range list {
			e, _ := element.(map[string]any)
			path := strings.TrimPrefix(fmt.Sprint(e["url"]), base)
			if e["@type"] != "ListItem" || e["position"] != float64(i+1) || !strings.Contains(body, `href="`+path+`"`) || i == 0 && path != want.first {
				t.Errorf("%s: an element is told as %v", target, e)
			}
		}
		if marks := strings.Count(body, `<a class="mark" href=`); marks != len(list) {
			t.Errorf("%s lists %d things and tells of %d", target, marks, len(list))
		}
	}
}
