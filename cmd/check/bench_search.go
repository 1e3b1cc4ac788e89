package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/postgres"
)

// How many queries are made, each of them once: before it is measured, until every
// connection has planned its statements and read the dictionaries, and measured.
const (
	firstSearched = 60
	searched      = 1200
)

// askedFor is how many of the most frequent words people search for.
const askedFor = 1000

// rawSearch is what search is compared with: the same matches from the same
// index in the same server, ranked by the same weights, as many of them, with a
// headline each. It counts nothing, filters nothing, makes no page.
const rawSearch = `
	WITH query AS MATERIALIZED (
		SELECT websearch_to_tsquery('folded_english', $1)
		       || (websearch_to_tsquery('folded_english', $2) && to_tsquery('folded_english', $3)) AS query)
	SELECT number, place, date, heading, content, ts_headline('folded_english', note, query, 'HighlightAll=true')
	FROM query, printed_items JOIN printed_issues USING (number)
	WHERE search @@ query
	ORDER BY ts_rank_cd('{0.1, 0.4, 0.7, 1.0}', search, query, 1) DESC, number DESC, place LIMIT $4`

// query is a search: two words, two words in a row, or a word and the beginning
// of another one.
type query struct{ before, last, words string }

// queries returns queries that differ from each other, the same at every run.
func (r inventor) queries(n int) []query {
	word := func() string {
		for {
			if k := r.zipf.Uint64(); k >= stopWords && k < askedFor {
				return r.words[k]
			}
		}
	}
	var all []query
	seen := map[string]bool{}
	for len(all) < n {
		before, last := word(), word()
		q := query{before, last + ":*", before + " " + last}
		switch len(all) % 3 {
		case 1:
			q = query{words: `"` + before + " " + last + `"`}
		case 2:
			last = last[:min(4, len(last))]
			q = query{before, last + ":*", before + " " + last}
		}
		if before != last && !seen[q.words] {
			seen[q.words] = true
			all = append(all, q)
		}
	}
	return all
}

// searches compares whole pages of results of queries that nobody made before
// with the SQL alone.
func (b *measure) searches(ctx context.Context, table io.Writer) error {
	ours, err := b.serve(ctx, largeArchive)
	if err != nil {
		return err
	}
	pool, err := openPlain(ctx, b.url(largeArchive))
	if err != nil {
		return err
	}
	defer pool.Close()
	reader, err := dial(ctx, ours.address)
	if err != nil {
		return err
	}
	defer reader.Close()
	var us, them []float64
	for i, q := range newInventor().queries(firstSearched + searched) {
		var mine, raw float64
		turns := []func() error{
			func() (err error) {
				if err := reader.SetDeadline(time.Now().Add(patience)); err != nil {
					return err
				}
				began := time.Now()
				err = reader.ask(ask("/search?q="+url.QueryEscape(q.words), "", http.StatusOK, anySize))
				mine = milliseconds(began)
				return err
			},
			func() (err error) { raw, err = q.raw(ctx, pool); return err },
		}
		if err := errors.Join(turns[i%2](), turns[1-i%2]()); err != nil {
			return fmt.Errorf("%s: %w", q.words, err)
		}
		if i >= firstSearched {
			us, them = append(us, mine), append(them, raw)
		}
	}
	fmt.Fprintln(table, "\tpage\tSQL\tratio\tgoal (must)\t")
	for _, p := range []struct {
		name, bound string
		part        float64
	}{{"p50", "1.00 (1.15)", 0.5}, {"p90", "-", 0.9}, {"p99", "1.00 (1.25)", 0.99}} {
		fmt.Fprintf(table, "%s\t%.1f\t%.1f\t%.2f\t%s\t\n", p.name, quantile(us, p.part), quantile(them, p.part), quantile(us, p.part)/quantile(them, p.part), p.bound)
	}
	return nil
}

// openPlain opens connections as they come, to compare with: only the compiling of
// statements is left out, which takes longer than it saves.
func openPlain(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.ConnConfig.RuntimeParams["jit"] = "off"
	return pgxpool.NewWithConfig(ctx, config)
}

// raw searches by SQL and reads what comes. It returns the milliseconds.
func (q query) raw(ctx context.Context, pool *pgxpool.Pool) (float64, error) {
	began := time.Now()
	rows, err := pool.Query(ctx, rawSearch, q.words, q.before, q.last, postgres.ItemsPerPage)
	if err != nil {
		return 0, err
	}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	return milliseconds(began), err
}
