package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// addWords adds the new ones among the words of printed issues to printed_words,
// from where [matching] takes those with a beginning. Nobody waits for others who add
// the same: each of them does. All are looked up at once: however PostgreSQL goes
// about it, the plan it keeps of an empty table reads one that has grown but once.
const addWords = `
	WITH printed AS MATERIALIZED (
		SELECT ARRAY(SELECT DISTINCT unnest(tsvector_to_array(search))
		             FROM (SELECT search FROM printed_items WHERE number = ANY($1)
		                   UNION ALL SELECT search FROM printed_intros WHERE number = ANY($1)) AS printed) AS words)
	INSERT INTO printed_words (word)
	SELECT unnest(words) FROM printed EXCEPT SELECT word FROM printed_words WHERE word = ANY ((SELECT words FROM printed)::text[])`

// indexWords are all words of the index.
const indexWords = "ts_stat('SELECT search FROM printed_items UNION ALL SELECT search FROM printed_intros')"

// ForgetWords takes those out of printed_words that have gone from the index. Who
// calls it keeps others from printing: see [Store.LockWords].
func (s *Store) ForgetWords(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "DELETE FROM printed_words WHERE NOT EXISTS (SELECT FROM "+indexWords+" AS now WHERE now.word = printed_words.word)")
	return wrap(err, "forget words of the index")
}

// reindex makes the search's index anew, for another language. It may take longer
// than a statement of a request otherwise, but not than its answer.
func (s *Store) reindex(ctx context.Context) error {
	batch := &pgx.Batch{}
	batch.Queue("SET LOCAL statement_timeout = '50s'")
	batch.Queue(`
		UPDATE printed_items SET search = search_vector(search_config(language), content->>'title', note,
		    coalesce((SELECT string_agg(text #>> '{}', ' ') FROM jsonb_path_query(content, '$.links[*].text') AS text), ''),
		    CASE WHEN heading = (SELECT title FROM standing_sections WHERE id = standing_id) THEN '' ELSE heading END,
		    coalesce((SELECT string_agg(site, ' ' ORDER BY position) FROM printed_links l
		              WHERE l.number = printed_items.number AND l.place = printed_items.place), ''),
		    coalesce((SELECT string_agg(url, ' ' ORDER BY position) FROM printed_links l
		              WHERE l.number = printed_items.number AND l.place = printed_items.place), ''))
		FROM publication`)
	batch.Queue("UPDATE printed_intros SET search = search_vector(search_config(language), '', intro, '', '', '', '') FROM publication")
	batch.Queue("INSERT INTO printed_words (word) SELECT word FROM " + indexWords + " EXCEPT SELECT word FROM printed_words")
	return wrap(s.db.SendBatch(ctx, batch).Close(), "make the search index anew")
}
