package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"

	"broadsheet/internal/address"
)

// Limits of one sitemap, from the protocol at sitemaps.org. Beyond them a
// sitemap has to be split and named in an index.
const (
	MaxPages        = 50_000
	MaxSitemapBytes = 50 << 20
)

// maxLocation is the limit of one address in a sitemap: "less than 2,048
// characters".
const maxLocation = 2047

// Page is a page that search engines should know.
type Page struct {
	Path     string    // from package address
	Modified time.Time // of its last change, or zero where that is not known
}

// SitemapIndex returns the index of several sitemaps, each with the time of its
// last change. More than [MaxPages] are an error.
func SitemapIndex(base address.Base, parts []Page) ([]byte, error) {
	if len(parts) > MaxPages {
		return nil, fmt.Errorf("an index names at most %d sitemaps, not %d", MaxPages, len(parts))
	}
	return listed("sitemapindex", "sitemap", base, parts), nil
}

// Sitemap returns the sitemap of the pages in the order given. A page whose
// address is longer than the protocol allows is left out. More than
// [MaxPages], or a document above [MaxSitemapBytes], is an error.
func Sitemap(base address.Base, pages []Page) ([]byte, error) {
	if len(pages) > MaxPages {
		return nil, fmt.Errorf("a sitemap holds at most %d pages, not %d; split it and write an index", MaxPages, len(pages))
	}
	out := listed("urlset", "url", base, pages)
	if len(out) > MaxSitemapBytes {
		return nil, fmt.Errorf("a sitemap has at most %d bytes, not %d; split it and write an index", MaxSitemapBytes, len(out))
	}
	return out, nil
}

// listed returns a document that lists pages in elements of one name. A page
// whose address is too long is left out. It is written by hand: package xml takes
// ten times as long, and a document has up to 50 000 pages.
func listed(root, element string, base address.Base, pages []Page) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s<%s xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">", xml.Header, root)
	for _, p := range pages {
		location := base.Absolute(p.Path)
		if len(location) > maxLocation {
			continue
		}
		fmt.Fprintf(&out, "\n <%s>\n  <loc>", element)
		_ = xml.EscapeText(&out, []byte(location)) // into memory
		out.WriteString("</loc>")
		if !p.Modified.IsZero() {
			fmt.Fprintf(&out, "\n  <lastmod>%s</lastmod>", p.Modified.UTC().Format(time.RFC3339))
		}
		fmt.Fprintf(&out, "\n </%s>", element)
	}
	fmt.Fprintf(&out, "\n</%s>", root)
	return out.Bytes()
}
