package desk

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// add stores an item at the end of a section.
func (w *world) add(item newsletter.Item, to *postgres.Target) int64 {
	w.t.Helper()
	id, err := w.store.CreateItem(w.t.Context(), w.emil, item, to, "", publish.LinksOf)
	must(w.t, err)
	return id
}

func linkTo(url string) []newsletter.Link { return []newsletter.Link{{URL: url}} }

func TestBoardIsInPrintOrderWithMarks(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	paid := w.add(newsletter.Item{Note: "Rope.", Sponsored: true, Links: linkTo("https://rope.example/")}, endOf(413, "Sponsor"))
	gulls := w.add(newsletter.Item{Note: "**Gulls** [counted](https://g.example/).", Links: linkTo("https://gulls.example/a")}, endOf(413, "News"))
	bare := w.add(newsletter.Item{Title: "Ferry", Links: linkTo("https://ferry.example/")}, endOf(413, "News"))
	body := w.get(w.emil, "/desk/issues/413").is(200,
		"1 item, paid", "2 items", "Empty, not printed", "<strong>Gulls</strong> counted.", "<b>gulls.example</b>/a",
		"Needs a note", "No note yet.", "Emil, <time", "The introduction is empty",
		fmt.Sprintf(`<a href="#item-%d">413.3</a> has no note`, bare)).Body.String()
	last := 0
	for _, want := range []string{
		fmt.Sprintf(`id="item-%d"`, paid), "413.1", fmt.Sprintf(`id="item-%d"`, gulls), "413.2", fmt.Sprintf(`id="item-%d"`, bare), "413.3",
	} {
		at := strings.Index(body[last:], want)
		if at < 0 {
			t.Fatalf("%s does not follow:\n%s", want, body)
		}
		last += at
	}
}

func TestBoardOffersWhatEachRoleMay(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	placed, loose := w.item(w.emil, "Ferry", endOf(413, "News")), w.item(w.tove, "Gulls", nil)
	w.item(w.emil, "Terns", nil)
	edit := func(id int64) string { return fmt.Sprintf(`<a href="/desk/items/%d"`, id) }
	for _, test := range []struct {
		user  newsletter.User
		has   []string
		lacks []string
	}{
		{w.tove, []string{edit(loose)}, []string{edit(placed), "/move", "Add to 413", "?edit=", "/preview", "/publish", "/discard", "Add a section"}},
		{w.emil, []string{edit(loose), edit(placed), "/move", "Add to 413", "?edit=section-", "Add a section"}, []string{"?edit=intro", "?edit=head", "/preview", "/publish", "/discard"}},
		{w.ines, []string{edit(placed), "?edit=intro", "?edit=head", "/413/preview", "/413/publish", "/413/discard"}, nil},
	} {
		w.get(test.user, "/desk/issues/413").is(200, test.has...).lacks(test.lacks...)
	}
	w.get(w.osman, "/desk/issues/139").is(200, "Published", `href="/issues/139"`, "139.6").
		lacks("?edit=", "/move", "/publish\"", "/discard", "Before publishing", "Inbox <span")
	w.get(w.tove, "/desk/issues/413?edit=intro").is(200).lacks(`name="intro"`)
	w.get(w.emil, "/desk/issues/413?edit=intro").is(200).lacks(`name="intro"`)
	for _, missing := range []string{"/desk/issues/7", "/desk/issues/0413", "/desk/issues/99999999999999"} {
		w.get(w.ines, missing).is(404)
	}
}

