package publish_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// marks are the places of a revision in print order, by section; withdrawn ones
// with a minus.
func marks(r newsletter.Revision) string {
	var all [][]int
	for _, section := range r.Sections {
		var places []int
		for _, item := range section.Items {
			place := item.Place
			if item.Withdrawn {
				place = -place
			}
			places = append(places, place)
		}
		all = append(all, places)
	}
	return fmt.Sprint(all)
}

// after is the place after an item of 7, or first in a section where place is 0.
func after(t *testing.T, store *postgres.Store, section, place int) postgres.Target {
	t.Helper()
	b := board(t, store, 7)
	to := postgres.Target{Issue: 7, Section: strconv.FormatInt(b.Sections[section].ID, 10), After: postgres.First}
	if place != 0 {
		item, err := publish.ItemAt(b, place)
		if err != nil {
			t.Fatal(err)
		}
		to.After = item.ID
	}
	return to
}

var whales = newsletter.Item{Note: "Whales off the pier.", Links: []newsletter.Link{{URL: "https://whales.example/1"}}}

func TestAForgottenItemGetsTheNextUnusedPlace(t *testing.T) {
	store, by := printed(t)
	before := marks(revision(t, store))
	generation1 := generation(t, store)
	w := publish.Wish{Number: 7, Sentence: "Whales were forgotten."}
	for range 2 { // a form that is sent twice
		if err := publish.AddItem(t.Context(), store, by, w, whales, after(t, store, 1, 0), nil, "key"); err != nil {
			t.Fatal(err)
		}
	}
	r := revision(t, store)
	if got := marks(r); before != "[[1] [2 3] [4]]" || got != "[[1] [5 2 3] [4]]" || r.Ordinal != 2 || generation(t, store) <= generation1 {
		t.Fatalf("the marks were %s and are %s in revision %d", before, got, r.Ordinal)
	}
	if len(r.Corrections) != 1 || r.Corrections[0].Place != 5 || r.Corrections[0].Sentence != w.Sentence {
		t.Errorf("readers are told %+v", r.Corrections)
	}
	for _, place := range []int{5, 2} {
		if err := publish.WithdrawItem(t.Context(), store, by, publish.Wish{Number: 7, Place: place}); err != nil {
			t.Fatal(err)
		}
	}
	if got := marks(revision(t, store)); got != "[[1] [-5 -2 3] [4]]" {
		t.Errorf("the lines of what went do not stay in their places: %s", got)
	}
	if err := publish.AddItem(t.Context(), store, by, publish.Wish{Number: 7}, whales, after(t, store, 1, 3), nil, "another"); err != nil {
		t.Fatal(err)
	}
	if r := revision(t, store); marks(r) != "[[1] [-5 -2 3 6] [4]]" || len(r.Corrections) != 1 {
		t.Errorf("the marks are %s", marks(r))
	}
	if err := publish.AddItem(t.Context(), store, by, w, whales, after(t, store, 1, 0), nil, "key"); err != nil || revision(t, store).Ordinal != 5 {
		t.Errorf("a form whose item was withdrawn since prints revision %d (%v)", revision(t, store).Ordinal, err)
	}
	found, err := store.Search(t.Context(), postgres.Query{Words: "whales", Page: 1})
	if err != nil || len(found.Hits) != 1 || found.Hits[0].Mark().Place != 6 {
		t.Errorf("search finds %+v (%v)", found, err)
	}
}

