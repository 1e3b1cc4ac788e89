package desk

import (
	"context"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// ran is a place where a link stands already, as in "Ran in 402.3". Where it
// ran before is said and never forbidden.
type ran struct {
	Words   string // "Ran in", "Also in the inbox,"
	Name    string // "402.3", or who sent it
	Path    string // where the name leads, or ""
	Title   string // of the item
	By      string
	At      moment          // when it was sent; no words when it was printed
	Date    newsletter.Date // of the issue, when it was printed
	Paid    bool
	Printed bool
	Item    int64 // that could be merged, or 0
}

// ranIn returns where links stand already, by address; except is the item that
// has them itself, or 0. It is one query.
func (d *Desk) ranIn(ctx context.Context, user newsletter.User, urls []string, except int64) (map[string][]ran, error) {
	found, err := d.store.Occurrences(ctx, urls, except)
	if err != nil {
		return nil, err
	}
	where := make(map[string][]ran, len(found))
	for url, occurrences := range found {
		for _, o := range occurrences {
			where[url] = append(where[url], d.ran(user, o))
		}
	}
	return where, nil
}

func (d *Desk) ran(user newsletter.User, o postgres.Occurrence) ran {
	r := ran{Title: o.Title, By: o.By, Paid: o.Sponsored, Item: o.ItemID}
	switch {
	case o.IssueState.Printed():
		r.Words, r.Name, r.Path = "Ran in", o.Mark.String(), address.Item(o.Mark)
		r.Date, r.Printed, r.Item = o.Date, true, 0
		if o.IssueState == newsletter.Withdrawn {
			r.Words, r.Path = "Ran in the withdrawn", ""
		}
		return r
	case o.Issue != 0:
		r.Words, r.Name, r.Path = "Also in", strconv.Itoa(o.Issue), boardAt(o.Issue, o.ItemID)
	default:
		r.Words, r.Name = looseWords[o.ItemState], nameOr(o.By)
		r.Path = address.Inbox + looseQuery(o.ItemState)
		// Whoever submitted it is known by the item alone; editors may open all.
		if newsletter.May(user, newsletter.EditItem, newsletter.Object{Item: o.ItemState}) {
			r.Path = address.DeskItem(o.ItemID)
		}
	}
	r.At = d.ago(o.At)
	return r
}

var looseWords = map[newsletter.ItemState]string{
	newsletter.Inbox:    "Also in the inbox,",
	newsletter.Held:     "Also held,",
	newsletter.Declined: "Declined before,",
}

// nameOr returns a name, or what stands for somebody without one.
func nameOr(name string) string {
	if name == "" {
		return "somebody"
	}
	return name
}

// addressesOf returns all addresses of items, listed and inside their notes.
func addressesOf(items ...newsletter.Item) []string {
	var urls []string
	for _, item := range items {
		for _, link := range allLinks(item) {
			urls = append(urls, link.URL)
		}
	}
	return urls
}

// ranOf returns where the links of an item stand already, each place once and
// without the item itself.
func ranOf(item newsletter.Item, where map[string][]ran) []ran {
	type place struct{ words, name, path string }
	var list []ran
	seen := map[place]bool{}
	for _, link := range allLinks(item) {
		for _, r := range where[link.URL] {
			if at := (place{r.Words, r.Name, r.Path}); !seen[at] && (r.Item == 0 || r.Item != item.ID) {
				seen[at] = true
				list = append(list, r)
			}
		}
	}
	return list
}
