package feed

import (
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

type sitemap struct {
	XMLName xml.Name      `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Pages   []sitemapPage `xml:"url"`
}

type sitemapPage struct {
	Location text   `xml:"loc"`
	Modified string `xml:"lastmod,omitempty"`
}

// Sitemap returns the sitemap of the pages in the order given. A page whose
// address is longer than the protocol allows is left out. More than
// [MaxPages], or a document above [MaxSitemapBytes], is an error.
func Sitemap(base address.Base, pages []Page) ([]byte, error) {
	if len(pages) > MaxPages {
		return nil, fmt.Errorf("a sitemap holds at most %d pages, not %d; split it and write an index", MaxPages, len(pages))
	}
	var document sitemap
	for _, p := range pages {
		page := sitemapPage{Location: text(base.Absolute(p.Path))}
		if len(page.Location) > maxLocation {
			continue
		}
		if !p.Modified.IsZero() {
			page.Modified = p.Modified.UTC().Format(time.RFC3339)
		}
		document.Pages = append(document.Pages, page)
	}
	out, err := encode(document)
	if err == nil && len(out) > MaxSitemapBytes {
		return nil, fmt.Errorf("a sitemap has at most %d bytes, not %d; split it and write an index", MaxSitemapBytes, len(out))
	}
	return out, err
}
