package migrations_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/pgtest"
	"broadsheet/migrations"
)

// TestWhatWasPrintedBeforeIsFoundByAddressesAndIntroductions brings a database
// up whose issues were printed when the search knew neither.
func TestWhatWasPrintedBeforeIsFoundByAddressesAndIntroductions(t *testing.T) {
	pool := open(t, pgtest.NewBlank(t))
	upTo(t, pool, 16)
	if _, err := pool.Exec(t.Context(), `
		BEGIN;
		INSERT INTO issues (id, number, date, state, published_at, revision) OVERRIDING SYSTEM VALUE VALUES
			(1, 138, '2026-01-01', 'published', now(), 1), (2, 139, '2026-01-08', 'withdrawn', now(), 1);
		INSERT INTO revisions (issue_id, ordinal, made_at, content) VALUES
			(1, 1, now(), '{"intro": {"plain": "Moored at <bollard>."}}'), (2, 1, now(), '{"intro": {"plain": "Moored too."}}');
		INSERT INTO printed_issues (number, issue_id, date, summary, items, published_at, revised_at) VALUES (138, 1, '2026-01-01', '', 1, now(), now());
		INSERT INTO printed_items (number, place, heading, content, note, search, year, sites) VALUES
			(138, 1, 'Whalers', '{"title": "", "links": [{"url": "https://docks.example/slugfest", "text": ""}]}', 'CI/CD of <hawser>', '', 2026, '{}'),
			(138, 2, 'Whalers', '{"title": "", "links": []}', '東京の港', '', 2026, '{}'),
			(138, 3, 'Whalers', '{"title": "", "links": [{"url": "https://docks.example/q%3Canchor%3E", "text": ""}]}', '', '', 2026, '{}');
		INSERT INTO printed_links (number, place, position, url, canonical, site) VALUES
			(138, 1, 1, 'https://docks.example/slugfest', 'https://docks.example/slugfest', 'docks.example'),
			(138, 3, 1, 'https://docks.example/q%3Canchor%3E', 'https://docks.example/q%3Canchor%3E', 'docks.example');
		COMMIT`); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Up(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"slugfest", "docks", "whalers", "ci", "cd", "hawser", "京 <-> の", "anchor"} {
		var found bool
		if err := pool.QueryRow(t.Context(), "SELECT bool_or(search @@ to_tsquery('folded_english', $1)) FROM printed_items", word).Scan(&found); err != nil || !found {
			t.Errorf("%s is found: %v (%v)", word, found, err)
		}
	}
	var words int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM printed_words WHERE word IN ('hawser', 'bollard')").Scan(&words); err != nil || words < 2 {
		t.Errorf("of the two words in brackets %d are among printed_words (%v)", words, err)
	}
	rows, err := pool.Query(t.Context(), "SELECT intro FROM printed_intros WHERE search @@ to_tsquery('folded_english', 'moored & bollard')")
	if err != nil {
		t.Fatal(err)
	}
	if intros, err := pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || !slices.Equal(intros, []string{"Moored at <bollard>."}) {
		t.Errorf("the introductions are %q (%v)", intros, err)
	}
}

// TestAddressesAreCutEachByItself asks for the words of addresses that stand one
// after the other, and are long together or by themselves.
func TestAddressesAreCutEachByItself(t *testing.T) {
	pool := pgtest.New(t)
	long, short := strings.Repeat("rope-", 50), strings.Repeat("oar-", 30)
	for given, want := range map[string]string{
		"https://www.dock.example/tide.html?a=1#b":                          "dock.example/tide",
		"https://dock.example/" + long:                                      ("dock.example/" + long)[:200],
		"https://dock.example/" + short + " http://pier.example/" + short:   "dock.example/" + short + " pier.example/" + short,
		"https://pier.example/" + long + ".php HTTPS://dock.example/caf%C3": ("pier.example/" + long)[:200] + " dock.example/caf%C3",
	} {
		var words string
		if err := pool.QueryRow(t.Context(), "SELECT address_words($1)", given).Scan(&words); err != nil || words != want {
			t.Errorf("of %s the words are %q, want %q (%v)", given, words, want, err)
		}
	}
}

// TestNoSignHidesAWord puts every two signs of ASCII, and some of print, around words, as in
// "<a>" or "a&b;": each word is one of the index.
func TestNoSignHidesAWord(t *testing.T) {
	pool := pgtest.New(t)
	var hidden []string
	if err := pool.QueryRow(t.Context(), `
		WITH signs AS (SELECT chr(code) AS sign FROM generate_series(33, 126) AS code WHERE chr(code) !~ '[0-9A-Za-z]'
		          UNION ALL SELECT unnest('{’,“,”,«,»,–,—,…,·,•,×,→,€,§,™}'::text[])),
		texts AS (SELECT format('mast%1$srope%2$ssail 7%1$s42%2$skeel', a.sign, b.sign) AS given FROM signs a, signs b)
		SELECT coalesce(array_agg(given), '{}') FROM texts
		WHERE NOT search_vector('folded_simple', '', given, '', '', '', '') @@ 'mast & rope & sail & 7 & 42 & keel'`).Scan(&hidden); err != nil {
		t.Fatal(err)
	}
	if len(hidden) > 0 {
		t.Errorf("of %d texts not every word is found, as of %q", len(hidden), hidden[:min(len(hidden), 20)])
	}
}
