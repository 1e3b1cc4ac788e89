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

// Hit is an item that was found, without the moments of its issue.
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
// have other forms of them in a row, then all others. Among these, where the words
// stand weighs most (title, note, hosts, paths), then how often and how close
// together, unless they are more than twenty, which takes long; then how recent
// the issue.
// Words that stand nowhere find nothing.
func (s *Store) Search(ctx context.Context, q Query) (Results, error) {
	c := count{sections: map[string]int{}, years: map[int]int{}, sites: map[string]int{}}
	var meant Meant
	var intros []IntroHit
	batch := &pgx.Batch{}
	batch.Queue(findMeaning, q.match()).QueryRow(func(row pgx.Row) error {
		var query string
		err := row.Scan(&meant.Dictionary, &query, nil, nil, nil, nil, nil)
		meant.Terms, meant.Runs = meantBy(query)
		return err
	})
	first := offset(q.Page, ItemsPerPage) + 1
	batch.Queue(findItems, pgx.StrictNamedArgs{
		"section": q.Section, "year": q.Year, "site": q.Site, "newest": q.Newest, "first": first, "last": first + ItemsPerPage - 1,
	}).Query(func(rows pgx.Rows) error { return c.items(rows, q) })
	if q.Section == "" && q.Site == "" && q.Page <= 1 { // an introduction is of no section and has no site
		batch.Queue(findIntros, pgx.StrictNamedArgs{"newest": q.Newest, "year": q.Year, "limit": introsShown}).Query(func(rows pgx.Rows) (err error) {
			intros, err = pgx.CollectRows(rows, pgx.RowToStructByName[IntroHit])
			return err
		})
	}
	if err := s.db.SendBatch(ctx, batch).Close(); err != nil {
		return Results{}, wrap(err, "search")
	}
	results := c.results()
	results.Meant, results.Intros = meant, intros
	return results, nil
}

const (
	sitesCounted = 8 // sites in the results of a search
	introsShown  = 5 // introductions in them
)

// findMeaning says what a search looks for: querytree leaves out what it excludes.
// The statements after it in the transaction read it from their settings: all go to
// PostgreSQL at once.
const findMeaning = matching + `
	SELECT config::text, querytree(query), set_config('search.query', query::text, true), set_config('search.matched', matched::text, true),
	       set_config('search.written', written::text, true), set_config('search.phrase', phrase::text, true), set_config('search.together', together::text, true)
	FROM query`

// meaning is what findMeaning found.
const meaning = `
	WITH query AS MATERIALIZED (
		SELECT current_setting('search.query')::tsquery AS query, current_setting('search.matched')::tsquery AS matched,
		       current_setting('search.written')::tsquery AS written, current_setting('search.phrase')::tsquery AS phrase, current_setting('search.together')::tsquery AS together)`

// findItems lists everything that matches, with what it is counted by, and whole
// what stands on the page: OFFSET 0 keeps the rest from being looked up. nth counts
// what was chosen, best first. Sites stand in a row, which is read faster than an
// array. An item that was found is looked up where it lies (ctid), which is quicker
// than by its key and certain within a statement.
const findItems = meaning + `,
	found AS (
		SELECT printed_items.ctid, number, place, coalesce(title, '') AS section, year, array_to_string(sites, ' ') AS sites, chosen,
		       count(*) FILTER (WHERE chosen) OVER (
			ORDER BY CASE WHEN @newest THEN 0 WHEN search @@ phrase THEN 3 WHEN search @@ written THEN 2 WHEN search @@ together THEN 1 ELSE 0 END DESC,
			         CASE WHEN @newest OR numnode(query) > 40 THEN 0 ELSE ts_rank('{0.1, 0.4, 0.7, 1.0}', search, query, 1) END DESC, number DESC, place
			ROWS UNBOUNDED PRECEDING) AS nth
		FROM query JOIN printed_items ON search @@ matched LEFT JOIN standing_sections ON id = standing_id,
		     LATERAL (SELECT (@section = '' OR coalesce(title, '') = @section) AND (@year = 0 OR year = @year)
		                     AND (@site = '' OR @site = ANY (sites))) AS choice (chosen))
	SELECT section, year, sites, chosen, nth, number, date, heading, note, content
	FROM found LEFT JOIN LATERAL (
		SELECT date, heading, content - 'note' AS content, note FROM printed_items JOIN printed_issues USING (number)
		WHERE chosen AND nth BETWEEN @first AND @last AND printed_items.ctid = found.ctid
		OFFSET 0) AS whole ON true`

const findIntros = meaning + `,
	matched AS MATERIALIZED (
		SELECT number, NOT @newest AND search @@ phrase AS in_a_row FROM query JOIN printed_intros ON search @@ matched
		WHERE @year = 0 OR @year = (SELECT extract(year FROM date) FROM printed_issues WHERE number = printed_intros.number)),
	found AS (SELECT number, in_a_row FROM matched ORDER BY in_a_row DESC, number DESC LIMIT @limit)
	SELECT number, date, intro FROM found JOIN printed_intros USING (number) JOIN printed_issues USING (number)
	ORDER BY in_a_row DESC, number DESC`

// count goes through everything that was found. It keeps the items of one page.
type count struct {
	all, total      int
	sections, sites map[string]int
	years           map[int]int
	hits            []nthHit
}

// nthHit is a hit by its place in the order.
type nthHit struct {
	nth int
	Hit
}

// items counts the rows of findItems. Of what stands on another page nothing else
// is read.
func (c *count) items(rows pgx.Rows, q Query) error {
	var section, sites string
	var year int
	var chosen bool
	counted := []any{&section, &year, &sites, &chosen, nil, nil, nil, nil, nil, nil}
	for rows.Next() {
		row := counted
		var hit *nthHit
		if rows.RawValues()[len(row)-1] != nil {
			hit = &nthHit{}
			row = []any{&section, &year, &sites, &chosen, &hit.nth, &hit.Number, &hit.Date, &hit.Heading, &hit.Note, &hit.Item}
		}
		if err := rows.Scan(row...); err != nil {
			return err
		}
		if hit != nil {
			hit.Section = section
			c.hits = append(c.hits, *hit)
		}
		inSection, inYear := q.Section == "" || section == q.Section, q.Year == 0 || year == q.Year
		atSite := q.Site == "" || slices.Contains(strings.Fields(sites), q.Site)
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
		if chosen {
			c.total++
		}
	}
	return rows.Err()
}

// results are the counts in their orders.
func (c *count) results() Results {
	r := Results{Total: c.total, All: c.all, Sections: mostFirst(c.sections), Sites: mostFirst(c.sites)}
	r.Sites = r.Sites[:min(sitesCounted, len(r.Sites))]
	for _, year := range slices.Backward(slices.Sorted(maps.Keys(c.years))) {
		r.Years = append(r.Years, Count{strconv.Itoa(year), c.years[year]})
	}
	slices.SortFunc(c.hits, func(a, b nthHit) int { return cmp.Compare(a.nth, b.nth) })
	for _, hit := range c.hits {
		r.Hits = append(r.Hits, hit.Hit)
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
