package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// waiting makes items in the inbox by their titles, and returns their ids.
func (d *desk) waiting(t *testing.T, titles ...string) []int64 {
	t.Helper()
	ids := make([]int64, len(titles))
	for k, title := range titles {
		ids[k] = d.item(t, d.tove, title, nil)
	}
	return ids
}

func endOf(number int, section string) postgres.Target {
	return postgres.Target{Issue: number, Section: section, After: postgres.Last}
}

func wantLeft(t *testing.T, got []int64, err error, want ...int64) {
	t.Helper()
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("left are %v (%v), want %v", got, err, want)
	}
}

func TestItemsAreMovedInTheirOrder(t *testing.T) {
	d := weekend(t)
	ids := d.waiting(t, "p", "q", "r")
	before := d.count(t, "SELECT count(*) FROM audit")
	left, err := d.MoveItems(t.Context(), d.emil, []int64{ids[2], ids[0], ids[2], ids[1]}, endOf(412, "News"), d.order(t))
	wantLeft(t, left, err)
	if got, want := d.layout(t, 412), "News: a b c r p q; Tools: d e"; got != want {
		t.Errorf("the board is %q, want %q", got, want)
	}
	if n := d.count(t, "SELECT count(*) FROM audit WHERE action = 'move item' AND actor = 'Emil'"); d.count(t, "SELECT count(*) FROM audit") != before+3 || n < 3 {
		t.Errorf("%d of the deeds are recorded", n)
	}
	left, err = d.MoveItems(t.Context(), d.emil, ids, endOf(412, "News"), 1) // sent twice
	wantLeft(t, left, err)
	front := d.waiting(t, "s", "u")
	left, err = d.MoveItems(t.Context(), d.emil, front, at(412, "Tools"), 0)
	wantLeft(t, left, err)
	if got, want := d.layout(t, 412), "News: a b c r p q; Tools: s u d e"; got != want {
		t.Errorf("the board is %q, want %q", got, want)
	}
}

func TestItemsThatCannotMoveAreLeft(t *testing.T) {
	d := weekend(t)
	ids := d.waiting(t, "p", "q", "r", "s")
	seen := d.order(t)
	must(t, d.MoveItem(t.Context(), d.ines, ids[1], at(412, "News"), 0))
	must(t, d.Decline(t.Context(), d.ines, ids[2], "no", ""))
	gone := ids[3] + 1000
	left, err := d.MoveItems(t.Context(), d.emil, append(ids, gone), endOf(412, "News"), seen)
	wantLeft(t, left, err, ids[1], ids[2], gone)
	if got, want := d.layout(t, 412), "News: q a b c p s; Tools: d e"; got != want {
		t.Errorf("the board is %q, want %q", got, want)
	}
	if r := d.get(t, ids[2]); r.State != newsletter.Declined || r.Reason != "no" {
		t.Errorf("what another declined is %s, %q", r.State, r.Reason)
	}
}

func TestMovingItemsNowhere(t *testing.T) {
	d := weekend(t)
	ids := d.waiting(t, "p", "q")
	_, err := d.MoveItems(t.Context(), d.emil, ids, endOf(999, "News"), 0)
	wantInvalid(t, err, "issue", "does not exist")
	_, err = d.MoveItems(t.Context(), d.emil, ids, endOf(412, "Weather"), 0)
	wantInvalid(t, err, "section", "does not stand in issue 412")
	if _, err = d.MoveItems(t.Context(), d.tove, ids, endOf(412, "News"), 0); !errors.Is(err, newsletter.ErrForbidden) {
		t.Errorf("a contributor's move returned %v", err)
	}
	d.schedule(t, 412)
	if _, err = d.MoveItems(t.Context(), d.emil, ids, endOf(412, "News"), 0); !errors.Is(err, newsletter.ErrForbidden) {
		t.Errorf("an editor's move into a scheduled issue returned %v", err)
	}
	left, err := d.MoveItems(t.Context(), d.ines, ids, endOf(412, "News"), 0)
	wantLeft(t, left, err)
}

