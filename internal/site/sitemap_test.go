package site

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newslettertest"
)

// located are the addresses of a sitemap, or of an index, with their dates.
type located struct {
	XMLName xml.Name
	Pages   []struct {
		Location string    `xml:"loc"`
		Modified time.Time `xml:"lastmod"`
	} `xml:",any"`
}

func (w *world) sitemap(target string) located {
	w.t.Helper()
	var l located
	if err := xml.Unmarshal([]byte(w.get(target)), &l); err != nil {
		w.t.Fatal(err)
	}
	return l
}

// visited returns the paths of a sitemap, each of which must be a page.
func (w *world) visited(l located) (paths []string) {
	w.t.Helper()
	for _, p := range l.Pages {
		path, ours := strings.CutPrefix(p.Location, "https://letter.example")
		if !ours {
			w.t.Errorf("%s is not ours", p.Location)
			continue
		}
		w.get(path)
		paths = append(paths, path)
	}
	return paths
}

func TestSitemapNamesPagesThatAreThere(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(98), newslettertest.Issue(139))
	paths := w.visited(w.sitemap("/sitemap.xml"))
	for _, want := range []string{"/", "/archive", "/archive/2025", "/sections/news", "/issues/98", "/issues/139", "/sites/gulls.example"} {
		if !slices.Contains(paths, want) {
			t.Errorf("the sitemap lacks %s", want)
		}
	}
	if answer := w.ask(http.MethodGet, "/sitemap-1.xml", nil); answer.Code != http.StatusNotFound {
		t.Errorf("a part of a sitemap that is whole: %d", answer.Code)
	}
}

// TestSitemapSaysWhenPagesChanged has each page's date be that of the newest
// issue on it.
func TestSitemapSaysWhenPagesChanged(t *testing.T) {
	older, newer := newslettertest.Issue(98), newslettertest.Issue(139)
	older.Corrections, newer.Corrections = nil, nil
	w := newWorld(t, older, newer)
	for _, p := range w.sitemap("/sitemap.xml").Pages {
		var want time.Time
		switch strings.TrimPrefix(p.Location, "https://letter.example") {
		case "/issues/98", "/archive/2025":
			want = older.PublishedAt
		case "/", "/archive", "/issues/139", "/archive/2026", "/sites/gulls.example":
			want = newer.PublishedAt
		case "/about", "/follow":
		default:
			continue
		}
		if !p.Modified.Equal(want) {
			t.Errorf("%s changed at %s, want %s", p.Location, p.Modified, want)
		}
	}
}

func TestLargeSitemapIsSplit(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(98), newslettertest.Issue(139))
	whole := w.visited(w.sitemap("/sitemap.xml"))
	w.site.sitemapSize = 5
	w.publish(newslettertest.Issue(140)) // nothing of what was held is left
	index := w.sitemap("/sitemap.xml")
	var paths []string
	for _, part := range w.visited(index) {
		l := w.sitemap(part)
		if l.XMLName.Local != "urlset" || len(l.Pages) > 5 {
			t.Errorf("%s is a %s of %d pages", part, l.XMLName.Local, len(l.Pages))
		}
		paths = append(paths, w.visited(l)...)
	}
	slices.Sort(paths)
	want := slices.Sorted(slices.Values(append(whole, "/issues/140")))
	if index.XMLName.Local != "sitemapindex" || !slices.Equal(paths, want) {
		t.Errorf("the %s leads to %v, want %v", index.XMLName.Local, paths, want)
	}
	if last := index.Pages[len(index.Pages)-1]; last.Modified.IsZero() {
		t.Errorf("%s has no date", last.Location)
	}
	for _, beyond := range []string{"/sitemap-0.xml", "/sitemap-99.xml", "/sitemap-99999999999999999999.xml"} {
		if answer := w.ask(http.MethodGet, beyond, nil); answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", beyond, answer.Code)
		}
	}
}
