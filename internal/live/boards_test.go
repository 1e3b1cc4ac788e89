package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

// office is a database with draft 412 and one or more processes that follow it.
type office struct {
	url        string
	pool       *pgxpool.Pool
	store      *postgres.Store
	issue      int64
	items      []int64 // three in News, one in the inbox
	ines, emil newsletter.User
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{url: pgtest.URL(t)}
	o.pool = o.connect(t, nil)
	o.store = postgres.New(o.pool)
	o.ines, o.emil = o.person(t, "Ines"), o.person(t, "Emil")
	must(t, o.store.CreateIssue(t.Context(), o.ines, newsletter.Issue{Number: 412, Date: newsletter.Date{Year: 2026, Month: 5, Day: 3}}, ""))
	var err error
	o.issue, _, err = o.store.IssueID(t.Context(), 412)
	must(t, err)
	for k, title := range []string{"Ferry", "Gulls", "Terns", "Rope"} {
		to := &postgres.Target{Issue: 412, Section: "News", After: postgres.Last}
		if k == 3 {
			to = nil
		}
		id, err := o.store.CreateItem(t.Context(), o.emil, newsletter.Item{Title: title, Note: "About it."}, to, "", noLinks)
		must(t, err)
		o.items = append(o.items, id)
	}
	return o
}

func noLinks(string) []newsletter.Link { return nil }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) person(t *testing.T, name string) newsletter.User {
	t.Helper()
	u := newsletter.User{Name: name, Email: name + "@letter.example", Role: newsletter.Owner}
	id, err := o.store.AddUser(t.Context(), u, "")
	must(t, err)
	u.ID = id
	return u
}

// connect opens a pool with a name of its own.
func (o *office) connect(t *testing.T, tracer pgx.QueryTracer) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(o.url)
	must(t, err)
	config.MaxConns = 4
	config.ConnConfig.Tracer = tracer
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	must(t, err)
	t.Cleanup(pool.Close)
	return pool
}

// process is a process that follows the office's database until it is stopped.
func (o *office) process(t *testing.T, tracer pgx.QueryTracer) (boards *live.Boards, stop func()) {
	t.Helper()
	before := o.listeners(t)
	now, _, stop := follow(t, postgres.New(o.connect(t, tracer)))
	eventually(t, "it listens", patience, func() bool { return len(o.listeners(t)) > len(before) })
	return now.Boards(), stop
}

// listeners returns the processes that listen in the database.
func (o *office) listeners(t *testing.T) []int {
	t.Helper()
	rows, err := o.pool.Query(t.Context(), "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'")
	must(t, err)
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	must(t, err)
	return pids
}

// reader reads a stream.
type reader struct {
	*live.Stream
	t      *testing.T
	events []live.Event // that were taken and not yet asked for
	over   bool
}

func (o *office) look(t *testing.T, boards *live.Boards, who newsletter.User) *reader {
	t.Helper()
	stream, err := boards.Open(o.issue, who)
	must(t, err)
	t.Cleanup(stream.Close)
	return &reader{Stream: stream, t: t}
}

// next returns the data of the next event that passes, and drops those before.
func (r *reader) next(what string, passes func(live.Event) bool) string {
	r.t.Helper()
	deadline := time.After(patience)
	for {
		for len(r.events) > 0 {
			event := r.events[0]
			r.events = r.events[1:]
			if passes(event) {
				return string(event.Data)
			}
		}
		if r.over {
			r.t.Fatalf("the stream is over without %s", what)
		}
		select {
		case <-r.Ready():
		case <-deadline:
			r.t.Fatalf("no %s", what)
		}
		r.take()
	}
}

func (r *reader) take() {
	events, more := r.Take()
	r.events, r.over = append(r.events, events...), !more
}

// order returns the next order, as in "Ferry Gulls": its items by number.
func (r *reader) order() live.Order {
	r.t.Helper()
	var order live.Order
	must(r.t, json.Unmarshal([]byte(r.next("order", named("order"))), &order))
	return order
}

func named(name string) func(live.Event) bool {
	return func(e live.Event) bool { return e.Name == name }
}

