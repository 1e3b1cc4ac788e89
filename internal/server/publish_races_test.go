package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// races is how often two race for one issue.
const races = 8

// rivals are two people who may publish, each with a browser at a program of
// their own, on one database.
type rivals struct {
	t                 *testing.T
	programs          [2]*program
	ines, osman       newsletter.User
	atInes, atOsman   *browsertest.Browser
	number            int   // of the issue that they race for
	item              int64 // in it
	published, passed int   // races that publication won, and the others
}

func newRivals(t *testing.T, at string) *rivals {
	t.Helper()
	v := &rivals{t: t, number: 100,
		ines:  newsletter.User{Email: "ines@letter.example", Name: "Ines", Role: newsletter.Curator},
		osman: newsletter.User{Email: "osman@letter.example", Name: "Osman", Role: newsletter.Owner},
	}
	for k := range v.programs {
		v.programs[k] = start(t, at, nil)
	}
	for _, u := range []*newsletter.User{&v.ines, &v.osman} {
		var err error
		if u.ID, err = v.programs[0].store.AddUser(t.Context(), *u, ""); err != nil {
			t.Fatal(err)
		}
	}
	v.atInes, v.atOsman = v.programs[0].as(t, v.ines), v.programs[1].as(t, v.osman)
	return v
}

// draft makes the next issue, ready for publication.
func (v *rivals) draft() {
	v.t.Helper()
	v.number++
	store, day := v.programs[0].store, newsletter.DateOf(time.Now())
	err := store.CreateIssue(v.t.Context(), v.ines, newsletter.Issue{Number: v.number, Date: day}, "")
	if err == nil {
		err = store.SaveIssue(v.t.Context(), v.ines, v.number, 1, newsletter.Issue{Number: v.number, Date: day, Intro: "Fog."})
	}
	if err == nil {
		item := newsletter.Item{Note: "Counted.", Links: []newsletter.Link{{URL: fmt.Sprintf("https://gulls.example/%d", v.number)}}}
		v.item, err = store.CreateItem(v.t.Context(), v.ines, item, &postgres.Target{Issue: v.number, Section: "News", After: postgres.Last}, "", publish.LinksOf)
	}
	if err != nil {
		v.t.Fatal(err)
	}
}

// due makes the next issue, which is to publish itself and is due.
func (v *rivals) due() {
	v.t.Helper()
	v.draft()
	now, err := v.programs[0].store.Now(v.t.Context())
	if err == nil {
		err = v.programs[0].store.SetSchedule(v.t.Context(), v.ines, v.board().ID, postgres.Schedule{At: now})
	}
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *rivals) board() postgres.Board {
	v.t.Helper()
	board, err := v.programs[0].store.Board(v.t.Context(), v.number)
	if err != nil {
		v.t.Fatal(err)
	}
	return board
}

// form is a form on a page as a browser has it filled in.
func form(b *browsertest.Browser, page, action string) url.Values {
	return browsertest.Fields(b.Get(page).Body.String(), action)
}

// path is an address of the issue on the desk.
func (v *rivals) path(to string) string { return fmt.Sprintf("/desk/issues/%d%s", v.number, to) }

// tick does what each process does every second: it publishes what is due, and
// returns whether that was the issue.
func (v *rivals) tick() (published bool) {
	number, held, err := publish.PublishDue(v.t.Context(), v.programs[0].store)
	if err != nil || held != "" {
		v.t.Errorf("%d is held back because %q (%v)", number, held, err)
	}
	return number == v.number
}

// together does both at once.
func together(one, other func()) {
	begin := make(chan struct{})
	var racing sync.WaitGroup
	racing.Go(func() { <-begin; one() })
	racing.Go(func() { <-begin; other() })
	close(begin)
	racing.Wait()
}

// out holds that the issue is printed once, and that the answer of whoever came
// too late says so.
func (v *rivals) out(late *httptest.ResponseRecorder, told ...string) {
	v.t.Helper()
	v.published++
	var revisions, deeds int
	err := v.programs[0].pool.QueryRow(v.t.Context(), `
		SELECT (SELECT count(*) FROM revisions WHERE issue_id = issues.id),
		       (SELECT count(*) FROM audit WHERE action = 'publish issue' AND split_part(object, ',', 1) = number::text)
		FROM issues WHERE number = $1 AND state = 'published'`, v.number).Scan(&revisions, &deeds)
	if err != nil || revisions != 1 || deeds != 1 {
		v.t.Errorf("%d has %d revisions and was published %d times (%v)", v.number, revisions, deeds, err)
	}
	v.says(late, told...)
}

// says holds an answer to words for somebody whose wish was not done.
func (v *rivals) says(late *httptest.ResponseRecorder, told ...string) {
	v.t.Helper()
	if late.Code != http.StatusConflict && late.Code != http.StatusForbidden {
		v.t.Errorf("who came too late for %d is answered with %d\n%s", v.number, late.Code, late.Body)
	}
	for _, words := range told {
		if !strings.Contains(late.Body.String(), words) {
			v.t.Errorf("who came too late for %d is not told %q:\n%s", v.number, words, late.Body)
		}
	}
}