func TestBoardShowsTheInboxBesideIt(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	w.item(w.tove, "Ferry", nil)
	held := w.item(w.tove, "Terns", nil)
	must(t, w.store.Hold(t.Context(), w.emil, held))
	again := w.add(newsletter.Item{Note: "Gulls again.", Links: linkTo("https://gulls.example/139")}, nil)
	board, err := w.store.Board(t.Context(), 413)
	must(t, err)
	body := w.get(w.emil, "/desk/issues/413").is(200, "About Ferry.", "Held over", `<a href="/issues/139#2">139.2</a>`,
		fmt.Sprintf(`name="section" value="%d"`, board.Sections[1].ID), "Inbox <span class=\"count\">2</span>").Body.String()
	if strings.Index(body, "About Terns.") > strings.Index(body, "About Ferry.") {
		t.Error("the held item does not stand in front of the inbox")
	}
	w.get(w.emil, "/desk/issues/413?q=ferry").is(200, "About Ferry.", `value="ferry"`, "One item with").lacks("Gulls again.")
	w.get(w.emil, "/desk/issues/413?q=%22%3E%3Cscript%3E").is(200, "Nothing with “&#34;&gt;&lt;script&gt;”").lacks("<script>")

	w.post(w.emil, fmt.Sprintf("/desk/items/%d/move", again), form("issue", "413", "section", fmt.Sprint(board.Sections[1].ID), "version", fmt.Sprint(board.Order))).
		leads(boardAt(413, again))
	w.get(w.emil, "/desk/issues/413").is(200, "has a link that ran before: <a href=\"/issues/139#2\">139.2</a>")
}

func TestSectionForAnItem(t *testing.T) {
	sections := []postgres.BoardSection{{ID: 1, Kind: newsletter.KindSponsor}, {ID: 2, Kind: newsletter.KindLinks}, {ID: 3, Kind: newsletter.KindEvents}}
	day := newsletter.Date{Year: 2026, Month: 6, Day: 12}
	for _, test := range []struct {
		item     newsletter.Item
		sections []postgres.BoardSection
		want     int64
	}{
		{newsletter.Item{}, sections, 2},
		{newsletter.Item{Sponsored: true}, sections, 1},
		{newsletter.Item{EventOn: day}, sections, 3},
		{newsletter.Item{EventOn: day}, sections[:2], 1},
		{newsletter.Item{}, nil, 0},
	} {
		if got := sectionFor(test.item, test.sections); got != test.want {
			t.Errorf("%+v goes to %d, want %d", test.item, got, test.want)
		}
	}
}

// queries counts the statements a pool is asked for.
type queries struct{ n atomic.Int64 }

func (q *queries) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if !strings.HasPrefix(data.SQL, "begin") && data.SQL != "commit" && data.SQL != "rollback" {
		q.n.Add(1)
	}
	return ctx
}
func (q *queries) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TestQueriesPerPage holds the number of queries of each page, and that it
// does not depend on how much there is to show.
func TestQueriesPerPage(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	id := w.item(w.emil, "Ferry", endOf(413, "News"))
	counter := &queries{}
	config := w.pool.Config().Copy()
	config.ConnConfig.Tracer = counter
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	must(t, err)
	t.Cleanup(pool.Close)
	w.desk.store = postgres.New(pool)
	first := fmt.Sprint(w.orders(413)[0].Version)
	pages := map[string]int64{}
	count := func() {
		for _, target := range []string{
			"/desk/issues", "/desk/issues/413", "/desk/issues/413?edit=intro", fmt.Sprintf("/desk/items/%d/move", id), "/desk/issues/413/publish",
			"/desk/issues/413/preview", "/desk/sections", "/desk/settings", "/desk/activity",
			"/desk/issues/413/history", "/desk/issues/413/history?show=orders", "/desk/issues/413/history?order=" + first, fmt.Sprintf("/desk/items/%d/history", id),
		} {
			counter.n.Store(0)
			w.get(w.osman, target).is(200)
			got := counter.n.Load()
			if before, ok := pages[target]; ok && got != before {
				t.Errorf("%s takes %d queries, and %d with more to show", target, before, got)
			}
			pages[target] = got
		}
	}
	count()
	for i := range 25 {
		w.item(w.tove, fmt.Sprintf("Inbox%d", i), nil)
		placed := w.item(w.emil, fmt.Sprintf("News%d", i), endOf(413, "News"))
		must(t, w.store.AddBlueNote(t.Context(), w.emil, postgres.Remarked{Item: placed}, "@Osman", ""))
	}
	count()
	for target, n := range pages {
		if t.Logf("%s: %d queries", target, n); n > 13 {
			t.Errorf("%s takes %d queries", target, n)
		}
	}
}
