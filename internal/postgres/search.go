package postgres

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

// Marks around the words that were found, in the texts of a [Hit]. As control
// characters they occur in no text of ours.
const (
	HitStart = "\x02"
	HitEnd   = "\x03"
)

// Query is a search for printed items.
type Query struct {
	Words   string // as the reader typed them: words, "phrases", -exclusions
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
	Title string // the item's title
	Note  string // its note as plain text; of a long one, the passages that matched
}

// Results are one page of what a search found. The counts of a kind keep to
// what was asked for of the other kinds, so that they say what choosing them
// would show.
type Results struct {
	Hits     []Hit
	Total    int     // of all that was asked for
	All      int     // of the words alone
	Sections []Count // standing sections with hits, most first
	Years    []Count // years with hits, newest first
	Sites    []Count // the sites that most hits lead to
}

// matching makes the query of a search. The language's dictionary forgives case,
// accents and word endings; words that say nothing ("the") are left out of
// account, unless there are no others. The last word may be the beginning of
// one. written and phrase are the same words to the letter. It reads the one row
// of the publication as a value: the planner, which has no statistics of so small
// a table, would take it for hundreds of rows.
const matching = `
	WITH words AS MATERIALIZED (
		SELECT config, websearch_to_tsquery(config, @words) AS meant,
		       websearch_to_tsquery(config, @before) && to_tsquery(config, @beginning) AS begun,
		       websearch_to_tsquery('folded_simple', @words) AS written, phraseto_tsquery('folded_simple', @words) AS phrase
		FROM search_config((SELECT language FROM publication)) AS config),
	query AS MATERIALIZED (
		SELECT config, CASE WHEN numnode(meant) = 0 AND numnode(begun) = 0 THEN written ELSE meant || begun END AS query, written, phrase FROM words)`

// match returns the arguments of matching.
func (q Query) match() pgx.StrictNamedArgs {
	before, last := lastWord(q.Words)
	args := pgx.StrictNamedArgs{"words": q.Words, "before": before, "beginning": ""}
	if last == "" {
		args["before"] = ""
	} else {
		args["beginning"] = last + ":*"
	}
	return args
}

// shortestBeginning is how many letters a word's beginning has at least. Fewer
// begin too many words to mean any.
const shortestBeginning = 3

// lastWord cuts off the last of a search's words, if it may be one that is not
// typed to its end: it is not in quotes, not excluded and holds only letters
// and digits.
func lastWord(words string) (before, last string) {
	words = strings.TrimSpace(words)
	cut := strings.LastIndexByte(words, ' ') + 1
	before, last = words[:cut], words[cut:]
	odd := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }
	if strings.Count(before, `"`)%2 == 1 || strings.ContainsFunc(last, odd) || utf8.RuneCountInString(last) < shortestBeginning {
		return words, ""
	}
	return before, last
}

// Search finds printed items, best first: those that have the words in a row as
// they were typed, then those that have them to the letter, then those that
// have other forms of them. Among these, where the words stand weighs most
// (title, note, hosts), then how close together, then how recent the issue.
// Words that stand nowhere find nothing.
func (s *Store) Search(ctx context.Context, q Query) (Results, error) {
	found, err := s.find(ctx, q)
	results := Results{Total: found.Total, All: found.All, Sections: found.Sections, Years: found.Years, Sites: found.Sites}
	if err == nil && len(found.Page) > 0 {
		results.Hits, err = s.hits(ctx, q, found.Page)
	}
	return results, err
}

// found is what a search found: its counts, and the items of one page in order.
type found struct {
	All, Total             int
	Sections, Years, Sites []Count
	Page                   [][]int // number and place of each
}

// sitesCounted is how many sites the results of a search count.
const sitesCounted = 8

// find goes through all hits once, for the counts and for the best of them.
func (s *Store) find(ctx context.Context, q Query) (found, error) {
	args := q.match()
	args["section"], args["year"], args["site"], args["sites"] = q.Section, q.Year, q.Site, sitesCounted
	args["newest"], args["limit"], args["offset"] = q.Newest, ItemsPerPage, offset(q.Page, ItemsPerPage)
	return one[found](ctx, s, "search", matching+`,
		asked AS MATERIALIZED (SELECT id FROM standing_sections WHERE title = @section),
		found AS MATERIALIZED (
			SELECT number, place, standing_id, year, sites,
			       @section = '' OR standing_id IS NOT DISTINCT FROM (SELECT id FROM asked) AS in_section,
			       @year = 0 OR year = @year AS in_year, @site = '' OR @site = ANY(sites) AS at_site,
			       NOT @newest AND search @@ phrase AS in_row, NOT @newest AND search @@ written AS to_letter,
			       CASE WHEN @newest THEN 0 ELSE ts_rank_cd('{0.1, 0.4, 0.7, 1.0}', search, query, 1) END AS rank
			FROM query, printed_items WHERE search @@ query),
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
		             ORDER BY in_row DESC, to_letter DESC, rank DESC, number DESC, place LIMIT @limit OFFSET @offset) AS page
		FROM found`, args)
}

// hits reads the items of one page, with what matched marked.
func (s *Store) hits(ctx context.Context, q Query, page [][]int) ([]Hit, error) {
	args := q.match()
	numbers, places := make([]int, len(page)), make([]int, len(page))
	for k, at := range page {
		numbers[k], places[k] = at[0], at[1]
	}
	args["numbers"], args["places"] = numbers, places
	args["whole"] = "HighlightAll=true, StartSel=" + HitStart + ", StopSel=" + HitEnd
	args["passages"] = "MaxFragments=3, MaxWords=40, MinWords=15, FragmentDelimiter=\" … \", StartSel=" + HitStart + ", StopSel=" + HitEnd
	return collect[Hit](ctx, s, "search", matching+`
		SELECT `+foundColumns+`,
		       CASE content->>'title' WHEN '' THEN '' ELSE ts_headline(config, content->>'title', query, @whole) END AS title,
		       ts_headline(config, note, query, CASE WHEN length(note) < 700 THEN @whole ELSE @passages END) AS note
		FROM query, unnest(@numbers::int[], @places::int[]) WITH ORDINALITY AS page (number, place, nth)
		     JOIN printed_items printed USING (number, place)`+joinFound+`
		ORDER BY nth`, args)
}
