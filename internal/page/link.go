package page

import (
	"strings"

	"broadsheet/internal/newsletter"
)

// Link is a link as it is shown: with a text, the text and the host; without,
// the address, its host standing out.
type Link struct {
	URL       string // letter for letter
	Text      string
	Host      string // "wardline.example"
	Rest      string // "/field-notes/paging", without scheme; "" for a bare host
	Sponsored bool
}

// LinksOf returns an item's links as they are shown.
func LinksOf(item newsletter.PrintedItem) []Link {
	links := make([]Link, len(item.Links))
	for i, link := range item.Links {
		host, rest := ShownAddress(link.URL)
		links[i] = Link{link.URL, link.Text, host, rest, item.Sponsored}
	}
	return links
}

// ShownAddress cuts an address into host and the rest, without the scheme,
// without a name and password before the host, and without a final slash that
// says nothing.
func ShownAddress(url string) (host, rest string) {
	_, url, _ = strings.Cut(url, "://")
	end := strings.IndexAny(url, "/?#")
	if end < 0 {
		end = len(url)
	}
	host, rest = url[:end], url[end:]
	if rest == "/" {
		rest = ""
	}
	return host[strings.LastIndexByte(host, '@')+1:], rest
}
