package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// notes writes the blue notes of an issue's board as "text (item gulls) done
// Emil; …", in order.
func (d *desk) notes(t *testing.T, number int) string {
	t.Helper()
	var list []string
	for _, n := range d.board(t, number).BlueNotes {
		on := fmt.Sprintf("issue %d", n.Issue)
		switch {
		case n.ItemID != 0:
			on = "item " + n.Title
		case n.SectionID != 0:
			on = "section " + n.Title
		}
		line := fmt.Sprintf("%s (%s)", n.Text, on)
		if n.DoneAt != nil {
			line += " done " + n.DoneBy
		}
		list = append(list, line)
	}
	return strings.Join(list, "; ")
}

func (d *desk) remark(t *testing.T, by newsletter.User, on postgres.Remarked, text string) {
	t.Helper()
	must(t, d.AddBlueNote(t.Context(), by, on, text, ""))
}

// onAll remarks on an issue, its section News and an item there.
func (d *desk) onAll(t *testing.T) (item, section int64) {
	t.Helper()
	d.issue(t, 7)
	d.place(t, 7, "News", "gulls")
	item, section = d.id(t, "gulls"), d.section(t, 7, "News")
	d.remark(t, d.emil, postgres.Remarked{Issue: 7}, "whole")
	d.remark(t, d.emil, postgres.Remarked{Issue: 7, Section: section}, "part")
	d.remark(t, d.emil, postgres.Remarked{Item: item}, "gulls?")
	return item, section
}

func TestBlueNotesStandWhereTheyWereWritten(t *testing.T) {
	d := newDesk(t)
	item, section := d.onAll(t)
	d.issue(t, 8)
	if got := d.notes(t, 7); got != "whole (issue 7); part (section News); gulls? (item gulls)" {
		t.Errorf("on 7: %s", got)
	}
	if got := d.notes(t, 8); got != "" || d.get(t, item).BlueNotes != 1 {
		t.Errorf("on 8: %s; on the item %d", got, d.get(t, item).BlueNotes)
	}
	must(t, d.MoveItem(t.Context(), d.emil, item, postgres.Target{Issue: 8, Section: "Tools"}, 0))
	if got := d.notes(t, 8); got != "gulls? (item gulls)" {
		t.Errorf("moved to 8: %s", got)
	}
	must(t, d.RemoveSection(t.Context(), d.emil, 7, section, 0))
	if got := d.notes(t, 7); got != "whole (issue 7); part (issue 7)" {
		t.Errorf("without News: %s", got)
	}
	d.place(t, 7, "Tools", "terns")
	must(t, d.MergeItems(t.Context(), d.emil, d.id(t, "terns"), item, 1, 1, words("both"), noLinks))
	if got := d.notes(t, 7); got != "whole (issue 7); part (issue 7); gulls? (item both)" {
		t.Errorf("merged: %s", got)
	}
	tools := d.section(t, 7, "Tools")
	d.remark(t, d.emil, postgres.Remarked{Issue: 7, Section: tools}, "tools")
	must(t, d.DiscardIssue(t.Context(), d.ines, 7))
	if left := d.count(t, "SELECT count(*) FROM blue_notes"); left != 1 {
		t.Errorf("%d blue notes are left of the discarded issue, want its item's", left)
	}
	if notes, err := d.BlueNotesOn(t.Context(), d.id(t, "both")); err != nil || len(notes) != 1 || notes[0].By != "Emil" {
		t.Errorf("on the item in the inbox: %v %v", notes, err)
	}
}

func TestBlueNotesAreDoneAndOpenedAgain(t *testing.T) {
	d := newDesk(t)
	item, _ := d.onAll(t)
	note := d.board(t, 7).BlueNotes[2]
	finish := func(by newsletter.User, done bool) error {
		_, err := d.FinishBlueNote(t.Context(), by, note.ID, done)
		return err
	}
	must(t, finish(d.ines, true))
	must(t, finish(d.osman, true)) // done already
	if got := d.notes(t, 7); !strings.HasSuffix(got, "(item gulls) done Ines") || d.get(t, item).BlueNotes != 0 {
		t.Errorf("done: %s, and the item counts %d", got, d.get(t, item).BlueNotes)
	}
	must(t, finish(d.emil, false))
	if got := d.notes(t, 7); strings.Contains(got, "done") {
		t.Errorf("opened again: %s", got)
	}
	if err := finish(d.tove, true); !errors.Is(err, newsletter.ErrForbidden) {
		t.Errorf("a contributor finishes a note: %v", err)
	}
	if _, err := d.FinishBlueNote(t.Context(), d.emil, 999999, true); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("no such note: %v", err)
	}
	deeds, err := d.Deeds(t.Context(), 1)
	must(t, err)
	if deeds[0].Action != "open blue note" || deeds[1].Action != "finish blue note" || deeds[1].Actor != "Ines" || deeds[2].Action != "write blue note" {
		t.Errorf("the audit says %v", deeds[:3])
	}
}

