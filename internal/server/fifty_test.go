package server_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// Fifty editors make 1,000 deeds in the usual check and 10,000 in the long one.
const (
	fifty      = 50
	fewDeeds   = 1_000
	manyDeeds  = 10_000
	actAtOnce  = fifty / 2
	onTheBoard = 60 // items
)

// TestFiftyEditors has fifty editors edit notes and move items of one draft
// through the real handlers of two programs on one database, each following the
// board by a stream as a browser does. At any moment half of them act, and the
// others look and think. What was read and saved of each item has to be explained by one order
// of events in which every save was based on the words before it: so nothing
// that was acknowledged is lost. At the end every item has one place, every
// place one item, and every board shows that.
func TestFiftyEditors(t *testing.T) {
	t.Parallel()
	deeds := fewDeeds
	if os.Getenv("BROADSHEET_LONG") != "" {
		deeds = manyDeeds
	}
	p, people := desk(t)
	other := start(t, p.url, nil)
	p.follow(t)
	other.follow(t)
	ids := fullDraft(t, p, people[newsletter.Curator])
	editors := make([]*boardEditor, fifty)
	for k := range editors {
		editors[k] = newBoardEditor(t, []*program{p, other}[k%2], k)
	}
	acting := make(chan struct{}, actAtOnce)
	began := time.Now()
	var group sync.WaitGroup
	for _, e := range editors {
		group.Go(func() {
			for range deeds / fifty {
				acting <- struct{}{}
				e.look()
				if e.random.IntN(5) < 2 {
					e.edit(t, began)
				} else {
					e.move(t)
				}
				<-acting
			}
		})
	}
	group.Wait()
	took := time.Since(began)
	var history []porcupine.Operation
	moves, refused := 0, 0
	for _, e := range editors {
		history = slices.Concat(history, e.history)
		moves, refused = moves+e.moves, refused+e.refused
	}
	saved := holdHistory(t, p, history, began)
	holdAgainst(t, p, ids, nil)
	holdBoards(t, p, editors)
	t.Logf("%d deeds in %s: %d of %d edits acknowledged, %d of %d moves refused (%d %%)",
		deeds, took.Round(time.Millisecond), saved, len(history)/2, refused, moves, refused*100/moves)
	if refused*10 > moves*3 {
		t.Errorf("%d of %d moves were refused, more than 30 %%", refused, moves)
	}
}

