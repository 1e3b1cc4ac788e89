package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

// desk is a store with people at work.
type desk struct {
	*postgres.Store
	pool                    *pgxpool.Pool
	tove, emil, ines, osman newsletter.User // contributor, editor, curator, owner
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	pool := pgtest.New(t)
	d := &desk{Store: postgres.New(pool), pool: pool}
	d.tove, d.emil = d.person(t, "Tove", newsletter.Contributor), d.person(t, "Emil", newsletter.Editor)
	d.ines, d.osman = d.person(t, "Ines", newsletter.Curator), d.person(t, "Osman", newsletter.Owner)
	return d
}

func (d *desk) person(t *testing.T, name string, role newsletter.Role) newsletter.User {
	t.Helper()
	u := newsletter.User{Name: name, Email: name + "@letter.example", Role: role}
	err := d.pool.QueryRow(t.Context(), "INSERT INTO people (email, name, role) VALUES ($1, $2, $3) RETURNING id", u.Email, name, role).Scan(&u.ID)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// issue opens a draft with the five usual sections.
func (d *desk) issue(t *testing.T, number int) {
	t.Helper()
	day := newsletter.Date{Year: 2026, Month: 5, Day: 1 + number%28}
	must(t, d.CreateIssue(t.Context(), d.ines, newsletter.Issue{Number: number, Date: day}, ""))
}

// place makes items at the end of a section, one for each word, titled so.
func (d *desk) place(t *testing.T, number int, section, titles string) {
	t.Helper()
	for title := range strings.FieldsSeq(titles) {
		d.item(t, d.emil, title, &postgres.Target{Issue: number, Section: section, After: postgres.Last})
	}
}

// item makes an item with a title and a link and returns its id.
func (d *desk) item(t *testing.T, by newsletter.User, title string, to *postgres.Target) int64 {
	t.Helper()
	id, err := d.CreateItem(t.Context(), by, words(title), to, "", noLinks)
	must(t, err)
	return id
}

// words are an item that says something.
func words(title string) newsletter.Item {
	return newsletter.Item{Title: title, Note: "About " + title + ".", Links: []newsletter.Link{{URL: "https://" + title + ".example/"}}}
}

// id finds an item by its title.
func (d *desk) id(t *testing.T, title string) int64 {
	t.Helper()
	var id int64
	if err := d.pool.QueryRow(t.Context(), "SELECT id FROM items WHERE title = $1", title).Scan(&id); err != nil {
		t.Fatalf("item %s: %v", title, err)
	}
	return id
}

func (d *desk) get(t *testing.T, id int64) postgres.DeskItem {
	t.Helper()
	item, err := d.DeskItem(t.Context(), id)
	must(t, err)
	return item
}

func (d *desk) board(t *testing.T, number int) postgres.Board {
	t.Helper()
	board, err := d.Board(t.Context(), number)
	must(t, err)
	return board
}

func (d *desk) order(t *testing.T) int64 {
	t.Helper()
	version, err := d.Order(t.Context())
	must(t, err)
	return version
}

// section returns the id of a section of an issue by its heading.
func (d *desk) section(t *testing.T, number int, title string) int64 {
	t.Helper()
	board := d.board(t, number)
	k := slices.IndexFunc(board.Sections, func(s postgres.BoardSection) bool { return s.Title == title })
	if k < 0 {
		t.Fatalf("issue %d has no section %s", number, title)
	}
	return board.Sections[k].ID
}

// layout writes an issue's board as "News: a b; Tools: c", without its empty
// sections, and checks that positions count from 1.
func (d *desk) layout(t *testing.T, number int) string {
	t.Helper()
	board := d.board(t, number)
	var sections []string
	for _, s := range board.Sections {
		var titles []string
		for k, item := range s.Items {
			titles = append(titles, item.Title)
			if item.Position != k+1 || item.SectionID != s.ID || item.Section != s.Title || item.Issue != number {
				t.Errorf("item %s stands at %s %d of issue %d; the board shows it at %s %d of issue %d",
					item.Title, item.Section, item.Position, item.Issue, s.Title, k+1, number)
			}
		}
		if len(titles) > 0 {
			sections = append(sections, s.Title+": "+strings.Join(titles, " "))
		}
	}
	return strings.Join(sections, "; ")
}

// printIssue publishes an issue as it stands, in the least that makes one.
func (d *desk) printIssue(t *testing.T, number int) {
	t.Helper()
	must(t, d.Tx(t.Context(), func(tx *postgres.Store) error {
		board, err := tx.LockIssue(t.Context(), number)
		if err != nil {
			return err
		}
		issue, now := board.Issue(), board.ChangedAt
		issue.NumberPlaces()
		places := map[int64]int{}
		for _, item := range issue.Items() {
			places[item.ID] = item.Place
		}
		if err := tx.MarkPublished(t.Context(), d.osman, board.ID, now, places); err != nil {
			return err
		}
		return tx.SaveRevision(t.Context(), board.ID, newsletter.Revision{Number: number, Ordinal: 1, Date: issue.Date, PublishedAt: now, RevisedAt: now}, noLinks)
	}))
}

// schedule closes a draft to all but curators.
func (d *desk) schedule(t *testing.T, number int) {
	t.Helper()
	_, err := d.pool.Exec(t.Context(), "UPDATE issues SET state = 'scheduled', scheduled_at = now() WHERE number = $1", number)
	must(t, err)
}

func (d *desk) count(t *testing.T, sql string) int {
	t.Helper()
	var n int
	must(t, d.pool.QueryRow(t.Context(), sql).Scan(&n))
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// conflict says what a move ran into: "item", "after" or "section", "" for
// nothing, else the error.
func conflict(err error) string {
	if c, is := errors.AsType[*postgres.MoveConflict](err); is && errors.Is(err, newsletter.ErrConflict) {
		return c.What
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// wantInvalid checks that an error says of one field what is wrong with it.
func wantInvalid(t *testing.T, err error, field, says string) {
	t.Helper()
	wrong, is := errors.AsType[newsletter.Invalid](err)
	if !is || len(wrong) != 1 || wrong[0].Field != field || !strings.Contains(wrong[0].Message, says) {
		t.Errorf("the error is %v; want %s to be wrong, with %q", err, field, says)
	}
}

func section(id int64) string { return fmt.Sprint(id) }

// awaitWaiting returns once somebody waits for a lock in the database.
func (d *desk) awaitWaiting(t *testing.T) {
	t.Helper()
	for t.Context().Err() == nil {
		if d.count(t, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") > 0 {
			return
		}
	}
}

// at is the front of a section.
func at(number int, section string) postgres.Target {
	return postgres.Target{Issue: number, Section: section}
}