// sees waits for an event with this data.
func (r *reader) sees(name, data string) {
	r.t.Helper()
	r.next(name+" "+data, func(e live.Event) bool { return e.Name == name && string(e.Data) == data })
}

// news returns what stands in the section News of an order.
func news(order live.Order) []int64 {
	for _, section := range order.Sections {
		if section.Title == "News" {
			return section.Items
		}
	}
	return nil
}

func TestAMoveIsSeenThroughAnotherProcess(t *testing.T) {
	o := newOffice(t)
	one, _ := o.process(t, nil)
	other, _ := o.process(t, nil)
	here, there := o.look(t, one, o.ines), o.look(t, other, o.emil)
	for _, r := range []*reader{here, there} {
		order := r.order()
		if diff := cmp.Diff(o.items[:3], news(order)); diff != "" || order.State != "draft" || order.Number != 412 || order.Words != 1 {
			t.Errorf("the first order is %+v:\n%s", order, diff)
		}
	}
	began := time.Now()
	must(t, o.store.StepItem(t.Context(), o.emil, o.items[0], false, 0))
	for _, r := range []*reader{here, there} {
		order := r.order()
		if diff := cmp.Diff([]int64{o.items[1], o.items[0], o.items[2]}, news(order)); diff != "" || order.By != "Emil" || order.ByID != o.emil.ID {
			t.Errorf("after the move by %q:\n%s", order.By, diff)
		}
	}
	t.Logf("both saw the move %s after it began", time.Since(began))
	if order := o.look(t, other, o.ines).order(); order.By != "Emil" {
		t.Errorf("to whoever comes later it is the move of %q", order.By)
	}
	today, err := o.store.Order(t.Context())
	must(t, err)
	must(t, o.store.StepItem(t.Context(), o.emil, o.items[0], true, today))
	if order := there.order(); order.Version != today+1 {
		t.Errorf("its version is %d, want %d", order.Version, today+1)
	}
}

func TestOtherChangesAreTold(t *testing.T) {
	o := newOffice(t)
	boards, _ := o.process(t, nil)
	r := o.look(t, boards, o.ines)
	r.order()
	_, err := o.store.SaveItem(t.Context(), o.emil, o.items[0], 1, newsletter.Item{Title: "Ferry", Note: "Late."}, noLinks)
	must(t, err)
	r.sees("item", fmt.Sprintf(`{"id":%d,"version":2,"by":"Emil","by_id":%d}`, o.items[0], o.emil.ID))
	_, err = o.store.SaveItem(t.Context(), o.emil, o.items[3], 1, newsletter.Item{Title: "Rope", Note: "In the inbox."}, noLinks)
	must(t, err)
	r.sees("item", fmt.Sprintf(`{"id":%d,"version":2,"by":"Emil","by_id":%d}`, o.items[3], o.emil.ID))
	must(t, o.store.Hold(t.Context(), o.emil, o.items[3]))
	r.sees("board", fmt.Sprintf(`{"part":"inbox","by":"Emil","by_id":%d}`, o.emil.ID))
	must(t, o.store.SaveIssue(t.Context(), o.ines, 412, 1, newsletter.Issue{Number: 413, Date: newsletter.Date{Year: 2026, Month: 5, Day: 3}}))
	r.sees("board", fmt.Sprintf(`{"part":"words","version":2,"by":"Ines","by_id":%d}`, o.ines.ID))
	must(t, o.store.StepItem(t.Context(), o.emil, o.items[0], false, 0)) // under its new number
	if order := r.order(); order.Number != 413 || order.Words != 2 || order.Versions[o.items[0]] != 2 {
		t.Errorf("the order is %+v", order)
	}
	must(t, o.store.DiscardIssue(t.Context(), o.ines, 413))
	if order := r.order(); order.State != "discarded" || order.Number != 413 || len(order.Sections) != 0 || order.By != "Ines" {
		t.Errorf("the last order is %+v", order)
	}
	r.sees("end", `{"why":"closed"}`)
	if !r.over {
		t.Error("the stream goes on")
	}
}

