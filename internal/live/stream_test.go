package live_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
)

func TestStreamsAreBounded(t *testing.T) {
	o := newOffice(t)
	boards, _ := o.process(t, nil)
	var mine []*reader
	for range 200 {
		mine = append(mine, o.look(t, boards, o.ines))
	}
	for k, r := range mine {
		r.take()
		if open := k >= 200-live.PerPerson; open == r.over {
			t.Errorf("stream %d: open %t", k, !r.over)
		} else if !open {
			r.sees("end", `{"why":"tabs"}`)
		}
	}
	mine[199].order()
	opened := live.PerPerson
	for id := int64(1_000_000); opened < live.PerProcess; opened++ {
		o.look(t, boards, newsletter.User{ID: id + int64(opened), Name: "Somebody"})
	}
	if _, err := boards.Open(o.issue, o.emil); !errors.Is(err, live.ErrFull) {
		t.Errorf("one too many: %v", err)
	}
	mine[199].Close()
	mine[199].Close()
	o.look(t, boards, o.emil)
	if _, err := boards.Open(o.issue, newsletter.User{ID: 999_999}); !errors.Is(err, live.ErrFull) {
		t.Errorf("closing twice made room for two: %v", err)
	}
}

func TestStreamsEndWithTheProcess(t *testing.T) {
	o := newOffice(t)
	boards, stop := o.process(t, nil)
	r := o.look(t, boards, o.ines)
	r.order()
	stop()
	for r.take(); !r.over; r.take() {
		<-r.Ready()
	}
	if slices.ContainsFunc(r.events, named("end")) {
		t.Error("the browser is told not to come back")
	}
	if _, err := boards.Open(o.issue, o.ines); !errors.Is(err, live.ErrFull) {
		t.Errorf("a stream was opened after the end: %v", err)
	}
}

// TestManyAtOnce has streams come and go while things move, for the race
// detector, and holds that all end with the same order.
func TestManyAtOnce(t *testing.T) {
	o := newOffice(t)
	boards, _ := o.process(t, nil)
	var group sync.WaitGroup
	for k := range 20 {
		group.Go(func() {
			who := newsletter.User{ID: 1000 + int64(k), Name: "Somebody"}
			for range 10 {
				stream, err := boards.Open(o.issue, who)
				if err != nil {
					t.Error(err)
					return
				}
				boards.Edits(o.issue, who, o.items[0])
				stream.Take()
				stream.Close()
			}
		})
	}
	r := o.look(t, boards, o.ines)
	for range 20 {
		must(t, o.store.StepItem(t.Context(), o.emil, o.items[0], false, 0))
	}
	group.Wait()
	last, err := o.store.Order(t.Context())
	must(t, err)
	for r.order().Version != last {
	}
}
