package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Marks around the words that were found, in the texts of a [Hit]. As control
// characters they occur in no text of ours.
const (
	HitStart = "\x02"
	HitEnd   = "\x03"
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

// Hit is an item that was found, with the words that matched marked by
// HitStart and HitEnd.
type Hit struct {
	Found
	Title         string            // the item's title
	Note          string            // its note as plain text; of a long one, the passages that matched
	MarkedHeading string            // its section's
	MarkedLinks   []newsletter.Link // its own, whose texts and addresses are marked
}

// IntroHit is an issue whose introduction was found.
type IntroHit struct {
	Number int
	Date   newsletter.Date
	Intro  string // as plain text; of a long one, the passages that matched
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
}

// Search finds printed items, best first: those that have the words in a row as
// they were typed, then those that have them to the letter, then those that
// have other forms of them. Among these, where the words stand weighs most
// (title, note, hosts, paths), then how close together, then how recent the issue.
// Words that stand nowhere find nothing.
func (s *Store) Search(ctx context.Context, q Query) (Results, error) {
	found, err := s.find(ctx, q)
	results := Results{Total: found.Total, All: found.All, Sections: found.Sections, Years: found.Years, Sites: found.Sites}
	if err == nil && len(found.Page) > 0 {
		results.Hits, err = s.hits(ctx, found)
	}
	if err == nil && len(found.Intros) > 0 {
		results.Intros, err = s.intros(ctx, found)
	}
	return results, err
}

// found is what a search found: its counts, and the items of one page in order.
type found struct {
	All, Total             int
	Sections, Years, Sites []Count
	Page                   [][]int // number and place of each
	Intros                 []int   // numbers of issues
	Config, Query          string  // what was looked for, which marks it in texts
}

const (
	sitesCounted = 8 // sites in the results of a search
	introsShown  = 5 // introductions in them
)

// find goes through all hits once, for the counts and for the best of them. An
// introduction is of no section and has no site.
func (s *Store) find(ctx context.Context, q Query) (found, error) {
	args := q.match()
	args["section"], args["year"], args["site"], args["sites"], args["intros"] = q.Section, q.Year, q.Site, sitesCounted, introsShown
	args["newest"], args["limit"], args["offset"] = q.Newest, ItemsPerPage, offset(q.Page, ItemsPerPage)
	return one[found](ctx, s, "search", matching+`,
		asked AS MATERIALIZED (SELECT id FROM standing_sections WHERE title = @section),
		found AS MATERIALIZED (
			SELECT number, place, standing_id, year, sites,
			       @section = '' OR standing_id IS NOT DISTINCT FROM (SELECT id FROM asked) AS in_section,
			       @year = 0 OR year = @year AS in_year, @site = '' OR @site = ANY(sites) AS at_site,
			       NOT @newest AND search @@ written AND search @@ phrase AS in_row, NOT @newest AND search @@ written AS to_letter,
			       CASE WHEN @newest THEN 0 ELSE ts_rank_cd('{0.1, 0.4, 0.7, 1.0}', search, query, 1) END AS rank
			FROM query, printed_items WHERE search @@ query),
		introduced AS MATERIALIZED (
			SELECT number, NOT @newest AND search @@ phrase AS in_row
			FROM query, printed_intros WHERE search @@ query AND @section = '' AND @site = '' AND @offset = 0),
		sections AS (SELECT standing_id AS id, count(*) AS items FROM found WHERE in_year AND at_site GROUP BY standing_id),
		years AS (SELECT year AS name, count(*) AS items FROM found WHERE in_section AND at_site GROUP BY year),
		sites AS (
			SELECT name, count(*) AS items FROM (SELECT unnest(sites) AS name FROM found WHERE in_section AND in_year) AS each
			GROUP BY name ORDER BY items DESC, name LIMIT @sites)
		SELECT count(*) AS all, count(*) FILTER (WHERE in_section AND in_year AND at_site) AS total,
		       (SELECT jsonb_agg(jsonb_build_object('Name', title, 'Items', items) ORDER BY items DESC, title) FROM sections JOIN standing_sections USING (id)) AS sections,
		       (SELECT jsonb_agg(jsonb_build_object('Name', name::text, 'Items', items) ORDER BY name DESC) FROM years) AS years,
		       (SELECT jsonb_agg(jsonb_build_object('Name', name, 'Items', items) ORDER BY items DESC, name) FROM sites) AS sites,
		       ARRAY(SELECT ARRAY[number, place] FROM found WHERE in_section AND in_year AND at_site
		             ORDER BY in_row DESC, to_letter DESC, rank DESC, number DESC, place LIMIT @limit OFFSET @offset) AS page,
		       ARRAY(SELECT number FROM introduced JOIN printed_issues USING (number) WHERE @year = 0 OR extract(year FROM date) = @year
		             ORDER BY in_row DESC, number DESC LIMIT @intros) AS intros,
		       (SELECT config::text FROM query) AS config, (SELECT query::text FROM query) AS query
		FROM found`, args)
}

// marking has what a search found as the query that marks it.
func (f found) marking() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"config": f.Config, "query": f.Query, "whole": markWhole, "passages": markPassages}
}

