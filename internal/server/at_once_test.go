package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

const (
	editorsAtOnce = 20
	deedsEach     = 60
	itemsAtOnce   = 40
)

// TestTwentyEditorsByForms has twenty editors change notes and order of one
// draft through the real forms, each from a browser of their own. Every edit
// adds a word of its own to what the form showed, so a word that was
// acknowledged and is not there at the end is a lost update.
func TestTwentyEditorsByForms(t *testing.T) {
	t.Parallel()
	p, people := desk(t)
	ids := crowdedDraft(t, p, people[newsletter.Curator])
	browsers := make([]*browsertest.Browser, editorsAtOnce)
	for k := range browsers {
		browsers[k] = p.as(t, newEditor(t, p, k))
	}
	acknowledged := make([][]string, editorsAtOnce) // "item word"
	moves, refused := make([]int, editorsAtOnce), make([]int, editorsAtOnce)
	var group sync.WaitGroup
	for k, b := range browsers {
		group.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(k)))
			for n := range deedsEach {
				id := ids[random.IntN(len(ids))]
				if random.IntN(2) == 0 {
					word := fmt.Sprintf("w%d-%d.", k, n)
					if code := edit(b, id, word); code == http.StatusSeeOther {
						acknowledged[k] = append(acknowledged[k], fmt.Sprintf("%d %s", id, word))
					} else if code != http.StatusConflict {
						t.Errorf("an edit of %d: %d", id, code)
					}
					continue
				}
				moves[k]++
				if code := step(b, id, random.IntN(2) == 0); code == http.StatusConflict {
					refused[k]++
				} else if code != http.StatusSeeOther {
					t.Errorf("a move of %d: %d", id, code)
				}
			}
		})
	}
	group.Wait()
	holdAgainst(t, p, ids, slices.Concat(acknowledged...))
	t.Logf("%d of %d moves refused, %d edits acknowledged", sum(refused), sum(moves), len(slices.Concat(acknowledged...)))
	if sum(refused)*10 > sum(moves)*3 {
		t.Errorf("%d of %d moves were refused, more than 30 %%", sum(refused), sum(moves))
	}
}

func sum(list []int) int {
	total := 0
	for _, n := range list {
		total += n
	}
	return total
}

// crowdedDraft makes draft 7 with items in two sections.
func crowdedDraft(t *testing.T, p *program, curator newsletter.User) []int64 {
	t.Helper()
	err := p.store.CreateIssue(t.Context(), curator, newsletter.Issue{Number: 7, Date: newsletter.Date{Year: 2026, Month: 3, Day: 1}}, "")
	if err != nil {
		t.Fatal(err)
	}
	var ids []int64
	for k := range itemsAtOnce {
		section := []string{"News", "Tools"}[k%2]
		id, err := p.store.CreateItem(t.Context(), curator, newsletter.Item{Note: "start."},
			&postgres.Target{Issue: 7, Section: section, After: postgres.Last}, "", publish.LinksOf)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

func newEditor(t *testing.T, p *program, k int) newsletter.User {
	t.Helper()
	u := newsletter.User{Name: fmt.Sprintf("Editor %d", k), Email: fmt.Sprintf("editor%d@letter.example", k), Role: newsletter.Editor}
	id, err := p.store.AddUser(t.Context(), u, "")
	if err != nil {
		t.Fatal(err)
	}
	u.ID = id
	return u
}

// edit adds a word to an item's note, through its form, and returns the status.
func edit(b *browsertest.Browser, id int64, word string) int {
	path := fmt.Sprintf("/desk/items/%d", id)
	return through(b, path, path, func(form map[string][]string) {
		form["note"] = []string{form["note"][0] + " " + word}
	}).Code
}

// step moves an item one place, through the move page's form.
func step(b *browsertest.Browser, id int64, up bool) int {
	path := fmt.Sprintf("/desk/items/%d/move", id)
	return through(b, path, path, func(form map[string][]string) {
		if form["to"] = []string{"down"}; up {
			form["to"] = []string{"up"}
		}
	}).Code
}

// through reads a page, changes its form with an action and sends it.
func through(b *browsertest.Browser, page, action string, change func(map[string][]string)) *httptest.ResponseRecorder {
	shown := b.Get(page)
	form := browsertest.Fields(shown.Body.String(), action)
	if shown.Code != http.StatusOK || form == nil {
		return shown
	}
	change(form)
	return b.Post(action, form)
}

// holdAgainst compares the draft with what was acknowledged: every word is in
// its note, every item in one place, every place exactly once.
func holdAgainst(t *testing.T, p *program, ids []int64, acknowledged []string) {
	t.Helper()
	board, err := p.store.Board(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	notes := map[int64]string{}
	for _, section := range board.Sections {
		for k, item := range section.Items {
			if item.Position != k+1 {
				t.Errorf("%s: place %d has position %d", section.Title, k+1, item.Position)
			}
			if _, twice := notes[item.ID]; twice {
				t.Errorf("item %d stands in two places", item.ID)
			}
			notes[item.ID] = item.Note
		}
	}
	if len(notes) != len(ids) {
		t.Errorf("%d items are left of %d", len(notes), len(ids))
	}
	for _, line := range acknowledged {
		var id int64
		var word string
		if _, err := fmt.Sscan(line, &id, &word); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(notes[id]+" ", " "+word+" ") {
			t.Errorf("item %d lost %s, which was acknowledged", id, word)
		}
	}
}
