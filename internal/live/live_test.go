package live_test

import (
	"bytes"
	"context"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// patience is how long a test waits for what should happen, where nothing
// sooner is promised.
const patience = 20 * time.Second

// eventually waits until done says so, and asks it every few milliseconds.
func eventually(t *testing.T, what string, within time.Duration, done func() bool) {
	t.Helper()
	deadline := time.After(within)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-deadline:
			t.Fatalf("not within %s: %s", within, what)
		case <-tick.C:
		}
	}
}

// journal is a log to look into while it is written.
type journal struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.Write(line)
}

func (j *journal) count(words string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Count(j.lines.String(), words)
}

// follow follows the store until stop is called, which waits for the end.
func follow(t *testing.T, store *postgres.Store) (now *live.Now, log *journal, stop func()) {
	t.Helper()
	now, err := live.New(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	log = &journal{}
	ctx, cancel := context.WithCancel(t.Context())
	var following sync.WaitGroup
	following.Go(func() { now.Follow(ctx, slog.New(slog.NewTextHandler(log, nil))) })
	stop = func() { cancel(); following.Wait() }
	t.Cleanup(stop)
	return now, log, stop
}

// listener returns the process that listens in the pool's database, or 0.
func listener(t *testing.T, pool *pgxpool.Pool) (pid int) {
	t.Helper()
	err := pool.QueryRow(t.Context(), `SELECT coalesce(max(pid), 0) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN %'`).Scan(&pid)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// raise raises the generation and waits for it to be known. Three times within
// a second each cannot be the poll's doing, which comes every five.
func raise(t *testing.T, store *postgres.Store, now *live.Now) {
	t.Helper()
	for range 3 {
		before := now.Generation()
		if err := store.RaiseGeneration(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the new generation is known", time.Second, func() bool { return now.Generation() == before+1 })
	}
}

func TestNewKnowsTheState(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	want := newslettertest.Publication()
	if err := store.SavePublication(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	now, err := live.New(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, now.Publication(), cmpopts.IgnoreFields(newsletter.StandingSection{}, "ID")); diff != "" {
		t.Error(diff)
	}
	if generation, err := store.Generation(t.Context()); err != nil || now.Generation() != generation {
		t.Errorf("generation %d, want %d (%v)", now.Generation(), generation, err)
	}
}

func TestNewFailsWithoutADatabase(t *testing.T) {
	pool := pgtest.New(t)
	pool.Close()
	if _, err := live.New(t.Context(), postgres.New(pool)); err == nil {
		t.Error("a state was read from nowhere")
	}
}

func TestFollowHearsOfChanges(t *testing.T) {
	pool := pgtest.New(t)
	store := postgres.New(pool)
	now, _, _ := follow(t, store)
	eventually(t, "it listens", patience, func() bool { return listener(t, pool) != 0 })
	raise(t, store, now)

	renamed := newslettertest.Publication()
	renamed.Name = "The Other Letter"
	if err := store.SavePublication(t.Context(), renamed); err != nil {
		t.Fatal(err)
	}
	raise(t, store, now)
	if got := now.Publication().Name; got != renamed.Name {
		t.Errorf("the publication is %q, want %q", got, renamed.Name)
	}
}

func TestFollowComesBackAfterACut(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	store := postgres.New(pool)
	now, log, _ := follow(t, store)
	for cuts := 1; cuts <= 2; cuts++ {
		var before int
		eventually(t, "it listens", patience, func() bool { before = listener(t, pool); return before != 0 })
		if _, err := pool.Exec(t.Context(), "SELECT pg_terminate_backend($1, 5000)", before); err != nil {
			t.Fatal(err)
		}
		known := now.Generation()
		if err := store.RaiseGeneration(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "what it missed is known", patience, func() bool { return now.Generation() == known+1 })
		eventually(t, "it listens again", patience, func() bool { pid := listener(t, pool); return pid != 0 && pid != before })
		raise(t, store, now)
		if got := log.count("notifications are cut"); got != cuts {
			t.Errorf("%d lines after %d cuts", got, cuts)
		}
	}
}

func TestFollowKeepsTheStateWithoutADatabase(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	store := postgres.New(pool)
	if err := store.SavePublication(t.Context(), newslettertest.Publication()); err != nil {
		t.Fatal(err)
	}
	now, log, stop := follow(t, store)
	generation := now.Generation()
	eventually(t, "it listens", patience, func() bool { return listener(t, pool) != 0 })
	if _, err := pool.Exec(t.Context(), "SELECT pg_terminate_backend($1, 5000)", listener(t, pool)); err != nil {
		t.Fatal(err)
	}
	pool.Close()
	eventually(t, "it notices the outage", patience, func() bool { return log.count("cannot be read") > 0 })
	if now.Generation() != generation || now.Publication().Name != newslettertest.Publication().Name {
		t.Errorf("generation %d of %q is left of generation %d", now.Generation(), now.Publication().Name, generation)
	}
	stop()
	if cut, unread := log.count("notifications are cut"), log.count("cannot be read"); cut != 1 || unread != 1 {
		t.Errorf("one outage made %d and %d lines, want one of each", cut, unread)
	}
}

func TestFollowLeavesNothingRunning(t *testing.T) {
	pool := pgtest.New(t)
	_, log, stop := follow(t, postgres.New(pool))
	eventually(t, "it listens", patience, func() bool { return listener(t, pool) != 0 })
	stop()
	stacks := make([]byte, 1<<20)
	if left := string(stacks[:runtime.Stack(stacks, true)]); strings.Contains(left, "live.(*Now)") {
		t.Errorf("still running:\n%s", left)
	}
	eventually(t, "its connection is closed", patience, func() bool { return listener(t, pool) == 0 })
	if log.count("level=") != 0 {
		t.Errorf("the end is no fault:\n%s", log.lines.String())
	}
}