func TestPublishingEndsStreams(t *testing.T) {
	o := newOffice(t)
	boards, _ := o.process(t, nil)
	r := o.look(t, boards, o.emil)
	r.order()
	at := time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC)
	must(t, o.store.Tx(t.Context(), func(tx *postgres.Store) error {
		revision := newsletter.Revision{Number: 412, Ordinal: 1, Date: newsletter.DateOf(at), PublishedAt: at, RevisedAt: at}
		return errors.Join(tx.MarkPublished(t.Context(), o.ines, o.issue, at, nil), tx.SaveRevision(t.Context(), o.issue, revision, noLinks))
	}))
	if order := r.order(); order.State != "published" || order.By != "Ines" {
		t.Errorf("the last order is %+v", order)
	}
	r.sees("end", `{"why":"closed"}`)
}

// counter counts the orders that are read.
type counter struct{ orders atomic.Int64 }

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if strings.Contains(q.SQL, "AS words") {
		c.orders.Add(1)
	}
	return ctx
}
func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func TestAnOrderIsReadOnceForEverybody(t *testing.T) {
	o := newOffice(t)
	c := &counter{}
	boards, _ := o.process(t, c)
	var readers []*reader
	for k := range 30 {
		r := o.look(t, boards, o.person(t, fmt.Sprint("Editor ", k)))
		r.order()
		readers = append(readers, r)
	}
	before := c.orders.Load()
	must(t, o.store.StepItem(t.Context(), o.emil, o.items[0], false, 0))
	for _, r := range readers {
		if order := r.order(); order.By != "Emil" {
			t.Fatalf("an order that nobody made: %+v", order)
		}
	}
	if n := c.orders.Load() - before; n > 2 { // one may be the poll's
		t.Errorf("the order was read %d times", n)
	}
}

func TestASlowReaderGetsTheWholeOrder(t *testing.T) {
	o := newOffice(t)
	boards, _ := o.process(t, nil)
	slow, quick := o.look(t, boards, o.ines), o.look(t, boards, o.emil)
	slow.order()
	quick.order()
	for n := range 300 {
		must(t, o.store.Gossip(t.Context(), fmt.Sprintf(`{"kind":"item","issue":%d,"item":%d,"version":2}`, o.issue, 1000+n)))
		quick.sees("item", fmt.Sprintf(`{"id":%d,"version":2,"by":"","by_id":0}`, 1000+n))
	}
	eventually(t, "it has the order again, sooner than by the poll", 3*time.Second, func() bool {
		slow.take()
		return slices.ContainsFunc(slow.events, named("order"))
	})
	if len(slow.events) > 120 || !slices.ContainsFunc(slow.events, func(e live.Event) bool { return strings.Contains(string(e.Data), `"part":"all"`) }) {
		t.Errorf("it got %d events: %s", len(slow.events), slow.events[0].Data)
	}
}

func TestACutIsMadeUpFor(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	boards, _ := o.process(t, nil)
	r := o.look(t, boards, o.ines)
	r.order()
	for _, pid := range o.listeners(t) {
		_, err := o.pool.Exec(t.Context(), "SELECT pg_terminate_backend($1, 5000)", pid)
		must(t, err)
	}
	must(t, o.store.StepItem(t.Context(), o.emil, o.items[0], false, 0)) // nobody hears of it
	if diff := cmp.Diff([]int64{o.items[1], o.items[0], o.items[2]}, news(r.order())); diff != "" {
		t.Error(diff)
	}
	r.sees("board", `{"part":"all","by":"","by_id":0}`)
}

func TestWithoutNotificationsTheOrderIsPolled(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	boards, _ := o.process(t, nil)
	r := o.look(t, boards, o.ines)
	r.order()
	// A change that tells nobody is what one looks like whose notice was lost.
	_, err := o.pool.Exec(t.Context(), "UPDATE items SET version = version + 1, position = 4 - position WHERE issue_id = $1", o.issue)
	must(t, err)
	order := r.order()
	if diff := cmp.Diff([]int64{o.items[2], o.items[1], o.items[0]}, news(order)); diff != "" || order.By != "" || order.Versions[o.items[0]] != 2 {
		t.Errorf("by %q\n%s", order.By, diff)
	}
}
