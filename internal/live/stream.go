package live

import (
	"errors"
	"slices"

	"broadsheet/internal/newsletter"
)

// Limits of streams. A person's are few, as each tab of a browser has one; a
// process's bound its memory and what a heartbeat costs.
const (
	PerPerson  = 8
	PerProcess = 1000
	mailbox    = 100 // events that wait for a slow reader; an issue has about 60 items
)

// ErrFull is the error of a process that takes no more streams now, because it
// has as many as it can or is about to stop.
var ErrFull = errors.New("this process takes no more streams now")

// Event is what a stream tells.
type Event struct {
	Name string // "order", "item", "board", "presence" or "end"
	ID   int64  // of an order: its version; else 0
	Data []byte // JSON

	about string // events about the same replace each other
	item  int64
}

// Why is why a stream has ended.
type Why string

// Reasons that readers are told of, in the event "end".
const (
	WhyTabs    Why = "tabs"    // the person has opened more streams than one may have
	WhyClosed  Why = "closed"  // the issue is printed or discarded
	WhySession Why = "session" // the session has ended
)

// Stream is one look at an issue's board. What happens there waits in it to be
// taken; what is overtaken before that is dropped, and whoever takes too
// slowly gets the whole order instead of what led to it.
type Stream struct {
	boards *Boards
	issue  int64
	who    newsletter.User
	ready  chan struct{}

	// under the boards' lock
	fresh    bool // has no order, or none that is whole
	order    *Event
	events   []Event
	presence *Event
	last     *Event
	ended    bool
}

// Open begins a stream of what happens on an issue's board. The first event is
// its order. Somebody who has too many streams loses the oldest. It is to be
// closed when it is no longer looked at. The error is [ErrFull].
func (b *Boards) Open(issue int64, who newsletter.User) (*Stream, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if own := b.people[who.ID]; len(own) >= PerPerson {
		own[0].end(WhyTabs)
	}
	if b.closed || b.count >= PerProcess {
		return nil, ErrFull
	}
	s := &Stream{boards: b, issue: issue, who: who, ready: make(chan struct{}, 1), fresh: true}
	if b.boards[issue] == nil {
		b.boards[issue] = &board{streams: map[*Stream]bool{}}
	}
	b.boards[issue].streams[s] = true
	b.boards[issue].stale = true
	b.people[who.ID] = append(b.people[who.ID], s)
	b.count++
	b.sit(s)
	b.poke()
	return s, nil
}

// Ready tells when there may be something to take.
func (s *Stream) Ready() <-chan struct{} { return s.ready }

// Take returns what has happened since it was last called. The stream is over
// when more is false.
func (s *Stream) Take() (events []Event, more bool) {
	s.boards.mu.Lock()
	defer s.boards.mu.Unlock()
	if s.order != nil {
		events = append(events, *s.order)
	}
	if !s.fresh { // the order comes first
		events = append(events, s.events...)
		if s.presence != nil {
			events = append(events, *s.presence)
		}
		s.events, s.presence = nil, nil
	}
	if s.last != nil {
		events = append(events, *s.last)
	}
	s.order, s.last = nil, nil
	return events, !s.ended
}

// Missed tells the stream that whoever reads it has missed something before,
// and is to look at everything anew.
func (s *Stream) Missed() {
	s.boards.mu.Lock()
	defer s.boards.mu.Unlock()
	s.missed()
}

// End has the stream say why it is over.
func (s *Stream) End(why Why) {
	s.boards.mu.Lock()
	defer s.boards.mu.Unlock()
	s.end(why)
}

// Close ends the stream. It may be called more than once.
func (s *Stream) Close() { s.End("") }

// What follows is called with the boards' lock held.

func (s *Stream) signal() {
	select {
	case s.ready <- struct{}{}:
	default: // told already
	}
}

// reorder has the stream tell the newest order.
func (s *Stream) reorder(event Event) {
	s.order, s.fresh = &event, false
	s.signal()
}

// add has the stream tell of something. With too much waiting it tells the
// whole order instead, and that everything else is to be looked at.
func (s *Stream) add(event Event) {
	s.events = slices.DeleteFunc(s.events, func(e Event) bool { return e.about == event.about && e.item == event.item })
	s.events = append(s.events, event)
	if len(s.events) > mailbox {
		s.missed()
	}
	s.signal()
}

// everything is the event of a board that may have changed in any part.
var everything = Event{Name: "board", Data: []byte(`{"part":"all","by":"","by_id":0}`), about: "all"}

// missed has the stream tell the newest order and that everything else is to
// be looked at, too.
func (s *Stream) missed() {
	if s.ended {
		return
	}
	s.fresh, s.order, s.events = true, nil, []Event{everything}
	s.boards.boards[s.issue].stale = true
	s.boards.poke()
}

// end takes the stream off the board, and has it say why.
func (s *Stream) end(why Why) {
	if s.ended {
		return
	}
	s.ended = true
	if why != "" {
		s.last = &Event{Name: "end", Data: []byte(`{"why":"` + string(why) + `"}`)}
	}
	b := s.boards
	board := b.boards[s.issue]
	delete(board.streams, s)
	b.people[s.who.ID] = slices.DeleteFunc(b.people[s.who.ID], func(other *Stream) bool { return other == s })
	if len(b.people[s.who.ID]) == 0 {
		delete(b.people, s.who.ID)
	}
	b.count--
	b.rise(s)
	if len(board.streams) == 0 {
		delete(b.boards, s.issue)
	}
	s.signal()
}
