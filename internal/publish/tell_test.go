package publish_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"broadsheet/internal/job"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// told returns what the webhook is to be told, oldest first.
func told(t *testing.T, store *postgres.Store) []job.Webhook {
	t.Helper()
	jobs, err := store.JobsOf(t.Context(), job.WebhookKind)
	if err != nil {
		t.Fatal(err)
	}
	var events []job.Webhook
	for _, j := range slices.Backward(jobs) {
		var args job.Webhook
		if err := json.Unmarshal(j.Args, &args); err != nil {
			t.Fatal(err)
		}
		if args.At.IsZero() {
			t.Errorf("%s has no time", args.Event)
		}
		args.At = time.Time{}
		events = append(events, args)
	}
	return events
}

// hooked is a store whose webhook wants to be told.
func hooked(t *testing.T) (*postgres.Store, newsletter.User) {
	t.Helper()
	store := postgres.New(pgtest.New(t))
	if secret, err := store.SetWebhook(t.Context(), person(t, store, "Osman", newsletter.Owner), "https://hook.example/"); err != nil || len(secret) != 24 {
		t.Fatalf("its secret is %x (%v)", secret, err)
	}
	return store, curator(t, store)
}

func TestTheWebhookIsToldOfEveryTurn(t *testing.T) {
	store, by := hooked(t)
	scheduled(t, store, by, 7)
	let(t, store, 7, time.Second)
	if number, held := due(t, store); number != 7 || held != "" {
		t.Fatalf("published is %d, held back because %q", number, held)
	}
	item, err := publish.ItemAt(board(t, store, 7), 2)
	if err != nil {
		t.Fatal(err)
	}
	words := item.Item
	words.Note = "Terns."
	wish := publish.Wish{Number: 7, Place: 2, Version: item.Version, Sentence: "The gulls were terns."}
	silent := publish.Wish{Number: 7, Place: 3}
	for _, do := range []func() error{
		func() error { return publish.CorrectItem(t.Context(), store, by, wish, words) },
		func() error { return publish.CorrectItem(t.Context(), store, by, wish, words) }, // sent twice
		func() error { return publish.Withdraw(t.Context(), store, by, 7) },
		func() error { return publish.Withdraw(t.Context(), store, by, 7) },
		func() error { return publish.WithdrawItem(t.Context(), store, by, silent) }, // nobody sees it
		func() error { return publish.Reinstate(t.Context(), store, by, 7) },
		func() error { return publish.Withdraw(t.Context(), store, by, 7) }, // another time, within a second
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	want := []job.Webhook{
		{Event: job.Published, Issue: 7, Revision: 1}, {Event: job.Corrected, Issue: 7, Revision: 2, Told: true},
		{Event: job.Withdrawn, Issue: 7, Revision: 2}, {Event: job.Reinstated, Issue: 7, Revision: 3}, {Event: job.Withdrawn, Issue: 7, Revision: 3},
	}
	if got := told(t, store); !slices.Equal(got, want) {
		t.Errorf("it is told\n%+v, want\n%+v", got, want)
	}
	if sentence, err := store.Told(t.Context(), 7, 2); err != nil || sentence != wish.Sentence {
		t.Errorf("readers were told %q (%v)", sentence, err)
	}
}

func TestTheWebhookIsToldOfWhatHappenedOnly(t *testing.T) {
	store, by := hooked(t)
	draft(t, store, by, 7)
	failed := errors.New("the connection broke before the end")
	err := store.Tx(t.Context(), func(tx *postgres.Store) error {
		if _, err := publish.Publish(t.Context(), tx, by, publish.Request{Number: 7}); err != nil {
			return err
		}
		if got := told(t, tx); len(got) != 1 {
			t.Errorf("within the transaction it is told %+v", got)
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if got := told(t, store); len(got) != 0 || board(t, store, 7).State != newsletter.Draft {
		t.Errorf("it is told %+v of a draft", got)
	}
	cut, stop := context.WithCancel(t.Context())
	stop()
	if _, err := publish.Publish(cut, store, by, publish.Request{Number: 7}); err == nil {
		t.Error("it was published without a database")
	}
	if _, err := publish.Publish(t.Context(), store, by, publish.Request{Number: 7}); err != nil || len(told(t, store)) != 1 {
		t.Errorf("it is told %+v (%v)", told(t, store), err)
	}
	if _, err := publish.Publish(t.Context(), store, by, publish.Request{Number: 7}); err == nil || len(told(t, store)) != 1 {
		t.Errorf("published twice, it is told %+v (%v)", told(t, store), err)
	}
}

func TestAnEventIsToldOnceHoweverOftenItIsInserted(t *testing.T) {
	store, by := hooked(t)
	draft(t, store, by, 7)
	if _, err := publish.Publish(t.Context(), store, by, publish.Request{Number: 7}); err != nil {
		t.Fatal(err)
	}
	id := board(t, store, 7).ID
	for range 2 {
		if err := store.Tx(t.Context(), func(tx *postgres.Store) error {
			return errors.Join(tx.Tell(t.Context(), id, job.Corrected, true), tx.Tell(t.Context(), id, job.Corrected, true))
		}); err != nil {
			t.Fatal(err)
		}
	}
	if got := told(t, store); len(got) != 3 { // the second time is another event
		t.Errorf("it is told %+v", got)
	}
}

func TestNobodyIsToldWithoutAWebhook(t *testing.T) {
	store, by := hooked(t)
	owner := person(t, store, "Oda", newsletter.Owner)
	draft(t, store, by, 7)
	if err := store.RemoveWebhook(t.Context(), by); !errors.Is(err, newsletter.ErrForbidden) {
		t.Errorf("a curator removes it: %v", err)
	}
	for range 2 {
		if err := store.RemoveWebhook(t.Context(), owner); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := publish.Publish(t.Context(), store, by, publish.Request{Number: 7}); err != nil || len(told(t, store)) != 0 {
		t.Errorf("it is told %+v (%v)", told(t, store), err)
	}
	if err := store.TestWebhook(t.Context(), owner); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a test goes nowhere: %v", err)
	}
}

// TestTheWebhookIsToldOfARedaction as of a silent correction, of those issues
// that readers get.
func TestTheWebhookIsToldOfARedaction(t *testing.T) {
	store, by := hooked(t)
	owner := person(t, store, "Olga", newsletter.Owner)
	for number := 7; number <= 9; number++ {
		draft(t, store, by, number)
	}
	for number := 7; number <= 8; number++ {
		_, err := publish.Publish(t.Context(), store, by, publish.Request{Number: number})
		must(t, err)
	}
	must(t, publish.Withdraw(t.Context(), store, by, 8))
	before := len(told(t, store))
	if took(t, store, owner, "Gulls") == 0 {
		t.Fatal("the issues have no gulls")
	}
	if got := told(t, store)[before:]; !slices.Equal(got, []job.Webhook{{Event: job.Corrected, Issue: 7, Revision: 1}}) {
		t.Errorf("it is told %+v", got)
	}
}
