package postgres_test

import (
	"errors"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

func TestTriageLeavesTheSection(t *testing.T) {
	d := weekend(t)
	must(t, d.Decline(t.Context(), d.emil, d.id(t, "a"), "ran before", "Thank you, but we had it."))
	must(t, d.Hold(t.Context(), d.emil, d.id(t, "b")))
	must(t, d.Restore(t.Context(), d.emil, d.id(t, "d")))
	must(t, d.Hold(t.Context(), d.emil, d.id(t, "g")))
	if got, want := d.layout(t, 412), "News: c; Tools: e"; got != want {
		t.Errorf("the board is %q, want %q", got, want)
	}
	for title, want := range map[string]newsletter.ItemState{"a": "declined", "b": "held", "d": "inbox", "g": "held"} {
		got := d.get(t, d.id(t, title))
		if got.State != want || got.Issue != 0 || got.Section != "" || got.Position != 0 || got.ChangedBy != "Emil" {
			t.Errorf("%s is %s at %s %d of issue %d, changed by %s; want %s", title, got.State, got.Section, got.Position, got.Issue, got.ChangedBy, want)
		}
	}
	if a := d.get(t, d.id(t, "a")); a.Reason != "ran before" || a.Reply != "Thank you, but we had it." {
		t.Errorf("declined with %q and %q", a.Reason, a.Reply)
	}
	must(t, d.Restore(t.Context(), d.emil, d.id(t, "a")))
	if a := d.get(t, d.id(t, "a")); a.State != newsletter.Inbox || a.Reason != "" || a.Reply != "" {
		t.Errorf("restored, it is %s with %q and %q", a.State, a.Reason, a.Reply)
	}
}

func TestTriageTwiceIsNoChange(t *testing.T) {
	d := weekend(t)
	g := d.id(t, "g")
	for name, do := range map[string]func() error{
		"decline": func() error { return d.Decline(t.Context(), d.emil, g, "no", "sorry") },
		"hold":    func() error { return d.Hold(t.Context(), d.emil, g) },
		"restore": func() error { return d.Restore(t.Context(), d.emil, g) },
	} {
		must(t, d.MoveItem(t.Context(), d.ines, g, postgres.Target{Issue: 412, Section: "Jobs"}, d.order(t)))
		must(t, do())
		before, deeds := d.get(t, g), d.count(t, "SELECT count(*) FROM audit")
		must(t, do())
		if after := d.get(t, g); after.Moved != before.Moved || !after.ChangedAt.Equal(before.ChangedAt) || d.count(t, "SELECT count(*) FROM audit") != deeds {
			t.Errorf("%s twice made %+v of %+v", name, after, before)
		}
	}
	must(t, d.Decline(t.Context(), d.emil, g, "no", "sorry"))
	must(t, d.Decline(t.Context(), d.ines, g, "ran before", ""))
	if got := d.get(t, g); got.State != newsletter.Declined || got.Reason != "ran before" || got.Reply != "" {
		t.Errorf("declined again, it is %s with %q and %q", got.State, got.Reason, got.Reply)
	}
	if err := d.Hold(t.Context(), d.emil, g+1); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("holding no item returned %v", err)
	}
}
