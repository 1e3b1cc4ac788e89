package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

func TestSavedWordsComeBackWithANewVersion(t *testing.T) {
	d := newDesk(t)
	id := d.item(t, d.tove, "gulls", nil)
	inNote := func(string) []newsletter.Link { return []newsletter.Link{{URL: "https://inside.example/"}} }
	item := words("terns")
	item.Links = append(item.Links, newsletter.Link{URL: "https://two.example/", Text: "Two"})
	version, err := d.SaveItem(t.Context(), d.emil, id, 1, item, inNote)
	if err != nil || version != 2 {
		t.Fatalf("saved as version %d (%v), want 2", version, err)
	}
	got := d.get(t, id)
	if got.Title != "terns" || len(got.Links) != 2 || got.Links[1].Text != "Two" || got.Version != 2 || got.ChangedBy != "Emil" || got.SubmittedBy != "Tove" {
		t.Errorf("it came back as %+v", got)
	}
	found, err := d.Occurrences(t.Context(), []string{"https://inside.example", "https://gulls.example/"}, 0)
	if err != nil || len(found["https://inside.example"]) != 1 || len(found["https://gulls.example/"]) != 0 {
		t.Errorf("its links are found as %v (%v)", found, err)
	}
}

func TestOlderWordsAreRefusedWithTheNewerOnes(t *testing.T) {
	d := newDesk(t)
	id := d.item(t, d.tove, "gulls", nil)
	_, err := d.SaveItem(t.Context(), d.emil, id, 1, words("terns"), noLinks)
	must(t, err)
	_, err = d.SaveItem(t.Context(), d.ines, id, 1, words("auks"), noLinks)
	conflict, is := errors.AsType[*postgres.ItemConflict](err)
	if !is || !errors.Is(err, newsletter.ErrConflict) || !contains(err, "Emil changed the item") {
		t.Fatalf("an older version returned %v", err)
	}
	if conflict.Theirs.Title != "terns" || conflict.Theirs.Version != 2 || len(conflict.Theirs.Links) != 1 {
		t.Errorf("their text is %+v", conflict.Theirs)
	}
	if got := d.get(t, id); got.Title != "terns" {
		t.Errorf("the item says %q", got.Title)
	}
	version, err := d.SaveItem(t.Context(), d.ines, id, conflict.Theirs.Version, words("auks"), noLinks)
	if err != nil || version != 3 {
		t.Errorf("saving over what was seen made version %d (%v)", version, err)
	}
}

func TestSameWordsAreNoChange(t *testing.T) {
	d := newDesk(t)
	id := d.item(t, d.tove, "gulls", nil)
	_, err := d.SaveItem(t.Context(), d.emil, id, 1, words("terns"), noLinks)
	must(t, err)
	deeds := d.count(t, "SELECT count(*) FROM audit")
	version, err := d.SaveItem(t.Context(), d.ines, id, 1, words("terns"), noLinks)
	if err != nil || version != 2 {
		t.Errorf("the same words from an older version made version %d (%v), want 2", version, err)
	}
	if got := d.get(t, id); got.ChangedBy != "Emil" || d.count(t, "SELECT count(*) FROM audit") != deeds {
		t.Errorf("the same words count as %s's change", got.ChangedBy)
	}
}

func TestMergedItemKeepsWordsAndSenders(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	d.place(t, 412, "News", "a b c")
	into, from := d.item(t, d.tove, "gulls", nil), d.id(t, "b")
	other := d.item(t, d.ines, "auks", nil)
	merged := words("gulls and terns")
	must(t, d.MergeItems(t.Context(), d.emil, from, other, 1, 1, words("b"), noLinks)) // b is also by Ines
	must(t, d.MergeItems(t.Context(), d.emil, into, from, 1, 3, merged, noLinks))
	got := d.get(t, into)
	if got.Title != merged.Title || got.Version != 5 || got.SubmittedBy != "Tove" || len(got.AlsoBy) != 2 || got.AlsoBy[0] != "Emil" || got.AlsoBy[1] != "Ines" {
		t.Errorf("merged as %+v", got)
	}
	if _, err := d.DeskItem(t.Context(), from); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the other item is still there (%v)", err)
	}
	if got, want := d.layout(t, 412), "News: a c"; got != want {
		t.Errorf("the board is %q, want %q", got, want)
	}
	deeds, err := d.Deeds(t.Context(), 1)
	must(t, err)
	if deeds[0].Action != "merge items" || !strings.Contains(deeds[0].Object, ": b into ") || !strings.Contains(deeds[0].Object, merged.Title) {
		t.Errorf("recorded as %+v", deeds[0])
	}
}

func TestMergingLosesNobodysWords(t *testing.T) {
	d := newDesk(t)
	a, b := d.item(t, d.tove, "a", nil), d.item(t, d.tove, "b", nil)
	_, err := d.SaveItem(t.Context(), d.emil, b, 1, words("newer"), noLinks)
	must(t, err)
	for _, c := range []struct{ into, from int64 }{{a, b}, {b, a}} {
		err := d.MergeItems(t.Context(), d.ines, c.into, c.from, 1, 1, words("both"), noLinks)
		conflict, is := errors.AsType[*postgres.ItemConflict](err)
		if !is || conflict.Theirs.Title != "newer" {
			t.Errorf("merging %d into %d returned %v, want the newer words", c.from, c.into, err)
		}
	}
	wantInvalid(t, d.MergeItems(t.Context(), d.ines, a, a, 1, 1, words("a"), noLinks), "from", "same item")
	if err := d.MergeItems(t.Context(), d.ines, a, b+1, 1, 1, words("a"), noLinks); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("merging with no item returned %v", err)
	}
	if n := d.count(t, "SELECT count(*) FROM items"); n != 2 {
		t.Errorf("%d items are left of 2", n)
	}
}
