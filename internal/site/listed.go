package site

import (
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// listed is an item in a list of items from many issues.
type listed struct {
	Item    page.Item
	Date    newsletter.Date
	Heading string // of its section, "" where the page says it already
}

// group is a run of listed items under one name in the margin.
type group struct {
	Name  string
	Items []listed
}

// list returns items as they are listed. A heading equal to title, which the
// page has over all items, is left out.
func list(items []postgres.Found, title string) []listed {
	out := make([]listed, len(items))
	for i, f := range items {
		out[i] = listed{Item: page.NewItem(f.Mark(), f.Item), Date: f.Date, Heading: f.Heading}
		if f.Heading == title {
			out[i].Heading = ""
		}
	}
	return out
}

// byYear groups items, which are in order of their issues, by the year.
func byYear(items []listed) []group {
	var groups []group
	for _, item := range items {
		year := strconv.Itoa(item.Date.Year)
		if len(groups) == 0 || groups[len(groups)-1].Name != year {
			groups = append(groups, group{Name: year})
		}
		last := &groups[len(groups)-1]
		last.Items = append(last.Items, item)
	}
	return groups
}

// pager leads to the pages before and after one page of a list.
type pager struct {
	Newer, Older string // addresses, "" where there is none
	Page, Last   int
}

// paged returns the pager of a page out of total items; at gives a page's
// address. It reports whether the page exists.
func paged(number, total int, at func(page int) string) (pager, bool) {
	p := pager{Page: number, Last: pages(total, postgres.ItemsPerPage)}
	if number > 1 {
		p.Newer = at(number - 1)
	}
	if number < p.Last {
		p.Older = at(number + 1)
	}
	return p, number <= p.Last
}

// pages returns how many pages a list has; an empty one has an empty page.
func pages(total, perPage int) int { return max(1, (total+perPage-1)/perPage) }

// searchBox returns the search field of a page, saying how far back it reaches.
func searchBox(span postgres.Span, words string) page.SearchBox {
	label := "Search every note and link"
	if !span.First.IsZero() {
		label += " since " + strconv.Itoa(span.First.Year)
	}
	return page.SearchBox{Label: label, Words: words}
}

// sectionEntry is a standing section as a place to go.
func sectionEntry(s newsletter.StandingSection) page.Entry {
	return page.Entry{Title: s.Title, Path: address.Section(s.Slug(), 1)}
}
