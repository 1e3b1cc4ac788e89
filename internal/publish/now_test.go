package publish_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// curator is a person in the database who may publish.
func curator(t *testing.T, store *postgres.Store) newsletter.User {
	t.Helper()
	return person(t, store, "Ines", newsletter.Curator)
}

// draft makes a draft that is ready for publication and returns the ids of its
// items in print order.
func draft(t *testing.T, store *postgres.Store, by newsletter.User, number int) []int64 {
	t.Helper()
	ctx := t.Context()
	now, err := store.Now(ctx)
	if err != nil {
		t.Fatal(err)
	}
	err = store.CreateIssue(ctx, by, newsletter.Issue{Number: number, Date: newsletter.DateOf(now)}, "")
	if err != nil {
		t.Fatal(err)
	}
	words := newsletter.Issue{Number: number, Date: newsletter.DateOf(now), Intro: "Fog, *mostly*."}
	if err := store.SaveIssue(ctx, by, number, board(t, store, number).Version, words); err != nil {
		t.Fatal(err)
	}
	var ids []int64
	for _, item := range []struct{ section, note, url string }{
		{"Sponsor", "Rope.", "https://rope.example/"}, {"News", "Gulls.", "https://gulls.example/1"},
		{"News", "Terns.", "https://terns.example/1"}, {"Jobs", "A keeper.", "https://light.example/job"},
	} {
		id, err := store.CreateItem(ctx, by, newsletter.Item{
			Note: item.note, Links: []newsletter.Link{{URL: item.url}}, Sponsored: item.section == "Sponsor",
		}, &postgres.Target{Issue: number, Section: item.section, After: postgres.Last}, "", publish.LinksOf)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

func board(t *testing.T, store *postgres.Store, number int) postgres.Board {
	t.Helper()
	b, err := store.Board(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPublishPrintsWhatThePreviewShowed(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	draft(t, store, by, 7)
	before := generation(t, store)
	shown := board(t, store, 7)
	preview, err := publish.Preview(shown, shown.ChangedAt)
	if err != nil {
		t.Fatal(err)
	}

	printed, err := publish.Publish(t.Context(), store, by, publish.Request{Number: 7, Fingerprint: publish.Fingerprint(shown)})
	if err != nil {
		t.Fatal(err)
	}

	moments := cmpopts.IgnoreFields(newsletter.Revision{}, "PublishedAt", "RevisedAt")
	if diff := cmp.Diff(preview, printed, moments, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("printed otherwise than shown:\n%s", diff)
	}
	stored, err := store.Revision(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(printed, stored, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("stored otherwise than returned:\n%s", diff)
	}
	if generation(t, store) <= before {
		t.Error("the generation was not raised")
	}
	after := board(t, store, 7)
	if after.State != newsletter.Published || after.PublishedAt.IsZero() {
		t.Errorf("the issue is %s, published at %s", after.State, after.PublishedAt)
	}
	place := 0
	for _, section := range after.Sections {
		for _, item := range section.Items {
			if place++; item.Place != place {
				t.Errorf("the mark of %q is %d, want %d", item.Note, item.Place, place)
			}
		}
	}
	deeds, err := store.Deeds(t.Context(), 1)
	if err != nil || deeds[0].Actor != "Ines" || deeds[0].Action != "publish issue" {
		t.Errorf("the last deed is %+v (%v)", deeds[0], err)
	}
}

func TestEightPressPublishAtOnce(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	draft(t, store, by, 7)
	errs := make([]error, 8)
	var group sync.WaitGroup
	for k := range errs {
		group.Go(func() { _, errs[k] = publish.Publish(t.Context(), store, by, publish.Request{Number: 7}) })
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		already, told := errors.AsType[*publish.Already](err)
		switch {
		case err == nil:
			won++
		case !told || already.By != "Ines" || already.At.IsZero() || !errors.Is(err, newsletter.ErrConflict):
			t.Errorf("a loser was told %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d of 8 published", won)
	}
}

func TestWhoIsLateIsToldWhoPublished(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	ines := curator(t, store)
	draft(t, store, ines, 7)
	osman := newsletter.User{ID: ines.ID, Name: "Osman", Role: newsletter.Owner}
	if _, err := publish.Publish(t.Context(), store, osman, publish.Request{Number: 7}); err != nil {
		t.Fatal(err)
	}
	_, err := publish.Publish(t.Context(), store, ines, publish.Request{Number: 7})
	if already, told := errors.AsType[*publish.Already](err); !told || already.By != "Osman" {
		t.Errorf("whoever was late was told %v, and Osman published", err)
	}
}

func TestPublishRefusesWhatNobodySaw(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	ids := draft(t, store, by, 7)
	seen := publish.Fingerprint(board(t, store, 7))
	item, err := store.DeskItem(t.Context(), ids[1])
	if err != nil {
		t.Fatal(err)
	}
	item.Note = "Something else entirely."
	if _, err := store.SaveItem(t.Context(), by, ids[1], item.Version, item.Item, publish.LinksOf); err != nil {
		t.Fatal(err)
	}
	_, err = publish.Publish(t.Context(), store, by, publish.Request{Number: 7, Fingerprint: seen})
	if _, ok := errors.AsType[*publish.Changed](err); !ok {
		t.Errorf("publishing returned %v, want Changed", err)
	}
	if state := board(t, store, 7).State; state != newsletter.Draft {
		t.Errorf("the issue is %s", state)
	}
}

func TestBlockersWantAnOverrideInWriting(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	now, err := store.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := store.CreateIssue(t.Context(), by, newsletter.Issue{Number: 9, Date: newsletter.DateOf(now)}, ""); err != nil {
		t.Fatal(err)
	}
	_, err = publish.Publish(t.Context(), store, by, publish.Request{Number: 9, Override: " \n"})
	notReady, ok := errors.AsType[*publish.NotReady](err)
	if !ok || len(notReady.Blockers) != 1 || !strings.Contains(notReady.Blockers[0].Sentence, "no items") {
		t.Fatalf("an empty issue returned %v", err)
	}
	if _, err := publish.Publish(t.Context(), store, by, publish.Request{Number: 9, Override: "a silent week"}); err != nil {
		t.Fatal(err)
	}
	deeds, err := store.Deeds(t.Context(), 1)
	if err != nil || !strings.Contains(deeds[0].Object, "a silent week") {
		t.Errorf("the override is not in the audit: %+v (%v)", deeds[0], err)
	}
}

func TestPublishIsForCurators(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	draft(t, store, curator(t, store), 7)
	for _, role := range []newsletter.Role{newsletter.Contributor, newsletter.Editor} {
		_, err := publish.Publish(t.Context(), store, person(t, store, "Wren "+string(role), role), publish.Request{Number: 7})
		if !errors.Is(err, newsletter.ErrForbidden) {
			t.Errorf("a %s got %v", role, err)
		}
	}
	if _, err := publish.Publish(t.Context(), store, person(t, store, "Maud", newsletter.Curator), publish.Request{Number: 8}); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("an issue that is not there: %v", err)
	}
}

// TestTextThatCannotBePrinted shows that a failure leaves the draft as it was.
func TestTextThatCannotBePrinted(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	draft(t, store, by, 7)
	_, err := store.CreateItem(t.Context(), by, newsletter.Item{Note: strings.Repeat(">", 5000)},
		&postgres.Target{Issue: 7, Section: "News", After: postgres.Last}, "", publish.LinksOf)
	if err != nil {
		t.Fatal(err)
	}
	before := publish.Fingerprint(board(t, store, 7))
	_, err = publish.Publish(t.Context(), store, by, publish.Request{Number: 7})
	if invalid, ok := errors.AsType[newsletter.Invalid](err); !ok || invalid[0].Field != "7.4" {
		t.Errorf("publishing returned %v", err)
	}
	if publish.Fingerprint(board(t, store, 7)) != before {
		t.Error("the draft is not what it was")
	}
}

// person adds a person of a role and returns who they are.
func person(t *testing.T, store *postgres.Store, name string, role newsletter.Role) newsletter.User {
	t.Helper()
	u := newsletter.User{Name: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@letter.example", Role: role}
	id, err := store.AddUser(t.Context(), u, "")
	if err != nil {
		t.Fatal(err)
	}
	u.ID = id
	return u
}
