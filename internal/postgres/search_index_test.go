package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

// differ returns how many words of the index printed_words does not have, and how
// many it has that are not in the index.
func differ(t *testing.T, pool *pgxpool.Pool) (missing, gone int) {
	t.Helper()
	err := pool.QueryRow(t.Context(), `
		SELECT count(*) FILTER (WHERE known.word IS NULL), count(*) FILTER (WHERE now.word IS NULL)
		FROM ts_stat('SELECT search FROM printed_items UNION ALL SELECT search FROM printed_intros') AS now FULL JOIN printed_words known USING (word)`).
		Scan(&missing, &gone)
	if err != nil {
		t.Fatal(err)
	}
	return missing, gone
}

// speak gives the publication another language.
func speak(t *testing.T, store *postgres.Store, language string) {
	t.Helper()
	publication, err := store.Publication(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	publication.Language = language
	if err := store.SavePublication(t.Context(), publication); err != nil {
		t.Fatal(err)
	}
}

// TestEachWordOfTheIndexIsKnown holds what the search for beginnings rests upon.
func TestEachWordOfTheIndexIsKnown(t *testing.T) {
	pool := pgtest.New(t)
	store := postgres.New(pool)
	known := func(after string) {
		t.Helper()
		if missing, _ := differ(t, pool); missing > 0 {
			t.Errorf("%d words are not known after %s", missing, after)
		}
	}
	add(t, store, newslettertest.Issue(100))
	known("the first issue")
	issue := addressed()
	issue.Number = 101
	id := add(t, store, issue)
	known("the second")
	revision := newslettertest.Printed(issue)
	revision.Ordinal, revision.Intro.Plain, revision.Sections[0].Items[0].Title = 2, "Quarantine is over.", "Zephyrs"
	if err := store.Print(t.Context(), id, revision, noLinks); err != nil {
		t.Fatal(err)
	}
	known("a correction")
	if _, gone := differ(t, pool); gone == 0 {
		t.Error("no word has gone")
	}
	if err := store.ForgetWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	if missing, gone := differ(t, pool); missing > 0 || gone > 0 {
		t.Errorf("%d words are forgotten that are there, and %d known that have gone", missing, gone)
	}
	speak(t, store, "fi")
	if _, gone := differ(t, pool); gone == 0 {
		t.Error("another language has the same words")
	}
	known("the change of the language")
}

// TestALargeArchiveChangesItsLanguage has the index take longer than any statement
// of a request may.
func TestALargeArchiveChangesItsLanguage(t *testing.T) {
	pool := pgtest.New(t)
	add(t, postgres.New(pool), newslettertest.Issue(100))
	if _, err := pool.Exec(t.Context(), `
		CREATE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1.1); RETURN NULL; END';
		CREATE TRIGGER take_long BEFORE UPDATE ON printed_items EXECUTE FUNCTION take_long()`); err != nil {
		t.Fatal(err)
	}
	hurried, err := postgres.Open(t.Context(), pool.Config().ConnString(), postgres.Options{StatementTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer hurried.Close()
	speak(t, postgres.New(hurried), "fi")
	var timeout string
	if err := hurried.QueryRow(t.Context(), "SHOW statement_timeout").Scan(&timeout); err != nil || timeout != "1s" {
		t.Errorf("afterwards a statement may take %s (%v)", timeout, err)
	}
}

// TestBeginningsFindAllThatBeginsSo has few and many words begin alike, and odd
// ones among those that are known.
func TestBeginningsFindAllThatBeginsSo(t *testing.T) {
	pool := pgtest.New(t)
	store := postgres.New(pool)
	issue := newslettertest.Issue(100)
	section := &issue.Sections[0]
	section.Items = nil
	for k := range 70 {
		note := fmt.Sprintf("Harbour manyx%c%cx", 'a'+k/26, 'a'+k%26)
		if k < 40 {
			note += fmt.Sprintf(" scanty%cx", 'a'+k%26)
		}
		section.Items = append(section.Items, newsletter.Item{Place: 10 + k, State: newsletter.Placed, Note: note})
	}
	add(t, store, issue)
	if _, err := pool.Exec(t.Context(), `INSERT INTO printed_words VALUES ('scantyax'), ('scanty''s'), ('scanty\'), ('scanty'':*|'), ('SCANTY')`); err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]int{
		"many": 70, "harbour man": 70, "scant": 40, "harbour scanty": 40, "scantya": 2, "SCANTYA": 2, "scantyax": 2, "scantyaxx": 0, "harbour scanto": 0,
		"manyxaax or scantyax": 2, "manyxabx scantyb": 1, "-manyxaax scant": 39, `"harbour manyxaax" scant`: 1,
	} {
		results, err := store.Search(t.Context(), postgres.Query{Words: words})
		if err != nil || results.Total != want {
			t.Errorf("%q finds %d (%v), want %d", words, results.Total, err, want)
		}
		if strings.HasPrefix(words, "scant") && len(results.Hits) > 0 && meantIn(t, store, results.Meant, results.Hits[0].Note) == "" {
			t.Errorf("%q means nothing of %q", words, results.Hits[0].Note)
		}
	}
}
