package publish_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// scheduled makes a draft that publishes itself at tomorrow's this hour.
func scheduled(t *testing.T, store *postgres.Store, by newsletter.User, number int) []int64 {
	t.Helper()
	ids := draft(t, store, by, number)
	if err := publish.ScheduleAt(t.Context(), store, by, publish.Request{Number: number}, in(t, store, 24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	return ids
}

// in returns the database's clock after a while.
func in(t *testing.T, store *postgres.Store, while time.Duration) time.Time {
	t.Helper()
	now, err := store.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return now.Add(while)
}

// let moves the time that an issue is scheduled for to so long before now.
func let(t *testing.T, store *postgres.Store, number int, late time.Duration) {
	t.Helper()
	b := board(t, store, number)
	err := store.SetSchedule(t.Context(), newsletter.User{Name: b.ChangedBy}, b.ID, postgres.Schedule{At: in(t, store, -late)})
	if err != nil {
		t.Fatal(err)
	}
}

// due publishes what is due, and returns what became of the first.
func due(t *testing.T, store *postgres.Store) (number int, held string) {
	t.Helper()
	number, held, err := publish.PublishDue(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	return number, held
}

func TestAScheduledIssuePublishesItselfWhenItIsDue(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	scheduled(t, store, by, 7)
	if b := board(t, store, 7); b.State != newsletter.Scheduled || b.ScheduledAt.IsZero() {
		t.Fatalf("it is %s for %s", b.State, b.ScheduledAt)
	}
	if number, _ := due(t, store); number != 0 {
		t.Fatalf("%d was published a day early", number)
	}
	let(t, store, 7, time.Second)
	before := generation(t, store)
	if number, held := due(t, store); number != 7 || held != "" {
		t.Fatalf("published is %d, held back because %q", number, held)
	}
	b := board(t, store, 7)
	if b.State != newsletter.Published || !b.ScheduledAt.IsZero() || b.PublishedAt.IsZero() || generation(t, store) <= before {
		t.Errorf("it is %s, published at %s", b.State, b.PublishedAt)
	}
	if revision, err := store.Revision(t.Context(), 7); err != nil || len(revision.Sections) == 0 {
		t.Errorf("printed is %+v (%v)", revision, err)
	}
	if number, _ := due(t, store); number != 0 {
		t.Errorf("%d was published twice", number)
	}
}

func TestSchedulesThatCannotBe(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	draft(t, store, by, 7)
	for while, want := range map[time.Duration]string{-time.Minute: "has passed", 0: "has passed", 367 * 24 * time.Hour: "more than a year"} {
		err := publish.ScheduleAt(t.Context(), store, by, publish.Request{Number: 7}, in(t, store, while))
		if wrong, ok := errors.AsType[newsletter.Invalid](err); !ok || !strings.Contains(wrong.Error(), want) {
			t.Errorf("in %s: %v", while, err)
		}
	}
	for role, allowed := range map[newsletter.Role]bool{newsletter.Editor: false, newsletter.Owner: true} {
		err := publish.ScheduleAt(t.Context(), store, newsletter.User{ID: by.ID, Name: "Osman", Role: role}, publish.Request{Number: 7}, in(t, store, time.Hour))
		if (err == nil) != allowed || err != nil && !errors.Is(err, newsletter.ErrForbidden) {
			t.Errorf("as %s: %v", role, err)
		}
	}
	if _, err := publish.Publish(t.Context(), store, by, publish.Request{Number: 7}); err != nil {
		t.Fatalf("a scheduled issue cannot be published now: %v", err)
	}
	if _, ok := errors.AsType[*publish.Already](publish.ScheduleAt(t.Context(), store, by, publish.Request{Number: 7}, in(t, store, time.Hour))); !ok {
		t.Error("a printed issue is scheduled")
	}
	if _, ok := errors.AsType[*publish.Already](publish.Unschedule(t.Context(), store, by, 7)); !ok {
		t.Error("whoever takes a schedule back too late is not told")
	}
}

func TestUnschedule(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	scheduled(t, store, by, 7)
	for range 2 { // pressed twice it is done once
		if err := publish.Unschedule(t.Context(), store, by, 7); err != nil {
			t.Fatal(err)
		}
	}
	if b := board(t, store, 7); b.State != newsletter.Draft || !b.ScheduledAt.IsZero() {
		t.Errorf("it is %s for %s", b.State, b.ScheduledAt)
	}
	if number, _ := due(t, store); number != 0 {
		t.Errorf("%d was published", number)
	}
}

func TestWhatHoldsAnIssueBack(t *testing.T) {
	for name, test := range map[string]struct {
		late  time.Duration
		spoil func(t *testing.T, store *postgres.Store, by newsletter.User, ids []int64)
		want  string
	}{
		"an hour late":                  {59 * time.Minute, nil, ""},
		"more than an hour late":        {61 * time.Minute, nil, "it was due more than an hour ago"},
		"a note that was deleted since": {time.Second, func(t *testing.T, s *postgres.Store, by newsletter.User, ids []int64) { empty(t, s, by, ids[1]) }, "7.2 has no note"},
		"a text that cannot be printed since": {time.Second, func(t *testing.T, s *postgres.Store, by newsletter.User, ids []int64) {
			note(t, s, by, ids[1], strings.Repeat(">", 5000))
		}, "its text cannot be printed: 7.2"},
	} {
		t.Run(name, func(t *testing.T) {
			store := postgres.New(pgtest.New(t))
			by := curator(t, store)
			ids := scheduled(t, store, by, 7)
			if test.spoil != nil {
				test.spoil(t, store, by, ids)
			}
			let(t, store, 7, test.late)
			number, held := due(t, store)
			if number != 7 || !strings.Contains(held, test.want) || (held == "") != (test.want == "") {
				t.Fatalf("%d is held back because %q, want %q", number, held, test.want)
			}
			waiting, err := store.CountWaiting(t.Context())
			if err != nil || (waiting == 1) != (test.want != "") || board(t, store, 7).Waits != held {
				t.Errorf("%d wait (%v)", waiting, err)
			}
			if again, _ := due(t, store); again != 0 {
				t.Errorf("it is tried again")
			}
			if test.want == "" {
				return
			}
			if b := board(t, store, 7); b.State != newsletter.Scheduled {
				t.Errorf("what is held back is %s", b.State)
			}
			let(t, store, 7, -time.Hour) // somebody decides
			if waiting, err := store.CountWaiting(t.Context()); err != nil || waiting != 0 {
				t.Errorf("after a new time there still wait %d (%v)", waiting, err)
			}
		})
	}
}

// empty deletes an item's note.
func empty(t *testing.T, store *postgres.Store, by newsletter.User, id int64) {
	t.Helper()
	note(t, store, by, id, "")
}

// note saves another note of an item.
func note(t *testing.T, store *postgres.Store, by newsletter.User, id int64, words string) {
	t.Helper()
	item, err := store.DeskItem(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	item.Note = words
	if _, err := store.SaveItem(t.Context(), by, id, item.Version, item.Item, publish.LinksOf); err != nil {
		t.Fatal(err)
	}
}

// TestWhatWasOverriddenHoldsNothingBack: what stood in the way when somebody
// said why, and nothing else.
func TestWhatWasOverriddenHoldsNothingBack(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	ids := draft(t, store, by, 7)
	empty(t, store, by, ids[1])
	at := in(t, store, time.Hour)
	if _, ok := errors.AsType[*publish.NotReady](publish.ScheduleAt(t.Context(), store, by, publish.Request{Number: 7}, at)); !ok {
		t.Fatal("blockers do not stop a schedule")
	}
	if err := publish.ScheduleAt(t.Context(), store, by, publish.Request{Number: 7, Override: "The link says it."}, at); err != nil {
		t.Fatal(err)
	}
	late := func() {
		t.Helper()
		b := board(t, store, 7)
		if err := store.SetSchedule(t.Context(), by, b.ID, postgres.Schedule{
			At: in(t, store, -time.Second), Override: "The link says it.", Overridden: []string{fmt.Sprintf("%s %d", newsletter.NoNote, ids[1])},
		}); err != nil {
			t.Fatal(err)
		}
	}
	empty(t, store, by, ids[2])
	late()
	if _, held := due(t, store); !strings.Contains(held, "7.3 has no note") {
		t.Fatalf("held back because %q", held)
	}
	note(t, store, by, ids[2], "Terns again.")
	late()
	if number, held := due(t, store); number != 7 || held != "" {
		t.Errorf("%d is held back because %q", number, held)
	}
}

// TestManyPublishWhatIsDue has processes race for issues that are due at once,
// while somebody takes every third schedule back: each issue is published once
// or a draft again, never both.
func TestManyPublishWhatIsDue(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	const issues = 24
	for number := 1; number <= issues; number++ {
		scheduled(t, store, by, number)
		let(t, store, number, time.Second)
	}
	var mu sync.Mutex
	published := map[int]int{}
	var racing sync.WaitGroup
	for range 4 {
		racing.Go(func() {
			for {
				number, held, err := publish.PublishDue(t.Context(), store)
				if err != nil || held != "" {
					t.Errorf("%d: %q, %v", number, held, err)
				}
				if err != nil || number == 0 {
					return
				}
				mu.Lock()
				published[number]++
				mu.Unlock()
			}
		})
	}
	taken := map[int]bool{}
	racing.Go(func() {
		for number := 3; number <= issues; number += 3 {
			err := publish.Unschedule(t.Context(), store, by, number)
			if _, late := errors.AsType[*publish.Already](err); err != nil && !late {
				t.Errorf("%d: %v", number, err)
			}
			taken[number] = err == nil
		}
	})
	racing.Wait()
	for number := 1; number <= issues; number++ {
		b := board(t, store, number)
		switch {
		case taken[number] && (b.State != newsletter.Draft || published[number] != 0),
			!taken[number] && (b.State != newsletter.Published || published[number] != 1):
			t.Errorf("%d is %s, published %d times, taken back %v", number, b.State, published[number], taken[number])
		}
	}
}

// TestWhatSomebodyHoldsKeepsNoOtherFromItsTime has two issues due, the first of
// which another transaction has locked.
func TestWhatSomebodyHoldsKeepsNoOtherFromItsTime(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	for number, late := range map[int]time.Duration{7: 2 * time.Second, 8: time.Second} {
		scheduled(t, store, by, number)
		let(t, store, number, late)
	}
	err := store.Tx(t.Context(), func(tx *postgres.Store) error {
		if _, err := tx.LockIssue(t.Context(), 7); err != nil {
			return err
		}
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		number, held, err := publish.PublishDue(ctx, store)
		if err == nil && (number != 8 || held != "") {
			t.Errorf("published is %d, held back because %q", number, held)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if number, _ := due(t, store); number != 7 {
		t.Errorf("after that %d is published", number)
	}
}

func TestKeepPublishesUntilItEnds(t *testing.T) {
	pool := pgtest.New(t)
	store := postgres.New(pool)
	by := curator(t, store)
	for number, late := range map[int]time.Duration{5: 2 * time.Hour, 6: 2 * time.Second, 7: time.Second} {
		scheduled(t, store, by, number)
		let(t, store, number, late)
	}
	// 6 is one that the database does not take, for whatever reason.
	if _, err := pool.Exec(t.Context(), "ALTER TABLE printed_items ADD CHECK (number <> 6)"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	told := make(logged, 3)
	var keeping sync.WaitGroup
	keeping.Go(func() { publish.Keep(ctx, store, slog.New(slog.NewTextHandler(told, nil))) })
	for _, want := range [][]string{
		{"level=WARN", "an issue waits for a person", "issue=5", "more than an hour ago"},
		{"level=ERROR", "an issue waits for a person", "issue=6", "the database refuses it", "violates check constraint"},
		{"level=INFO", "published as scheduled", "issue=7"},
	} {
		line := <-told
		for _, part := range want {
			if !strings.Contains(line, part) {
				t.Errorf("the log says %s, want %s", line, part)
			}
		}
	}
	stop()
	keeping.Wait()
	if b := board(t, store, 6); b.State != newsletter.Scheduled || b.Waits != "the database refuses it; the program’s log says why" {
		t.Errorf("it is %s and waits because %q", b.State, b.Waits)
	}
	if n, err := store.CountWaiting(t.Context()); err != nil || n != 2 {
		t.Errorf("%d wait (%v)", n, err)
	}
}

// logged hands on each line of a log.
type logged chan string

func (l logged) Write(line []byte) (int, error) {
	l <- string(line)
	return len(line), nil
}
