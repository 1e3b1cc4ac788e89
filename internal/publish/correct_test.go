package publish_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// printed publishes a draft of four items and returns what is on its board.
func printed(t *testing.T) (*postgres.Store, newsletter.User) {
	t.Helper()
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	draft(t, store, by, 7)
	if _, err := publish.Publish(t.Context(), store, by, publish.Request{Number: 7}); err != nil {
		t.Fatal(err)
	}
	return store, by
}

// revision is what readers get.
func revision(t *testing.T, store *postgres.Store) newsletter.Revision {
	t.Helper()
	r, err := store.Revision(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestACorrectedItemIsPrintedAnew(t *testing.T) {
	store, by := printed(t)
	before, first := generation(t, store), revision(t, store)
	item, err := publish.ItemAt(board(t, store, 7), 2)
	if err != nil {
		t.Fatal(err)
	}
	words := item.Item
	words.Note, words.Links = "Terns, *not* gulls.", []newsletter.Link{{URL: "https://terns.example/2", Text: "The count"}}
	w := publish.Wish{Number: 7, Place: 2, Version: item.Version, Sentence: "The gulls were terns."}
	if err := publish.CorrectItem(t.Context(), store, by, w, words); err != nil {
		t.Fatal(err)
	}
	r := revision(t, store)
	got := r.Sections[1].Items[0]
	if got.Place != 2 || got.Note.HTML != "<p>Terns, <em>not</em> gulls.</p>\n" || got.Links[0].Text != "The count" {
		t.Errorf("printed is %+v", got)
	}
	if r.Ordinal != 2 || !r.PublishedAt.Equal(first.PublishedAt) || r.RevisedAt.Before(first.RevisedAt) || generation(t, store) <= before {
		t.Errorf("it is revision %d of %s, made at %s", r.Ordinal, r.PublishedAt, r.RevisedAt)
	}
	if len(r.Corrections) != 1 || r.Corrections[0].Place != 2 || r.Corrections[0].Sentence != "The gulls were terns." || r.Corrections[0].At.IsZero() {
		t.Errorf("readers are told %+v", r.Corrections)
	}
	for _, w.Sentence = range []string{w.Sentence, ""} {
		if err := publish.CorrectItem(t.Context(), store, by, w, words); err != nil || revision(t, store).Ordinal != 2 {
			t.Errorf("the same again makes revision %d (%v)", revision(t, store).Ordinal, err)
		}
	}
	words.Note = "Somebody else's."
	if _, ok := errors.AsType[*postgres.ItemConflict](publish.CorrectItem(t.Context(), store, by, w, words)); !ok {
		t.Error("words that are older than the correction replace it")
	}
}

func TestACorrectedIssueKeepsItsNumberAndMarks(t *testing.T) {
	store, by := printed(t)
	b := board(t, store, 7)
	words := newsletter.Issue{Number: 8, Title: "no", Date: newsletter.Date{Year: 2026, Month: 2, Day: 28}, Summary: "Fog.", Intro: "Fog, *all* week."}
	if err := publish.CorrectIssue(t.Context(), store, by, publish.Wish{Number: 7, Version: b.Version}, words); err != nil {
		t.Fatal(err)
	}
	r := revision(t, store)
	if r.Number != 7 || r.Date != words.Date || r.Summary != "Fog." || !strings.Contains(r.Intro.HTML, "<em>all</em>") || len(r.Corrections) != 0 {
		t.Errorf("printed is %+v", r)
	}
	if _, ok := errors.AsType[*postgres.IssueConflict](publish.CorrectIssue(t.Context(), store, by, publish.Wish{Number: 7, Version: b.Version}, newsletter.Issue{Date: words.Date})); !ok {
		t.Error("words that are older than the correction replace it")
	}
	words.Intro = strings.Repeat(">", 17<<10)
	if _, ok := errors.AsType[newsletter.Invalid](publish.CorrectIssue(t.Context(), store, by, publish.Wish{Number: 7, Version: b.Version + 1}, words)); !ok || revision(t, store).Ordinal != 2 {
		t.Error("what cannot be rendered is printed")
	}
}

func TestAnItemThatMustGoLeavesItsPlace(t *testing.T) {
	store, by := printed(t)
	item, err := publish.ItemAt(board(t, store, 7), 2)
	if err != nil {
		t.Fatal(err)
	}
	w := publish.Wish{Number: 7, Place: 2, Sentence: "7.2 was an advertisement."}
	for range 2 {
		if err := publish.WithdrawItem(t.Context(), store, by, w); err != nil {
			t.Fatal(err)
		}
		w.Sentence = "" // sent again
	}
	r := revision(t, store)
	var places []int
	for _, section := range r.Sections {
		for _, each := range section.Items {
			places = append(places, each.Place)
			if each.Withdrawn != (each.Place == 2) || each.Withdrawn && each.Note.Markdown != "" {
				t.Errorf("%d is printed as %+v", each.Place, each)
			}
		}
	}
	if !slices.Equal(places, []int{1, 2, 3, 4}) || r.Ordinal != 2 || len(r.Corrections) != 1 {
		t.Errorf("places are %v, in revision %d with %+v", places, r.Ordinal, r.Corrections)
	}
	gone, err := store.DeskItem(t.Context(), item.ID)
	if err != nil || gone.State != newsletter.Declined || !strings.Contains(gone.Reason, "7.2") {
		t.Errorf("the item is %s: %q (%v)", gone.State, gone.Reason, err)
	}
	w.Place = 9
	if err := publish.WithdrawItem(t.Context(), store, by, w); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("an item that never was: %v", err)
	}
}

func TestAWithdrawnIssueIsCorrectedInSilence(t *testing.T) {
	store, by := printed(t)
	if err := publish.Withdraw(t.Context(), store, by, 7); err != nil {
		t.Fatal(err)
	}
	if err := publish.WithdrawItem(t.Context(), store, by, publish.Wish{Number: 7, Place: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Revision(t.Context(), 7); !errors.Is(err, newsletter.ErrGone) {
		t.Errorf("a correction brings it back: %v", err)
	}
	if err := publish.Reinstate(t.Context(), store, by, 7); err != nil {
		t.Fatal(err)
	}
	if r := revision(t, store); r.Ordinal != 2 || !r.Sections[0].Items[0].Withdrawn {
		t.Errorf("it comes back as revision %d: %+v", r.Ordinal, r.Sections)
	}
}

func TestWhoMayCorrect(t *testing.T) {
	store, by := printed(t)
	draft(t, store, by, 8)
	for number, who := range map[int]newsletter.User{7: person(t, store, "Emil", newsletter.Editor), 8: by} {
		if err := publish.WithdrawItem(t.Context(), store, who, publish.Wish{Number: number, Place: 1}); !errors.Is(err, newsletter.ErrForbidden) {
			t.Errorf("%s corrects %d: %v", who.Name, number, err)
		}
	}
}

// TestCorrectionsAtOnce: each is printed, one after the other.
func TestCorrectionsAtOnce(t *testing.T) {
	store, by := printed(t)
	var all sync.WaitGroup
	for place := 1; place <= 3; place++ {
		all.Go(func() {
			if err := publish.WithdrawItem(t.Context(), store, by, publish.Wish{Number: 7, Place: place, Sentence: "Out."}); err != nil {
				t.Errorf("%d: %v", place, err)
			}
		})
	}
	all.Wait()
	if r := revision(t, store); r.Ordinal != 4 || len(r.Corrections) != 3 {
		t.Errorf("revision %d with %d corrections", r.Ordinal, len(r.Corrections))
	}
}
