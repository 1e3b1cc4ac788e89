package postgres_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// orders returns what was done to an issue's order, newest first.
func (d *desk) orders(t *testing.T, number int) []postgres.EarlierOrder {
	t.Helper()
	orders, err := d.EarlierOrders(t.Context(), d.board(t, number).ID, 1)
	must(t, err)
	return orders
}

func TestEveryOrderIsKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue(t, 412)
	d.issue(t, 413)
	a, b := d.item(t, d.emil, "a", nil), d.item(t, d.emil, "b", new(at(412, "News")))
	must(t, d.MoveItem(t.Context(), d.emil, a, at(412, "News"), 0))
	must(t, d.StepItem(t.Context(), d.ines, a, false, 0))
	must(t, d.MoveItem(t.Context(), d.ines, a, at(412, "Tools"), 0))
	must(t, d.MoveItem(t.Context(), d.ines, a, at(413, "Jobs"), 0))
	must(t, d.Hold(t.Context(), d.osman, b))
	must(t, d.MoveSection(t.Context(), d.emil, 412, d.section(t, 412, "News"), true, 0))
	must(t, d.AddSection(t.Context(), d.emil, 412, "Books", newsletter.KindLinks, "", ""))
	must(t, d.RemoveSection(t.Context(), d.emil, 412, d.section(t, 412, "Books"), 0))
	var got []string
	for _, order := range d.orders(t, 412) {
		got = append(got, order.Name+" "+order.What)
	}
	want := []string{
		"Emil removed the section Books", "Emil added the section Books", "Emil moved the section News", "Osman held “b”",
		"Ines moved “a” from 412 to Jobs in 413", "Ines moved “a” to Tools", "Ines moved “a” within News", "Emil added “a” to News",
		"Emil added “b” to News", "Ines opened the issue",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if others := d.orders(t, 413); len(others) != 2 || others[0].What != "moved “a” from 412 to Jobs in 413" {
		t.Errorf("the other issue's orders are %+v", others)
	}
	if diff := cmp.Diff(d.board(t, 412).Layout(), d.orders(t, 412)[0].Layout, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestWhatChangesNoOrderIsNotKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue(t, 412)
	a := d.item(t, d.emil, "a", new(at(412, "Sponsor")))
	before := len(d.orders(t, 412))
	must(t, d.StepItem(t.Context(), d.emil, a, true, 0))
	must(t, d.MoveItem(t.Context(), d.emil, a, at(412, "Sponsor"), 0))
	must(t, d.RenameSection(t.Context(), d.emil, 412, d.section(t, 412, "News"), "Wire", newsletter.KindLinks, 0))
	_, err := d.SaveItem(t.Context(), d.emil, a, 1, words("aa"), noLinks)
	must(t, err)
	if after := d.orders(t, 412); len(after) != before {
		t.Errorf("%d orders are kept, want %d: %+v", len(after), before, after)
	}
}

func TestAnImportedOrderComesBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	add(t, d.Store, newsletter.Issue{Number: 412, Date: may2, State: newsletter.Draft, Sections: []newsletter.Section{
		{Title: "News", Kind: newsletter.KindLinks, Items: []newsletter.Item{words("a"), words("b"), words("c")}},
		{Title: "Tools", Kind: newsletter.KindLinks},
	}})
	must(t, d.MoveItem(t.Context(), d.emil, d.id(t, "b"), at(412, "Tools"), 0))
	orders := d.orders(t, 412)
	if len(orders) != 2 || orders[1].Name != "" {
		t.Fatalf("the orders are %+v", orders)
	}
	must(t, d.RestoreOrder(t.Context(), d.emil, 412, orders[1].Version, orders[0].Version))
	if got := d.layout(t, 412); got != "News: a b c" {
		t.Errorf("the order is %q", got)
	}
}

