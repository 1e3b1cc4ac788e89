package postgres

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Query is a search for printed items.
type Query struct {
	Words   string // as the reader typed them: words, "phrases", -exclusions, beginnings*
	Section string // title of a standing section to keep to, or ""
	Year    int    // of the date to keep to, or 0
	Site    string // that a link of the item leads to, or ""
	Newest  bool   // newest first instead of best first
	Page    int    // from 1
}

// Hit is an item that was found.
type Hit struct {
	Found
	Note string // the item's own as plain text; Item's is left out
}

// IntroHit is an issue whose introduction was found.
type IntroHit struct {
	Number int
	Date   newsletter.Date
	Intro  string // as plain text
}

// Results are one page of what a search found. The counts of a kind keep to
// what was asked for of the other kinds, so that they say what choosing them
// would show.
type Results struct {
	Hits     []Hit
	Total    int        // of all that was asked for
	All      int        // of the words alone
	Sections []Count    // standing sections with hits, most first
	Years    []Count    // years with hits, newest first
	Sites    []Count    // the sites that most hits lead to
	Intros   []IntroHit // with the first page: at most introsShown, which the counts leave out
	Meant    Meant
}

// Search finds printed items, best first: those that have the words in a row as
// they were typed, then those that have them to the letter, then those that
// have other forms of them. Among these, where the words stand weighs most
// (title, note, hosts, paths), then how close together, then how recent the issue.
// Words that stand nowhere find nothing.
func (s *Store) Search(ctx context.Context, q Query) (Results, error) {
	m, err := one[meaning](ctx, s, "read the search", matching+" SELECT config::text, query::text, written::text, phrase::text FROM query", q.match())
	if err != nil || m.Query == "" {
		return Results{}, err
	}
	c := count{q: q, sections: map[string]int{}, years: map[int]int{}, sites: map[string]int{}}
	batch := &pgx.Batch{}
	batch.Queue(findItems, pgx.StrictNamedArgs{"query": m.Query, "written": m.Written, "phrase": m.Phrase, "newest": q.Newest}).Query(c.items)
	var intros []IntroHit
	if q.Section == "" && q.Site == "" && q.Page <= 1 { // an introduction is of no section and has no site
		batch.Queue(findIntros, pgx.StrictNamedArgs{"query": m.Query, "phrase": m.Phrase, "newest": q.Newest, "year": q.Year, "limit": introsShown}).Query(func(rows pgx.Rows) (err error) {
			intros, err = pgx.CollectRows(rows, pgx.RowToStructByName[IntroHit])
			return err
		})
	}
	if err := s.db.SendBatch(ctx, batch).Close(); err != nil {
		return Results{}, wrap(err, "search")
	}
	results := c.results()
	results.Meant, results.Intros = Meant{Dictionary: m.Config, Terms: terms(m.Query)}, intros
	if len(c.numbers) > 0 {
		results.Hits, err = s.hits(ctx, c.numbers, c.places)
	}
	return results, err
}

// meaning is what a search looks for: its words in a dictionary, to the letter,
// and in a row.
type meaning struct{ Config, Query, Written, Phrase string }

const (
	sitesCounted = 8 // sites in the results of a search
	introsShown  = 5 // introductions in them
)

// findItems lists everything that matches, best first, with what it is counted
// by. Sites stand in a row, which is read faster than an array.
const findItems = `
	SELECT number, place, coalesce(title, ''), year, array_to_string(sites, ' ')
	FROM printed_items LEFT JOIN standing_sections ON id = standing_id
	WHERE search @@ @query::tsquery
	ORDER BY CASE WHEN @newest OR NOT search @@ @written::tsquery THEN 0 WHEN search @@ @phrase::tsquery THEN 2 ELSE 1 END DESC,
	         CASE WHEN @newest THEN 0 ELSE ts_rank_cd('{0.1, 0.4, 0.7, 1.0}', search, @query::tsquery, 1) END DESC, number DESC, place`

const findIntros = `
	SELECT number, date, intro FROM printed_intros JOIN printed_issues USING (number)
	WHERE search @@ @query::tsquery AND (@year = 0 OR extract(year FROM date) = @year)
	ORDER BY NOT @newest AND search @@ @phrase::tsquery DESC, number DESC LIMIT @limit`

// count goes through everything that was found. It keeps the marks of one page.
type count struct {
	q               Query
	all, total      int
	sections, sites map[string]int
	years           map[int]int
	numbers, places []int
}

// items counts the rows of findItems.
func (c *count) items(rows pgx.Rows) error {
	var number, place, year int
	var section, sites string
	first := offset(c.q.Page, ItemsPerPage)
	_, err := pgx.ForEachRow(rows, []any{&number, &place, &section, &year, &sites}, func() error {
		inSection, inYear := c.q.Section == "" || section == c.q.Section, c.q.Year == 0 || year == c.q.Year
		atSite := c.q.Site == "" || slices.Contains(strings.Fields(sites), c.q.Site)
		c.all++
		if inYear && atSite && section != "" {
			c.sections[section]++
		}
		if inSection && atSite {
			c.years[year]++
		}
		if inSection && inYear {
			for site := range strings.FieldsSeq(sites) {
				c.sites[site]++
			}
		}
		if inSection && inYear && atSite {
			if c.total >= first && c.total < first+ItemsPerPage {
				c.numbers, c.places = append(c.numbers, number), append(c.places, place)
			}
			c.total++
		}
		return nil
	})
	return err
}

// results are the counts in their orders.
func (c *count) results() Results {
	r := Results{Total: c.total, All: c.all, Sections: mostFirst(c.sections), Sites: mostFirst(c.sites)}
	r.Sites = r.Sites[:min(sitesCounted, len(r.Sites))]
	for _, year := range slices.Backward(slices.Sorted(maps.Keys(c.years))) {
		r.Years = append(r.Years, Count{strconv.Itoa(year), c.years[year]})
	}
	return r
}

// mostFirst are counts, the largest first, then by name.
func mostFirst(counts map[string]int) []Count {
	var list []Count
	for name, items := range counts {
		list = append(list, Count{name, items})
	}
	slices.SortFunc(list, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Items, a.Items), strings.Compare(a.Name, b.Name)) })
	return list
}

// hits reads the items of one page.
func (s *Store) hits(ctx context.Context, numbers, places []int) ([]Hit, error) {
	return collect[Hit](ctx, s, "read what was found", `
		SELECT `+foundHead+`, content - 'note' AS content, note
		FROM unnest(@numbers::int[], @places::int[]) WITH ORDINALITY AS page (number, place, nth)
		     JOIN printed_items printed USING (number, place)`+joinFound+`
		ORDER BY nth`, pgx.StrictNamedArgs{"numbers": numbers, "places": places})
}