func TestWhoMayRemark(t *testing.T) {
	d := newDesk(t)
	item, section := d.onAll(t)
	mine, others := d.item(t, d.tove, "mine", nil), d.item(t, d.emil, "others", nil)
	remark := func(by newsletter.User, on postgres.Remarked) error {
		return d.AddBlueNote(t.Context(), by, on, "words", "")
	}
	must(t, remark(d.tove, postgres.Remarked{Item: mine}))
	for _, on := range []postgres.Remarked{{Item: others}, {Item: item}, {Issue: 7}, {Issue: 7, Section: section}} {
		if err := remark(d.tove, on); !errors.Is(err, newsletter.ErrForbidden) {
			t.Errorf("a contributor on %+v: %v", on, err)
		}
	}
	for _, on := range []postgres.Remarked{{Item: 999999}, {Issue: 999}, {Issue: 7, Section: 999999}, {Issue: 999, Section: section}} {
		if err := remark(d.emil, on); !errors.Is(err, newsletter.ErrNotFound) {
			t.Errorf("%+v: %v", on, err)
		}
	}
	note := d.board(t, 7).BlueNotes[0].ID
	d.schedule(t, 7)
	must(t, remark(d.emil, postgres.Remarked{Issue: 7}))
	d.printIssue(t, 7)
	for _, on := range []postgres.Remarked{{Item: item}, {Issue: 7}, {Issue: 7, Section: section}} {
		if err := remark(d.osman, on); !errors.Is(err, newsletter.ErrForbidden) {
			t.Errorf("the owner on the printed %+v: %v", on, err)
		}
	}
	if _, err := d.FinishBlueNote(t.Context(), d.osman, note, true); !errors.Is(err, newsletter.ErrForbidden) {
		t.Errorf("the owner finishes a note on a printed issue: %v", err)
	}
}

func TestBlueNoteOfAFormIsWrittenOnce(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 7)
	d.issue(t, 8)
	add := func(by newsletter.User, issue int, text, key string) {
		t.Helper()
		must(t, d.AddBlueNote(t.Context(), by, postgres.Remarked{Issue: issue}, text, key))
	}
	for range 2 {
		add(d.emil, 7, "@Ines once", "k")
	}
	add(d.emil, 7, "other words", "k")
	add(d.emil, 8, "@Ines once", "k")
	add(d.ines, 7, "@Ines once", "k")
	for range 2 {
		add(d.emil, 7, "no key", "")
	}
	if got := d.notes(t, 7); got != "@Ines once (issue 7); other words (issue 7); @Ines once (issue 7); no key (issue 7); no key (issue 7)" || d.notes(t, 8) == "" {
		t.Errorf("on 7: %s; on 8: %s", got, d.notes(t, 8))
	}
}

func TestBlueNoteConstraints(t *testing.T) {
	d := newDesk(t)
	item, section := d.onAll(t)
	issue := d.board(t, 7).ID
	for name, sql := range map[string]string{
		"on nothing":    "INSERT INTO blue_notes (text, by_name) VALUES ('x', 'Emil')",
		"on two":        fmt.Sprintf("INSERT INTO blue_notes (issue_id, item_id, text, by_name) VALUES (%d, %d, 'x', 'Emil')", issue, item),
		"blank":         fmt.Sprintf("INSERT INTO blue_notes (section_id, text, by_name) VALUES (%d, E' \\n', 'Emil')", section),
		"too long":      fmt.Sprintf("INSERT INTO blue_notes (issue_id, text, by_name) VALUES (%d, repeat('é', 2001), 'Emil')", issue),
		"by nobody":     fmt.Sprintf("INSERT INTO blue_notes (issue_id, text, by_name) VALUES (%d, 'x', '')", issue),
		"done by ghost": "UPDATE blue_notes SET done_at = now()",
	} {
		if _, err := d.pool.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s: the schema takes it", name)
		}
	}
}

// TestNoBlueNoteIsLostWithWhatItIsOn writes blue notes on a section and on an
// item while the one is removed and the other merged away.
func TestNoBlueNoteIsLostWithWhatItIsOn(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 7)
	gone, stays := d.item(t, d.emil, "gone", nil), d.item(t, d.emil, "stays", nil)
	tools := d.section(t, 7, "Tools")
	var kept atomic.Int64
	var at sync.WaitGroup
	for _, on := range []postgres.Remarked{{Item: gone}, {Issue: 7, Section: tools}} {
		for k := range 10 {
			at.Go(func() {
				err := d.AddBlueNote(t.Context(), d.emil, on, fmt.Sprint("note ", k), "")
				if err == nil {
					kept.Add(1)
				} else if !errors.Is(err, newsletter.ErrNotFound) {
					t.Error(err)
				}
			})
		}
	}
	at.Go(func() {
		if err := d.MergeItems(t.Context(), d.emil, stays, gone, 1, 1, words("stays"), noLinks); err != nil {
			t.Error(err)
		}
	})
	at.Go(func() {
		if err := d.RemoveSection(t.Context(), d.emil, 7, tools, 0); err != nil {
			t.Error(err)
		}
	})
	at.Wait()
	if n := d.count(t, "SELECT count(*) FROM blue_notes"); int64(n) != kept.Load() {
		t.Errorf("%d blue notes are there, %d were kept", n, kept.Load())
	}
}
