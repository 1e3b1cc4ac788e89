package postgres_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// said writes an item's versions, newest first, as "2 Emil: title/note/links".
func (d *desk) said(t *testing.T, id int64) []string {
	t.Helper()
	versions, err := d.ItemVersions(t.Context(), id, 1)
	must(t, err)
	var lines []string
	for _, v := range versions {
		lines = append(lines, fmt.Sprintf("%d %s: %s/%s/%d", v.Number, v.By, v.Words.Title, v.Words.Note, len(v.Words.Links)))
	}
	return lines
}

func TestEveryVersionOfAnItemIsKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, other := d.item(t, d.tove, "gulls", nil), d.item(t, d.emil, "terns", nil)
	event := words("gulls")
	event.Note, event.Sponsored, event.PlaceName = "Counted.", true, "Pier 4"
	event.EventOn, event.EventUntil = may2, newsletter.Date{Year: 2026, Month: 5, Day: 3}
	event.Links = append(event.Links, newsletter.Link{URL: "https://b.example/", Text: "B"})
	for range 2 { // the same words again are no version
		_, err := d.SaveItem(t.Context(), d.emil, id, 1, event, noLinks)
		must(t, err)
	}
	must(t, d.MergeItems(t.Context(), d.ines, id, other, 2, 1, words("both"), noLinks))
	want := []string{"4 Ines: both/About both./1", "3 Emil: terns/About terns./1", "2 Emil: gulls/Counted./2", "1 Tove: gulls/About gulls./1"}
	if diff := cmp.Diff(want, d.said(t, id)); diff != "" {
		t.Error(diff)
	}
	version, err := d.ItemVersion(t.Context(), id, 2)
	must(t, err)
	if diff := cmp.Diff(event, version.Words); diff != "" || time.Since(version.At) > time.Minute {
		t.Errorf("version 2 is not what was saved, at %v: %s", version.At, diff)
	}
	if _, err := d.ItemVersion(t.Context(), other, 1); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the version of an item that is gone: %v", err)
	}
	if _, err := d.ItemVersion(t.Context(), id, 5); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a version that was never saved: %v", err)
	}
	if _, err := d.ItemVersion(t.Context(), id, math.MaxInt64); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a version beyond all: %v", err)
	}
	if _, err := d.IssueVersion(t.Context(), 1, math.MaxInt64); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a version of an issue beyond all: %v", err)
	}
}

func TestWhatIsNotSavedHasNoVersion(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.item(t, d.tove, "gulls", nil)
	if _, err := d.SaveItem(t.Context(), d.emil, id, 7, words("late"), noLinks); !errors.Is(err, newsletter.ErrConflict) {
		t.Fatal(err)
	}
	err := d.Tx(t.Context(), func(tx *postgres.Store) error {
		if _, err := tx.SaveItem(t.Context(), d.emil, id, 1, words("undone"), noLinks); err != nil {
			return err
		}
		return errOnPurpose
	})
	if got := d.said(t, id); !errors.Is(err, errOnPurpose) || len(got) != 1 {
		t.Errorf("after a conflict and a transaction taken back (%v) the versions are %q", err, got)
	}
}

func TestWhatWasImportedIsKeptWhenItIsReplaced(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	sent := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	item := words("gulls")
	item.State, item.SubmittedBy, item.SubmittedAt = newsletter.Inbox, "Wren", sent
	must(t, d.AddLooseItem(t.Context(), item, noLinks))
	add(t, d.Store, newsletter.Issue{Number: 412, Date: may2, Intro: "Old.", State: newsletter.Draft})
	if n := d.count(t, "SELECT (SELECT count(*) FROM item_versions) + (SELECT count(*) FROM issue_versions) + (SELECT count(*) FROM issue_orders)"); n != 0 {
		t.Errorf("the import wrote %d rows of history", n)
	}

	id := d.id(t, "gulls")
	_, err := d.SaveItem(t.Context(), d.emil, id, 1, words("terns"), noLinks)
	must(t, err)
	if diff := cmp.Diff([]string{"2 Emil: terns/About terns./1", "1 Wren: gulls/About gulls./1"}, d.said(t, id)); diff != "" {
		t.Error(diff)
	}
	if first, err := d.ItemVersion(t.Context(), id, 1); err != nil || !first.At.Equal(sent) {
		t.Errorf("the first version is of %v (%v), want %v", first.At, err, sent)
	}

	must(t, d.SaveIssue(t.Context(), d.ines, 412, 1, newsletter.Issue{Number: 412, Date: may2, Intro: "New."}))
	versions, err := d.IssueVersions(t.Context(), d.board(t, 412).ID, 1)
	must(t, err)
	if len(versions) != 2 || versions[0].Intro != "New." || versions[0].Name != "Ines" || versions[1].Intro != "Old." {
		t.Errorf("the issue's versions are %+v", versions)
	}
}

func TestEveryVersionOfAnIssueIsKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue(t, 412)
	id := d.board(t, 412).ID
	next := newsletter.Issue{Number: 500, Date: may2, Title: "Gulls", Summary: "All of them", Intro: "Hello."}
	must(t, d.SaveIssue(t.Context(), d.osman, 412, 1, next))
	versions, err := d.IssueVersions(t.Context(), id, 1)
	must(t, err)
	want := postgres.IssueVersion{Version: 2, Name: "Osman", At: versions[0].At, Number: 500, Date: may2, Title: "Gulls", Summary: "All of them", Intro: "Hello."}
	if diff := cmp.Diff(want, versions[0]); diff != "" || len(versions) != 2 || versions[1].Number != 412 || versions[1].Name != "Ines" {
		t.Errorf("%s the versions are %+v", diff, versions)
	}
	must(t, d.DiscardIssue(t.Context(), d.osman, 500))
	if n := d.count(t, "SELECT (SELECT count(*) FROM issue_versions) + (SELECT count(*) FROM issue_orders)"); n != 0 {
		t.Errorf("%d rows of history are left of a discarded issue", n)
	}
}

func TestVersionsArePaged(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.item(t, d.tove, "v1", nil)
	for n := 1; n < 45; n++ {
		_, err := d.SaveItem(t.Context(), d.emil, id, n, words(fmt.Sprint("v", n+1)), noLinks)
		must(t, err)
	}
	var pages []string
	for page := range 4 {
		versions, err := d.ItemVersions(t.Context(), id, page+1)
		must(t, err)
		text := fmt.Sprint(len(versions))
		if len(versions) > 0 {
			text += " from " + versions[0].Words.Title
		}
		pages = append(pages, text)
	}
	if !slices.Equal(pages, []string{"21 from v45", "21 from v25", "5 from v5", "0"}) {
		t.Errorf("the pages hold %q", pages)
	}
}

func TestAnIssueKnowsWhatWasDoneToIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue(t, 412)
	d.issue(t, 413)
	first, second := d.board(t, 412).ID, d.board(t, 413).ID
	gulls := d.item(t, d.tove, "gulls", nil)
	must(t, d.MoveItem(t.Context(), d.emil, gulls, at(412, "News"), 0))
	_, err := d.SaveItem(t.Context(), d.emil, gulls, 1, words("terns"), noLinks)
	must(t, err)
	must(t, d.MoveItem(t.Context(), d.ines, gulls, at(413, "Tools"), 0))
	_, err = d.SaveItem(t.Context(), d.emil, gulls, 2, words("auks"), noLinks)
	must(t, err)
	must(t, d.Decline(t.Context(), d.osman, gulls, "no", ""))
	must(t, d.MoveSection(t.Context(), d.emil, 412, d.section(t, 412, "News"), true, 0))
	must(t, d.SaveIssue(t.Context(), d.ines, 412, 1, newsletter.Issue{Number: 412, Date: may2}))
	for id, want := range map[int64][]string{
		first:  {"Ines edit issue", "Emil move section", "Ines move item", "Emil edit item", "Emil move item", "Ines create issue"},
		second: {"Osman decline item", "Emil edit item", "Ines move item", "Ines create issue"},
	} {
		deeds, err := d.IssueDeeds(t.Context(), id, 1)
		must(t, err)
		var got []string
		for _, deed := range deeds {
			got = append(got, deed.Actor+" "+deed.Action)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	if n := d.count(t, fmt.Sprintf("SELECT count(*) FROM audit WHERE item_id = %d", gulls)); n != 6 {
		t.Errorf("%d lines of the audit concern the item, want 6", n)
	}
}
