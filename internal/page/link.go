package page

import (
	"fmt"
	"html/template"
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

// Href returns an address as the value of an href in quotes, as html/template
// would write it: one of another scheme than http, https and mailto leads nowhere,
// and characters that have no place in an address (RFC 3986, section 2) are
// encoded.
func Href(url string) string {
	if scheme, _, found := strings.Cut(url, ":"); found && !strings.Contains(scheme, "/") &&
		!strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "mailto") {
		return "#"
	}
	var b strings.Builder
	end := 0
	for at := range len(url) {
		if c := url[at]; !inAddress(c) && (c != '%' || !encodes(url[at+1:])) {
			b.WriteString(url[end:at])
			fmt.Fprintf(&b, "%%%02x", c)
			end = at + 1
		}
	}
	b.WriteString(url[end:])
	return template.HTMLEscapeString(b.String())
}

// inAddress reports whether a byte stands in an address as it is.
func inAddress(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~!#$&*+,/:;=?@[]", c) >= 0
}

// encodes reports whether what stands after a percent sign makes it the code of
// a byte.
func encodes(rest string) bool {
	return len(rest) >= 2 && strings.Trim(rest[:2], "0123456789abcdefABCDEF") == ""
}
