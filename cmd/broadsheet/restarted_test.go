package main

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// PostgreSQL is restarted so often in the usual check and in the long one. What
// is to happen after each time happens so often for each writer.
const (
	fewRestarts  = 2
	manyRestarts = 20
	deedsBetween = 3
)

// TestPostgreSQLRestarted restarts the database under two programs, in order and
// as a crash does, while people edit, move, submit and publish through the forms.
// Both go on by themselves, and nothing that was acknowledged is lost or there
// twice.
func TestPostgreSQLRestarted(t *testing.T) {
	t.Parallel()
	restarts := fewRestarts
	if os.Getenv("BROADSHEET_LONG") != "" {
		restarts = manyRestarts
	}
	server := newOwnServer(t, false)
	setUp, err := postgres.Open(t.Context(), server.url(), postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	writers := newWriters(t, postgres.New(setUp), []string{
		serve(t, server.url()).address(t), serve(t, server.url()).address(t),
	})
	setUp.Close()
	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	t.Cleanup(func() { stop(); writing.Wait() })
	for _, w := range writers {
		writing.Go(func() { w.write(ctx) })
	}
	allGoOn(t, writers)
	for n := range restarts {
		server.restart(t, n%2 == 0)
		allGoOn(t, writers)
	}
	stop()
	writing.Wait()
	pool := server.pool(t)
	for _, w := range writers {
		w.hold(t, pool)
	}
	holdPlaces(t, pool)
}

// allGoOn waits until each of the writers has done something again, and that
// was acknowledged.
func allGoOn(t *testing.T, writers []*writer) {
	t.Helper()
	for _, w := range writers {
		before := w.done.Load()
		eventually(t, w.name+" goes on", func() bool { return w.done.Load() >= before+deedsBetween })
	}
}

// newWriters returns people who do one thing each, at programs in turn. They
// have an issue with items to edit and to move.
func newWriters(t *testing.T, store *postgres.Store, programs []string) []*writer {
	t.Helper()
	owner := newsletter.User{Name: "Osman", Email: "osman@letter.example", Role: newsletter.Owner}
	var err error
	if owner.ID, err = store.AddUser(t.Context(), owner, ""); err != nil {
		t.Fatal(err)
	}
	if err := store.CreateIssue(t.Context(), owner, newsletter.Issue{Number: 7, Date: newsletter.DateOf(time.Now())}, ""); err != nil {
		t.Fatal(err)
	}
	item := func(section string) int64 {
		id, err := store.CreateItem(t.Context(), owner, newsletter.Item{Note: "Start."},
			&postgres.Target{Issue: 7, Section: section, After: postgres.Last}, "", publish.LinksOf)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	tools := []int64{item("Tools"), item("Tools"), item("Tools")}
	works := []work{&editing{item: item("News")}, &editing{item: item("News")}, &moving{items: tools}, &submitting{}, &publishing{from: 1000, number: 1000}, &publishing{from: 5000, number: 5000}}
	var writers []*writer
	for k, work := range works {
		link, err := store.NewSignInLink(t.Context(), owner.ID)
		if err != nil {
			t.Fatal(err)
		}
		writers = append(writers, newWriter(t, programs[k%len(programs)], link, work))
	}
	return writers
}

// holdPlaces holds that the items of every section stand at its places from the
// first on, without a gap: that no two stand at one is in the schema.
func holdPlaces(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	var items, torn int
	err := pool.QueryRow(t.Context(), `
		WITH sections AS (SELECT count(*) AS items, max(position) AS last FROM items WHERE section_id IS NOT NULL GROUP BY section_id)
		SELECT sum(items), count(*) FILTER (WHERE items <> last) FROM sections`).Scan(&items, &torn)
	if err != nil || torn != 0 || items != 5 {
		t.Errorf("%d items stand in sections, and the order of %d sections has gaps (%v)", items, torn, err)
	}
}
