package live

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// Who is here is kept in no table: reading a board must change no row. Each
// process tells the others who looks at which board through it, when somebody
// comes or goes and every 15 seconds; what it has not repeated for 40 seconds
// (two were lost) is forgotten.
const (
	announceEvery = 3 // ticks of pollEvery
	forgetAfter   = 40 * time.Second
	perPayload    = 4 // people with the longest names that fit in 8,000 bytes, however these are escaped
)

// seat is a person at a board, through one process; all tabs are one.
type seat struct {
	process       string
	issue, person int64
}

// place is what is known of a seat.
type place struct {
	name  string
	item  int64     // whose row the person edits, or 0
	until time.Time // when it is forgotten; zero for our own
}

// What processes tell each other.
const (
	verbAsk   = "ask"   // who is where?
	verbHere  = "here"  // these people are here, through me
	verbGone  = "gone"  // these are no longer
	verbEdits = "edits" // these edit another row, wherever they are
	verbLeft  = "left"  // I have stopped
)

// gossip is what one process tells the others.
type gossip struct {
	Kind    postgres.NoticeKind `json:"kind"`
	Process string              `json:"process"`
	Verb    string              `json:"verb"`
	People  []sitting           `json:"people,omitempty"`
}

// sitting is somebody at a board.
type sitting struct {
	Issue int64  `json:"issue"`
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Item  int64  `json:"item"`
}

// Edits says which item's row somebody edits on an issue's board, 0 for none.
// It holds until one of the person's streams of that board ends, and has no
// effect on a board that the person does not look at.
func (b *Boards) Edits(issue int64, who newsletter.User, item int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	edits := sitting{issue, who.ID, who.Name, item}
	b.takeUp(edits)
	b.say(verbEdits, edits)
}

// What follows is called with the lock held.

// say queues something for the other processes.
func (b *Boards) say(verb string, who sitting) {
	b.outbox = append(b.outbox, gossip{Verb: verb, People: []sitting{who}})
	b.poke()
}

// sit has a stream's person be there.
func (b *Boards) sit(s *Stream) {
	at := seat{b.process, s.issue, s.who.ID}
	if _, here := b.seats[at]; here { // in another tab
		s.presence = new(b.presence(s.issue))
		return
	}
	b.seats[at] = place{name: s.who.Name}
	b.say(verbHere, sitting{s.issue, s.who.ID, s.who.Name, 0})
	b.tellPresence(s.issue)
}

// rise has a stream's person leave with the last tab. With another one nobody
// knows which of them edited a row, so the one that still does has to say it
// again.
func (b *Boards) rise(s *Stream) {
	at := seat{b.process, s.issue, s.who.ID}
	here, verb := b.seats[at], verbGone
	delete(b.seats, at)
	for other := range b.boards[s.issue].streams {
		if other.who.ID == s.who.ID {
			if here.item == 0 {
				b.seats[at] = here
				return
			}
			here.item, verb = 0, verbHere
			b.seats[at] = here
			break
		}
	}
	b.say(verb, sitting{s.issue, s.who.ID, here.name, 0})
	b.tellPresence(s.issue)
}

// takeUp notes which row somebody edits, through whichever process they look.
func (b *Boards) takeUp(edits sitting) {
	changed := false
	for at, place := range b.seats {
		if at.issue == edits.Issue && at.person == edits.ID && place.item != edits.Item {
			place.item, changed = edits.Item, true
			b.seats[at] = place
		}
	}
	if changed {
		b.tellPresence(edits.Issue)
	}
}

// listenTo takes in what a process has said. What this one has said it knows.
func (b *Boards) listenTo(g gossip, now time.Time) {
	if g.Process == b.process {
		return
	}
	switch g.Verb {
	case verbAsk:
		b.announce()
	case verbLeft:
		b.forget(func(at seat, _ place) bool { return at.process == g.Process })
	}
	for _, who := range g.People {
		at := seat{g.Process, who.Issue, who.ID}
		before, here := b.seats[at]
		switch g.Verb {
		case verbHere:
			b.seats[at] = place{who.Name, who.Item, now.Add(forgetAfter)}
			if !here || before.name != who.Name || before.item != who.Item {
				b.tellPresence(who.Issue)
			}
		case verbGone:
			if delete(b.seats, at); here {
				b.tellPresence(who.Issue)
			}
		case verbEdits:
			b.takeUp(who)
		}
	}
}

// announce queues who is here through this process.
func (b *Boards) announce() {
	var people []sitting
	for at, place := range b.seats {
		if at.process == b.process {
			people = append(people, sitting{at.issue, at.person, place.name, place.item})
		}
	}
	for chunk := range slices.Chunk(people, perPayload) {
		b.outbox = append(b.outbox, gossip{Verb: verbHere, People: chunk})
	}
}

// forget forgets seats, and tells those who saw somebody sit there.
func (b *Boards) forget(which func(seat, place) bool) {
	emptied := map[int64]bool{}
	for at, place := range b.seats {
		if which(at, place) {
			delete(b.seats, at)
			emptied[at.issue] = true
		}
	}
	for issue := range emptied {
		b.tellPresence(issue)
	}
}

// presence returns the event of who is at a board.
func (b *Boards) presence(issue int64) Event {
	here := map[int64]sitting{}
	for at, place := range b.seats {
		if at.issue == issue {
			here[at.person] = sitting{ID: at.person, Name: place.name, Item: max(place.item, here[at.person].Item)}
		}
	}
	type person struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
		Item int64  `json:"item"`
	}
	people := []person{}
	for _, who := range slices.SortedFunc(maps.Values(here), func(a, b sitting) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	}) {
		people = append(people, person{who.ID, who.Name, who.Item})
	}
	data, _ := json.Marshal(map[string]any{"people": people})
	return Event{Name: string(postgres.NoticePresence), Data: data}
}

// tellPresence tells everybody at a board who is there.
func (b *Boards) tellPresence(issue int64) {
	board := b.boards[issue]
	if board == nil {
		return
	}
	event := b.presence(issue)
	for s := range board.streams {
		s.presence = &event
		s.signal()
	}
}

// What follows takes the lock itself.

// expire forgets who was not announced again, and announces ours.
func (b *Boards) expire(now time.Time, announce bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget(func(_ seat, p place) bool { return !p.until.IsZero() && p.until.Before(now) })
	if announce {
		b.announce()
	}
}

// send says what is queued. What cannot be said now is dropped: it will be
// announced again.
func (b *Boards) send(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, refreshLimit)
	defer cancel()
	return b.store.Gossip(ctx, b.payloads()...)
}

// payloads takes what is queued, as it is sent.
func (b *Boards) payloads() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	payloads := make([]string, len(b.outbox))
	for k, g := range b.outbox {
		g.Kind, g.Process = postgres.NoticePresence, b.process
		payload, _ := json.Marshal(g)
		payloads[k] = string(payload)
	}
	b.outbox = nil
	return payloads
}