// marker makes that query once for all texts.
const marker = "WITH query AS MATERIALIZED (SELECT @config::regconfig AS config, @query::tsquery AS query)"

// hits reads the items of one page, with what matched marked. Their own notes,
// of which nothing is shown but the marked one, are left out.
func (s *Store) hits(ctx context.Context, f found) ([]Hit, error) {
	args := f.marking()
	numbers, places := make([]int, len(f.Page)), make([]int, len(f.Page))
	for k, at := range f.Page {
		numbers[k], places[k] = at[0], at[1]
	}
	args["numbers"], args["places"] = numbers, places
	return collect[Hit](ctx, s, "search", marker+`
		SELECT `+foundHead+`, content - 'note' AS content,
		       CASE content->>'title' WHEN '' THEN '' ELSE search_marked(config, content->>'title', query, @whole) END AS title,
		       search_marked(config, note, query, CASE WHEN length(note) < 700 THEN @whole ELSE @passages END) AS note,
		       search_marked(config, heading, query, @whole) AS marked_heading,
		       (SELECT jsonb_agg(jsonb_build_object(
		                   'url', search_marked(config, link->>'url', query, @whole),
		                   'text', CASE link->>'text' WHEN '' THEN '' ELSE search_marked(config, link->>'text', query, @whole) END) ORDER BY nth)
		        FROM jsonb_path_query(content, '$.links[*]') WITH ORDINALITY AS links (link, nth)) AS marked_links
		FROM query, unnest(@numbers::int[], @places::int[]) WITH ORDINALITY AS page (number, place, nth)
		     JOIN printed_items printed USING (number, place)`+joinFound+`
		ORDER BY nth`, args)
}

// What ts_headline is asked for: a whole text, or the passages of a long one.
const (
	markWhole    = "HighlightAll=true, StartSel=" + HitStart + ", StopSel=" + HitEnd
	markPassages = "MaxFragments=3, MaxWords=40, MinWords=15, FragmentDelimiter=\" … \", StartSel=" + HitStart + ", StopSel=" + HitEnd
)

// intros reads the introductions of issues, with what matched marked.
func (s *Store) intros(ctx context.Context, f found) ([]IntroHit, error) {
	args := f.marking()
	args["numbers"] = f.Intros
	return collect[IntroHit](ctx, s, "search introductions", marker+`
		SELECT number, date, search_marked(config, intro, query, CASE WHEN length(intro) < 700 THEN @whole ELSE @passages END) AS intro
		FROM query, unnest(@numbers::int[]) WITH ORDINALITY AS page (number, nth)
		     JOIN printed_intros USING (number) JOIN printed_issues USING (number)
		ORDER BY nth`, args)
}
