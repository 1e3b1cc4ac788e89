package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// weekend is a desk with two drafts of the same items in every test:
// 412 "News: a b c; Tools: d e" and 413 "News: f", and g in the inbox.
func weekend(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.issue(t, 412)
	d.issue(t, 413)
	d.place(t, 412, "News", "a b c")
	d.place(t, 412, "Tools", "d e")
	d.place(t, 413, "News", "f")
	d.item(t, d.tove, "g", nil)
	return d
}

func TestMoves(t *testing.T) {
	for name, c := range map[string]struct {
		item          string
		issue         int
		section       string
		after         string // title, or first or last
		in412, in413  string
		leavesInInbox int
	}{
		"to the front":              {"c", 412, "News", "first", "News: c a b; Tools: d e", "News: f", 1},
		"to the end":                {"a", 412, "News", "last", "News: b c a; Tools: d e", "News: f", 1},
		"down past one":             {"a", 412, "News", "b", "News: b a c; Tools: d e", "News: f", 1},
		"up past one":               {"c", 412, "News", "a", "News: a c b; Tools: d e", "News: f", 1},
		"to where it is":            {"b", 412, "News", "a", "News: a b c; Tools: d e", "News: f", 1},
		"the last to the end":       {"c", 412, "News", "last", "News: a b c; Tools: d e", "News: f", 1},
		"the first to the front":    {"a", 412, "News", "first", "News: a b c; Tools: d e", "News: f", 1},
		"into another section":      {"b", 412, "Tools", "d", "News: a c; Tools: d b e", "News: f", 1},
		"to another's front":        {"b", 412, "Tools", "first", "News: a c; Tools: b d e", "News: f", 1},
		"into an empty section":     {"b", 412, "Jobs", "last", "News: a c; Tools: d e; Jobs: b", "News: f", 1},
		"a heading in other case":   {"b", 412, "jobs", "first", "News: a c; Tools: d e; Jobs: b", "News: f", 1},
		"into another issue":        {"b", 413, "News", "f", "News: a c; Tools: d e", "News: f b", 1},
		"the last out of an issue":  {"f", 412, "News", "last", "News: a b c f; Tools: d e", "", 1},
		"out of the inbox":          {"g", 412, "News", "b", "News: a b g c; Tools: d e", "News: f", 0},
		"out of the inbox, at last": {"g", 413, "Events", "last", "News: a b c; Tools: d e", "News: f; Events: g", 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := weekend(t)
			after, is := map[string]int64{"first": postgres.First, "last": postgres.Last}[c.after]
			if !is {
				after = d.id(t, c.after)
			}
			must(t, d.MoveItem(t.Context(), d.emil, d.id(t, c.item), postgres.Target{Issue: c.issue, Section: c.section, After: after}, d.order(t)))
			if got := d.layout(t, 412); got != c.in412 {
				t.Errorf("issue 412 is %q, want %q", got, c.in412)
			}
			if got := d.layout(t, 413); got != c.in413 {
				t.Errorf("issue 413 is %q, want %q", got, c.in413)
			}
			if n, _, err := d.DeskCounts(t.Context()); err != nil || n != c.leavesInInbox {
				t.Errorf("%d items are in the inbox (%v), want %d", n, err, c.leavesInInbox)
			}
			got := d.get(t, d.id(t, c.item))
			if got.Moved != d.order(t) || got.ChangedBy != "Emil" || got.Version != 1 {
				t.Errorf("it was moved in version %d of the order %d by %s, and its words are of version %d", got.Moved, d.order(t), got.ChangedBy, got.Version)
			}
		})
	}
}

func TestSteps(t *testing.T) {
	for name, c := range map[string]struct {
		item string
		up   bool
		want string
	}{
		"up":                              {"b", true, "News: b a c; Tools: d e"},
		"up to the front":                 {"c", true, "News: a c b; Tools: d e"},
		"down":                            {"b", false, "News: a c b; Tools: d e"},
		"down from the front":             {"a", false, "News: b a c; Tools: d e"},
		"up into an empty section":        {"d", true, "News: a b c; Events: d; Tools: e"},
		"up into a section before":        {"a", true, "Sponsor: a; News: b c; Tools: d e"},
		"down into an empty section":      {"c", false, "News: a b; Events: c; Tools: d e"},
		"down into the last of all":       {"e", false, "News: a b c; Tools: d; Jobs: e"},
		"down after others, at the front": {"x", false, "News: a b c; Tools: x d e"},
		"up after others, at the end":     {"x", true, "News: a b c x; Tools: d e"},
	} {
		t.Run(name, func(t *testing.T) {
			d := weekend(t)
			if c.item == "x" {
				d.place(t, 412, "Events", "x")
			}
			must(t, d.StepItem(t.Context(), d.emil, d.id(t, c.item), c.up, d.order(t)))
			if got := d.layout(t, 412); got != c.want {
				t.Errorf("issue 412 is %q, want %q", got, c.want)
			}
		})
	}
}