func TestAnOrderComesBackOntoWhatStandsThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue(t, 412)
	d.issue(t, 413)
	d.place(t, 412, "News", "a b c d")
	d.place(t, 412, "Tools", "e f")
	must(t, d.AddSection(t.Context(), d.emil, 412, "Books", newsletter.KindLinks, "", ""))
	d.place(t, 412, "Books", "g")
	old := d.orders(t, 412)[0].Version

	d.place(t, 412, "News", "new")
	must(t, d.MoveItem(t.Context(), d.emil, d.id(t, "c"), at(412, "Jobs"), 0))
	must(t, d.MoveItem(t.Context(), d.emil, d.id(t, "a"), postgres.Target{Issue: 412, Section: "Tools", After: postgres.Last}, 0))
	must(t, d.MoveItem(t.Context(), d.emil, d.id(t, "g"), at(412, "News"), 0))
	must(t, d.RemoveSection(t.Context(), d.emil, 412, d.section(t, 412, "Books"), 0))
	must(t, d.MoveSection(t.Context(), d.emil, 412, d.section(t, 412, "Tools"), true, 0))
	must(t, d.MoveItem(t.Context(), d.emil, d.id(t, "b"), at(413, "News"), 0))
	must(t, d.Hold(t.Context(), d.emil, d.id(t, "f")))
	must(t, d.AddSection(t.Context(), d.emil, 412, "Letters", newsletter.KindLinks, "", "News"))
	d.place(t, 412, "Letters", "letter")
	before, undo := d.layout(t, 412), d.orders(t, 412)[0].Version

	must(t, d.RestoreOrder(t.Context(), d.ines, 412, old, undo))
	if got, want := d.layout(t, 412), "News: a c d g new; Tools: e; Letters: letter"; got != want {
		t.Errorf("the order is %q, want %q", got, want)
	}
	if d.layout(t, 413) != "News: b" || d.get(t, d.id(t, "f")).State != newsletter.Held {
		t.Error("what had left the issue was moved")
	}
	checkPlaces(t, d)
	last := d.orders(t, 412)[0]
	if last.Name != "Ines" || last.What != "went back to an earlier order" {
		t.Errorf("the last order is %+v", last)
	}
	must(t, d.RestoreOrder(t.Context(), d.ines, 412, undo, last.Version))
	if got := d.layout(t, 412); got != before {
		t.Errorf("taken back the order is %q, want %q", got, before)
	}
}

func TestAnOrderChangedMeanwhileIsNotReplaced(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue(t, 412)
	d.issue(t, 413)
	d.place(t, 412, "News", "a b")
	seen := d.order(t)
	old := d.orders(t, 412)[1].Version
	must(t, d.StepItem(t.Context(), d.ines, d.id(t, "a"), false, 0))
	err := d.RestoreOrder(t.Context(), d.emil, 412, old, seen)
	late, is := errors.AsType[*postgres.OrderConflict](err)
	if !is || !errors.Is(err, newsletter.ErrConflict) || late.Last.Name != "Ines" || d.layout(t, 412) != "News: b a" {
		t.Errorf("it is %v, the order %q", err, d.layout(t, 412))
	}
	seen = d.order(t)
	d.place(t, 413, "News", "c") // another issue's order is nobody's business here
	if err := d.RestoreOrder(t.Context(), d.emil, 413, old, d.order(t)); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("another issue's order: %v", err)
	}
	for range 2 { // sent twice is done once
		must(t, d.RestoreOrder(t.Context(), d.emil, 412, old, seen))
	}
	if n := d.count(t, "SELECT count(*) FROM audit WHERE action = 'restore order'"); n != 1 {
		t.Errorf("%d deeds are recorded, want 1", n)
	}
	if got := conflict(d.MoveItem(t.Context(), d.emil, d.id(t, "a"), at(412, "Tools"), seen)); got != "item" {
		t.Errorf("whoever saw the order before moves what came back: %q", got)
	}
}

// TestAnyOrderComesBack moves at random, and then goes back to one of the
// orders there were: where the same items stand in the issue it is the very
// order, and in any case every item stands in exactly one place.
func TestAnyOrderComesBack(t *testing.T) {
	t.Parallel()
	withOrders(t, func(rt *rapid.T, o *orderTest) {
		restore := func(*rapid.T) { o.restore(rapid.SampledFrom([]int{412, 413}).Draw(rt, "issue")) }
		rt.Repeat(map[string]func(*rapid.T){
			"create": o.create, "create another": o.create, "move": o.move, "move again": o.move, "step": o.step,
			"triage": o.triage, "move section": o.moveSection, "remove section": o.removeSection,
			"restore": restore, "restore again": restore,
		})
	})
}

// restore goes back to one of an issue's orders, on both sides.
func (o *orderTest) restore(number int) {
	orders := o.orders(o.t, number)
	old := rapid.SampledFrom(orders).Draw(o.rt, "order")
	o.check(o.RestoreOrder(o.t.Context(), o.emil, number, old.Version, orders[0].Version))
	after := o.board(o.t, number).Layout()
	if sameMembers(old.Layout, orders[0].Layout) {
		if diff := cmp.Diff(old.Layout, after, cmpopts.EquateEmpty()); diff != "" {
			o.rt.Error(diff)
		}
	}
	if !sameMembers(after, orders[0].Layout) {
		o.rt.Errorf("%v became %v", orders[0].Layout, after)
	}
	o.issues[number] = nil
	for _, s := range after {
		o.issues[number] = append(o.issues[number], modelSection{s.Section, s.Items})
	}
	o.compare(o.rt)
}

// sameMembers reports whether two orders are of the same sections and items.
func sameMembers(a, b postgres.Layout) bool {
	return slices.Equal(members(a), members(b))
}

func members(l postgres.Layout) []int64 {
	var ids []int64
	for _, section := range l {
		ids = append(append(ids, -section.Section), section.Items...)
	}
	return slices.Sorted(slices.Values(ids))
}
