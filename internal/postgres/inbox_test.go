package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

func TestInboxIsNarrowed(t *testing.T) {
	d := weekend(t) // g by Tove, and items that are placed
	add := func(by newsletter.User, item newsletter.Item) int64 {
		id, err := d.CreateItem(t.Context(), by, item, nil, "", noLinks)
		must(t, err)
		return id
	}
	add(d.emil, newsletter.Item{Title: "h", Note: "Gains of 100% on_time \\o/", Links: []newsletter.Link{{URL: "https://www.gulls.example/Deep/Sea", Text: "Herring"}}})
	add(d.tove, newsletter.Item{Title: "i", Note: "Étude in fog"})
	held := add(d.ines, newsletter.Item{Title: "j", Note: "fog again"})
	must(t, d.Hold(t.Context(), d.emil, held))
	i := d.id(t, "i")
	must(t, d.MergeItems(t.Context(), d.emil, i, add(d.osman, words("merged")), 1, 1, newsletter.Item{Title: "i", Note: "Étude in fog"}, noLinks))

	lastMonth := time.Now().AddDate(0, -1, 0)
	_, err := d.pool.Exec(t.Context(), "UPDATE items SET submitted_at = $1 WHERE title = 'g'", lastMonth.AddDate(0, 0, -1))
	must(t, err)
	for _, c := range []struct {
		filter postgres.InboxFilter
		want   string
	}{
		{postgres.InboxFilter{}, "i h g"},
		{postgres.InboxFilter{State: newsletter.Held}, "j"},
		{postgres.InboxFilter{State: newsletter.Declined}, ""},
		{postgres.InboxFilter{Words: "FOG"}, "i"},
		{postgres.InboxFilter{Words: "étude"}, "i"},
		{postgres.InboxFilter{Words: "fog", State: newsletter.Held}, "j"},
		{postgres.InboxFilter{Words: "herring"}, "h"},
		{postgres.InboxFilter{Words: "deep/sea"}, "h"},
		{postgres.InboxFilter{Words: "100%"}, "h"},
		{postgres.InboxFilter{Words: "%"}, "h"},
		{postgres.InboxFilter{Words: "on_t"}, "h"},
		{postgres.InboxFilter{Words: "n_i"}, ""},
		{postgres.InboxFilter{Words: `\o/`}, "h"},
		{postgres.InboxFilter{By: "Tove"}, "i g"},
		{postgres.InboxFilter{By: "Osman"}, "i"},
		{postgres.InboxFilter{By: "Tove", Words: "about"}, "g"},
		{postgres.InboxFilter{Words: "tov"}, "i g"},
		{postgres.InboxFilter{Words: "osman"}, "i"},
		{postgres.InboxFilter{Site: "gulls.example"}, "h"},
		{postgres.InboxFilter{Site: "WWW.Gulls.example"}, "h"},
		{postgres.InboxFilter{Site: "https://gulls.example/elsewhere?a=1"}, "h"},
		{postgres.InboxFilter{Site: "gulls"}, ""},
		{postgres.InboxFilter{Site: "no site % at all"}, ""},
		{postgres.InboxFilter{Before: lastMonth}, "g"},
		{postgres.InboxFilter{After: lastMonth}, "i h"},
		{postgres.InboxFilter{After: lastMonth.AddDate(0, -2, 0), Before: lastMonth, Words: "fog"}, ""},
		{postgres.InboxFilter{Submitter: d.tove.ID}, "i g"},
		{postgres.InboxFilter{Submitter: d.osman.ID}, ""},
		{postgres.InboxFilter{Page: 2}, ""},
	} {
		items, total, err := d.Inbox(t.Context(), c.filter)
		must(t, err)
		var titles []string
		for _, item := range items {
			titles = append(titles, item.Title)
		}
		if got := strings.Join(titles, " "); got != c.want || c.filter.Page == 0 && total != len(items) {
			t.Errorf("%+v finds %d, %q, want %q", c.filter, total, got, c.want)
		}
	}
	if n, _, err := d.DeskCounts(t.Context()); err != nil || n != 3 {
		t.Errorf("%d items wait (%v), want 3", n, err)
	}
	if names, err := d.Senders(t.Context()); err != nil || !cmp.Equal(names, []string{"Emil", "Ines", "Osman", "Tove"}) {
		t.Errorf("the senders are %v (%v)", names, err)
	}
}

func TestInboxHasPages(t *testing.T) {
	d := newDesk(t)
	for n := range postgres.DeskPerPage + 1 {
		d.item(t, d.tove, fmt.Sprint("n", n), nil)
	}
	for page, want := range map[int]struct {
		items int
		first string
	}{1: {50, "n50"}, 2: {1, "n0"}} {
		items, total, err := d.Inbox(t.Context(), postgres.InboxFilter{Page: page})
		if err != nil || total != 51 || len(items) != want.items || items[0].Title != want.first {
			t.Errorf("page %d has %d of %d items (%v)", page, len(items), total, err)
		}
	}
}

func TestDeedsAreRecordedWithThePerson(t *testing.T) {
	d := weekend(t)
	a := d.id(t, "a")
	_, err := d.SaveItem(t.Context(), d.emil, a, 1, words("auks"), noLinks)
	must(t, err)
	must(t, d.MoveItem(t.Context(), d.emil, a, at(412, "Jobs"), d.order(t)))
	must(t, d.Decline(t.Context(), d.ines, a, "no", ""))
	must(t, d.AddSection(t.Context(), d.ines, 412, "Books", newsletter.KindLinks, "", ""))
	must(t, d.DiscardIssue(t.Context(), d.ines, 412))
	must(t, d.Audit(t.Context(), "import", "import issue", "7"))
	want := []postgres.Deed{
		{Actor: "import", Action: "import issue", Object: "7"},
		{Actor: "Ines", Action: "discard issue", Object: "412"},
		{Actor: "Ines", Action: "add section", Object: "Books in 412"},
		{Actor: "Ines", Action: "decline item", Object: fmt.Sprint(a, ": auks")},
		{Actor: "Emil", Action: "move item", Object: fmt.Sprint(a, ": auks, to Jobs in 412")},
		{Actor: "Emil", Action: "edit item", Object: fmt.Sprint(a, ": auks")},
		{Actor: "Tove", Action: "submit item", Object: fmt.Sprint(d.id(t, "g"), ": g")},
	}
	deeds, err := d.Deeds(t.Context(), 1)
	must(t, err)
	if len(deeds) > len(want) {
		deeds = deeds[:len(want)]
	}
	for k := range deeds {
		if deeds[k].At.IsZero() {
			t.Errorf("%+v has no time", deeds[k])
		}
		deeds[k].At = want[0].At
	}
	if diff := cmp.Diff(want, deeds); diff != "" {
		t.Error(diff)
	}
	if n := d.count(t, "SELECT count(*) FROM audit JOIN people ON people.id = person_id WHERE actor = name"); n != d.count(t, "SELECT count(*) FROM audit")-1 {
		t.Errorf("%d deeds are linked to their person; all but the import's should be", n)
	}
	for range postgres.DeskPerPage {
		must(t, d.Audit(t.Context(), "test", "fill the page", ""))
	}
	if deeds, err := d.Deeds(t.Context(), 2); err != nil || len(deeds) == 0 || deeds[0].Action != "import issue" {
		t.Errorf("the second page is %v (%v)", deeds, err)
	}
}