func TestStepsEndAtTheIssuesEdges(t *testing.T) {
	d := weekend(t)
	d.place(t, 412, "Sponsor", "top")
	d.place(t, 412, "Jobs", "bottom")
	before := d.layout(t, 412)
	for title, up := range map[string]bool{"top": true, "bottom": false} {
		moved := d.get(t, d.id(t, title)).Moved
		must(t, d.StepItem(t.Context(), d.emil, d.id(t, title), up, d.order(t)))
		if got := d.layout(t, 412); got != before || d.get(t, d.id(t, title)).Moved != moved {
			t.Errorf("a step of %s over the edge made it %q, or counts as a move", title, got)
		}
	}
	if got := conflict(d.StepItem(t.Context(), d.emil, d.id(t, "g"), true, d.order(t))); got != "item" {
		t.Errorf("a step in the inbox returned %q", got)
	}
}

// TestMovesCarryIntent moves something, and then something else by the order
// from before.
func TestMovesCarryIntent(t *testing.T) {
	type move func(d *desk, t *testing.T, seen int64) error
	item := func(title, section string, after string) move {
		return func(d *desk, t *testing.T, seen int64) error {
			to := postgres.Target{Issue: 412, Section: section, After: postgres.Last}
			if after != "" {
				to.After = d.id(t, after)
			}
			return d.MoveItem(t.Context(), d.emil, d.id(t, title), to, seen)
		}
	}
	step := func(title string, up bool) move {
		return func(d *desk, t *testing.T, seen int64) error {
			return d.StepItem(t.Context(), d.emil, d.id(t, title), up, seen)
		}
	}
	news := func(do func(d *desk, t *testing.T, id, seen int64) error) move {
		return func(d *desk, t *testing.T, seen int64) error { return do(d, t, d.section(t, 412, "News"), seen) }
	}
	rename := news(func(d *desk, t *testing.T, id, seen int64) error {
		return d.RenameSection(t.Context(), d.ines, 412, id, "Neues", newsletter.KindLinks, seen)
	})
	moveNews := news(func(d *desk, t *testing.T, id, seen int64) error {
		return d.MoveSection(t.Context(), d.ines, 412, id, true, seen)
	})
	decline := func(d *desk, t *testing.T, _ int64) error {
		return d.Decline(t.Context(), d.ines, d.id(t, "b"), "", "")
	}
	for name, c := range map[string]struct {
		first, then move
		conflict    string
		want        string
	}{
		"another item":                  {item("a", "Tools", ""), item("b", "News", "c"), "", "News: c b; Tools: d e a"},
		"the neighbour's neighbour":     {item("c", "News", "a"), item("d", "News", "b"), "", "News: a c b d; Tools: e"},
		"into a section that changed":   {item("a", "Tools", "d"), item("b", "Tools", "e"), "", "News: c; Tools: d a e b"},
		"steps of different items":      {step("c", true), step("e", true), "", "News: a c b; Tools: e d"},
		"the same item":                 {item("b", "Tools", ""), item("b", "News", "a"), "item", "News: a c; Tools: d e b"},
		"the same form again":           {item("a", "Tools", ""), item("a", "Tools", ""), "", "News: b c; Tools: d e a"},
		"the same neighbour again":      {item("c", "News", "a"), item("c", "News", "a"), "", "News: a c b; Tools: d e"},
		"to where it does not stand":    {item("a", "Tools", "d"), item("a", "Tools", ""), "item", "News: b c; Tools: d a e"},
		"a step pressed twice":          {step("b", false), step("b", false), "item", "News: a c b; Tools: d e"},
		"the neighbour":                 {item("a", "Tools", ""), item("b", "News", "a"), "after", "News: b c; Tools: d e a"},
		"the neighbour, in its section": {item("a", "News", "c"), item("b", "News", "a"), "after", "News: b c a; Tools: d e"},
		"a declined item":               {decline, item("b", "Tools", ""), "item", "News: a c; Tools: d e"},
		"a declined neighbour":          {decline, item("c", "News", "b"), "after", "News: a c; Tools: d e"},
		"a moved section":               {moveNews, item("d", "News", ""), "section", "News: a b c; Tools: d e"},
		"a renamed section":             {rename, item("d", "News", ""), "section", "Neues: a b c; Tools: d e"},
		"out of a moved section":        {moveNews, item("a", "Tools", ""), "", "News: b c; Tools: d e a"},
	} {
		t.Run(name, func(t *testing.T) {
			d := weekend(t)
			seen := d.order(t)
			must(t, c.first(d, t, seen))
			if got := conflict(c.then(d, t, seen)); got != c.conflict {
				t.Errorf("the second move returned %q, want %q", got, c.conflict)
			}
			if got := d.layout(t, 412); got != c.want {
				t.Errorf("issue 412 is %q, want %q", got, c.want)
			}
		})
	}
}

