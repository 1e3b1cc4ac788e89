package postgres_test

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

var errOnPurpose = errors.New("on purpose")

func TestTxTakesEverythingBack(t *testing.T) {
	store := fill(t)
	before, err := store.Generation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = store.Tx(t.Context(), func(tx *postgres.Store) error {
		if err := tx.RaiseGeneration(t.Context()); err != nil {
			return err
		}
		// A nested one that succeeds goes down with the outer one.
		inner := tx.Tx(t.Context(), func(tx *postgres.Store) error {
			_, err := tx.AddIssues(t.Context(), []newsletter.Issue{{Number: 1, Date: newsletter.Date{Year: 2026, Month: 1, Day: 1}, State: newsletter.Draft}}, noLinks)
			return err
		})
		return errors.Join(inner, errOnPurpose)
	})
	if !errors.Is(err, errOnPurpose) {
		t.Fatalf("Tx returned %v", err)
	}
	if after, err := store.Generation(t.Context()); err != nil || after != before {
		t.Errorf("generation is %d (%v) after a transaction that failed; it was %d", after, err, before)
	}
	if numbers, err := store.Numbers(t.Context()); err != nil || len(numbers) != 0 {
		t.Errorf("issues %v (%v) outlived a transaction that failed", numbers, err)
	}
}

func TestNestedTxFailsAlone(t *testing.T) {
	store := fill(t)
	err := store.Tx(t.Context(), func(tx *postgres.Store) error {
		inner := tx.Tx(t.Context(), func(tx *postgres.Store) error {
			return errors.Join(tx.AddLooseItem(t.Context(), newsletter.Item{Note: "lost", State: newsletter.Inbox}, noLinks), errOnPurpose)
		})
		if !errors.Is(inner, errOnPurpose) {
			t.Errorf("the nested transaction returned %v", inner)
		}
		return tx.AddLooseItem(t.Context(), newsletter.Item{Note: "kept", State: newsletter.Inbox}, noLinks)
	})
	if err != nil {
		t.Fatal(err)
	}
	items, err := store.LooseItems(t.Context())
	if err != nil || len(items) != 1 || items[0].Note != "kept" {
		t.Errorf("items are %v (%v); want the kept one alone", items, err)
	}
}

