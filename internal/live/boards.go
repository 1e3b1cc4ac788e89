package live

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// Boards tells those who look at an issue's board what changes on it, and who
// else is there. What it tells comes by notification; for when they are lost it
// also looks at the order every few seconds. An order is read once per change,
// however many look at it.
type Boards struct {
	store   *postgres.Store
	process string        // tells what this process says from what others say
	wake    chan struct{} // there is an order to read or something to say

	mu     sync.Mutex // never held while the database is asked
	boards map[int64]*board
	people map[int64][]*Stream // by account, oldest first
	count  int                 // of streams
	closed bool
	seats  map[seat]place
	outbox []gossip
}

// board is an issue that somebody looks at.
type board struct {
	streams map[*Stream]bool
	stale   bool             // the order is to be read
	moved   *postgres.Notice // who moved something since it was last read
	body    []byte           // the order as it was last read, less its version and who made it
	order   Order
	event   Event // the same, for streams
}

// Order is the data of the event "order".
type Order struct {
	Version  int64         `json:"version"` // for forms to send back
	By       string        `json:"by"`      // who changed it last, "" when that is not known
	ByID     int64         `json:"by_id"`
	Number   int           `json:"number"` // of the issue today
	State    string        `json:"state"`  // the issue's, or "discarded"
	Words    int           `json:"words"`  // version of the issue's own words
	Sections []Section     `json:"sections"`
	Versions map[int64]int `json:"versions"` // of the words of each item that stands in the issue
}

// Section is a section of an [Order] with its items in order.
type Section struct {
	ID    int64           `json:"id"`
	Title string          `json:"title"`
	Kind  newsletter.Kind `json:"kind"`
	Items []int64         `json:"items"`
}

// discarded is the state of an issue that is no more.
const discarded = "discarded"

func newBoards(store *postgres.Store) *Boards {
	return &Boards{
		store: store, process: rand.Text(), wake: make(chan struct{}, 1),
		boards: map[int64]*board{}, people: map[int64][]*Stream{}, seats: map[seat]place{},
	}
}

// poke has the follower look. The lock may be held.
func (b *Boards) poke() {
	select {
	case b.wake <- struct{}{}:
	default: // it is about to look anyway
	}
}

// hear takes in a notification. What cannot be read is of a newer program,
// and none of ours to answer.
func (b *Boards) hear(payload string) {
	var n postgres.Notice
	var g gossip
	if json.Unmarshal([]byte(payload), &n) != nil || n.Kind == postgres.NoticePresence && json.Unmarshal([]byte(payload), &g) != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.poke()
	switch n.Kind {
	case postgres.NoticeOrder:
		if board := b.boards[n.Issue]; board != nil {
			board.stale, board.moved = true, &n
		}
	case postgres.NoticeItem, postgres.NoticeBoard:
		event := noticed(n)
		for id, board := range b.boards {
			if id == n.Issue || n.Issue == 0 {
				board.tell(event)
			}
		}
	case postgres.NoticePresence:
		b.listenTo(g, time.Now())
	}
}

// listening says that notifications come from now on, and that what was
// before may have been missed.
func (b *Boards) listening() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, board := range b.boards {
		for s := range board.streams {
			s.missed()
		}
	}
	b.outbox = append(b.outbox, gossip{Verb: verbAsk})
	b.announce()
	b.poke()
}

// follow tells what there is to tell until ctx ends, and then ends all
// streams.
func (b *Boards) follow(ctx context.Context, log *slog.Logger) {
	defer b.close(ctx)
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	failing := false
	for ticks := 1; ; {
		select {
		case <-ctx.Done():
			return
		case <-b.wake:
		case now := <-tick.C:
			b.expire(now, ticks%announceEvery == 0)
			b.poll()
			ticks++
		}
		err := errors.Join(b.send(ctx), b.read(ctx))
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			log.Warn("boards cannot be followed; those who look at one see it as it was", "error", err)
		case err == nil && failing:
			log.Info("boards can be followed again")
		}
		failing = err != nil
	}
}

