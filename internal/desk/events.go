package desk

import (
	"errors"
	"io"
	"net/http"
	"time"

	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// heartbeat is how often a silent stream shows that it is there. Proxies cut
// connections that are silent for half a minute or longer. glance is how long
// whoever reads a stream is told something without being looked at again: with
// each heartbeat, and before anything is told, it is asked whether they are
// still signed in.
const (
	heartbeat = 15 * time.Second
	glance    = time.Second
)

// events streams what happens on an issue's board as server-sent events, each
// with one line of JSON. Nothing is changed by it.
//
//	order     {"version":9, "by":"Tomás", "by_id":3, "number":412, "state":"draft", "words":2,
//	           "sections":[{"id":5, "title":"News", "kind":"links", "items":[71,70]}], "versions":{"70":1, "71":4}}
//	item      {"id":71, "version":5, "by":"Tomás", "by_id":3}
//	board     {"part":"words", "version":3, "by":"Tomás", "by_id":3}
//	presence  {"people":[{"id":3, "name":"Tomás", "item":71}]}
//	end       {"why":"tabs"}
//
// order is the first event and comes whenever anything moves, is added or goes,
// a section changes, or the issue is scheduled, published or discarded (state
// "discarded"). It is always whole. version is what forms send back, and the
// event's id; words and versions are those of the texts of the issue and of each
// item in it. by is empty where nobody knows who it was.
//
// item says that an item's words were saved; it may stand in the inbox. board
// says that something else beside the order changed: part is "words" (the
// issue's number, date, title, summary or introduction), "inbox", a part that a
// later program adds, or "all" when events were lost: look at everything anew.
// Checks follow from order, words and items. Whoever did it reads of it, too:
// by_id tells.
//
// presence lists everybody who looks, once each, with the item whose row they
// edit, or 0. See editing.
//
// end is the last event, and whoever reads it closes the stream for good: "tabs"
// when the person has opened more than eight (the oldest ends, as the newest is
// the one that is looked at; it may be opened again when its tab is shown),
// "closed" when the issue is printed or discarded, after the order that says so,
// "session" when the session has ended. A stream that ends without it is to be
// opened again, which browsers do by themselves; it begins with the whole order.
//
// Without a session the answer is 401, without such an issue 404, for a printed
// issue 204: nothing of it will ever change here, and browsers do not come back
// after a 204. A process that has as many streams as it can bear, or is about to
// stop, answers 503. Browsers do not come back by themselves after anything but
// 200.
func (d *Desk) events(w http.ResponseWriter, r *http.Request) error {
	issue, open, err := d.openIssue(r)
	if err != nil {
		return err
	}
	if !open {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if r.Method == http.MethodHead {
		w.Header().Set("Content-Type", "text/event-stream")
		return nil
	}
	stream, err := d.now.Boards().Open(issue, page.User(r.Context()))
	if errors.Is(err, live.ErrFull) {
		w.Header().Set("Retry-After", "5")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, err = io.WriteString(w, "too many people look at boards now; the board works without, or try again in a few seconds\n")
		return err
	}
	defer stream.Close()
	if r.Header.Get("Last-Event-ID") != "" { // it was cut off in between
		stream.Missed()
	}
	_ = d.tell(w, r, stream) // whoever read it has gone
	return nil
}

// openIssue returns the id of the address's issue, and whether it can still be
// changed on its board.
func (d *Desk) openIssue(r *http.Request) (id int64, open bool, err error) {
	number, err := issueNumber(r)
	if err != nil {
		return 0, false, err
	}
	id, state, err := d.store.IssueID(r.Context(), number)
	return id, !state.Printed(), err
}

// tell writes what a stream tells until it is over or nobody reads it.
func (d *Desk) tell(w http.ResponseWriter, r *http.Request, stream *live.Stream) error {
	to, err := page.NewEvents(w)
	if err != nil {
		return err
	}
	beat := time.NewTicker(d.beat)
	defer beat.Stop()
	looked := time.Now()
	for {
		silent := false
		select {
		case <-r.Context().Done():
			return nil
		case <-beat.C:
			silent = true
		case <-stream.Ready():
		}
		out := false
		if silent || time.Since(looked) >= d.glance {
			user, err := page.Again(r.Context())
			out, looked = err == nil && !newsletter.MayEver(user, newsletter.UseDesk), time.Now()
		}
		if out {
			stream.End(live.WhySession)
		} else if silent {
			if err := to.Beat(); err != nil {
				return err
			}
		}
		events, more := stream.Take()
		if out {
			events = events[max(0, len(events)-1):] // nothing but that it is over
		}
		for _, event := range events {
			if err := to.Send(event.Name, event.ID, event.Data); err != nil {
				return err
			}
		}
		if !more {
			return nil
		}
	}
}
