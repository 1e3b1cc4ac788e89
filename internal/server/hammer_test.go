package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"sync"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
)

// hand is somebody at the desk who does anything to anything.
type hand struct {
	*browsertest.Browser
	random   *rand.Rand
	items    []int64
	sections []string
}

func (h *hand) item() int64             { return h.items[h.random.IntN(len(h.items))] }
func (h *hand) issue() int              { return 7 + h.random.IntN(4) }
func (h *hand) one(of ...string) string { return of[h.random.IntN(len(of))] }

// section is the path of one of the sections that the issues begin with.
func (h *hand) section() string { return h.one(h.sections...) }

// earlier finds the orders that a history leads to.
var earlier = regexp.MustCompile(`\?order=([0-9]+)`)

// deeds are what can be done to a desk, as addresses and forms.
var deeds = []func(h *hand) (path string, form url.Values){
	func(h *hand) (string, url.Values) { // words, with a place
		return fmt.Sprintf("/desk/items/%d", h.item()), url.Values{"version": {fmt.Sprint(1 + h.random.IntN(6))}, "note": {h.one("a", "b", "c", "d")},
			"issue": {h.one("", "7", "8")}, "section": {h.one("News", "Tools", "Jobs")}}
	},
	func(h *hand) (string, url.Values) { // words alone
		return fmt.Sprintf("/desk/items/%d", h.item()), url.Values{"version": {fmt.Sprint(1 + h.random.IntN(6))}, "note": {h.one("a", "b", "c", "d")}}
	},
	func(h *hand) (string, url.Values) {
		return fmt.Sprintf("/desk/items/%d/move", h.item()), url.Values{"issue": {fmt.Sprint(h.issue())}, "section": {h.one("News", "Tools", "Jobs")}, "after": {h.one("", "last", fmt.Sprint(h.item()))}}
	},
	func(h *hand) (string, url.Values) {
		return fmt.Sprintf("/desk/items/%d/move", h.item()), url.Values{"to": {h.one("up", "down")}}
	},
	func(h *hand) (string, url.Values) {
		return fmt.Sprintf("/desk/items/%d/%s", h.item(), h.one("hold", "restore", "decline")), url.Values{"reason": {"x"}}
	},
	func(h *hand) (string, url.Values) {
		form := url.Values{"do": {h.one("add", "add", "hold", "restore", "decline")}, "reason": {"x"}, "issue": {fmt.Sprint(h.issue())}, "section": {h.one("News", "Tools", "Jobs", "Events")}}
		for range 8 {
			form.Add("item", fmt.Sprint(h.item()))
		}
		return "/desk/inbox", form
	},
	func(h *hand) (string, url.Values) {
		return fmt.Sprintf("/desk/items/%d/blue-notes", h.item()), url.Values{"text": {"@Editor see this"}}
	},
	func(h *hand) (string, url.Values) {
		return fmt.Sprintf("/desk/issues/%d/blue-notes", h.issue()), url.Values{"text": {"@Editor 1 see this"}}
	},
	func(h *hand) (string, url.Values) {
		return h.section() + "/blue-notes", url.Values{"text": {"this"}}
	},
	func(h *hand) (string, url.Values) {
		return fmt.Sprintf("/desk/blue-notes/%d/%s", 1+h.random.IntN(200), h.one("done", "open")), nil
	},
	func(h *hand) (string, url.Values) {
		return h.section() + h.one("/owner", "/progress", "/progress"), url.Values{"owner": {h.one("me", "")}, "progress": {h.one("open", "ready", "skipped", "skipped")}}
	},
	func(h *hand) (string, url.Values) {
		return h.section(), url.Values{"to": {h.one("up", "down")}}
	},
	func(h *hand) (string, url.Values) {
		return fmt.Sprintf("/desk/issues/%d/sections", h.issue()), url.Values{"title": {fmt.Sprintf("Extra %d", h.random.IntN(9))}, "kind": {"links"}}
	},
	func(h *hand) (string, url.Values) {
		return h.section() + "/remove", nil
	},
	func(h *hand) (string, url.Values) { // an earlier order
		path := fmt.Sprintf("/desk/issues/%d/history", h.issue())
		orders := earlier.FindAllStringSubmatch(h.Get(path+"?show=orders").Body.String(), -1)
		if len(orders) == 0 {
			return path, nil
		}
		return path, url.Values{"order": {orders[h.random.IntN(len(orders))][1]}, "seen": {"999999999"}}
	},
	func(h *hand) (string, url.Values) {
		return fmt.Sprintf("/desk/items/%d/history", h.item()), url.Values{"restore": {fmt.Sprint(1 + h.random.IntN(4))}, "version": {fmt.Sprint(1 + h.random.IntN(6))}}
	},
	func(h *hand) (string, url.Values) {
		return fmt.Sprintf("/desk/issues/%d", h.issue()), url.Values{"intro": {h.one("a", "b", "c")}, "version": {fmt.Sprint(1 + h.random.IntN(6))}}
	},
	func(h *hand) (string, url.Values) {
		into, from := h.item(), h.item()
		page := fmt.Sprintf("/desk/items/%d/merge", into)
		if h.random.IntN(8) > 0 {
			from = 0 // few, or nothing would be left
		}
		return page, browsertest.Fields(h.Get(fmt.Sprintf("%s?with=%d", page, from)).Body.String(), page)
	},
	func(h *hand) (string, url.Values) {
		return "/desk/items", url.Values{"note": {"new"}, "issue": {fmt.Sprint(h.issue())}, "section": {"News"}}
	},
	func(h *hand) (string, url.Values) {
		return fmt.Sprintf("/desk/issues/%d/presence", h.issue()), url.Values{"item": {fmt.Sprint(h.item())}}
	},
}

