package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"broadsheet/internal/job"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// hooked is a database with issue 7 whose webhook is a server of the test's.
func hooked(t *testing.T) (database string, store *postgres.Store, owner newsletter.User, ids chan string) {
	t.Helper()
	pool := pgtest.New(t)
	database, store = pool.Config().ConnString(), postgres.New(pool)
	succeed(t, "import", "--database-url", database, folder(t, map[string]string{"a.jsonl": publication, "c.md": post(7)}))
	owner = newsletter.User{Name: "Osman", Email: "osman@letter.example", Role: newsletter.Owner}
	var err error
	if owner.ID, err = store.AddUser(t.Context(), owner, ""); err != nil {
		t.Fatal(err)
	}
	ids = make(chan string, 100)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { ids <- r.Header.Get("webhook-id") }))
	t.Cleanup(hook.Close)
	if _, err := store.SetWebhook(t.Context(), owner, hook.URL); err != nil {
		t.Fatal(err)
	}
	return database, store, owner, ids
}

// TestTheWebhookIsToldOnceByThoseThatServe has two programs share the work, of
// which the one that began first is killed.
func TestTheWebhookIsToldOnceByThoseThatServe(t *testing.T) {
	t.Parallel()
	database, store, owner, ids := hooked(t)
	first, second := serve(t, database), serve(t, database)
	first.address(t)
	second.address(t)
	const turns = 10
	for turn := range turns {
		to := publish.Withdraw
		if turn%2 == 1 {
			to = publish.Reinstate
		}
		if err := to(t.Context(), store, owner, 7); err != nil {
			t.Fatal(err)
		}
	}
	db := connect(t, database)
	open := func() (n int) {
		if err := db.QueryRow(t.Context(), "SELECT count(*) FROM river_job WHERE state <> 'completed'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	eventually(t, "everything was told", func() bool { return open() == 0 })
	if seen := drain(ids); len(seen) != turns {
		t.Errorf("%d messages were told %v times", turns, seen)
	} else {
		for id, times := range seen {
			if times != 1 {
				t.Errorf("%s was told %d times", id, times)
			}
		}
	}
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	first.wait(t)
	if err := publish.Withdraw(t.Context(), store, owner, 7); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the other tells it", func() bool { return len(drain(ids)) == 1 })
	second.stop(t, syscall.SIGTERM)
}

// drain returns how often each id has arrived.
func drain(ids chan string) map[string]int {
	seen := map[string]int{}
	for {
		select {
		case id := <-ids:
			seen[id]++
		default:
			return seen
		}
	}
}

// TestAWebhookOfOnesOwnNetworkHasToBeAllowed serves a publication that is public.
func TestAWebhookOfOnesOwnNetworkHasToBeAllowed(t *testing.T) {
	t.Parallel()
	database, store, owner, ids := hooked(t)
	last := func() postgres.Job {
		jobs, err := store.JobsOf(t.Context(), job.WebhookKind)
		if err != nil || len(jobs) == 0 {
			t.Fatal(jobs, err)
		}
		return jobs[0]
	}
	for _, allowed := range []bool{false, true} {
		var more []string
		if allowed {
			more = []string{"--private-webhook"}
		}
		p := serve(t, database, append(more, "--base-url", "https://weekly.example")...)
		p.address(t)
		if err := store.TestWebhook(t.Context(), owner); err != nil {
			t.Fatal(err)
		}
		eventually(t, "a test is sent, or refused", func() bool { return last().State == postgres.JobDone || last().State == postgres.JobLeftOver })
		if got := drain(ids); (len(got) == 1) != allowed || !allowed && !strings.Contains(last().Error, "which is not a public address") {
			t.Errorf("allowed: %v; told were %v, the job is %+v", allowed, got, last())
		}
		p.stop(t, syscall.SIGTERM)
	}
}
