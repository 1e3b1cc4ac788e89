package postgres_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// did returns what was done to an issue, newest first, without its beginning.
func (d *desk) did(t *testing.T, number int) (list []string) {
	t.Helper()
	deeds, err := d.IssueDeeds(t.Context(), d.board(t, number).ID, 1)
	must(t, err)
	for _, deed := range deeds {
		if deed.Action != "submit item" && deed.Action != "create issue" {
			list = append(list, deed.Actor+", "+deed.Action+", "+deed.Object)
		}
	}
	return list
}

// TestAnIssueKnowsItsBlueNotes writes and finishes notes on an issue, its
// section and its item: all of it is among what was done to the issue.
func TestAnIssueKnowsItsBlueNotes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	item, _ := d.onAll(t)
	for _, note := range d.board(t, 7).BlueNotes {
		_, err := d.FinishBlueNote(t.Context(), d.ines, note.ID, true)
		must(t, err)
	}
	d.remark(t, d.emil, postgres.Remarked{Item: d.item(t, d.tove, "loose", nil)}, "elsewhere")
	var want []string
	for _, note := range d.board(t, 7).BlueNotes {
		want = append([]string{fmt.Sprintf("Ines, finish blue note, %d, by Emil", note.ID)}, want...)
	}
	want = append(want, fmt.Sprintf("Emil, write blue note, %d: gulls", item), "Emil, write blue note, News in 7", "Emil, write blue note, 7")
	if diff := cmp.Diff(want, d.did(t, 7)[:6]); diff != "" {
		t.Error(diff)
	}
	if n := d.count(t, fmt.Sprintf("SELECT count(*) FROM audit WHERE action LIKE '%%blue note' AND item_id = %d", item)); n != 2 {
		t.Errorf("%d deeds concern the note on item %d, want 2", n, item)
	}
}

// TestSortingConcernsItsIssueAlone sorts items of which one has been placed
// meanwhile: its issue has nothing to do with what is done to the others.
func TestSortingConcernsItsIssueAlone(t *testing.T) {
	t.Parallel()
	d := weekend(t)
	ids := d.waiting(t, "p", "q")
	before := len(d.did(t, 413))
	left, err := d.TriageItems(t.Context(), d.emil, append(ids, d.id(t, "f")), postgres.Triage{State: newsletter.Held}, 0)
	wantLeft(t, left, err, d.id(t, "f"))
	left, err = d.MoveItems(t.Context(), d.emil, append(ids, d.id(t, "f")), endOf(412, "News"), 0)
	wantLeft(t, left, err, d.id(t, "f"))
	if deeds := d.did(t, 413); len(deeds) != before {
		t.Errorf("413 is said to have: %q", deeds)
	}
	if deeds := d.did(t, 412); deeds[0] != fmt.Sprintf("Emil, move item, %d: q, to News in 412", ids[1]) {
		t.Errorf("412 is said to have: %q", deeds)
	}
}
