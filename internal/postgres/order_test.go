package postgres_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// model is the desk's order as plain lists: what the store must come to.
type model struct {
	issues map[int][]modelSection
	loose  map[int64]newsletter.ItemState
}

type modelSection struct {
	ID    int64
	Items []int64
}

// where returns the item's issue, section and index, or 0 and false.
func (m *model) where(item int64) (number, section, index int, placed bool) {
	for number, sections := range m.issues {
		for s := range sections {
			if k := slices.Index(sections[s].Items, item); k >= 0 {
				return number, s, k, true
			}
		}
	}
	return 0, 0, 0, false
}

// take takes an item from wherever it is.
func (m *model) take(item int64) {
	delete(m.loose, item)
	if number, s, k, placed := m.where(item); placed {
		m.issues[number][s].Items = slices.Delete(m.issues[number][s].Items, k, k+1)
	}
}

// put puts an item at an index of a section.
func (m *model) put(item int64, number, s, index int) {
	m.take(item)
	m.issues[number][s].Items = slices.Insert(m.issues[number][s].Items, index, item)
}

func (m *model) items() []int64 {
	items := slices.Collect(maps.Keys(m.loose))
	for _, sections := range m.issues {
		for _, s := range sections {
			items = append(items, s.Items...)
		}
	}
	return slices.Sorted(slices.Values(items))
}

// orderTest runs the same deeds on a store and on a model.
type orderTest struct {
	*desk
	*model
	t    *testing.T
	rt   *rapid.T
	last int // items made
}

func (o *orderTest) check(err error) {
	if err != nil {
		o.rt.Fatal(err)
	}
}

func (o *orderTest) drawItem() int64 {
	items := o.items()
	if len(items) == 0 {
		o.rt.Skip("no item")
	}
	return rapid.SampledFrom(items).Draw(o.rt, "item")
}

func (o *orderTest) drawSection() (number, s int) {
	number = rapid.SampledFrom(slices.Sorted(maps.Keys(o.issues))).Draw(o.rt, "issue")
	return number, rapid.IntRange(0, len(o.issues[number])-1).Draw(o.rt, "section")
}

// drawTarget draws a place for an item and the index it means.
func (o *orderTest) drawTarget(item int64) (to postgres.Target, number, s, index int) {
	number, s = o.drawSection()
	others := slices.DeleteFunc(slices.Clone(o.issues[number][s].Items), func(id int64) bool { return id == item })
	to = postgres.Target{Issue: number, Section: section(o.issues[number][s].ID)}
	to.After = rapid.SampledFrom(append([]int64{postgres.First, postgres.Last}, others...)).Draw(o.rt, "after")
	switch to.After {
	case postgres.First:
		return to, number, s, 0
	case postgres.Last:
		return to, number, s, len(others)
	}
	return to, number, s, slices.Index(others, to.After) + 1
}

func (o *orderTest) create(*rapid.T) {
	o.last++
	item := words(fmt.Sprint("item", o.last))
	if rapid.Bool().Draw(o.rt, "loose") {
		id, err := o.CreateItem(o.t.Context(), o.emil, item, nil, "", noLinks)
		o.check(err)
		o.loose[id] = newsletter.Inbox
		return
	}
	to, number, s, index := o.drawTarget(0)
	id, err := o.CreateItem(o.t.Context(), o.emil, item, &to, "", noLinks)
	o.check(err)
	o.put(id, number, s, index)
}

func (o *orderTest) move(*rapid.T) {
	item := o.drawItem()
	to, number, s, index := o.drawTarget(item)
	o.check(o.MoveItem(o.t.Context(), o.emil, item, to, o.order(o.t)))
	o.put(item, number, s, index)
}

func (o *orderTest) step(*rapid.T) {
	item, up := o.drawItem(), rapid.Bool().Draw(o.rt, "up")
	number, s, k, placed := o.where(item)
	if !placed {
		o.rt.Skip("loose")
	}
	o.check(o.StepItem(o.t.Context(), o.emil, item, up, o.order(o.t)))
	sections := o.issues[number]
	switch {
	case up && k > 0:
		o.put(item, number, s, k-1)
	case up && s > 0:
		o.put(item, number, s-1, len(sections[s-1].Items))
	case !up && k < len(sections[s].Items)-1:
		o.put(item, number, s, k+1)
	case !up && s < len(sections)-1:
		o.put(item, number, s+1, 0)
	}
}

func (o *orderTest) triage(*rapid.T) {
	item := o.drawItem()
	state := rapid.SampledFrom([]newsletter.ItemState{newsletter.Inbox, newsletter.Held, newsletter.Declined}).Draw(o.rt, "state")
	switch state {
	case newsletter.Inbox:
		o.check(o.Restore(o.t.Context(), o.emil, item))
	case newsletter.Held:
		o.check(o.Hold(o.t.Context(), o.emil, item))
	case newsletter.Declined:
		o.check(o.Decline(o.t.Context(), o.emil, item, "no", ""))
	}
	o.take(item)
	o.loose[item] = state
}

