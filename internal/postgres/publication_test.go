package postgres_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
)

func TestNewDatabaseHasAPublicationWithTheUsualSections(t *testing.T) {
	store := fill(t)
	p, err := store.Publication(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Validate(); err != nil {
		t.Errorf("the first publication is not valid: %v", err)
	}
	if diff := cmp.Diff(newslettertest.Publication().Sections, p.Sections, anyID); diff != "" {
		t.Error(diff)
	}
	if untouched, err := store.Untouched(t.Context()); err != nil || !untouched {
		t.Errorf("a new publication counts as set up (%v)", err)
	}
}

func TestPublicationComesBackAsItWasSaved(t *testing.T) {
	store := fill(t)
	want := newslettertest.Publication()
	if err := store.SavePublication(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got, err := store.Publication(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, anyID); diff != "" {
		t.Error(diff)
	}
	if untouched, err := store.Untouched(t.Context()); err != nil || untouched {
		t.Errorf("a saved publication counts as untouched (%v)", err)
	}
}

func TestChangedDefaultSectionsChangeNoIssue(t *testing.T) {
	store := fill(t, newslettertest.Issue(100))
	want, err := store.Issue(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	p := newslettertest.Publication()
	p.Sections = []newsletter.StandingSection{ // turned round, one renamed in spelling, one new, two gone
		{Title: "Books", Kind: newsletter.KindLinks}, {Title: "NEWS", Kind: newsletter.KindLinks}, {Title: "Sponsor", Kind: newsletter.KindSponsor},
	}
	if err := store.SavePublication(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	got, err := store.Issue(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	want.Sections[1].Of = "NEWS" // as it is spelt now
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if after, err := store.Publication(t.Context()); err != nil || !cmp.Equal(after.Sections, p.Sections, anyID) {
		t.Errorf("default sections are %v (%v), want %v", after.Sections, err, p.Sections)
	}
}

func TestAnotherLanguageIsSearchedByItsOwnDictionary(t *testing.T) {
	issue := newslettertest.Issue(100)
	issue.Sections[1].Items[0].Note = "Die Leuchttürme stehen noch."
	store := fill(t, issue)
	found := func() int {
		results, err := store.Search(t.Context(), postgres.Query{Words: "leuchttürmen"})
		if err != nil {
			t.Fatal(err)
		}
		return results.Total
	}
	if n := found(); n != 0 {
		t.Fatalf("English finds %d Leuchttürme by many Leuchttürmen", n)
	}
	p := newslettertest.Publication()
	p.Language = "de-AT"
	if err := store.SavePublication(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if n := found(); n != 1 {
		t.Errorf("German finds %d Leuchttürme by many Leuchttürmen, want 1", n)
	}
}

func TestRedirects(t *testing.T) {
	store := fill(t)
	old := newsletter.Redirect{From: "/2013/issue.html?page=1", To: "/issues/139"}
	for _, want := range []bool{true, false} {
		if added, err := store.AddRedirect(t.Context(), old); err != nil || added != want {
			t.Errorf("adding it returned %v, %v; want %v", added, err, want)
		}
	}
	other := old
	other.To = "/issues/140"
	if _, err := store.AddRedirect(t.Context(), other); !errors.Is(err, newsletter.ErrConflict) {
		t.Errorf("a second target returned %v, want ErrConflict", err)
	}
	if r, err := store.Redirect(t.Context(), old.From); err != nil || r.To != old.To {
		t.Errorf("leads to %q (%v), want %q", r.To, err, old.To)
	}
	if _, err := store.Redirect(t.Context(), "/2013/issue.html"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("an address without its query returned %v, want ErrNotFound", err)
	}
	if all, err := store.Redirects(t.Context()); err != nil || !cmp.Equal(all, []newsletter.Redirect{old}) {
		t.Errorf("redirects are %v (%v)", all, err)
	}
}

func TestDemoIsMarked(t *testing.T) {
	store := fill(t)
	for _, want := range []bool{false, true} {
		if demo, err := store.Demo(t.Context()); err != nil || demo != want {
			t.Errorf("Demo is %v (%v), want %v", demo, err, want)
		}
		if err := store.MarkDemo(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBlockersComeBackAsTheyWereChosen(t *testing.T) {
	store := fill(t)
	for _, chosen := range [][]newsletter.FindingKind{nil, {}, {newsletter.NoNote}, newsletter.OptionalBlockers} {
		want := newslettertest.Publication()
		want.Blockers = chosen
		if err := store.SavePublication(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		got, err := store.Publication(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Blockers, got.Blockers); diff != "" {
			t.Error(diff)
		}
	}
	wrong := newslettertest.Publication()
	wrong.Blockers = []newsletter.FindingKind{newsletter.NoItems}
	if err := store.SavePublication(t.Context(), wrong); err == nil {
		t.Error("a blocker that is no choice was saved")
	}
}

func TestAccentsComeBackAsTheyWereChosen(t *testing.T) {
	store := fill(t)
	for _, want := range []newsletter.Accent{{}, {Light: "#7A1F5C"}, {Dark: "#f0a8d0"}, {Light: "#000000", Dark: "#FFFFFF"}} {
		p := newslettertest.Publication()
		p.Accent = want
		if err := store.SavePublication(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if got, err := store.Publication(t.Context()); err != nil || got.Accent != want {
			t.Errorf("got %v (%v), want %v", got.Accent, err, want)
		}
	}
	for _, wrong := range []newsletter.Accent{{Light: "red"}, {Dark: "#fff"}, {Light: "#7A1F5C; } a {"}, {Dark: "#7A1F5C\n"}} {
		p := newslettertest.Publication()
		p.Accent = wrong
		if err := store.SavePublication(t.Context(), p); err == nil {
			t.Errorf("%q was saved", wrong)
		}
	}
}
