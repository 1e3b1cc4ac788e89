package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

func TestBoardIsTheIssue(t *testing.T) {
	d := weekend(t)
	must(t, d.SaveIssue(t.Context(), d.ines, 412, 1, newsletter.Issue{Number: 412, Date: may2, Title: "The tide", Summary: "Drifted in", Intro: "Fog."}))
	d.schedule(t, 412)
	board, err := d.Board(t.Context(), 412)
	must(t, err)
	want, err := d.Issue(t.Context(), 412)
	must(t, err)
	got := board.Issue()
	for s := range got.Sections { // who submitted an item concerns the desk alone
		for k := range got.Sections[s].Items {
			item := &got.Sections[s].Items[k]
			if item.SubmittedBy != "Emil" {
				t.Errorf("%s was submitted by %q", item.Title, item.SubmittedBy)
			}
			item.SubmittedBy, item.SubmittedAt = "", want.Sections[s].Items[k].SubmittedAt
		}
	}
	if diff := cmp.Diff(want, got, sameContent); diff != "" {
		t.Error(diff)
	}
	if board.Object() != (newsletter.Object{Issue: newsletter.Scheduled}) {
		t.Errorf("it is decided by %+v", board.Object())
	}
	if _, err := d.Board(t.Context(), 999); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("no issue is %v, want ErrNotFound", err)
	}
}

func TestLockedIssueStandsStill(t *testing.T) {
	d := weekend(t)
	for name, do := range map[string]func(ctx context.Context) error{
		"move": func(ctx context.Context) error {
			return d.MoveItem(ctx, d.emil, d.id(t, "g"), at(412, "News"), 1_000_000)
		},
		"decline": func(ctx context.Context) error { return d.Decline(ctx, d.emil, d.id(t, "a"), "no", "") },
		"save item": func(ctx context.Context) error {
			_, err := d.SaveItem(ctx, d.emil, d.id(t, "b"), 1, words("changed"), noLinks)
			return err
		},
		"section": func(ctx context.Context) error {
			return d.AddSection(ctx, d.emil, 412, "Books", newsletter.KindLinks, "", "")
		},
		"save issue": func(ctx context.Context) error {
			return d.SaveIssue(ctx, d.ines, 412, 1, newsletter.Issue{Number: 412, Date: may2})
		},
	} {
		err := d.Tx(t.Context(), func(tx *postgres.Store) error {
			board, err := tx.LockIssue(t.Context(), 412)
			if err != nil {
				return err
			}
			if board.Sections[1].Items[0].Title != "a" || board.Order != d.order(t) {
				t.Errorf("the locked board is %+v", board)
			}
			waited, stop := context.WithCancel(t.Context())
			result := make(chan error, 1)
			go func() { result <- do(waited) }()
			for d.count(t, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") == 0 {
				select {
				case err := <-result:
					t.Errorf("%s: it did not wait, and returned %v", name, err)
					stop()
					return nil
				default:
				}
			}
			stop()
			if err := <-result; err == nil {
				t.Errorf("%s: it was done to a locked issue", name)
			}
			return nil
		})
		must(t, err)
	}
}

// queries counts what goes to the database and is waited for.
type queries struct{ n atomic.Int64 }

func (q *queries) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if data.SQL != "rollback" { // a snapshot's end
		q.n.Add(1)
	}
	return ctx
}

func (q *queries) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func TestQueriesDoNotGrowWithItems(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	config := d.pool.Config()
	var q queries
	config.ConnConfig.Tracer = &q
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	must(t, err)
	defer pool.Close()
	traced := postgres.New(pool)

	var urls []string
	add := func(n int) {
		for range n {
			title := fmt.Sprint("item", len(urls))
			urls = append(urls, words(title).Links[0].URL)
			d.place(t, 412, []string{"News", "Tools"}[len(urls)%2], title)
			d.item(t, d.tove, "loose"+title, nil)
			d.remark(t, d.emil, postgres.Remarked{Item: d.id(t, title)}, "@Ines, "+title)
		}
	}
	measure := func() string {
		var counts []string
		for _, read := range []struct {
			name string
			do   func() (items int, err error)
		}{
			{"board", func() (int, error) {
				board, err := traced.Board(t.Context(), 412)
				return len(board.Issue().Items()), err
			}},
			{"inbox", func() (int, error) {
				_, total, err := traced.Inbox(t.Context(), postgres.InboxFilter{})
				return total, err
			}},
			{"occurrences", func() (int, error) {
				found, err := traced.Occurrences(t.Context(), urls, 0)
				return len(found), err
			}},
			{"open issues", func() (int, error) {
				open, err := traced.OpenIssues(t.Context())
				if err != nil {
					return 0, err
				}
				return open[0].Items, nil
			}},
		} {
			before := q.n.Load()
			if items, err := read.do(); err != nil || items != len(urls) {
				t.Errorf("%s: %d items (%v), want %d", read.name, items, err, len(urls))
			}
			counts = append(counts, fmt.Sprint(read.name, " ", q.n.Load()-before))
		}
		return strings.Join(counts, ", ")
	}
	add(5)
	few := measure()
	add(55)
	if many := measure(); many != few {
		t.Errorf("queries for 60 items: %s; for 5: %s", many, few)
	}
	if want := "board 5, inbox 2, occurrences 1, open issues 1"; few != want { // the board's with BEGIN
		t.Errorf("queries: %s; want %s", few, want)
	}
}
