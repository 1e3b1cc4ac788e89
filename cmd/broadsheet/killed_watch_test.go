package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// watch notes when a reader first gets each issue. What a deed says of its time
// is when its transaction began; here it is committed, and an instance serves it.
type watch struct {
	plan   *plan
	reader *reader
	pool   *pgxpool.Pool
	got    map[int]time.Time // by the database's clock, once left is 0
	left   atomic.Int64
}

func newWatch(p *plan, f *fleet, pool *pgxpool.Pool) *watch {
	w := &watch{plan: p, reader: &reader{plan: p, fleet: f}, pool: pool, got: map[int]time.Time{}}
	w.left.Store(int64(len(p.order)))
	return w
}

// look looks for what is due until all is out, or ctx ends.
func (w *watch) look(ctx context.Context, t *testing.T) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for w.left.Load() > 0 {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := w.lookOnce(ctx); err != nil && ctx.Err() == nil {
			t.Error(err)
			return
		}
	}
}

// lookOnce asks an instance for each issue that is out and that no reader has had
// yet. One that is down or has not heard of it is asked again, or another.
func (w *watch) lookOnce(ctx context.Context) error {
	var due []int
	for _, number := range w.plan.order { // as they are due
		if time.Until(w.plan.due[number]) > time.Second {
			break
		}
		if _, had := w.got[number]; !had {
			due = append(due, number)
		}
	}
	rows, _ := w.pool.Query(ctx, "SELECT number FROM issues WHERE number = ANY($1) AND state = 'published'", due)
	out, err := pgx.CollectRows(rows, pgx.RowTo[int])
	for _, number := range out {
		if status, _ := w.reader.get(rand.IntN(instances), fmt.Sprintf("/issues/%d", number)); status != http.StatusOK {
			continue
		}
		var now time.Time
		if err := w.pool.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&now); err != nil {
			return err
		}
		w.got[number] = now
		w.left.Add(-1)
	}
	return err
}
