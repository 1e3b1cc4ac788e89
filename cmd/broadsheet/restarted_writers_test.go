package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/browsertest"
)

// writer is a person who does the same thing over and over.
type writer struct {
	*person
	name string
	work work
	done atomic.Int64 // deeds that were acknowledged
}

// work is what a writer does.
type work interface {
	// do does it once, and reports whether that was acknowledged.
	do(w *writer) bool
	// hold holds what is stored in the end against what was acknowledged.
	hold(t *testing.T, pool *pgxpool.Pool)
}

func newWriter(t *testing.T, base, link string, work work) *writer {
	t.Helper()
	w := &writer{person: newPerson(t, base), name: strings.TrimPrefix(fmt.Sprintf("%T", work), "*main."), work: work}
	w.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if status := w.post("/sign-in/"+link, nil); status != http.StatusSeeOther {
		t.Fatalf("signing in: %d", status)
	}
	return w
}

// write works until ctx ends, and waits a little after each deed, as people do.
func (w *writer) write(ctx context.Context) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if w.work.do(w) {
			w.done.Add(1)
		}
	}
}

func (w *writer) hold(t *testing.T, pool *pgxpool.Pool) {
	t.Logf("%s: %d acknowledged", w.name, w.done.Load())
	w.work.hold(t, pool)
}

// look returns a page, "" when it cannot be had now.
func (w *writer) look(path string) string {
	response, err := w.client.Get(w.base + path)
	if err != nil {
		w.t.Errorf("%s of a program that runs: %v", path, err)
		return ""
	}
	body, err := readAll(response)
	if err != nil || response.StatusCode != http.StatusOK {
		if response.StatusCode != http.StatusServiceUnavailable {
			w.t.Errorf("%s is answered with %d (%v)\n%s", path, response.StatusCode, err, body)
		}
		return ""
	}
	return body
}

// post sends a form and returns the status of the answer.
func (w *writer) post(path string, form url.Values) int {
	response, err := w.client.PostForm(w.base+path, form)
	if err != nil {
		w.t.Errorf("%s of a program that runs: %v", path, err)
		return 0
	}
	body, _ := readAll(response)
	if !slices.Contains([]int{http.StatusSeeOther, http.StatusConflict, http.StatusServiceUnavailable}, response.StatusCode) {
		w.t.Errorf("%s is answered with %d\n%s", path, response.StatusCode, body)
	}
	return response.StatusCode
}

// editing adds words to a note.
type editing struct {
	item  int64
	tried int
	saved []string
}

func (e *editing) do(w *writer) bool {
	path := fmt.Sprintf("/desk/items/%d", e.item)
	form := browsertest.Fields(w.look(path), path)
	if form == nil {
		return false
	}
	e.tried++
	word := fmt.Sprintf("w%d.", e.tried)
	form.Set("note", form.Get("note")+" "+word)
	if w.post(path, form) != http.StatusSeeOther {
		return false
	}
	e.saved = append(e.saved, word)
	return true
}

func (e *editing) hold(t *testing.T, pool *pgxpool.Pool) {
	var note string
	if err := pool.QueryRow(t.Context(), "SELECT note FROM items WHERE id = $1", e.item).Scan(&note); err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(note)
	for _, word := range e.saved {
		if n := len(slices.DeleteFunc(slices.Clone(words), func(other string) bool { return other != word })); n != 1 {
			t.Errorf("the acknowledged %q stands %d times in the note", word, n)
		}
	}
}

// moving puts one item after the other at the beginning of their section.
type moving struct {
	items []int64
	tried int
	first int64 // that was acknowledged to be the first; 0 when that is not known
}

var onBoard = regexp.MustCompile(`id="item-(\d+)"`)

