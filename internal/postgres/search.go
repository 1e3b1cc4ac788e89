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

// matching finds the items of a query. The language's dictionary forgives case,
// accents and word endings; words that say nothing ("the") are left out of
// account, unless there are no others. The last word may be the beginning of
// one. written and phrase are the same words to the letter.
const matching = `
	WITH words AS MATERIALIZED (
		SELECT websearch_to_tsquery(search_config(language), @words) AS meant,
		       websearch_to_tsquery(search_config(language), @before) && to_tsquery(search_config(language), @beginning) AS begun,
		       websearch_to_tsquery('folded_simple', @words) AS written, phraseto_tsquery('folded_simple', @words) AS phrase
		FROM publication),
	query AS MATERIALIZED (
		SELECT CASE WHEN numnode(meant) = 0 AND numnode(begun) = 0 THEN written ELSE meant || begun END AS query, written, phrase FROM words)`

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
	results, err := s.countHits(ctx, q)
	if err == nil && results.Total > 0 {
		results.Hits, err = s.hits(ctx, q)
	}
	return results, err
}

// sitesCounted is how many sites the results of a search count.
const sitesCounted = 8

func (s *Store) countHits(ctx context.Context, q Query) (results Results, err error) {
	args := q.match()
	args["section"], args["year"], args["site"], args["sites"] = q.Section, q.Year, q.Site, sitesCounted
	type row struct {
		Kind, Name string
		Items      int
	}
	rows, err := collect[row](ctx, s, "count what was found", matching+`,
		found AS MATERIALIZED (
			SELECT printed.number, printed.place, coalesce(standing.title, '') AS section, extract(year FROM date)::int AS year,
			       @section = '' OR standing.title IS NOT DISTINCT FROM @section AS in_section,
			       @year = 0 OR extract(year FROM date) = @year AS in_year,
			       @site = '' OR EXISTS (SELECT FROM printed_links l WHERE l.number = printed.number AND l.place = printed.place AND site = @site) AS at_site
			FROM query, printed_items printed JOIN printed_issues USING (number)
			     LEFT JOIN standing_sections standing ON standing.id = standing_id
			WHERE search @@ query)
		SELECT 'all' AS kind, '' AS name, count(*) AS items FROM found
		UNION ALL SELECT 'total', '', count(*) FROM found WHERE in_section AND in_year AND at_site
		UNION ALL (SELECT 'section', section, count(*) FROM found WHERE in_year AND at_site AND section <> '' GROUP BY section ORDER BY 3 DESC, 2)
		UNION ALL (SELECT 'year', year::text, count(*) FROM found WHERE in_section AND at_site GROUP BY year ORDER BY year DESC)
		UNION ALL (SELECT 'site', site, count(DISTINCT (number, place)) FROM found JOIN printed_links USING (number, place)
		           WHERE in_section AND in_year AND site <> '' GROUP BY site ORDER BY 3 DESC, 2 LIMIT @sites)`, args)
	for _, r := range rows {
		count := Count{r.Name, r.Items}
		switch r.Kind {
		case "all":
			results.All = r.Items
		case "total":
			results.Total = r.Items
		case "section":
			results.Sections = append(results.Sections, count)
		case "year":
			results.Years = append(results.Years, count)
		case "site":
			results.Sites = append(results.Sites, count)
		}
	}
	return results, err
}

// hits reads one page of hits. Only the page's own rows are marked.
func (s *Store) hits(ctx context.Context, q Query) ([]Hit, error) {
	args := q.match()
	args["section"], args["year"], args["site"], args["newest"] = q.Section, q.Year, q.Site, q.Newest
	args["limit"], args["offset"] = ItemsPerPage, offset(q.Page, ItemsPerPage)
	args["whole"] = "HighlightAll=true, StartSel=" + HitStart + ", StopSel=" + HitEnd
	args["passages"] = "MaxFragments=3, MaxWords=40, MinWords=15, FragmentDelimiter=\" … \", StartSel=" + HitStart + ", StopSel=" + HitEnd
	return collect[Hit](ctx, s, "search", matching+`,
		page AS MATERIALIZED (
			SELECT printed.number, printed.place,
			       row_number() OVER (ORDER BY NOT @newest AND search @@ phrase DESC, NOT @newest AND search @@ written DESC,
			                          CASE WHEN @newest THEN 0 ELSE ts_rank_cd('{0.1, 0.4, 0.7, 1.0}', search, query, 1) END DESC,
			                          printed.number DESC, printed.place) AS rank
			FROM query, printed_items printed LEFT JOIN standing_sections standing ON standing.id = standing_id
			WHERE search @@ query AND (@section = '' OR standing.title = @section)
			      AND (@year = 0 OR printed.number IN (SELECT number FROM printed_issues WHERE extract(year FROM date) = @year))
			      AND (@site = '' OR (printed.number, printed.place) IN (SELECT number, place FROM printed_links WHERE site = @site))
			ORDER BY rank LIMIT @limit OFFSET @offset)
		SELECT `+foundColumns+`,
		       ts_headline(search_config(language), content->>'title', query, @whole) AS title,
		       ts_headline(search_config(language), note, query, CASE WHEN length(note) < 700 THEN @whole ELSE @passages END) AS note
		FROM publication, query, page JOIN printed_items printed USING (number, place)`+joinFound+`
		ORDER BY rank`, args)
}