func TestTwoBrowsersPressPublish(t *testing.T) {
	t.Parallel()
	v := newRivals(t, pgtest.URL(t))
	for range races {
		v.draft()
		of := map[string]url.Values{"Ines": form(v.atInes, v.path("/publish"), v.path("/publish")), "Osman": form(v.atOsman, v.path("/publish"), v.path("/publish"))}
		var ines, osman *httptest.ResponseRecorder
		together(
			func() { ines = v.atInes.Post(v.path("/publish"), of["Ines"]) },
			func() { osman = v.atOsman.Post(v.path("/publish"), of["Osman"]) })
		first, late, by := ines, osman, "Ines"
		if osman.Code == http.StatusSeeOther {
			first, late, by = osman, ines, "Osman"
		}
		if first.Code != http.StatusSeeOther {
			t.Errorf("nobody publishes %d: %d and %d", v.number, ines.Code, osman.Code)
		}
		v.out(late, fmt.Sprintf("%d is out already", v.number), by+" published it")
	}
}

// TestAnEditWhileItIsPublished: what is printed is what the one who published
// saw, or it is not printed.
func TestAnEditWhileItIsPublished(t *testing.T) {
	t.Parallel()
	v := newRivals(t, pgtest.URL(t))
	for range races {
		v.draft()
		item := fmt.Sprintf("/desk/items/%d", v.item)
		publication, words := form(v.atInes, v.path("/publish"), v.path("/publish")), form(v.atOsman, item, item)
		words.Set("note", "Counted twice.")
		var press, edit *httptest.ResponseRecorder
		together(
			func() { press = v.atInes.Post(v.path("/publish"), publication) },
			func() { edit = v.atOsman.Post(item, words) })
		note := v.board().Sections[1].Items[0].Note
		switch {
		case press.Code == http.StatusSeeOther:
			v.out(edit, "A printed issue changes by correction only", "Counted twice.")
			revision, err := v.programs[1].store.Revision(t.Context(), v.number)
			if err != nil || revision.Sections[0].Items[0].Note.Markdown != "Counted." || note != "Counted." {
				t.Errorf("printed is %+v (%v), on the board stands %q", revision.Sections, err, note)
			}
		case edit.Code == http.StatusSeeOther:
			v.passed++
			v.says(press, "has changed since you looked", "Nothing was published")
			if state := v.board().State; state != newsletter.Draft || note != "Counted twice." {
				t.Errorf("%d is %s with %q", v.number, state, note)
			}
		default:
			t.Errorf("neither is done: %d and %d", press.Code, edit.Code)
		}
	}
	t.Logf("published %d times, edited %d times", v.published, v.passed)
}

// TestWhatIsDueIsChanged has somebody change what is to become of an issue in
// the second in which it is due.
func TestWhatIsDueIsChanged(t *testing.T) {
	for name, change := range map[string]struct {
		path string
		fill func(url.Values, time.Time)
		then newsletter.IssueState
	}{
		"another time": {"/publish", func(f url.Values, later time.Time) {
			f.Set("when", "at")
			f.Set("at", later.Format(newsletter.ClockLayout))
		}, newsletter.Scheduled},
		"now":           {"/publish", func(f url.Values, _ time.Time) { f.Set("when", "now") }, newsletter.Published},
		"a draft again": {"/unschedule", func(url.Values, time.Time) {}, newsletter.Draft},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newRivals(t, pgtest.URL(t))
			for range races {
				v.due()
				later := time.Now().UTC().Add(48 * time.Hour).Truncate(time.Minute)
				wish := form(v.atOsman, v.path("/publish"), v.path(change.path))
				change.fill(wish, later)
				var published bool
				var answer *httptest.ResponseRecorder
				together(func() { published = v.tick() }, func() { answer = v.atOsman.Post(v.path(change.path), wish) })
				if published == (answer.Code == http.StatusSeeOther) {
					t.Errorf("%d was published by itself: %v; the change is answered with %d\n%s", v.number, published, answer.Code, answer.Body)
				}
				board := v.board()
				if published {
					v.out(answer, fmt.Sprintf("%d is out already", v.number), "Ines published it")
				} else if v.passed++; board.State != change.then {
					t.Errorf("%d is %s, want %s", v.number, board.State, change.then)
				}
				if board.State == newsletter.Scheduled && !board.ScheduledAt.Equal(later) {
					t.Errorf("%d is scheduled for %s, want %s", v.number, board.ScheduledAt, later)
				}
				if board.State == newsletter.Published {
					continue
				}
				if v.tick() {
					t.Errorf("%d was published in spite of it", v.number)
				}
			}
			t.Logf("published %d times, changed %d times", v.published, v.passed)
		})
	}
}