func (o *orderTest) merge(*rapid.T) {
	into, from := o.drawItem(), o.drawItem()
	if into == from {
		o.rt.Skip("the same")
	}
	a, b := o.get(o.t, into), o.get(o.t, from)
	o.check(o.MergeItems(o.t.Context(), o.emil, into, from, a.Version, b.Version, words(a.Title), noLinks))
	o.take(from)
}

func (o *orderTest) moveSection(*rapid.T) {
	number, s := o.drawSection()
	up, sections := rapid.Bool().Draw(o.rt, "up"), o.issues[number]
	o.check(o.MoveSection(o.t.Context(), o.emil, number, sections[s].ID, up, o.order(o.t)))
	if other := s + map[bool]int{true: -1, false: 1}[up]; other >= 0 && other < len(sections) {
		sections[s], sections[other] = sections[other], sections[s]
	}
}

func (o *orderTest) removeSection(*rapid.T) {
	number, s := o.drawSection()
	if sections := o.issues[number]; len(sections) > 2 && len(sections[s].Items) == 0 {
		o.check(o.RemoveSection(o.t.Context(), o.emil, number, sections[s].ID, o.order(o.t)))
		o.issues[number] = slices.Delete(sections, s, s+1)
	}
}

func (o *orderTest) discard(*rapid.T) {
	number := rapid.SampledFrom(slices.Sorted(maps.Keys(o.issues))).Draw(o.rt, "issue")
	o.check(o.DiscardIssue(o.t.Context(), o.ines, number))
	for _, s := range o.issues[number] {
		for _, item := range s.Items {
			o.loose[item] = newsletter.Inbox
		}
	}
	o.open(number)
}

// open makes an issue on both sides.
func (o *orderTest) open(number int) {
	o.issue(o.t, number)
	o.issues[number] = nil
	for _, s := range o.board(o.t, number).Sections {
		o.issues[number] = append(o.issues[number], modelSection{ID: s.ID})
	}
}

// compare looks whether the store's order is the model's.
func (o *orderTest) compare(*rapid.T) {
	stored := model{map[int][]modelSection{}, map[int64]newsletter.ItemState{}}
	rows, err := o.pool.Query(o.t.Context(), `
		SELECT number, sections.id, array(SELECT id FROM items WHERE section_id = sections.id ORDER BY position)
		FROM issue_sections sections JOIN issues ON issues.id = issue_id ORDER BY number, sections.position`)
	o.check(err)
	var number int
	var here modelSection
	_, err = pgx.ForEachRow(rows, []any{&number, &here.ID, &here.Items}, func() error {
		stored.issues[number] = append(stored.issues[number], here)
		here.Items = nil
		return nil
	})
	o.check(err)
	rows, err = o.pool.Query(o.t.Context(), "SELECT id, state FROM items WHERE state <> 'placed'")
	o.check(err)
	var id int64
	var state newsletter.ItemState
	_, err = pgx.ForEachRow(rows, []any{&id, &state}, func() error { stored.loose[id] = state; return nil })
	o.check(err)
	if diff := cmp.Diff(*o.model, stored, cmp.AllowUnexported(model{}), cmpopts.EquateEmpty()); diff != "" {
		o.rt.Error(diff)
	}
	checkPlaces(o.t, o.desk)
}

// checkPlaces looks whether every section of every issue counts 1 to n, and
// every issue's sections do.
func checkPlaces(t *testing.T, d *desk) {
	t.Helper()
	if n := d.count(t, `
		SELECT count(*) FROM (
			SELECT position, row_number() OVER (PARTITION BY section_id ORDER BY position) AS expected FROM items WHERE state = 'placed'
			UNION ALL
			SELECT position, row_number() OVER (PARTITION BY issue_id ORDER BY position) FROM issue_sections) AS places
		WHERE position <> expected`); n != 0 {
		t.Errorf("%d positions are not the next after the one before", n)
	}
}

// Orders are tried half as often as rapid would, but in the longer form of the
// checks: each try is some thirty deeds of two people in the database.
func init() {
	if os.Getenv("BROADSHEET_LONG") == "" {
		if err := flag.Set("rapid.checks", "50"); err != nil {
			panic(err)
		}
	}
}

// withOrders checks a property of two issues without items, and their model.
func withOrders(t *testing.T, property func(*rapid.T, *orderTest)) {
	d := newDesk(t)
	rapid.Check(t, func(rt *rapid.T) {
		_, err := d.pool.Exec(t.Context(), "DELETE FROM items; DELETE FROM issues")
		must(t, err)
		o := &orderTest{d, &model{map[int][]modelSection{}, map[int64]newsletter.ItemState{}}, t, rt, 0}
		o.open(412)
		o.open(413)
		property(rt, o)
	})
}

func TestOrderIsThatOfPlainLists(t *testing.T) {
	t.Parallel()
	withOrders(t, func(rt *rapid.T, o *orderTest) {
		rt.Repeat(map[string]func(*rapid.T){
			"create": o.create, "create another": o.create, "move": o.move, "move again": o.move, "step": o.step, "step again": o.step,
			"triage": o.triage, "merge": o.merge, "move section": o.moveSection, "remove section": o.removeSection, "discard": o.discard,
			"": o.compare,
		})
	})
}