// TestWhoSawNoOrderRunsIntoNone moves what was moved before, as somebody who
// names no order.
func TestWhoSawNoOrderRunsIntoNone(t *testing.T) {
	d := weekend(t)
	b := d.id(t, "b")
	for range 2 {
		must(t, d.StepItem(t.Context(), d.emil, b, true, 0))
	}
	must(t, d.MoveItem(t.Context(), d.emil, b, postgres.Target{Issue: 412, Section: "Tools", After: d.id(t, "d")}, 0))
	must(t, d.MoveItem(t.Context(), d.emil, d.id(t, "e"), postgres.Target{Issue: 412, Section: "Tools", After: b}, 0))
	tools := d.section(t, 412, "Tools")
	for range 2 {
		must(t, d.MoveSection(t.Context(), d.emil, 412, tools, true, 0))
	}
	must(t, d.RenameSection(t.Context(), d.emil, 412, tools, "Toys", newsletter.KindLinks, 0))
	if got, want := d.layout(t, 412), "Toys: d b e; News: a c"; got != want {
		t.Errorf("issue 412 is %q, want %q", got, want)
	}
	jobs := d.section(t, 412, "Jobs")
	must(t, d.MoveSection(t.Context(), d.emil, 412, jobs, true, 0))
	must(t, d.RemoveSection(t.Context(), d.ines, 412, jobs, 0))
	if got := conflict(d.MoveItem(t.Context(), d.emil, b, postgres.Target{Issue: 412, Section: section(jobs)}, 0)); got != "section" {
		t.Errorf("a move to a section that is gone returned %q", got)
	}
}

func TestMovesToNowhere(t *testing.T) {
	d := weekend(t)
	move := func(id int64, to postgres.Target) error {
		return d.MoveItem(t.Context(), d.emil, id, to, d.order(t))
	}
	a := d.id(t, "a")
	for to, want := range map[postgres.Target]string{
		{Issue: 412, Section: "Books"}:                              "section",
		{Issue: 412, Section: section(d.section(t, 413, "News"))}:   "section",
		{Issue: 412, Section: "Tools", After: d.id(t, "b")}:         "after",
		{Issue: 412, Section: "News", After: d.id(t, "g")}:          "after",
		{Issue: 412, Section: "News", After: a}:                     "after", // itself
		{Issue: 412, Section: "News", After: d.id(t, "g") + 100000}: "after",
	} {
		if got := conflict(move(a, to)); got != want {
			t.Errorf("moving to %v returned %q, want %q", to, got, want)
		}
	}
	wantInvalid(t, move(a, postgres.Target{Issue: 999, Section: "News"}), "issue", "999 does not exist")
	if err := move(d.id(t, "g")+1, postgres.Target{Issue: 412, Section: "News"}); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("moving no item returned %v", err)
	}
	if got, want := d.layout(t, 412), "News: a b c; Tools: d e"; got != want {
		t.Errorf("issue 412 is %q, want %q", got, want)
	}
}

// TestMoveAndWordsDoNotWaitForEachOther saves an item's words while a move
// gives its position to another. Words so long, so often, need a new entry in
// the index of positions, which is checked when they are committed.
func TestMoveAndWordsDoNotWaitForEachOther(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	d.place(t, 412, "News", "a b c d e f g h")
	item := d.get(t, d.id(t, "d"))
	moved := make(chan error, 1)
	err := d.Tx(t.Context(), func(tx *postgres.Store) error {
		for n := range 8 {
			item.Note = strings.Repeat(fmt.Sprint(n), 1800)
			version, err := tx.SaveItem(t.Context(), d.ines, item.ID, item.Version, item.Item, noLinks)
			if err != nil {
				return err
			}
			item.Version = version
			if n == 0 {
				go func() { moved <- d.MoveItem(t.Context(), d.emil, d.id(t, "h"), at(412, "News"), 1_000_000) }()
				d.awaitWaiting(t)
			}
		}
		return nil
	})
	must(t, err)
	must(t, <-moved)
	if got, want := d.layout(t, 412), "News: h a b c d e f g"; got != want {
		t.Errorf("the board is %q, want %q", got, want)
	}
}
