package postgres_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// notices returns a function that returns what every process was told since it
// was last called.
func (d *desk) notices(t *testing.T) func() []postgres.Notice {
	t.Helper()
	conn, err := d.pool.Acquire(t.Context())
	must(t, err)
	t.Cleanup(func() {
		_, _ = conn.Exec(t.Context(), "UNLISTEN *") // the pool is closed anyway
		conn.Release()
	})
	_, err = conn.Exec(t.Context(), "LISTEN "+postgres.DeskChannel)
	must(t, err)
	return func() (heard []postgres.Notice) {
		t.Helper()
		must(t, d.Gossip(t.Context(), "enough"))
		for {
			n, err := conn.Conn().WaitForNotification(t.Context())
			must(t, err)
			if n.Payload == "enough" {
				return inOrder(heard)
			}
			var notice postgres.Notice
			must(t, json.Unmarshal([]byte(n.Payload), &notice))
			heard = append(heard, notice)
		}
	}
}

func TestEveryChangeOfABoardIsTold(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	d.issue(t, 413)
	d.place(t, 412, "News", "a b")
	d.item(t, d.tove, "loose", nil)
	a, b, loose := d.id(t, "a"), d.id(t, "b"), d.id(t, "loose")
	first, second := d.issueID(t, 412), d.issueID(t, 413)
	section := d.section(t, 413, "Tools")

	order := func(issue int64, by newsletter.User) postgres.Notice {
		return postgres.Notice{Kind: "order", Issue: issue, By: by.Name, ByID: by.ID}
	}
	inbox := func(by newsletter.User) postgres.Notice {
		return postgres.Notice{Kind: "board", Part: "inbox", By: by.Name, ByID: by.ID}
	}
	board := func(part string, issue int64, by newsletter.User) []postgres.Notice {
		return []postgres.Notice{{Kind: "board", Part: part, Issue: issue, By: by.Name, ByID: by.ID}}
	}
	words := newsletter.Item{Title: "a", Note: "New words."}
	told := d.notices(t)
	told()
	for _, deed := range []struct {
		name string
		do   func() error
		want []postgres.Notice
	}{
		{"a move within an issue", func() error { return d.MoveItem(t.Context(), d.emil, b, firstOf(412, "News"), 0) }, []postgres.Notice{order(first, d.emil)}},
		{"a step", func() error { return d.StepItem(t.Context(), d.ines, b, false, 0) }, []postgres.Notice{order(first, d.ines)}},
		{"a move to another issue", func() error { return d.MoveItem(t.Context(), d.emil, b, firstOf(413, "News"), 0) }, []postgres.Notice{order(first, d.emil), order(second, d.emil)}},
		{"a move out of the inbox", func() error { return d.MoveItem(t.Context(), d.emil, loose, firstOf(412, "News"), 0) }, []postgres.Notice{inbox(d.emil), order(first, d.emil)}},
		{"words", func() error { _, err := d.SaveItem(t.Context(), d.emil, a, 1, words, noLinks); return err },
			[]postgres.Notice{{Kind: "item", Issue: first, Item: a, Version: 2, By: "Emil", ByID: d.emil.ID}}},
		{"the same words", func() error { _, err := d.SaveItem(t.Context(), d.ines, a, 1, words, noLinks); return err }, nil},
		{"declining", func() error { return d.Decline(t.Context(), d.emil, loose, "no", "") }, []postgres.Notice{inbox(d.emil), order(first, d.emil)}},
		{"restoring", func() error { return d.Restore(t.Context(), d.emil, loose) }, []postgres.Notice{inbox(d.emil)}},
		{"an arrival", func() error {
			_, err := d.CreateItem(t.Context(), d.tove, newsletter.Item{Title: "new", Note: "x"}, nil, "key", noLinks)
			return err
		}, []postgres.Notice{inbox(d.tove)}},
		{"the same arrival", func() error {
			_, err := d.CreateItem(t.Context(), d.tove, newsletter.Item{Title: "new", Note: "x"}, nil, "key", noLinks)
			return err
		}, nil},
		{"an item made in its place", func() error {
			_, err := d.CreateItem(t.Context(), d.emil, newsletter.Item{Title: "placed", Note: "x"}, new(firstOf(412, "News")), "", noLinks)
			return err
		}, []postgres.Notice{order(first, d.emil)}},
		{"a merge", func() error {
			return d.MergeItems(t.Context(), d.emil, a, loose, 2, 1, words, noLinks)
		}, []postgres.Notice{inbox(d.emil), order(first, d.emil), {Kind: "item", Issue: first, Item: a, Version: 4, By: "Emil", ByID: d.emil.ID}}},
		{"a section", func() error {
			return d.RenameSection(t.Context(), d.emil, 413, section, "Instruments", newsletter.KindLinks, 0)
		}, []postgres.Notice{order(second, d.emil)}},
		{"an owner", func() error { return d.OwnSection(t.Context(), d.emil, 413, section, d.ines.ID) }, board("sections", second, d.emil)},
		{"the same owner", func() error { return d.OwnSection(t.Context(), d.emil, 413, section, d.ines.ID) }, nil},
		{"how far it is", func() error { return d.MarkSection(t.Context(), d.emil, 413, section, newsletter.SectionReady) }, board("sections", second, d.emil)},
		{"a blue note on a section", func() error {
			return d.AddBlueNote(t.Context(), d.emil, postgres.Remarked{Issue: 413, Section: section}, "Which?", "")
		}, board("notes", second, d.emil)},
		{"a blue note on an item", func() error {
			return d.AddBlueNote(t.Context(), d.emil, postgres.Remarked{Item: a}, "Which?", "")
		}, board("notes", first, d.emil)},
		{"the issue's words", func() error {
			return d.SaveIssue(t.Context(), d.ines, 413, 1, newsletter.Issue{Number: 414, Date: may2, Intro: "Fog."})
		}, []postgres.Notice{{Kind: "board", Part: "words", Issue: second, Version: 2, By: "Ines", ByID: d.ines.ID}}},
		{"discarding", func() error { return d.DiscardIssue(t.Context(), d.ines, 414) }, []postgres.Notice{inbox(d.ines), order(second, d.ines)}},
		{"publishing", func() error {
			return d.Tx(t.Context(), func(tx *postgres.Store) error {
				if err := tx.MarkPublished(t.Context(), d.ines, first, time.Now(), nil); err != nil {
					return err
				}
				return tx.SaveRevision(t.Context(), first, newsletter.Revision{Number: 412, Ordinal: 1, Date: may2, PublishedAt: time.Now(), RevisedAt: time.Now()}, noLinks)
			})
		}, []postgres.Notice{order(first, d.ines)}},
	} {
		must(t, deed.do())
		if diff := cmp.Diff(inOrder(deed.want), told()); diff != "" {
			t.Errorf("%s:\n%s", deed.name, diff)
		}
	}
}

