package site

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// filter is a line of choices that narrow a search.
type filter struct {
	Name    string // "Years"
	Entries []page.Entry
}

// narrowing makes the addresses of narrower and wider searches.
type narrowing struct{ address.Query }

// to is the same search with something else chosen.
func (n narrowing) to(title string, here bool, change func(*address.Query)) page.Entry {
	q := n.Query
	change(&q)
	return page.Entry{Title: title, Path: q.Address(), Here: here}
}

// filters are the sections, years and sites a search found something in, with
// counts, and the other order. What was chosen stands there whatever was found,
// and before it what takes it back alone. What leaves no choice is left out.
func filters(q address.Query, section string, results postgres.Results) []filter {
	q.Page = 1
	n := narrowing{q}
	order := "Newest first"
	if q.Newest {
		order = "Best first"
	}
	year := ""
	if q.Year != 0 {
		year = strconv.Itoa(q.Year)
	}
	sections := n.choices("Sections", section, results.Total, results.Sections, func(q *address.Query, name string) { q.Section = newsletter.Slug(name) })
	all := n.to("All "+strconv.Itoa(results.All), q.Section == "" && q.Year == 0 && q.Site == "",
		func(q *address.Query) { q.Section, q.Year, q.Site = "", 0, "" })
	sections.Entries = slices.Concat([]page.Entry{all}, sections.Entries, []page.Entry{n.to(order, false, func(q *address.Query) { q.Newest = !q.Newest })})
	list := []filter{
		sections,
		n.choices("Years", year, results.Total, results.Years, func(q *address.Query, name string) { q.Year, _ = strconv.Atoi(name) }), // "" is no year
		n.choices("Sites", q.Site, results.Total, results.Sites, func(q *address.Query, name string) { q.Site = name }),
	}
	return slices.DeleteFunc(list, func(f filter) bool { return len(f.Entries) < 2 })
}

// choices are those of one kind. The one that is chosen has found items, and is
// among the counts unless it found none or too few.
func (n narrowing) choices(name, chosen string, found int, counts []postgres.Count, set func(*address.Query, string)) filter {
	f := filter{Name: name}
	if chosen != "" {
		f.Entries = append(f.Entries, n.to("All "+strings.ToLower(name), false, func(q *address.Query) { set(q, "") }))
		if !slices.ContainsFunc(counts, func(c postgres.Count) bool { return c.Name == chosen }) {
			counts = append(counts, postgres.Count{Name: chosen, Items: found})
		}
	}
	for _, count := range counts {
		f.Entries = append(f.Entries, n.to(count.Name+" "+strconv.Itoa(count.Items), count.Name == chosen, func(q *address.Query) { set(q, count.Name) }))
	}
	return f
}

func resultCount(n int) string {
	if n == 1 {
		return "1 result"
	}
	return strconv.Itoa(n) + " results"
}

// found puts in what a search found, with the words marked that it means.
func (v *searchView) found(ctx context.Context, db snapshot, results postgres.Results) error {
	marks, err := db.marks(ctx, results.Meant, v.Words, texts(results))
	if err != nil {
		return err
	}
	if len(results.Hits) > 0 {
		v.Found, v.Hits = resultCount(results.Total), marks.hits(results.Hits)
	}
	v.Intros = marks.intros(results.Intros)
	return nil
}

// texts goes through everything that is shown of what was found.
func texts(results postgres.Results) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, hit := range results.Hits {
			if !yield(hit.Item.Title) || !yield(hit.Note) || !yield(hit.Heading) {
				return
			}
			for _, link := range hit.Item.Links {
				_, address, _ := strings.Cut(link.URL, ":") // without the scheme
				if !yield(link.Text) || !yield(address) {
					return
				}
			}
		}
		for _, hit := range results.Intros {
			if !yield(hit.Intro) {
				return
			}
		}
	}
}