func (m *moving) do(w *writer) bool {
	board := w.look("/desk/issues/7")
	if board == "" {
		return false
	}
	for _, found := range onBoard.FindAllStringSubmatch(board, -1) {
		if id, _ := strconv.ParseInt(found[1], 10, 64); slices.Contains(m.items, id) {
			if m.first != 0 && m.first != id {
				w.t.Errorf("%d was moved to the first place, and %d stands there", m.first, id)
			}
			break
		}
	}
	m.tried++
	id := m.items[m.tried%len(m.items)]
	m.first = 0
	if w.post(fmt.Sprintf("/desk/items/%d/move", id), url.Values{"issue": {"7"}, "section": {"Tools"}, "after": {""}}) != http.StatusSeeOther {
		return false
	}
	m.first = id
	return true
}

func (m *moving) hold(t *testing.T, pool *pgxpool.Pool) {
	var first int64
	err := pool.QueryRow(t.Context(), "SELECT id FROM items WHERE id = ANY($1) ORDER BY position LIMIT 1", m.items).Scan(&first)
	if err != nil || m.first != 0 && m.first != first {
		t.Errorf("%d was moved to the first place, and %d stands there (%v)", m.first, first, err)
	}
}

// submitting sends new items, each form until it is acknowledged.
type submitting struct {
	form url.Values
	sent int
}

func (s *submitting) do(w *writer) bool {
	if s.form == nil {
		if s.form = browsertest.Fields(w.look("/desk/items/new"), "/desk/items"); s.form == nil {
			return false
		}
		s.form.Set("note", fmt.Sprintf("Sent %d.", s.sent+1))
	}
	if w.post("/desk/items", s.form) != http.StatusSeeOther {
		return false
	}
	s.form = nil
	s.sent++
	return true
}

func (s *submitting) hold(t *testing.T, pool *pgxpool.Pool) {
	for k := range s.sent {
		holdCount(t, pool, 1, "SELECT count(*) FROM items WHERE note = $1", fmt.Sprintf("Sent %d.", k+1))
	}
}

// publishing opens issues and publishes them, each form until it is acknowledged
// or somebody is said to have done it.
type publishing struct {
	from   int
	number int // of the last issue that is out, after from
	create url.Values
	opened bool
}

func (p *publishing) do(w *writer) bool {
	number := strconv.Itoa(p.number + 1)
	if p.create == nil {
		if p.create = browsertest.Fields(w.look("/desk/issues"), "/desk/issues"); p.create == nil {
			return false
		}
		p.create.Set("number", number)
		p.create.Set("date", time.Now().UTC().Format(time.DateOnly)) // not a week after the issue before, for ever
	}
	if !p.opened {
		if w.post("/desk/issues", p.create) != http.StatusSeeOther {
			return false
		}
		p.opened = true
	}
	status := w.post("/desk/issues/"+number+"/publish", url.Values{"when": {"now"}, "override": {"It is short."}})
	if status != http.StatusSeeOther && status != http.StatusConflict {
		return false
	}
	p.number, p.create, p.opened = p.number+1, nil, false
	return true
}

func (p *publishing) hold(t *testing.T, pool *pgxpool.Pool) {
	if p.number == p.from {
		t.Error("nothing was published")
	}
	for number := p.from + 1; number <= p.number; number++ {
		holdCount(t, pool, 1, "SELECT count(*) FROM issues JOIN revisions ON issue_id = issues.id WHERE number = $1 AND state = 'published'", number)
		holdCount(t, pool, 1, "SELECT count(*) FROM audit WHERE action = 'publish issue' AND split_part(object, ',', 1) = $1", strconv.Itoa(number))
	}
}

// holdCount holds that a query counts so many.
func holdCount(t *testing.T, pool *pgxpool.Pool, want int, sql string, about any) {
	t.Helper()
	rows, _ := pool.Query(t.Context(), sql, about)
	if got, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[int]); err != nil || got != want {
		t.Errorf("%v is there %d times, want %d (%v)", about, got, want, err)
	}
}

// readAll reads and closes the body of an answer.
func readAll(response *http.Response) (string, error) {
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}
