package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// plan is what is to come out of a storm.
type plan struct {
	by    newsletter.User
	order []int       // numbers, as they are due
	items map[int]int // how many, by number
	due   map[int]time.Time
}

// makeDrafts makes issues that are ready for publication. Their items say where
// they belong.
func makeDrafts(t *testing.T, pool *pgxpool.Pool, random *rand.Rand, issues int) *plan {
	t.Helper()
	store := postgres.New(pool)
	p := &plan{by: newsletter.User{Name: "Ines", Email: "ines@letter.example", Role: newsletter.Curator}, items: map[int]int{}, due: map[int]time.Time{}}
	var err error
	if p.by.ID, err = store.AddUser(t.Context(), p.by, ""); err != nil {
		t.Fatal(err)
	}
	now, err := store.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for number := firstDue; number < firstDue+issues; number++ {
		p.items[number] = 2 + random.IntN(5)
		if err := p.draft(t, store, number, newsletter.DateOf(now)); err != nil {
			t.Fatal(err)
		}
	}
	p.order = slices.Sorted(maps.Keys(p.items))
	random.Shuffle(issues, func(i, j int) { p.order[i], p.order[j] = p.order[j], p.order[i] })
	return p
}

func (p *plan) draft(t *testing.T, store *postgres.Store, number int, day newsletter.Date) error {
	ctx := t.Context()
	if err := store.CreateIssue(ctx, p.by, newsletter.Issue{Number: number, Date: day}, ""); err != nil {
		return err
	}
	words := newsletter.Issue{Number: number, Date: day, Intro: "Fog."}
	if err := store.SaveIssue(ctx, p.by, number, 1, words); err != nil {
		return err
	}
	for k := range p.items[number] {
		item := newsletter.Item{Note: note(number, k+1), Links: []newsletter.Link{{URL: fmt.Sprintf("https://n%d.example/%d", number, k)}}}
		if _, err := store.CreateItem(ctx, p.by, item, &postgres.Target{Issue: number, Section: "News", After: postgres.Last}, "", publish.LinksOf); err != nil {
			return err
		}
	}
	return nil
}

// note is the text of an item.
func note(number, place int) string { return fmt.Sprintf("Note %d of issue %d.", place, number) }

// scheduling is more than it takes to schedule an issue: the first one is due when
// the last one is scheduled and readers look.
const scheduling = 20 * time.Millisecond

// schedule has the issues publish themselves, as many as may be in each second
// from soon on.
func (p *plan) schedule(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	store := postgres.New(pool)
	now, err := store.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first := now.Add(3*time.Second + (time.Duration(len(p.order)) * scheduling).Round(time.Second))
	for k, number := range p.order {
		p.due[number] = first.Add(time.Duration(k/perSecond) * time.Second)
		if err := publish.ScheduleAt(t.Context(), store, p.by, publish.Request{Number: number}, p.due[number]); err != nil {
			t.Fatalf("scheduling %d: %v", number, err)
		}
	}
}

// out lists the issues that are published.
func (p *plan) out(t *testing.T, pool *pgxpool.Pool) []int {
	t.Helper()
	rows, _ := pool.Query(t.Context(), "SELECT number FROM issues WHERE state = 'published'")
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		t.Fatal(err)
	}
	return numbers
}

// await waits until so many issues are out: for as long as they take that are
// not due yet, and then for as long as a test waits.
func (p *plan) await(t *testing.T, pool *pgxpool.Pool, issues int) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(time.Until(p.due[p.order[issues-1]]) + patience)
	for len(p.out(t, pool)) < issues {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%d issues are out, want %d", len(p.out(t, pool)), issues)
		}
	}
}

// hold holds what is stored against the plan.
func (p *plan) hold(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	type row struct {
		Number, Items, Places, Revisions, Newest, Printed, Deeds int
		Published                                                bool
	}
	rows, _ := pool.Query(t.Context(), `
		SELECT number, state = 'published' AND published_at IS NOT NULL AND scheduled_at IS NULL AND waits = '' AS published,
		       revision AS newest,
		       (SELECT count(*) FROM items WHERE issue_id = issues.id) AS items,
		       (SELECT count(DISTINCT place) FROM items WHERE issue_id = issues.id) AS places,
		       (SELECT count(*) FROM revisions WHERE issue_id = issues.id) AS revisions,
		       (SELECT count(*) FROM printed_items WHERE number = issues.number) AS printed,
		       (SELECT count(*) FROM audit WHERE action = 'publish issue' AND object = number || ', as scheduled') AS deeds
		FROM issues ORDER BY number`)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != len(p.order) {
		t.Errorf("there are %d issues, want %d", len(found), len(p.order))
	}
	for _, r := range found {
		n := p.items[r.Number]
		if want := (row{r.Number, n, n, 1, 1, n, 1, true}); r != want {
			t.Errorf("stored is %+v, want %+v", r, want)
		}
		p.holdRevision(t, postgres.New(pool), r.Number)
	}
}

// holdRevision holds that the items of an issue are printed in order, under
// their marks.
func (p *plan) holdRevision(t *testing.T, store *postgres.Store, number int) {
	t.Helper()
	revision, err := store.Revision(t.Context(), number)
	if err != nil {
		t.Errorf("issue %d: %v", number, err)
		return
	}
	place := 0
	for _, section := range revision.Sections {
		for _, item := range section.Items {
			if place++; item.Place != place || item.Note.Markdown != note(number, place) {
				t.Errorf("at %d.%d is printed %d, %q", number, place, item.Place, item.Note.Markdown)
			}
		}
	}
	if place != p.items[number] || revision.Number != number {
		t.Errorf("%d items of %d are printed as %d", place, number, revision.Number)
	}
}

// holdLateness compares when a reader first got each issue, by the database's
// clock, with when it was due. Those that are named were out before the first
// kill.
func (p *plan) holdLateness(t *testing.T, got map[int]time.Time, calm []int, size storm) {
	t.Helper()
	late := map[string][]time.Duration{}
	for _, number := range p.order {
		by, limit, when := got[number].Sub(p.due[number]), size.disturbed, "after kills"
		if slices.Contains(calm, number) {
			limit, when = size.undisturbed, "undisturbed"
		}
		if late[when] = append(late[when], by); by < 0 || by > limit {
			t.Errorf("%d, %s, was there for readers %s after its time, more than %s", number, when, by, limit)
		}
	}
	for when, list := range late {
		slices.Sort(list)
		at := func(share float64) time.Duration {
			return list[int(share*float64(len(list)-1))].Round(time.Millisecond)
		}
		t.Logf("%d issues %s: half within %s, 95 %% within %s, 99 %% within %s, the last after %s", len(list), when, at(.5), at(.95), at(.99), at(1))
	}
}
