package postgres_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// TestWhatChangedSinceTheScheduleIsOfOneMoment holds that each deed is given
// what it changed itself: nothing of another, nothing from before, and an order
// that several deeds made together only once.
func TestWhatChangedSinceTheScheduleIsOfOneMoment(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	must(t, d.CreateIssue(t.Context(), d.ines, newsletter.Issue{Number: 7, Date: may2}, ""))
	end := &postgres.Target{Issue: 7, Section: "News", After: postgres.Last}
	gulls := d.item(t, d.emil, "gulls", end)
	_, err := d.SaveItem(t.Context(), d.emil, gulls, 1, words("before"), noLinks)
	must(t, err)
	board := d.board(t, 7)
	must(t, d.AuditOf(t.Context(), d.ines, "schedule issue", "7", postgres.Ref{Issues: []int64{board.ID}}))

	since := func(page int) (lines []string) {
		t.Helper()
		list, err := d.SinceScheduled(t.Context(), board.ID, page)
		must(t, err)
		for _, c := range list {
			line := c.Actor + " " + c.Action
			if c.Item != nil {
				line += fmt.Sprintf(": %s to %s", c.Item.Before.Title, c.Item.After.Title)
			}
			if c.Words != nil {
				line += fmt.Sprintf(": %q to %q", c.Words.Before.Intro, c.Words.After.Intro)
			}
			if c.Order != nil {
				line += fmt.Sprintf(": %d to %d", len(c.Order.Before[1].Items), len(c.Order.After[1].Items))
			}
			lines = append(lines, line)
		}
		return lines
	}
	if got := since(1); got != nil {
		t.Errorf("at once there is %q", got)
	}
	for k, title := range []string{"once", "twice"} {
		_, err := d.SaveItem(t.Context(), d.osman, gulls, 2+k, words(title), noLinks)
		must(t, err)
	}
	must(t, d.SaveIssue(t.Context(), d.ines, 7, 1, newsletter.Issue{Number: 7, Date: may2, Intro: "Fog."}))
	two := []int64{d.item(t, d.emil, "terns", nil), d.item(t, d.emil, "auks", nil)}
	_, err = d.MoveItems(t.Context(), d.ines, two, *end, 0)
	must(t, err)
	want := []string{
		"Ines move item: 1 to 3", "Ines move item", `Ines edit issue: "" to "Fog."`, "Osman edit item: once to twice", "Osman edit item: before to once",
	}
	if diff := cmp.Diff(want, since(1)); diff != "" {
		t.Error(diff)
	}
	if got := since(2); got != nil {
		t.Errorf("on the second page: %q", got)
	}
}
