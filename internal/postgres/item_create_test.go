package postgres_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

func TestCreatedItemComesBack(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	item := newsletter.Item{
		Title: "Regatta", Note: "Bring a coat.", Sponsored: true, PlaceName: "Bergen",
		EventOn: newsletter.Date{Year: 2026, Month: 6, Day: 12}, EventUntil: newsletter.Date{Year: 2026, Month: 6, Day: 14},
		Links: []newsletter.Link{{URL: "HTTP://Regatta.example/?b=2&a=1#x", Text: "The programme"}, {URL: "https://coat.example"}},
	}
	want := postgres.DeskItem{Item: item, Version: 1, SubmitterID: d.tove.ID, ChangedBy: "Tove"}
	want.State, want.SubmittedBy = newsletter.Inbox, "Tove"
	ignore := cmp.Options{
		cmpopts.EquateEmpty(), cmpopts.IgnoreFields(newsletter.Item{}, "ID", "SubmittedAt"),
		cmpopts.IgnoreFields(postgres.DeskItem{}, "ChangedAt", "Moved", "SectionID", "IssueID"),
	}
	loose, err := d.CreateItem(t.Context(), d.tove, item, nil, "", noLinks)
	must(t, err)
	got := d.get(t, loose)
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Errorf("in the inbox:\n%s", diff)
	}
	if time.Since(got.SubmittedAt) > time.Hour || got.SubmittedAt.Location() != time.UTC {
		t.Errorf("it was submitted at %s", got.SubmittedAt)
	}

	placed, err := d.CreateItem(t.Context(), d.emil, item, &postgres.Target{Issue: 412, Section: "events"}, "", noLinks)
	must(t, err)
	want.State, want.SubmittedBy, want.ChangedBy, want.SubmitterID = newsletter.Placed, "Emil", "Emil", d.emil.ID
	want.Issue, want.IssueState, want.Section, want.Position = 412, newsletter.Draft, "Events", 1
	if diff := cmp.Diff(want, d.get(t, placed), ignore); diff != "" {
		t.Errorf("in a section:\n%s", diff)
	}
	if _, err := d.DeskItem(t.Context(), placed+1); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("no item is %v, want ErrNotFound", err)
	}
}

func TestItemIsCreatedWhereItIsToGo(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	d.place(t, 412, "News", "a b c")
	create := func(title string, to postgres.Target) error {
		_, err := d.CreateItem(t.Context(), d.emil, words(title), &to, "", noLinks)
		return err
	}
	must(t, create("first", postgres.Target{Issue: 412, Section: "News"}))
	must(t, create("after-b", postgres.Target{Issue: 412, Section: section(d.section(t, 412, "News")), After: d.id(t, "b")}))
	must(t, create("last", postgres.Target{Issue: 412, Section: "NEWS", After: postgres.Last}))
	if got, want := d.layout(t, 412), "News: first a b after-b c last"; got != want {
		t.Errorf("the board is %q, want %q", got, want)
	}
	before := d.count(t, "SELECT count(*) FROM items")
	wantInvalid(t, create("x", postgres.Target{Issue: 413, Section: "News"}), "issue", "413 does not exist")
	wantInvalid(t, create("x", postgres.Target{Issue: 412, Section: "Books"}), "section", "412")
	wantInvalid(t, create("x", postgres.Target{Issue: 412, Section: "Tools", After: d.id(t, "b")}), "after", "412")
	if after := d.count(t, "SELECT count(*) FROM items"); after != before {
		t.Errorf("%d items are left of forms that were refused", after-before)
	}
}

func TestFullIssueTakesNoMore(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	_, err := d.pool.Exec(t.Context(), `
		INSERT INTO items (state, issue_id, section_id, position, title)
		SELECT 'placed', issue_id, id, n, 'filler' FROM issue_sections, generate_series(1, $1::int) n WHERE title = 'News'`, newsletter.MaxItems)
	must(t, err)
	_, err = d.CreateItem(t.Context(), d.emil, words("x"), &postgres.Target{Issue: 412, Section: "Tools"}, "", noLinks)
	wantInvalid(t, err, "issue", "412 holds 500 items")
}

func TestSameFormMakesOneItem(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	for name, to := range map[string]*postgres.Target{"inbox": nil, "section": {Issue: 412, Section: "News"}} {
		key := "key of the " + name + longKey()
		first, err := d.CreateItem(t.Context(), d.emil, words("first"), to, key, noLinks)
		must(t, err)
		deeds := d.count(t, "SELECT count(*) FROM audit")
		again, err := d.CreateItem(t.Context(), d.emil, words("first"), to, key, noLinks)
		if err != nil || again != first {
			t.Errorf("%s: the form sent again made item %d (%v), want %d", name, again, err, first)
		}
		_, err = d.CreateItem(t.Context(), d.emil, words("second"), to, key, noLinks)
		if conflict, is := errors.AsType[*postgres.ItemConflict](err); !is || conflict.Theirs.ID != first || conflict.Theirs.Title != "first" {
			t.Errorf("%s: the form sent again with other words returned %v", name, err)
		}
		if got := d.get(t, first); got.Title != "first" || d.count(t, "SELECT count(*) FROM audit") != deeds {
			t.Errorf("%s: the form sent again changed the item to %q, or was recorded", name, got.Title)
		}
		other, err := d.CreateItem(t.Context(), d.ines, words("another's"), to, key, noLinks)
		if err != nil || other == first {
			t.Errorf("%s: another person's form with the same key got item %d (%v)", name, other, err)
		}
	}
}

// longKey is more than an index of the database can hold, packed or not.
func longKey() string {
	var key strings.Builder
	for range 10_000 / 26 {
		key.WriteString(rand.Text())
	}
	return key.String()
}

func TestSameFormEightTimesAtOnceMakesOneItem(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	for name, to := range map[string]*postgres.Target{"inbox": nil, "section": {Issue: 412, Section: "News"}} {
		before := d.count(t, "SELECT count(*) FROM items")
		ids := make([]int64, 8)
		var senders sync.WaitGroup
		for k := range ids {
			senders.Go(func() {
				var err error
				if ids[k], err = d.CreateItem(t.Context(), d.emil, words("gulls"), to, name, noLinks); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		senders.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("%s: the ids are %v, want one", name, ids)
				break
			}
		}
		if made := d.count(t, "SELECT count(*) FROM items") - before; made != 1 {
			t.Errorf("%s: %d items were made", name, made)
		}
	}
}