func TestWhatIsTakenBackIsNotTold(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	d.place(t, 412, "News", "a")
	told := d.notices(t)
	told()
	err := d.Tx(t.Context(), func(tx *postgres.Store) error {
		must(t, tx.StepItem(t.Context(), d.emil, d.id(t, "a"), false, 0))
		return errOnPurpose
	})
	if got := told(); !errors.Is(err, errOnPurpose) || len(got) > 0 {
		t.Errorf("told %v (%v)", got, err)
	}
}

func TestIssueOrder(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	d.place(t, 412, "News", "a b")
	d.place(t, 412, "Tools", "c")
	_, err := d.SaveItem(t.Context(), d.emil, d.id(t, "b"), 1, newsletter.Item{Title: "b", Note: "x"}, noLinks)
	must(t, err)
	must(t, d.StepItem(t.Context(), d.emil, d.id(t, "b"), true, 0))
	order, err := d.IssueOrder(t.Context(), d.issueID(t, 412))
	must(t, err)
	got := ""
	for _, section := range order.Sections {
		got += section.Title + ":"
		for _, item := range section.Items {
			got += fmt.Sprintf(" %d/%d", item.ID, item.Version)
		}
		got += "; "
	}
	want := fmt.Sprintf("Sponsor:; News: %d/2 %d/1; Events:; Tools: %d/1; Jobs:; ", d.id(t, "b"), d.id(t, "a"), d.id(t, "c"))
	if got != want || order.Number != 412 || order.State != newsletter.Draft || order.Words != 1 || order.Version != d.order(t) {
		t.Errorf("%+v\n%s, want\n%s", order, got, want)
	}
	if _, err := d.IssueOrder(t.Context(), 999_999); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("no issue: %v", err)
	}
	if _, _, err := d.IssueID(t.Context(), 999); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("no number: %v", err)
	}
}

// inOrder sorts notices: those of one transaction come in any order.
func inOrder(list []postgres.Notice) []postgres.Notice {
	slices.SortFunc(list, func(a, b postgres.Notice) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return list
}

// issueID returns the id of an issue.
func (d *desk) issueID(t *testing.T, number int) int64 {
	t.Helper()
	id, _, err := d.IssueID(t.Context(), number)
	must(t, err)
	return id
}

// firstOf is the first place of a section.
func firstOf(number int, section string) postgres.Target {
	return postgres.Target{Issue: number, Section: section, After: postgres.First}
}
