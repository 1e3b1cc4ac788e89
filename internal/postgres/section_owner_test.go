package postgres_test

import (
	"errors"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// work returns the owner's name and the progress of a section, "Emil open".
func (d *desk) work(t *testing.T, number int, title string) string {
	t.Helper()
	for _, s := range d.board(t, number).Sections {
		if s.Title == title {
			return s.Owner + " " + string(s.Progress)
		}
	}
	t.Fatalf("issue %d has no section %s", number, title)
	return ""
}

func TestSectionsHaveOwners(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 7)
	news := d.section(t, 7, "News")
	own := func(by, owner newsletter.User) error { return d.OwnSection(t.Context(), by, 7, news, owner.ID) }
	must(t, own(d.emil, d.emil))
	must(t, own(d.ines, d.emil)) // the same again
	if got := d.work(t, 7, "News"); got != "Emil open" {
		t.Errorf("News is %q", got)
	}
	must(t, own(d.ines, d.ines))
	deeds, err := d.Deeds(t.Context(), 1)
	must(t, err)
	if deeds[0].Object != "News in 7, to Ines" || deeds[1].Object != "News in 7, to Emil" || deeds[1].Actor != "Emil" || deeds[2].Action == "give section" {
		t.Errorf("the audit says %v", deeds[:3])
	}
	wantInvalid(t, own(d.emil, d.tove), "owner", "may arrange")
	wantInvalid(t, own(d.emil, newsletter.User{ID: 999999}), "owner", "may arrange")
	if err := own(d.tove, d.emil); !errors.Is(err, newsletter.ErrForbidden) {
		t.Errorf("a contributor gives a section away: %v", err)
	}
	if err := d.OwnSection(t.Context(), d.emil, 7, 999999, d.emil.ID); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("no section: %v", err)
	}
	must(t, d.Disable(t.Context(), d.ines.ID))
	if got := d.work(t, 7, "News"); got != " open" {
		t.Errorf("with its owner disabled News is %q", got)
	}
	wantInvalid(t, own(d.emil, d.ines), "owner", "may arrange")
	must(t, own(d.emil, newsletter.User{}))
	must(t, d.Enable(t.Context(), d.ines.ID))
	if got := d.work(t, 7, "News"); got != " open" {
		t.Errorf("given to nobody News is %q", got)
	}
	must(t, own(d.emil, d.osman))
	if _, err := d.pool.Exec(t.Context(), "DELETE FROM people WHERE id = $1", d.osman.ID); err != nil {
		t.Errorf("an owner cannot be deleted: %v", err)
	}
	if got := d.work(t, 7, "News"); got != " open" {
		t.Errorf("with its owner deleted News is %q", got)
	}
}

func TestSectionsAreReadyOrSkipped(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 7)
	d.place(t, 7, "News", "gulls terns")
	mark := func(section string, progress newsletter.Progress) error {
		return d.MarkSection(t.Context(), d.emil, 7, d.section(t, 7, section), progress)
	}
	must(t, mark("News", newsletter.SectionReady))
	wantInvalid(t, mark("News", newsletter.SectionSkipped), "section", "holds 2 items")
	wantInvalid(t, mark("News", "late"), "progress", "neither")
	if got := d.work(t, 7, "News"); got != " ready" {
		t.Errorf("News is %q", got)
	}
	to := &postgres.Target{Issue: 7, Section: "Tools", After: postgres.Last}
	for name, come := range map[string]func(){
		"created": func() { d.item(t, d.emil, "created", to) },
		"moved":   func() { must(t, d.MoveItem(t.Context(), d.emil, d.id(t, "gulls"), *to, 0)) },
		"sorted": func() {
			left, err := d.MoveItems(t.Context(), d.emil, []int64{d.item(t, d.tove, "sorted", nil)}, *to, 0)
			wantLeft(t, left, err)
		},
		"brought back": func() {
			d.item(t, d.emil, "back", to)
			before := d.orders(t, 7)[0].Version
			must(t, d.MoveItem(t.Context(), d.emil, d.id(t, "back"), at(7, "News"), 0))
			must(t, mark("Tools", newsletter.SectionSkipped))
			must(t, d.RestoreOrder(t.Context(), d.emil, 7, before, d.order(t)))
		},
		"stepped": func() { must(t, d.StepItem(t.Context(), d.emil, d.id(t, "terns"), false, 0)) },
	} {
		for _, section := range []string{"Tools", "Events"} {
			for _, item := range d.itemsOf(t, 7, section) {
				must(t, d.Restore(t.Context(), d.emil, item))
			}
			must(t, mark(section, newsletter.SectionSkipped))
		}
		come()
		tools, events := d.work(t, 7, "Tools"), d.work(t, 7, "Events")
		if (tools == " open") == (events == " open") {
			t.Errorf("%s: after an item has come Tools is %q and Events %q", name, tools, events)
		}
	}
	if err := d.MarkSection(t.Context(), d.tove, 7, d.section(t, 7, "News"), newsletter.SectionOpen); !errors.Is(err, newsletter.ErrForbidden) {
		t.Errorf("a contributor marks a section: %v", err)
	}
}

// itemsOf returns the ids of a section's items.
func (d *desk) itemsOf(t *testing.T, number int, title string) (ids []int64) {
	t.Helper()
	for _, s := range d.board(t, number).Sections {
		for _, item := range s.Items {
			if s.Title == title {
				ids = append(ids, item.ID)
			}
		}
	}
	return ids
}

// TestNewIssueProposesTheOwners opens issues after others.
func TestNewIssueProposesTheOwners(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 7)
	own := func(number int, section string, owner newsletter.User) {
		t.Helper()
		must(t, d.OwnSection(t.Context(), d.osman, number, d.section(t, number, section), owner.ID))
	}
	own(7, "News", d.emil)
	own(7, "Tools", d.ines)
	own(7, "Events", d.emil)
	must(t, d.MarkSection(t.Context(), d.emil, 7, d.section(t, 7, "News"), newsletter.SectionReady))
	d.issue(t, 8)
	if d.work(t, 8, "News") != "Emil open" || d.work(t, 8, "Tools") != "Ines open" || d.work(t, 8, "Jobs") != " open" {
		t.Errorf("8 begins with %q, %q and %q", d.work(t, 8, "News"), d.work(t, 8, "Tools"), d.work(t, 8, "Jobs"))
	}
	own(8, "News", newsletter.User{})
	must(t, d.RemoveSection(t.Context(), d.emil, 8, d.section(t, 8, "Events"), 0))
	must(t, d.SetRole(t.Context(), d.ines.ID, newsletter.Contributor))
	d.issue(t, 10)
	if d.work(t, 10, "News") != " open" || d.work(t, 10, "Tools") != " open" || d.work(t, 10, "Events") != "Emil open" {
		t.Errorf("10 begins with %q, %q and %q", d.work(t, 10, "News"), d.work(t, 10, "Tools"), d.work(t, 10, "Events"))
	}
	must(t, d.SetRole(t.Context(), d.ines.ID, newsletter.Curator))
	if got := d.work(t, 10, "Tools"); got != " open" {
		t.Errorf("Tools of 10 went to somebody who might not arrange then: %q", got)
	}
	d.issue(t, 6)
	if got := d.work(t, 6, "News"); got != " open" {
		t.Errorf("before 7, News of 6 is %q", got)
	}
}
