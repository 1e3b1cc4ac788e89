package server_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

// turning are addresses that a further issue changes.
var turning = []string{
	"/", "/archive", "/archive/2026", "/feed.xml", "/atom.xml", "/sections/news", "/sections/news/feed.xml",
	"/search?q=lighthouse", "/sites/gulls.example", "/sitemap.xml", "/latest",
}

// sight is what is seen at an address.
type sight struct {
	status              int
	tag, location, body string
}

// look asks for an address as somebody who has the page of a tag.
func look(p *program, target, tag string) sight {
	w := p.get(target, "If-None-Match", tag)
	return sight{w.Code, w.Header().Get("ETag"), w.Header().Get("Location"), w.Body.String()}
}

// follow has a program hear of changes until the end of the test.
func (p *program) follow(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var following sync.WaitGroup
	following.Go(func() { p.now.Follow(ctx, slog.New(slog.DiscardHandler)) })
	t.Cleanup(func() { stop(); following.Wait() })
	eventually(t, "it listens", 20*time.Second, func() bool {
		var there bool
		err := p.pool.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = $1 AND query LIKE 'LISTEN %')`, p.name).Scan(&there)
		return err == nil && there
	})
}

// watched is what was seen at an address over a while.
type watched struct {
	sights []sight   // each unlike the one before
	turned time.Time // when the last of them came
}

// watch looks at an address until it is no longer what it was, and a few times
// more.
func watch(ctx context.Context, p *program, target string, was sight) watched {
	w := watched{sights: []sight{was}}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for after := 0; after < 5; {
		select {
		case <-ctx.Done():
			return w
		case <-tick.C:
		}
		if s := look(p, target, ""); s != w.sights[len(w.sights)-1] {
			w.sights, w.turned = append(w.sights, s), time.Now()
		}
		if len(w.sights) > 1 {
			after++
		}
	}
	return w
}

// TestEverythingTurnsOverTogether publishes beside two running programs while
// their pages are looked at. Each time, every page goes from the old state to
// the new one and nowhere else. A busy machine may be late now and then, but
// one time in three all pages are new within a second.
func TestEverythingTurnsOverTogether(t *testing.T) {
	url := filled(t)
	programs := []*program{start(t, url, nil), start(t, url, nil)}
	for _, p := range programs {
		p.follow(t)
	}
	soonest := time.Hour
	for round := range 3 {
		issue := newslettertest.Issue(103 + round)
		targets := append(slices.Clone(turning), address.Issue(issue.Number-1)) // which gets a link to the new one
		soonest = min(soonest, turnOver(t, programs, targets, func() {
			bring(t, url, exchange.Document{Complete: true, Issues: []newsletter.Issue{issue}})
		}))
	}
	if soonest > time.Second {
		t.Errorf("all pages were new after %s, which is more than a second", soonest)
	}
}

// turnOver changes something public and returns how long it took after that
// until the last page of the programs was new. All the pages have to change.
func turnOver(t *testing.T, programs []*program, targets []string, change func()) time.Duration {
	t.Helper()
	before := map[string]sight{}
	for _, p := range programs {
		for _, target := range targets {
			before[target] = look(p, target, "")
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	seen := make([]watched, len(programs)*len(targets))
	var watching sync.WaitGroup
	for i := range seen {
		watching.Go(func() {
			seen[i] = watch(ctx, programs[i/len(targets)], targets[i%len(targets)], before[targets[i%len(targets)]])
		})
	}
	change()
	changed := time.Now()
	watching.Wait()

	truth := start(t, programs[0].url, nil) // has never known another state
	var last time.Duration
	for i, w := range seen {
		p, target := programs[i/len(targets)], targets[i%len(targets)]
		want := []sight{before[target], look(truth, target, "")}
		if !slices.Equal(w.sights, want) {
			t.Errorf("%s had %d states, not the old one and then the new one", target, len(w.sights))
			continue
		}
		last = max(last, w.turned.Sub(changed))
		stale(t, p, target, want[0], want[1])
	}
	return last
}

// stale makes sure that who has the old page gets the new one, and who has the
// new one is told so.
func stale(t *testing.T, p *program, target string, before, after sight) {
	t.Helper()
	if before.tag == "" { // a redirect
		return
	}
	if got := look(p, target, before.tag); got != after {
		t.Errorf("who has the old %s gets %d with %s", target, got.status, got.tag)
	}
	if got := look(p, target, after.tag); after.tag != "" && got.status != 304 {
		t.Errorf("who has the new %s gets %d", target, got.status)
	}
}
