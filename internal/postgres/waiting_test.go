package postgres_test

import (
	"fmt"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// bare makes an item without a note.
func (d *desk) bare(t *testing.T, by newsletter.User, title string, to *postgres.Target) int64 {
	t.Helper()
	item := words(title)
	item.Note = ""
	id, err := d.CreateItem(t.Context(), by, item, to, "", noLinks)
	must(t, err)
	return id
}

// waitsFor writes what waits for somebody.
func (d *desk) waitsFor(t *testing.T, who newsletter.User) string {
	t.Helper()
	sections, err := d.SectionsOf(t.Context(), who.ID)
	must(t, err)
	notes, err := d.BlueNotesTo(t.Context(), who.ID)
	must(t, err)
	items, err := d.UnfinishedOf(t.Context(), who.ID)
	must(t, err)
	var list []string
	for _, s := range sections {
		list = append(list, fmt.Sprintf("%d %s %s %d/%d", s.Issue, s.Title, s.Progress, s.Bare, s.Items))
	}
	for _, n := range notes {
		list = append(list, n.Text)
	}
	for _, i := range items {
		list = append(list, i.Title)
	}
	return strings.Join(list, "; ")
}

func TestWhatWaitsForSomebody(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 7)
	if got := d.waitsFor(t, d.emil); got != "" {
		t.Errorf("at first %s waits", got)
	}
	news := &postgres.Target{Issue: 7, Section: "News", After: postgres.Last}
	must(t, d.OwnSection(t.Context(), d.emil, 7, d.section(t, 7, "News"), d.emil.ID))
	must(t, d.OwnSection(t.Context(), d.emil, 7, d.section(t, 7, "Jobs"), d.emil.ID))
	d.place(t, 7, "News", "gulls")
	d.bare(t, d.ines, "terns", news)
	d.bare(t, d.emil, "spanner", &postgres.Target{Issue: 7, Section: "Tools", After: postgres.Last})
	d.bare(t, d.ines, "others", &postgres.Target{Issue: 7, Section: "Tools", After: postgres.Last})
	d.bare(t, d.emil, "loose", nil)
	on := postgres.Remarked{Issue: 7}
	d.remark(t, d.ines, on, "@emil look")
	d.remark(t, d.ines, on, "@Osman look")
	d.remark(t, d.ines, postgres.Remarked{Item: d.id(t, "loose")}, "@Emil and @Tove")
	const before = "7 News open 1/2; 7 Jobs open 0/0; @emil look; @Emil and @Tove; terns; spanner"
	if got := d.waitsFor(t, d.emil); got != before {
		t.Errorf("%s\nwaits, want\n%s", got, before)
	}
	if got := d.waitsFor(t, d.tove); got != "@Emil and @Tove" {
		t.Errorf("for the contributor %s waits", got)
	}
	_, err := d.FinishBlueNote(t.Context(), d.emil, d.board(t, 7).BlueNotes[0].ID, true)
	must(t, err)
	d.printIssue(t, 7)
	if got := d.waitsFor(t, d.emil); got != "@Emil and @Tove" {
		t.Errorf("after publication %s waits", got)
	}
	if got := d.waitsFor(t, d.osman); got != "" {
		t.Errorf("after publication %s waits for another", got)
	}
}
