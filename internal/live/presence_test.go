package live_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

// people returns the data of presence: names with the items they edit.
func people(list ...any) string {
	type person struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
		Item int64  `json:"item"`
	}
	here := []person{}
	for i := 0; i+1 < len(list); i += 2 {
		u := list[i].(newsletter.User)
		here = append(here, person{u.ID, u.Name, list[i+1].(int64)})
	}
	data, _ := json.Marshal(map[string]any{"people": here})
	return string(data)
}

const nothing = int64(0)

func TestPresenceAcrossProcesses(t *testing.T) {
	o := newOffice(t)
	one, _ := o.process(t, nil)
	ines := o.look(t, one, o.ines)
	ines.sees("presence", people(o.ines, nothing))
	other, stop := o.process(t, nil) // asks who was there before
	emil := o.look(t, other, o.emil)
	emil.sees("presence", people(o.emil, nothing, o.ines, nothing))
	ines.sees("presence", people(o.emil, nothing, o.ines, nothing))

	one.Edits(o.issue, o.emil, o.items[0]) // sent to the process that he does not look through
	ines.sees("presence", people(o.emil, o.items[0], o.ines, nothing))
	emil.sees("presence", people(o.emil, o.items[0], o.ines, nothing))
	other.Edits(o.issue, o.emil, 0)
	ines.sees("presence", people(o.emil, nothing, o.ines, nothing))

	second := o.look(t, one, o.emil) // in another tab, and through another process
	second.sees("presence", people(o.emil, nothing, o.ines, nothing))
	emil.Close()
	third := o.look(t, one, o.emil)
	one.Edits(o.issue, o.emil, o.items[1])
	ines.sees("presence", people(o.emil, o.items[1], o.ines, nothing))
	third.Close() // may have been the tab that edited
	ines.sees("presence", people(o.emil, nothing, o.ines, nothing))
	second.Close()
	ines.sees("presence", people(o.ines, nothing))

	o.look(t, other, o.emil)
	ines.sees("presence", people(o.emil, nothing, o.ines, nothing))
	stop()
	ines.sees("presence", people(o.ines, nothing))
}

func TestPresenceIsOfOneBoard(t *testing.T) {
	o := newOffice(t)
	boards, _ := o.process(t, nil)
	ines := o.look(t, boards, o.ines)
	elsewhere, err := boards.Open(o.issue+1, o.emil)
	must(t, err)
	defer elsewhere.Close()
	boards.Edits(o.issue, o.emil, o.items[0]) // he does not look at it
	boards.Edits(o.issue, o.ines, o.items[1])
	ines.sees("presence", people(o.ines, o.items[1]))
}

// What is not repeated is forgotten: a process that was killed says nothing.
func TestPresenceIsForgotten(t *testing.T) {
	o := newOffice(t)
	boards, _ := o.process(t, nil)
	ines := o.look(t, boards, o.ines)
	ines.sees("presence", people(o.ines, nothing))
	must(t, o.store.Gossip(t.Context(), fmt.Sprintf(
		`{"kind":"presence","process":"killed","verb":"here","people":[{"issue":%d,"id":%d,"name":"Emil","item":0}]}`, o.issue, o.emil.ID)))
	ines.sees("presence", people(o.emil, nothing, o.ines, nothing))
	boards.Expire(time.Now().Add(35 * time.Second)) // one announcement of two is lost
	if ines.take(); slices.ContainsFunc(ines.events, named("presence")) {
		t.Error("somebody was forgotten too soon")
	}
	boards.Expire(time.Now().Add(45 * time.Second))
	ines.sees("presence", people(o.ines, nothing))
}

func TestWhatIsNoNoticeIsPassedOver(t *testing.T) {
	o := newOffice(t)
	boards, _ := o.process(t, nil)
	ines := o.look(t, boards, o.ines)
	ines.order()
	must(t, o.store.Gossip(t.Context(), "", "{", `{"kind":"dance"}`, `{"kind":7}`, `[]`, `{"kind":"presence","people":7}`, `{"kind":"order","issue":-1}`))
	must(t, o.store.StepItem(t.Context(), o.emil, o.items[0], false, 0))
	ines.order()
}

func TestPresenceOfLongNamesFits(t *testing.T) {
	pool := pgtest.New(t)
	store := postgres.New(pool)
	long := ""
	for range newsletter.MaxTitle {
		long += "<"
	}
	payloads := live.Announcements(17, long)
	for _, payload := range payloads {
		if len(payload) >= 8000 {
			t.Errorf("%d bytes", len(payload))
		}
	}
	must(t, store.Gossip(t.Context(), payloads...))
}
