// Package address holds every path and absolute address the program writes.
// Handlers and templates alike take their addresses from here, so that one
// place decides how a thing is called.
package address

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
)

// Addresses without a part of their own.
const (
	Home    = "/"
	Archive = "/archive"
	Search  = "/search"
	Follow  = "/follow"
	About   = "/about"
	Latest  = "/latest"
	RSS     = "/feed.xml"
	Atom    = "/atom.xml"
	JSON    = "/feed.json"
	Events  = "/events.ics"
	Sitemap = "/sitemap.xml"
	Robots  = "/robots.txt"
	Card    = "/card.png"
	Livez   = "/livez"
	Readyz  = "/readyz"
	Static  = "/static/"
)

// Theme is the style sheet of the owner's accent, by the hash of what it holds:
// /theme/3f2a91c07d4e.css.
func Theme(hash string) string { return "/theme/" + hash + ".css" }

// SitemapPart is one of several sitemaps, from 1: /sitemap-2.xml.
func SitemapPart(n int) string { return "/sitemap-" + strconv.Itoa(n) + ".xml" }

// Year is the archive of one year: /archive/2013.
func Year(year int) string { return Archive + "/" + strconv.Itoa(year) }

// Issue is the page of an issue: /issues/139.
func Issue(number int) string { return "/issues/" + strconv.Itoa(number) }

// IssueAs is an issue in another form: /issues/139.md for the extension "md".
func IssueAs(number int, extension string) string { return Issue(number) + "." + extension }

// IssueCard is the picture of an issue where it is shared: /issues/139/card.png.
func IssueCard(number int) string { return Issue(number) + Card }

// Item is an item on its issue's page: /issues/139#4.
func Item(mark newsletter.Mark) string {
	return fmt.Sprintf("%s#%d", Issue(mark.Issue), mark.Place)
}

// Section is the page of a standing section by its slug, /sections/tools.
// Page numbers above 1 are a query.
func Section(slug string, page int) string { return paged("/sections/"+url.PathEscape(slug), page) }

// ListFeed is the feed of a list of items, which lies under the address of the
// section or site: /sections/tools/feed.xml for the feed address [RSS].
func ListFeed(list, feed string) string { return list + feed }

// FeedPage is a page of a feed, whose first is the feed itself.
func FeedPage(feed string, page int) string { return paged(feed, page) }

// Site is the page of everything that led to one site, /sites/github.com.
func Site(site string, page int) string { return paged("/sites/"+url.PathEscape(site), page) }

// Query is a search: its words, and what it is kept to where that is not the
// first choice.
type Query struct {
	Words   string
	Section string // slug
	Year    int
	Site    string
	Newest  bool // first, instead of the best
	Page    int
}

// Address is the result page of the search, /search?q=words, with its parameters in
// the order of their names.
func (q Query) Address() string {
	var b strings.Builder
	add := func(name, value string) {
		if value != "" {
			b.WriteString("&" + name + "=" + url.QueryEscape(value))
		}
	}
	if q.Newest {
		add("order", "newest")
	}
	if q.Page > 1 {
		add("page", strconv.Itoa(q.Page))
	}
	add("q", q.Words)
	add("section", q.Section)
	add("site", q.Site)
	if q.Year != 0 {
		add("year", strconv.Itoa(q.Year))
	}
	return Search + "?" + strings.TrimPrefix(b.String(), "&")
}

func paged(path string, page int) string {
	if page > 1 {
		return path + "?page=" + strconv.Itoa(page)
	}
	return path
}

// Base is the public address of the publication without a final slash, such
// as "https://weekly.example". It is the only source of absolute addresses.
type Base string

// ParseBase reads a base URL as it is given in the settings: http or https, a
// host, and nothing after it but an optional slash.
func ParseBase(raw string) (Base, error) {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("the base URL %q is not usable; give scheme and host only, such as https://weekly.example", raw)
	}
	return Base(u.Scheme + "://" + u.Host), nil
}

// Absolute returns the absolute address of a path of this program.
func (b Base) Absolute(path string) string { return string(b) + path }

// Host returns the host (and port, if any) of the base.
func (b Base) Host() string {
	_, host, _ := strings.Cut(string(b), "://")
	return host
}

// Tag returns a tag URI (RFC 4151) that names an issue, or an item of it, for
// ever: feeds use it as the entry's id. day is a day on which the publication
// held the host.
func (b Base) Tag(day newsletter.Date, specific string) string {
	host := b.Host()
	if u, err := url.Parse(string(b)); err == nil {
		host = strings.ReplaceAll(u.Hostname(), ":", "-") // an IPv6 address; the tag's own colons part it
	}
	return fmt.Sprintf("tag:%s,%s:%s", host, day, specific)
}