// TestEverythingAtOnce has twelve people do everything to four issues, of which
// one is published, and one discarded and opened again: everybody gets an
// answer, nobody waits in a circle, and afterwards everything stands in one
// place and what is kept of it says so.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	p, people := desk(t)
	ids, sections := busyDesk(t, p, people[newsletter.Curator])
	each := 50
	if os.Getenv("BROADSHEET_LONG") != "" {
		each = 800
	}
	var group sync.WaitGroup
	for k := range 12 {
		who := people[newsletter.Owner]
		if k%3 > 0 {
			who = newEditor(t, p, k)
		}
		h := &hand{p.as(t, who), rand.New(rand.NewPCG(3, uint64(k))), ids, sections}
		group.Go(func() {
			for n := range each {
				path, form := deeds[h.random.IntN(len(deeds))](h)
				if k == 0 && n%15 == 14 {
					path = h.one("/desk/issues/10/discard", "/desk/issues", "/desk/issues/9/publish")
					form = url.Values{"number": {"10"}, "date": {"2026-03-10"}, "when": {"now"}, "override": {"We are late."}}
				}
				if code := h.Post(path, form).Code; code >= http.StatusInternalServerError {
					t.Errorf("%s %v: %d", path, form, code)
				}
			}
		})
	}
	group.Wait()
	for what, sql := range amiss {
		var n int
		must(t, p.pool.QueryRow(t.Context(), "SELECT count(*) FROM "+sql).Scan(&n))
		if n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

// busyDesk makes the drafts 7 to 10, the first with items, and returns the
// items and the paths of the sections.
func busyDesk(t *testing.T, p *program, curator newsletter.User) (ids []int64, sections []string) {
	t.Helper()
	ids = crowdedDraft(t, p, curator)
	for number := 7; number <= 10; number++ {
		if number > 7 {
			must(t, p.store.CreateIssue(t.Context(), curator, newsletter.Issue{Number: number, Date: newsletter.Date{Year: 2026, Month: 3, Day: number}}, ""))
		}
		board, err := p.store.Board(t.Context(), number)
		must(t, err)
		for _, section := range board.Sections {
			sections = append(sections, address.DeskSection(number, section.ID, ""))
		}
	}
	return ids, sections
}

// amiss is what must not be found afterwards.
var amiss = map[string]string{
	"items whose position is not their place": `
		(SELECT position, row_number() OVER (PARTITION BY section_id ORDER BY position) AS place FROM items WHERE state = 'placed') AS placed
		WHERE position <> place`,
	"sections whose position is not their place": `
		(SELECT position, row_number() OVER (PARTITION BY issue_id ORDER BY position) AS place FROM issue_sections) AS placed
		WHERE position <> place`,
	"skipped sections with items": `
		issue_sections WHERE progress = 'skipped' AND EXISTS (SELECT FROM items WHERE section_id = issue_sections.id)`,
	"items whose newest version is not kept": `
		items LEFT JOIN item_versions kept ON item_id = items.id AND kept.version = items.version
		WHERE (kept.note, kept.title) IS DISTINCT FROM (items.note, items.title)`,
	"issues whose newest version is not kept": `
		issues LEFT JOIN issue_versions kept ON issue_id = issues.id AND kept.version = issues.version
		WHERE kept.intro IS DISTINCT FROM issues.intro`,
	"issues whose order is not kept": `
		issues WHERE (SELECT layout FROM issue_orders WHERE issue_id = issues.id ORDER BY version DESC LIMIT 1) IS DISTINCT FROM coalesce((
		    SELECT jsonb_agg(jsonb_build_object('section', sections.id, 'items', coalesce((
		               SELECT jsonb_agg(items.id ORDER BY items.position) FROM items WHERE section_id = sections.id), '[]')) ORDER BY sections.position)
		    FROM issue_sections sections WHERE issue_id = issues.id), '[]')`,
}
