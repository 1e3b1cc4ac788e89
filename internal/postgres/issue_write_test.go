package postgres_test

import (
	"errors"
	"sync"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
)

var may2 = newsletter.Date{Year: 2026, Month: 5, Day: 2}

func TestCreatedIssueHasTheDefaultSections(t *testing.T) {
	d := newDesk(t)
	issue := newsletter.Issue{Number: 412, Date: may2, Title: "The tide", Summary: "What drifted in", Intro: "ignored", State: newsletter.Published}
	must(t, d.CreateIssue(t.Context(), d.ines, issue, ""))
	board, err := d.Board(t.Context(), 412)
	must(t, err)
	if board.Number != 412 || board.Date != may2 || board.Title != issue.Title || board.Summary != issue.Summary ||
		board.Intro != "" || board.State != newsletter.Draft || board.Version != 1 || board.ChangedBy != "Ines" || board.Order != d.order(t) {
		t.Errorf("the board is %+v", board)
	}
	p := newslettertest.Publication()
	p.Sections = p.Sections[1:2]
	must(t, d.SavePublication(t.Context(), p)) // changes no issue that exists
	if got := headings(t, d, 412); got != "Sponsor/sponsor/Sponsor News/links/News Events/events/Events Tools/links/Tools Jobs/jobs/Jobs" {
		t.Errorf("the sections are %s", got)
	}
	d.issue(t, 413)
	if got := headings(t, d, 413); got != "News/links/News" {
		t.Errorf("the next issue's sections are %s", got)
	}
}

func TestNumberIsTakenOnTheDesk(t *testing.T) {
	d := newDesk(t)
	must(t, d.CreateIssue(t.Context(), d.ines, newsletter.Issue{Number: 412, Date: may2}, "key"))
	must(t, d.CreateIssue(t.Context(), d.ines, newsletter.Issue{Number: 412, Date: may2}, "key"))
	for _, other := range []newsletter.Issue{{Number: 412, Date: may2, Title: "again"}, {Number: 414, Date: may2}} {
		wantInvalid(t, d.CreateIssue(t.Context(), d.ines, other, "key"), "number", "412 exists already, opened by this form")
	}
	if board, err := d.Board(t.Context(), 412); err != nil || board.Title != "" {
		t.Errorf("the same form again made it %q (%v)", board.Title, err)
	}
	wantInvalid(t, d.CreateIssue(t.Context(), d.ines, newsletter.Issue{Number: 412, Date: may2}, "other"), "number", "412 exists already; choose another number")

	made := make([]error, 8)
	var senders sync.WaitGroup
	for k := range made {
		senders.Go(func() {
			made[k] = d.CreateIssue(t.Context(), d.ines, newsletter.Issue{Number: 413, Date: may2}, "at once")
		})
	}
	senders.Wait()
	must(t, errors.Join(made...))
	if n := d.count(t, "SELECT count(*) FROM issues"); n != 2 {
		t.Errorf("%d issues were made of 2 forms", n)
	}
}

func TestIssuesWords(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	d.issue(t, 414)
	words := newsletter.Issue{Number: 413, Date: may2, Title: "The tide", Summary: "What drifted in", Intro: "Fog all week."}
	save := func(by newsletter.User, number, version int) error {
		return d.SaveIssue(t.Context(), by, number, version, words)
	}
	must(t, save(d.ines, 412, 1))
	board, err := d.Board(t.Context(), 413)
	if err != nil || board.Date != may2 || board.Title != words.Title || board.Summary != words.Summary || board.Intro != words.Intro || board.Version != 2 {
		t.Errorf("the board is %+v (%v)", board, err)
	}
	if err := save(d.ines, 412, 2); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the old number returned %v", err)
	}
	must(t, save(d.osman, 413, 1)) // the same words are no conflict
	words.Intro = "Sun all week."
	err = save(d.osman, 413, 1)
	conflict, is := errors.AsType[*postgres.IssueConflict](err)
	if !is || !errors.Is(err, newsletter.ErrConflict) || conflict.Theirs.Intro != "Fog all week." || !contains(err, "Ines changed the issue") {
		t.Errorf("an older version returned %v", err)
	}
	words.Number = 414
	wantInvalid(t, save(d.osman, 413, 2), "number", "414 exists already")
	words.Number = 413
	must(t, save(d.osman, 413, 2))
	if board, err := d.Board(t.Context(), 413); err != nil || board.Version != 3 || board.Intro != words.Intro || board.ChangedBy != "Osman" {
		t.Errorf("the board is %+v (%v)", board, err)
	}
}

func TestDiscardedIssueReturnsItsItems(t *testing.T) {
	d := weekend(t)
	seen := d.order(t)
	must(t, d.DiscardIssue(t.Context(), d.ines, 412))
	if _, err := d.Board(t.Context(), 412); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("its board returns %v", err)
	}
	if n, _, err := d.DeskCounts(t.Context()); err != nil || n != 6 {
		t.Errorf("%d items are in the inbox (%v), want 5 and the 1 from before", n, err)
	}
	if got := conflict(d.MoveItem(t.Context(), d.emil, d.id(t, "a"), at(413, "News"), seen)); got != "item" {
		t.Errorf("moving an item as it was before returned %q", got)
	}
	d.issue(t, 412) // the number is free
	if got := d.layout(t, 413); got != "News: f" {
		t.Errorf("the other issue is %q", got)
	}
	if err := d.DiscardIssue(t.Context(), d.ines, 999); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("discarding no issue returned %v", err)
	}
}

func TestPublishedIssueKeepsItsMarks(t *testing.T) {
	d := weekend(t)
	_, err := d.pool.Exec(t.Context(), "UPDATE items SET place = 4 - position WHERE section_id = $1", d.section(t, 412, "News")) // places of their own already
	must(t, err)
	err = d.Tx(t.Context(), func(tx *postgres.Store) error {
		board, err := tx.LockIssue(t.Context(), 412)
		if err != nil {
			return err
		}
		places := map[int64]int{}
		for k, item := range board.Issue().Items() {
			places[item.ID] = k + 1
		}
		at := newslettertest.Issue(412).PublishedAt
		if err := tx.MarkPublished(t.Context(), d.osman, board.ID, at, places); err != nil {
			return err
		}
		return tx.SaveRevision(t.Context(), board.ID, newsletter.Revision{Number: 412, Ordinal: 1, Date: may2, PublishedAt: at, RevisedAt: at}, noLinks)
	})
	must(t, err)
	board, err := d.Board(t.Context(), 412)
	must(t, err)
	if board.State != newsletter.Published || !board.PublishedAt.Equal(newslettertest.Issue(412).PublishedAt) || board.ChangedBy != "Ines" {
		t.Errorf("it is %s at %s, with words of %s", board.State, board.PublishedAt, board.ChangedBy)
	}
	for k, item := range board.Issue().Items() {
		if item.Place != k+1 {
			t.Errorf("item %d has place %d", k+1, item.Place)
		}
	}
	if err := d.MarkPublished(t.Context(), d.ines, board.ID, board.PublishedAt, nil); !errors.Is(err, newsletter.ErrConflict) {
		t.Errorf("publishing it again returned %v", err)
	}
	if _, err := d.LockIssue(t.Context(), 999); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("locking no issue returned %v", err)
	}
}
