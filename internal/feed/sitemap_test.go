package feed

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/address"
)

type urlset struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod"`
	} `xml:"url"`
}

func TestSitemap(t *testing.T) {
	document, err := Sitemap(weekly, []Page{
		{Path: address.Home},
		{Path: address.Issue(139), Modified: moment(2)},
		{Path: "/sections/" + strings.Repeat("x", 2048)},
		{Path: "/search?q=a&b=<c>"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var set urlset
	if err := xml.Unmarshal(document, &set); err != nil {
		t.Fatal(err)
	}
	var got [][2]string
	for _, u := range set.URLs {
		got = append(got, [2]string{u.Loc, u.LastMod})
	}
	if diff := cmp.Diff([][2]string{
		{"https://weekly.example/", ""},
		{"https://weekly.example/issues/139", "2013-09-02T07:00:00Z"},
		{"https://weekly.example/search?q=a&b=<c>", ""},
	}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSitemapIndex(t *testing.T) {
	document, err := SitemapIndex(weekly, []Page{{Path: address.SitemapPart(1), Modified: moment(2)}})
	const want = "<sitemap>\n  <loc>https://weekly.example/sitemap-1.xml</loc>\n  <lastmod>2013-09-02T07:00:00Z</lastmod>\n </sitemap>\n</sitemapindex>"
	if err != nil || !strings.HasSuffix(string(document), want) {
		t.Errorf("the index is %s (%v), want at the end %s", document, err, want)
	}
	if _, err := SitemapIndex(weekly, make([]Page, MaxPages+1)); err == nil {
		t.Errorf("%d sitemaps pass", MaxPages+1)
	}
}

func TestSitemapLimits(t *testing.T) {
	full := make([]Page, MaxPages)
	if _, err := Sitemap(weekly, full); err != nil {
		t.Errorf("%d pages: %v", len(full), err)
	}
	if _, err := Sitemap(weekly, append(full, Page{})); err == nil {
		t.Errorf("%d pages pass", MaxPages+1)
	}
	// Each "&" is five bytes in the document.
	large := slices.Repeat([]Page{{Path: "/" + strings.Repeat("&", 2000)}}, MaxSitemapBytes/10_000)
	if document, err := Sitemap(weekly, large); err == nil {
		t.Errorf("%d bytes pass", len(document))
	}
}