func TestAWaitingItemIsAddedOnce(t *testing.T) {
	store, by := printed(t)
	id, err := store.CreateItem(t.Context(), by, whales, nil, "", publish.LinksOf)
	if err != nil {
		t.Fatal(err)
	}
	item, err := store.DeskItem(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	words := item.Item
	words.Note = "Two whales."
	add := func(version int) error {
		return publish.AddItem(t.Context(), store, by, publish.Wish{Number: 7, Version: version}, words, after(t, store, 4, 4), nil, "")
	}
	if _, ok := errors.AsType[*postgres.ItemConflict](add(item.Version - 1)); !ok {
		t.Error("words that are older than the item's replace them")
	}
	for range 2 {
		if err := add(item.Version); err != nil {
			t.Fatal(err)
		}
	}
	r := revision(t, store)
	if marks(r) != "[[1] [2 3] [4 5]]" || r.Ordinal != 2 || r.Sections[2].Items[1].Note.Plain != "Two whales." {
		t.Errorf("printed is %s in revision %d: %+v", marks(r), r.Ordinal, r.Sections[2].Items)
	}
	draft(t, store, by, 8)
	words.ID = board(t, store, 8).Sections[0].Items[0].ID
	if _, ok := errors.AsType[*postgres.MoveConflict](add(1)); !ok {
		t.Error("an item of a draft is taken out of it")
	}
}

// TestForgottenItemsAtOnce: each has a place of its own, while others try to move
// what is printed and are refused.
func TestForgottenItemsAtOnce(t *testing.T) {
	store, by := printed(t)
	moved := board(t, store, 7).Sections[1].Items[0].ID
	to := after(t, store, 1, 0)
	var all sync.WaitGroup
	for k := range 8 {
		all.Go(func() {
			if err := publish.AddItem(t.Context(), store, by, publish.Wish{Number: 7}, whales, to, nil, fmt.Sprint("key ", k)); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			if err := store.StepItem(t.Context(), by, moved, k%2 == 0, 0); !errors.Is(err, newsletter.ErrForbidden) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	r := revision(t, store)
	var places []int
	for _, item := range r.Sections[1].Items {
		places = append(places, item.Place)
	}
	slices.Sort(places)
	if !slices.Equal(places, []int{2, 3, 5, 6, 7, 8, 9, 10, 11, 12}) || r.Ordinal != 9 {
		t.Errorf("places are %v in revision %d", places, r.Ordinal)
	}
}

// TestALineStaysWhereItWasBesideANewSection: what was withdrawn does not go into
// the section that comes with a forgotten item, and search finds that.
func TestALineStaysWhereItWasBesideANewSection(t *testing.T) {
	store, by := printed(t)
	for _, place := range []int{3, 4} {
		if err := publish.WithdrawItem(t.Context(), store, by, publish.Wish{Number: 7, Place: place}); err != nil {
			t.Fatal(err)
		}
	}
	before := marks(revision(t, store))
	section := &postgres.NewSection{Title: "Letters", Kind: newsletter.KindLinks}
	if err := publish.AddItem(t.Context(), store, by, publish.Wish{Number: 7}, whales, postgres.Target{Issue: 7}, section, "key"); err != nil {
		t.Fatal(err)
	}
	r := revision(t, store)
	if got := marks(r); before != "[[1] [2 -3] [-4]]" || got != "[[1] [2 -3] [-4] [5]]" || r.Sections[3].Title != "Letters" {
		t.Errorf("the marks were %s and are %s", before, got)
	}
	found, err := store.Search(t.Context(), postgres.Query{Words: "whales", Page: 1})
	if err != nil || len(found.Hits) != 1 || found.Hits[0].Mark().Place != 5 {
		t.Errorf("search finds %+v (%v)", found, err)
	}
}

func TestACorrectedHeadingKeepsKindAndMarks(t *testing.T) {
	store, by := printed(t)
	section := board(t, store, 7).Sections[1]
	w := publish.Wish{Number: 7, Sentence: "The heading was wrong."}
	fix := func(was, heading string) error {
		return publish.CorrectHeading(t.Context(), store, by, w, section.ID, was, heading)
	}
	for range 2 {
		if err := fix(section.Title, "Letters"); err != nil {
			t.Fatal(err)
		}
	}
	r := revision(t, store)
	if got := r.Sections[1]; got.Title != "Letters" || got.Kind != section.Kind || got.Of != section.Of || r.Ordinal != 2 || len(r.Corrections) != 1 {
		t.Errorf("printed is %+v in revision %d, told %+v", got, r.Ordinal, r.Corrections)
	}
	conflict, ok := errors.AsType[*postgres.HeadingConflict](fix(section.Title, "Post"))
	if !ok || conflict.Theirs.Title != "Letters" {
		t.Errorf("a heading that is older than the correction replaces it: %v", conflict)
	}
	taken := board(t, store, 7).Sections[0].Title
	if _, ok := errors.AsType[newsletter.Invalid](fix("Letters", taken)); !ok || revision(t, store).Ordinal != 2 {
		t.Error("two sections have one heading")
	}
	if err := publish.CorrectHeading(t.Context(), store, by, w, 999999, "x", "y"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a section that is not there: %v", err)
	}
}