func TestMovingMoreItemsThanAnIssueHolds(t *testing.T) {
	d := weekend(t)
	_, err := d.pool.Exec(t.Context(), `
		INSERT INTO items (state, issue_id, section_id, position, note)
		SELECT 'placed', issue_id, id, 100 + n, 'x' FROM issue_sections, generate_series(1, $2) AS n WHERE title = 'Jobs' AND issue_id = (SELECT id FROM issues WHERE number = $1)`,
		412, newsletter.MaxItems-5-1)
	must(t, err)
	ids := d.waiting(t, "p", "q")
	_, err = d.MoveItems(t.Context(), d.emil, ids, endOf(412, "News"), 0)
	wantInvalid(t, err, "issue", "holds 499 items")
	left, err := d.MoveItems(t.Context(), d.emil, ids[:1], endOf(412, "News"), 0)
	wantLeft(t, left, err)
}

func TestItemsAreTriagedTogether(t *testing.T) {
	d := weekend(t)
	ids := d.waiting(t, "p", "q", "r")
	seen := d.order(t)
	must(t, d.MoveItem(t.Context(), d.ines, ids[1], at(412, "News"), 0))
	for _, step := range []postgres.Triage{{State: newsletter.Held}, {State: newsletter.Declined, Reason: "too old"}, {State: newsletter.Inbox}} {
		for range 2 { // sent twice is sent once
			left, err := d.TriageItems(t.Context(), d.emil, ids, step, seen)
			wantLeft(t, left, err, ids[1])
		}
		for _, id := range []int64{ids[0], ids[2]} {
			if got := d.get(t, id); got.State != step.State || got.Reason != step.Reason || got.ChangedBy != "Emil" {
				t.Errorf("after %+v the item is %s, %q by %s", step, got.State, got.Reason, got.ChangedBy)
			}
		}
		seen = d.order(t)
	}
	if n := d.count(t, "SELECT count(*) FROM audit WHERE action IN ('hold item', 'decline item', 'restore item')"); n != 6 {
		t.Errorf("%d deeds are recorded, want 6", n)
	}
	if got := d.get(t, ids[1]); got.Issue != 412 {
		t.Errorf("what was placed meanwhile is %s", got.State)
	}
	left, err := d.TriageItems(t.Context(), d.tove, ids[:1], postgres.Triage{State: newsletter.Held}, 0)
	wantLeft(t, left, err, ids[0])
}

func TestQueriesOfManyItems(t *testing.T) {
	d := weekend(t)
	var counter queries
	config := d.pool.Config()
	config.ConnConfig.Tracer = &counter
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	must(t, err)
	defer pool.Close()
	traced := postgres.New(pool)
	var few int64
	for _, n := range []int{1, 40} {
		var titles []string
		for k := range n {
			titles = append(titles, fmt.Sprintf("n%d-%d", n, k))
		}
		ids := d.waiting(t, titles...)
		before := counter.n.Load()
		_, err := traced.TriageItems(t.Context(), d.emil, ids, postgres.Triage{State: newsletter.Held}, 0)
		must(t, err)
		_, err = traced.MoveItems(t.Context(), d.emil, ids, endOf(412, "News"), 0)
		must(t, err)
		got := counter.n.Load() - before
		if few == 0 {
			few = got
		}
		if got != few || got > 30 {
			t.Errorf("%d items take %d queries, one takes %d", n, got, few)
		}
	}
}

func TestInboxIsCountedByState(t *testing.T) {
	d := weekend(t) // g by Tove, and items that are placed
	ids := d.waiting(t, "p", "q", "r")
	must(t, d.Hold(t.Context(), d.emil, ids[0]))
	counts, err := d.InboxCounts(t.Context(), postgres.InboxFilter{By: "Tove", State: newsletter.Declined})
	must(t, err)
	if counts[newsletter.Inbox] != 3 || counts[newsletter.Held] != 1 || len(counts) != 2 {
		t.Errorf("counted are %v", counts)
	}
}