// TestViewDoesNotSeeWhatComesMeanwhile has views begin with a query and with a
// batch.
func TestViewDoesNotSeeWhatComesMeanwhile(t *testing.T) {
	for name, first := range map[string]func(*postgres.Store) error{
		"a query": func(view *postgres.Store) error {
			_, err := view.Span(t.Context())
			return err
		},
		"a batch": func(view *postgres.Store) error {
			_, err := view.Search(t.Context(), postgres.Query{Words: "gulls"})
			return err
		},
	} {
		store := fill(t, newslettertest.Issue(100))
		err := store.View(t.Context(), func(view *postgres.Store) error {
			if err := first(view); err != nil { // takes the snapshot
				return err
			}
			add(t, store, newslettertest.Issue(101))
			span, err := view.Span(t.Context())
			if err == nil && span.Newest != 100 {
				t.Errorf("the view sees issue %d; it began with 100 and %s", span.Newest, name)
			}
			results, err := view.Search(t.Context(), postgres.Query{Words: "gulls"})
			if results.All != 1 {
				t.Errorf("the view finds %d items, not the one that was there; it began with %s", results.All, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = store.View(t.Context(), func(view *postgres.Store) error {
			return cmp.Or(first(view), view.RaiseGeneration(t.Context()))
		})
		if err == nil {
			t.Errorf("a view that began with %s can write", name)
		}
	}
	store := fill(t)
	raise := func(s *postgres.Store) error { return s.RaiseGeneration(t.Context()) }
	for name, write := range map[string]func(*postgres.Store) error{
		"by itself": raise, "in a transaction": func(view *postgres.Store) error { return view.Tx(t.Context(), raise) },
	} {
		if err := store.View(t.Context(), write); err == nil {
			t.Errorf("a view can write %s", name)
		}
	}
}

func TestListenHearsWhatIsThere(t *testing.T) {
	store := fill(t)
	ctx, cancel := context.WithCancel(t.Context())
	heard := make(chan string, 8)
	done := make(chan error, 1)
	go func() {
		done <- store.Listen(ctx, func(channel, payload string) { heard <- strings.TrimSpace(channel + " " + payload) })
	}()
	wait := func(want string) {
		t.Helper()
		select {
		case got := <-heard:
			if got != want {
				t.Errorf("heard %q, want %q", got, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("did not hear %q", want)
		}
	}
	wait("")
	_ = store.Tx(t.Context(), func(tx *postgres.Store) error { return errors.Join(tx.RaiseGeneration(t.Context()), errOnPurpose) })
	if err := store.RaiseGeneration(t.Context()); err != nil {
		t.Fatal(err)
	}
	wait("broadsheet generation")
	if err := store.Gossip(t.Context(), "one", "two"); err != nil {
		t.Fatal(err)
	}
	wait("desk one")
	wait("desk two")
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Listen ended with %v", err)
	}
	if len(heard) != 0 {
		t.Errorf("also heard %q, of a transaction that was taken back", <-heard)
	}
}

// TestOpenHeedsTheURLsOptionsAlone has the shell set other ones.
func TestOpenHeedsTheURLsOptionsAlone(t *testing.T) {
	t.Setenv("PGOPTIONS", "-cwork_mem=6MB")
	for options, want := range map[string]string{"": "4MB", "-cwork_mem=5MB": "5MB"} { // PostgreSQL's own is 4MB
		database, err := url.Parse(pgtest.URL(t))
		if err != nil {
			t.Fatal(err)
		}
		query := database.Query()
		query.Del("options")
		if options != "" {
			query.Set("options", options)
		}
		database.RawQuery = query.Encode()
		pool, err := postgres.Open(t.Context(), database.String(), postgres.Options{StatementTimeout: 7 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		for setting, want := range map[string]string{"work_mem": want, "statement_timeout": "7s", "plan_cache_mode": "force_generic_plan"} {
			var got string
			if err := pool.QueryRow(t.Context(), "SHOW "+setting).Scan(&got); err != nil || got != want {
				t.Errorf("with the options %q %s is %q (%v), want %s", options, setting, got, err, want)
			}
		}
	}
}

// TestRehearsalHoldsNobodyUp publishes while a rehearsal that has raised the
// generation, in a transaction of its own, goes on.
func TestRehearsalHoldsNobodyUp(t *testing.T) {
	store := fill(t)
	err := store.Rehearse(t.Context(), func(rehearsal *postgres.Store) error {
		err := rehearsal.Tx(t.Context(), func(tx *postgres.Store) error {
			item := newsletter.Item{Note: "rehearsed", State: newsletter.Inbox}
			return errors.Join(tx.AddLooseItem(t.Context(), item, noLinks), tx.RaiseGeneration(t.Context()))
		})
		if items, listErr := rehearsal.LooseItems(t.Context()); listErr != nil || len(items) != 1 {
			t.Errorf("the rehearsal sees %v (%v), want its own item", items, listErr)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		return errors.Join(err, store.RaiseGeneration(ctx))
	})
	if err != nil {
		t.Fatal(err)
	}
	if items, err := store.LooseItems(t.Context()); err != nil || len(items) != 0 {
		t.Errorf("a rehearsal kept %v (%v)", items, err)
	}
	if err := store.Rehearse(t.Context(), func(*postgres.Store) error { return errOnPurpose }); !errors.Is(err, errOnPurpose) {
		t.Errorf("a rehearsal that failed returned %v", err)
	}
}

func TestDatabaseErrorsAreTold(t *testing.T) {
	store := fill(t)
	err := store.AddLooseItem(t.Context(), newsletter.Item{State: "nowhere", Note: "x"}, noLinks)
	if !postgres.IsDatabaseError(err) {
		t.Errorf("%v is not told to be PostgreSQL's", err)
	}
	if _, err := store.Issue(t.Context(), 1); !errors.Is(err, newsletter.ErrNotFound) || postgres.IsDatabaseError(err) {
		t.Errorf("no issue is %v, want ErrNotFound", err)
	}
}