// fullDraft makes draft 7 with items in four sections.
func fullDraft(t *testing.T, p *program, curator newsletter.User) (ids []int64) {
	t.Helper()
	err := p.store.CreateIssue(t.Context(), curator, newsletter.Issue{Number: 7, Date: newsletter.Date{Year: 2026, Month: 3, Day: 1}}, "")
	if err != nil {
		t.Fatal(err)
	}
	for k := range onTheBoard {
		id, err := p.store.CreateItem(t.Context(), curator, newsletter.Item{Note: "start."},
			&postgres.Target{Issue: 7, Section: []string{"News", "Events", "Tools", "Jobs"}[k%4], After: postgres.Last}, "", publish.LinksOf)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// boardEditor is an editor with a board that follows what the others do.
type boardEditor struct {
	number         int
	browser        *browsertest.Browser
	stream         *live.Stream
	order          live.Order
	random         *rand.Rand
	history        []porcupine.Operation
	moves, refused int
}

func newBoardEditor(t *testing.T, p *program, k int) *boardEditor {
	t.Helper()
	u := newEditor(t, p, k)
	id, _, err := p.store.IssueID(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	e := &boardEditor{number: k, browser: p.as(t, u), random: rand.New(rand.NewPCG(2, uint64(k)))}
	if e.stream, err = p.now.Boards().Open(id, u); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.stream.Close)
	eventually(t, "the board has an order", 20*time.Second, func() bool { e.look(); return e.order.Version > 0 })
	return e
}

// look takes in what the stream has told since.
func (e *boardEditor) look() {
	events, _ := e.stream.Take()
	for _, event := range events {
		if event.Name == "order" {
			e.order = live.Order{}
			_ = json.Unmarshal(event.Data, &e.order) // a wrong one is found at the end
		}
	}
}

// pick returns one of the list.
func pick[T any](e *boardEditor, list []T) T { return list[e.random.IntN(len(list))] }

// words are an item's, or what somebody wants them to be after a version.
type words struct {
	item    int64
	version int
	note    string
}

// edit reads an item's form, adds a word of its own and saves it. Both go into
// the history.
func (e *boardEditor) edit(t *testing.T, began time.Time) {
	section := pick(e, slices.DeleteFunc(slices.Clone(e.order.Sections), func(s live.Section) bool { return len(s.Items) == 0 }))
	id := pick(e, section.Items)
	path := fmt.Sprintf("/desk/items/%d", id)
	call := time.Since(began)
	form := browsertest.Fields(e.browser.Get(path).Body.String(), path)
	if form == nil {
		t.Errorf("item %d has no form", id)
		return
	}
	version, _ := strconv.Atoi(form.Get("version"))
	shown := words{id, version, form.Get("note")}
	e.record(reading{id}, shown, began, call)
	wish := words{id, version, fmt.Sprintf("%s w%d-%d.", shown.note, e.number, len(e.history))}
	form.Set("note", wish.note)
	call = time.Since(began)
	code := e.browser.Post(path, form).Code
	if code != http.StatusSeeOther && code != http.StatusConflict {
		t.Errorf("an edit of %d: %d", id, code)
	}
	e.record(wish, code == http.StatusSeeOther, began, call)
}

func (e *boardEditor) record(input, output any, began time.Time, call time.Duration) {
	e.history = append(e.history, porcupine.Operation{
		ClientId: e.number, Input: input, Output: output, Call: int64(call), Return: int64(time.Since(began)),
	})
}

// move steps an item, sends it to the end of a section, or puts it after
// another one, as the board shows them.
func (e *boardEditor) move(t *testing.T) {
	full := slices.DeleteFunc(slices.Clone(e.order.Sections), func(s live.Section) bool { return len(s.Items) == 0 })
	from := pick(e, full)
	id := pick(e, from.Items)
	form := url.Values{"version": {fmt.Sprint(e.order.Version)}}
	switch e.random.IntN(3) {
	case 0:
		form.Set("to", pick(e, []string{"up", "down"}))
	case 1: // a tap puts it at the section's end
		form.Set("section", fmt.Sprint(pick(e, e.order.Sections).ID))
		form.Set("after", "last")
	default: // it is dragged, within its section or to another
		to := pick(e, append([]live.Section{from}, e.order.Sections...))
		form.Set("section", fmt.Sprint(to.ID))
		form.Set("after", e.neighbour(to, id))
	}
	e.moves++
	switch code := e.browser.Post(fmt.Sprintf("/desk/items/%d/move", id), form).Code; code {
	case http.StatusSeeOther:
	case http.StatusConflict:
		e.refused++
	default:
		t.Errorf("a move of %d, %v: %d", id, form, code)
	}
}

// neighbour is what an item is to follow in a section: nothing, or another
// item.
func (e *boardEditor) neighbour(in live.Section, id int64) string {
	if after := pick(e, append([]int64{0}, in.Items...)); after != 0 && after != id {
		return fmt.Sprint(after)
	}
	return ""
}

// reading is the input of an operation that only reads.
type reading struct{ item int64 }

// itemModel is an item's words as a register: a save is acknowledged if it was
// based on the newest words, and refused if not.
var itemModel = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byItem := map[int64][]porcupine.Operation{}
		for _, op := range history {
			switch input := op.Input.(type) {
			case reading:
				byItem[input.item] = append(byItem[input.item], op)
			case words:
				byItem[input.item] = append(byItem[input.item], op)
			}
		}
		var parts [][]porcupine.Operation
		for _, part := range byItem {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return words{0, 1, "start."} },
	Step: func(state, input, output any) (bool, any) {
		now := state.(words)
		wish, isSave := input.(words)
		if !isSave {
			shown := output.(words)
			return shown.version == now.version && shown.note == now.note, now
		}
		if acknowledged := output.(bool); acknowledged != (wish.version == now.version) {
			return false, now
		} else if acknowledged {
			now = words{0, now.version + 1, wish.note}
		}
		return true, now
	},
}

// holdHistory completes the history with what is stored at the end, holds it
// against the model, and returns how many saves were acknowledged.
func holdHistory(t *testing.T, p *program, history []porcupine.Operation, began time.Time) (saved int) {
	t.Helper()
	board, err := p.store.Board(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	at := int64(time.Since(began))
	for _, section := range board.Sections {
		for _, item := range section.Items {
			history = append(history, porcupine.Operation{
				Input: reading{item.ID}, Output: words{item.ID, item.Version, item.Note}, Call: at, Return: at,
			})
		}
	}
	for _, op := range history {
		if op.Output == true {
			saved++
		}
	}
	if result := porcupine.CheckOperationsTimeout(itemModel, history, time.Minute); result != porcupine.Ok {
		t.Errorf("no order of events explains what was read and saved: %s", result)
	}
	return saved
}

// holdBoards holds that every editor's board shows the order that is stored.
func holdBoards(t *testing.T, p *program, editors []*boardEditor) {
	t.Helper()
	board, err := p.store.Board(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	var want [][]int64
	for _, section := range board.Sections {
		items := []int64{}
		for _, item := range section.Items {
			items = append(items, item.ID)
		}
		want = append(want, items)
	}
	for _, e := range editors {
		eventually(t, "every board shows the order", 20*time.Second, func() bool {
			e.look()
			var shown [][]int64
			for _, section := range e.order.Sections {
				shown = append(shown, section.Items)
			}
			return cmp.Equal(want, shown)
		})
	}
}