// poll has every board read that somebody looks at.
func (b *Boards) poll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, board := range b.boards {
		board.stale = true
	}
}

// read reads the orders that are stale, and gives them to whoever looks.
func (b *Boards) read(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, refreshLimit)
	defer cancel()
	var failed error
	for id, moved := range b.stale() {
		order, err := b.store.IssueOrder(ctx, id)
		gone := errors.Is(err, newsletter.ErrNotFound)
		b.mu.Lock()
		switch board := b.boards[id]; {
		case board == nil: // nobody looks any longer
		case err != nil && !gone:
			failed, board.stale = err, true
			if board.moved == nil {
				board.moved = moved
			}
		default:
			board.renew(order, gone, moved)
		}
		b.mu.Unlock()
	}
	return failed
}

// stale returns the issues whose order is to be read, with who moved something
// there. From here on they are stale again with the next change.
func (b *Boards) stale() map[int64]*postgres.Notice {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := map[int64]*postgres.Notice{}
	for id, board := range b.boards {
		if board.stale {
			list[id] = board.moved
			board.stale, board.moved = false, nil
		}
	}
	return list
}

// renew takes in an order that was read, and gives it to every stream if it is
// another one, else to those that have none. The order of an issue that is no
// longer open is the last.
func (d *board) renew(read postgres.IssueOrder, gone bool, moved *postgres.Notice) {
	next := orderOf(read)
	if gone {
		next.State, next.Number = discarded, d.order.Number
	}
	body, _ := json.Marshal(next) // has nothing that cannot be marshalled
	next.Version = max(read.Version, d.order.Version)
	changed := !bytes.Equal(body, d.body)
	switch {
	case moved != nil:
		next.By, next.ByID = moved.By, moved.ByID
	case !changed:
		next.By, next.ByID = d.order.By, d.order.ByID
	}
	data, _ := json.Marshal(next)
	d.order, d.body, d.event = next, body, Event{Name: "order", ID: next.Version, Data: data}
	for s := range d.streams {
		if changed || moved != nil || s.fresh {
			s.reorder(d.event)
		}
		if gone || read.State.Printed() {
			s.end(WhyClosed)
		}
	}
}

// orderOf returns an order without its version and who made it.
func orderOf(read postgres.IssueOrder) Order {
	order := Order{
		Number: read.Number, State: string(read.State), Words: read.Words,
		Sections: []Section{}, Versions: map[int64]int{},
	}
	for _, s := range read.Sections {
		section := Section{ID: s.ID, Title: s.Title, Kind: s.Kind, Items: []int64{}}
		for _, item := range s.Items {
			section.Items = append(section.Items, item.ID)
			order.Versions[item.ID] = item.Version
		}
		order.Sections = append(order.Sections, section)
	}
	return order
}

// noticed returns the event of a notice about an item or a part of a board.
func noticed(n postgres.Notice) Event {
	data, _ := json.Marshal(struct {
		ID      int64  `json:"id,omitempty"`
		Part    string `json:"part,omitempty"`
		Version int    `json:"version,omitempty"`
		By      string `json:"by"`
		ByID    int64  `json:"by_id"`
	}{n.Item, n.Part, n.Version, n.By, n.ByID})
	return Event{Name: string(n.Kind), Data: data, about: string(n.Kind) + n.Part, item: n.Item}
}

// tell gives an event to every stream of the board.
func (d *board) tell(event Event) {
	for s := range d.streams {
		s.add(event)
	}
}

// close ends all streams; browsers will come back, to another process or to
// this one's successor.
func (b *Boards) close(ctx context.Context) {
	b.mu.Lock()
	b.closed = true
	here := b.count > 0
	for _, streams := range b.people {
		for _, s := range slices.Clone(streams) {
			s.end("")
		}
	}
	b.outbox = []gossip{{Verb: verbLeft}}
	b.mu.Unlock()
	if here {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = b.send(ctx) // otherwise the others will notice by themselves
	}
}
