package postgres_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
)

func TestOccurrences(t *testing.T) {
	d := newDesk(t)
	printed := newslettertest.Issue(100)
	add(t, d.Store, printed)
	withdrawn := newslettertest.Issue(101)
	withdrawn.State = newsletter.Withdrawn
	add(t, d.Store, withdrawn)
	d.issue(t, 412)
	inNote := func(note string) []newsletter.Link {
		if strings.Contains(note, "inside") {
			return []newsletter.Link{{URL: "https://gulls.example/100"}, {URL: "https://gulls.example/100/?utm_source=x"}}
		}
		return nil
	}
	create := func(by newsletter.User, item newsletter.Item, to *postgres.Target) int64 {
		id, err := d.CreateItem(t.Context(), by, item, to, "", inNote)
		must(t, err)
		return id
	}
	drafted := create(d.emil, newsletter.Item{Note: "It stands inside.", Sponsored: true}, new(at(412, "Tools")))
	declined := create(d.tove, newsletter.Item{Links: []newsletter.Link{{URL: "https://GULLS.example/100#top"}}}, nil)
	must(t, d.Decline(t.Context(), d.emil, declined, "ran", ""))
	waiting := create(d.tove, newsletter.Item{Title: "Gulls", Links: []newsletter.Link{{URL: "https://gulls.example/100"}}}, nil)

	plain, tracked, other := "https://gulls.example/100", "https://gulls.example/100/?utm_campaign=y#z", "https://gulls.example/101"
	found, err := d.Occurrences(t.Context(), []string{plain, tracked, other, "https://nowhere.example", "no address"}, 0)
	must(t, err)
	var got []string
	for _, o := range found[plain] {
		got = append(got, fmt.Sprint(o.ItemState, " ", o.Issue, o.IssueState, " ", o.Date, " ", o.By, " ", o.Sponsored, " ", o.Title))
	}
	want := []string{
		"inbox 0  Tove false Gulls", "declined 0  Tove false https://GULLS.example/100#top",
		"placed 412draft " + d.board(t, 412).Date.String() + " Emil true It stands inside.",
		"placed 100published 2026-01-04  false A lighthouse keeper counts gulls, volume 100.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(found[plain], found[tracked]); diff != "" {
		t.Errorf("the same address written otherwise:\n%s", diff)
	}
	if marks := []newsletter.Mark{found[plain][0].Mark, found[plain][2].Mark, found[plain][3].Mark, found[other][0].Mark}; !cmp.Equal(marks, []newsletter.Mark{{}, {}, {Issue: 100, Place: 2}, {Issue: 101, Place: 2}}) {
		t.Errorf("the marks are %v", marks)
	}
	if at := found[plain][3].At; !at.Equal(printed.PublishedAt) {
		t.Errorf("it was printed at %s, want %s", at, printed.PublishedAt)
	}
	if len(found) != 3 || found[other][0].IssueState != newsletter.Withdrawn {
		t.Errorf("found %v", found)
	}
	for except, want := range map[int64]int{waiting: 3, drafted: 3, declined: 3, 0: 4} {
		if found, err := d.Occurrences(t.Context(), []string{plain}, except); err != nil || len(found[plain]) != want {
			t.Errorf("without item %d there are %d (%v), want %d", except, len(found[plain]), err, want)
		}
	}
	if found, err := d.Occurrences(t.Context(), nil, 0); err != nil || len(found) != 0 {
		t.Errorf("no address is found as %v (%v)", found, err)
	}
}

func TestIssueLines(t *testing.T) {
	d := newDesk(t)
	if highest, last, err := d.LastIssue(t.Context()); err != nil || highest != 0 || !last.IsZero() {
		t.Errorf("without issues the last is %d of %s (%v)", highest, last, err)
	}
	d = weekend(t)
	add(t, d.Store, newslettertest.Issue(100))
	d.schedule(t, 413)
	lines := func(list []postgres.IssueLine, err error) string {
		must(t, err)
		var words []string
		for _, l := range list {
			words = append(words, fmt.Sprintf("%d %s %s %d items %d sections %v %v", l.Number, l.Date, l.State, l.Items, len(l.Sections), l.ScheduledAt.IsZero(), l.PublishedAt.IsZero()))
		}
		return strings.Join(words, "\n")
	}
	first, second, old := "412 2026-05-21 draft 5 items 5 sections true true", "413 2026-05-22 scheduled 1 items 5 sections false true", "100 2026-01-04 published 5 items 0 sections true false"
	if diff := cmp.Diff(second+"\n"+first+"\n"+old, lines(d.IssueLines(t.Context()))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(first+"\n"+second, lines(d.OpenIssues(t.Context()))); diff != "" {
		t.Error(diff)
	}
	open, err := d.OpenIssues(t.Context())
	must(t, err)
	if want := (postgres.SectionRef{ID: d.section(t, 412, "News"), Title: "News"}); open[0].Sections[1] != want {
		t.Errorf("its sections are %v", open[0].Sections)
	}
	if highest, last, err := d.LastIssue(t.Context()); err != nil || highest != 413 || last != (newsletter.Date{Year: 2026, Month: 5, Day: 22}) {
		t.Errorf("the last is %d of %s (%v)", highest, last, err)
	}
}
