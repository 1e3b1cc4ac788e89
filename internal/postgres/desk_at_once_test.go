package postgres_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// saved is a text of an item that the store said it has.
type saved struct {
	item    int64
	version int
	note    string
	base    string // the note it was based on
}

// crowd is many editors at one desk.
type crowd struct {
	*desk
	t       *testing.T
	items   []int64
	issues  []int
	mu      sync.Mutex
	saved   []saved
	moves   atomic.Int64 // that the store said are done
	refused atomic.Int64 // attempts that were overtaken
	tried   atomic.Int64
	steps   atomic.Int64 // tried, of which those over an issue's edge do nothing
}

// edit adds a word of its own to an item, on top of whatever others wrote.
func (c *crowd) edit(random *rand.Rand, word string) {
	id := c.items[random.IntN(len(c.items))]
	now, err := c.DeskItem(c.t.Context(), id)
	for err == nil {
		mine := now.Item
		mine.Note += " " + word
		var version int
		version, err = c.SaveItem(c.t.Context(), c.emil, id, now.Version, mine, noLinks)
		if err == nil {
			c.mu.Lock()
			c.saved = append(c.saved, saved{id, version, mine.Note, now.Note})
			c.mu.Unlock()
			return
		}
		if conflict, is := errors.AsType[*postgres.ItemConflict](err); is {
			now, err = conflict.Theirs, nil
		}
	}
	c.t.Errorf("an edit returned %v", err)
}

// move has a look at a board and moves one of its items, until it is done.
func (c *crowd) move(random *rand.Rand) {
	for range 100 {
		board, err := c.Board(c.t.Context(), c.issues[random.IntN(len(c.issues))])
		if err != nil {
			c.t.Errorf("a board returned %v", err)
			return
		}
		c.tried.Add(1)
		if err = c.moveOn(random, board); err == nil {
			c.moves.Add(1)
			return
		}
		if !errors.Is(err, newsletter.ErrConflict) {
			c.t.Errorf("a move returned %v", err)
			return
		}
		c.refused.Add(1)
	}
	c.t.Error("a move was refused a hundred times")
}

func (c *crowd) moveOn(random *rand.Rand, board postgres.Board) error {
	section := func() postgres.BoardSection { return board.Sections[random.IntN(len(board.Sections))] }
	from := section()
	for len(from.Items) == 0 {
		from = section()
	}
	item, to := from.Items[random.IntN(len(from.Items))], section()
	target := postgres.Target{Issue: board.Number, Section: fmt.Sprint(to.ID), After: postgres.Last}
	switch random.IntN(10) {
	case 0:
		c.steps.Add(1)
		return c.StepItem(c.t.Context(), c.emil, item.ID, random.IntN(2) == 0, board.Order)
	case 1, 2:
		other := c.issues[random.IntN(len(c.issues))]
		return c.MoveItem(c.t.Context(), c.emil, item.ID, postgres.Target{Issue: other, Section: "Tools"}, board.Order)
	}
	if after := to.Items; len(after) > 0 {
		if k := random.IntN(len(after)); after[k].ID != item.ID {
			target.After = after[k].ID
		}
	}
	return c.MoveItem(c.t.Context(), c.emil, item.ID, target, board.Order)
}

// publish does to an issue what publishing does, and takes it back.
func (c *crowd) publish(number int) {
	err := c.Tx(c.t.Context(), func(tx *postgres.Store) error {
		board, err := tx.LockIssue(c.t.Context(), number)
		if err != nil {
			return err
		}
		places := map[int64]int{}
		for k, item := range board.Issue().Items() {
			places[item.ID] = k + 1
		}
		if err := tx.MarkPublished(c.t.Context(), c.ines, board.ID, board.ChangedAt, places); err != nil {
			return err
		}
		return errOnPurpose
	})
	if !errors.Is(err, errOnPurpose) {
		c.t.Errorf("publishing returned %v", err)
	}
}

func TestTwentyEditorsAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	const editors, deeds = 20, 100 // each
	d := newDesk(t)
	c := &crowd{desk: d, t: t, issues: []int{412, 413, 414}}
	for _, number := range c.issues {
		d.issue(t, number)
		for n := range 60 {
			title := fmt.Sprintf("i%d-%d", number, n)
			c.items = append(c.items, d.item(t, d.emil, title, &postgres.Target{Issue: number, Section: []string{"News", "Events", "Tools"}[n%3], After: postgres.Last}))
		}
	}
	submitted := d.count(t, "SELECT count(*) FROM audit WHERE action = 'move item'")
	var crowd sync.WaitGroup
	for e := range editors {
		crowd.Go(func() {
			random := rand.New(rand.NewPCG(uint64(e), 7))
			for n := range deeds {
				if random.IntN(2) == 0 {
					c.edit(random, fmt.Sprintf("<%d.%d>", e, n))
				} else {
					c.move(random)
				}
				if n%20 == e {
					c.publish(c.issues[e%len(c.issues)])
				}
			}
		})
	}
	crowd.Wait()

	checkPlaces(t, d)
	c.checkTexts()
	if n := len(c.saved) + int(c.moves.Load()); n != editors*deeds {
		t.Errorf("%d edits and moves were acknowledged, want %d", n, editors*deeds)
	}
	if n := d.count(t, "SELECT count(*) FROM items WHERE state = 'placed'"); n != len(c.items) {
		t.Errorf("%d of %d items are in their issues", n, len(c.items))
	}
	if n := d.count(t, "SELECT count(*) FROM audit WHERE action = 'move item'") - submitted; n > int(c.moves.Load()) || n < int(c.moves.Load()-c.steps.Load()) {
		t.Errorf("%d moves were done; %d were acknowledged, of them at most %d steps", n, c.moves.Load(), c.steps.Load())
	}
	refused, tried := c.refused.Load(), c.tried.Load()
	t.Logf("%d edits, %d moves; %d of %d attempts to move refused", len(c.saved), c.moves.Load(), refused, tried)
	if refused*100 > tried*30 {
		t.Errorf("%d of %d attempts to move were refused, more than 30 %%", refused, tried)
	}
}

// checkTexts looks whether each acknowledged text of an item was made from the
// one before it, and the last is what the item says.
func (c *crowd) checkTexts() {
	chains := map[int64]map[int]saved{}
	for _, s := range c.saved {
		if chains[s.item] == nil {
			chains[s.item] = map[int]saved{}
		}
		if _, twice := chains[s.item][s.version]; twice {
			c.t.Errorf("item %d has two texts of version %d", s.item, s.version)
		}
		chains[s.item][s.version] = s
	}
	for _, id := range c.items {
		item, note := c.get(c.t, id), ""
		for k, version := range slices.Sorted(maps.Keys(chains[id])) {
			text := chains[id][version]
			if version != k+2 || k > 0 && text.base != note {
				c.t.Errorf("version %d of item %d was made from %q; the text before it is %q", version, id, text.base, note)
			}
			note = text.note
		}
		if note != "" && item.Note != note || item.Version != len(chains[id])+1 {
			c.t.Errorf("item %d says %q in version %d; the last of %d acknowledged texts is %q", id, item.Note, item.Version, len(chains[id]), note)
		}
	}
}
