package postgres

import (
	"context"

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

// Results are one page of what a search found.
type Results struct {
	Hits     []Hit
	Total    int     // in the section that was asked for
	All      int     // in all sections
	Sections []Count // standing sections with hits, most first
}

// matching finds the items of a query. The language's dictionary forgives case
// and word endings; words that say nothing ("the") are left out of account,
// unless there are no others. written and phrase are the same words to the
// letter.
const matching = `
	WITH words AS MATERIALIZED (
		SELECT websearch_to_tsquery(search_config(language), @words) AS meant,
		       websearch_to_tsquery('simple', @words) AS written, phraseto_tsquery('simple', @words) AS phrase
		FROM publication),
	query AS MATERIALIZED (
		SELECT CASE WHEN numnode(meant) = 0 THEN written ELSE meant END AS query, written, phrase FROM words)`

// Search finds printed items, best first: those that have the words in a row as
// they were typed, then those that have them to the letter, then those that
// have other forms of them. Among these, where the words stand weighs most
// (title, note, hosts), then how close together, then how recent the issue.
// Words that stand nowhere find nothing.
func (s *Store) Search(ctx context.Context, q Query) (Results, error) {
	var results Results
	var err error
	results.Sections, err = s.countHits(ctx, q)
	if err != nil {
		return Results{}, err
	}
	sections := results.Sections[:0]
	for _, count := range results.Sections {
		results.All += count.Items
		if q.Section == "" || q.Section == count.Name {
			results.Total += count.Items
		}
		if count.Name != "" {
			sections = append(sections, count)
		}
	}
	results.Sections = sections
	if results.Total > 0 {
		results.Hits, err = s.hits(ctx, q)
	}
	return results, err
}

func (s *Store) countHits(ctx context.Context, q Query) ([]Count, error) {
	return collect[Count](ctx, s, "count what was found", matching+`
		SELECT coalesce(standing.title, '') AS name, count(*) AS items
		FROM query, printed_items printed LEFT JOIN standing_sections standing ON standing.id = standing_id
		WHERE search @@ query GROUP BY standing.id ORDER BY items DESC, name`,
		pgx.StrictNamedArgs{"words": q.Words})
}

// hits reads one page of hits. Only the page's own rows are marked.
func (s *Store) hits(ctx context.Context, q Query) ([]Hit, error) {
	return collect[Hit](ctx, s, "search", matching+`,
		page AS MATERIALIZED (
			SELECT printed.number, printed.place,
			       row_number() OVER (ORDER BY NOT @newest AND search @@ phrase DESC, NOT @newest AND search @@ written DESC,
			                          CASE WHEN @newest THEN 0 ELSE ts_rank_cd('{0.1, 0.4, 0.7, 1.0}', search, query, 1) END DESC,
			                          printed.number DESC, printed.place) AS rank
			FROM query, printed_items printed LEFT JOIN standing_sections standing ON standing.id = standing_id
			WHERE search @@ query AND (@section = '' OR standing.title = @section)
			ORDER BY rank LIMIT @limit OFFSET @offset)
		SELECT `+foundColumns+`,
		       ts_headline(search_config(language), content->>'title', query, @whole) AS title,
		       ts_headline(search_config(language), note, query, CASE WHEN length(note) < 700 THEN @whole ELSE @passages END) AS note
		FROM publication, query, page JOIN printed_items printed USING (number, place)`+joinFound+`
		ORDER BY rank`,
		pgx.StrictNamedArgs{
			"words": q.Words, "section": q.Section, "newest": q.Newest,
			"limit": ItemsPerPage, "offset": offset(q.Page, ItemsPerPage),
			"whole":    "HighlightAll=true, StartSel=" + HitStart + ", StopSel=" + HitEnd,
			"passages": "MaxFragments=3, MaxWords=40, MinWords=15, FragmentDelimiter=\" … \", StartSel=" + HitStart + ", StopSel=" + HitEnd,
		})
}
