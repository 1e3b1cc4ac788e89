package server_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// TestBlueNotesAreNowherePublic writes blue notes with a word that stands
// nowhere else, publishes the issue, and looks for the word, and for who looks
// after the section, wherever readers and the preview can look.
func TestBlueNotesAreNowherePublic(t *testing.T) {
	p, people := desk(t)
	curator := people[newsletter.Curator]
	b := p.as(t, curator)
	must(t, p.store.CreateIssue(t.Context(), curator, newsletter.Issue{Number: 777, Date: newsletter.Date{Year: 2026, Month: 3, Day: 1}}, ""))
	id, err := p.store.CreateItem(t.Context(), curator, newsletter.Item{Note: "Gulls.", Links: []newsletter.Link{{URL: "https://gulls.example/777"}}},
		&postgres.Target{Issue: 777, Section: "News", After: postgres.Last}, "", publish.LinksOf)
	must(t, err)
	board, err := p.store.Board(t.Context(), 777)
	must(t, err)
	news := board.Sections[slices.IndexFunc(board.Sections, func(s postgres.BoardSection) bool { return s.Title == "News" })]
	must(t, p.store.OwnSection(t.Context(), curator, 777, news.ID, curator.ID))
	for _, on := range []postgres.Remarked{{Issue: 777}, {Issue: 777, Section: news.ID}, {Item: id}} {
		must(t, p.store.AddBlueNote(t.Context(), curator, on, "Zeppelin, @"+curator.Name, ""))
	}
	if n := strings.Count(b.Page("/desk/issues/777", 200), "Zeppelin, <b>@"); n != 3 {
		t.Fatalf("the board shows %d blue notes, want 3", n)
	}
	public := map[string]string{"preview": b.Page("/desk/issues/777/preview", 200)}
	if w := b.Post("/desk/issues/777/publish", url.Values{"when": {"now"}}); w.Header().Get("Location") != "/desk/issues/777/published" {
		t.Fatalf("publishing: %d\n%s", w.Code, w.Body)
	}
	for _, path := range []string{
		"/issues/777", "/issues/777.md", "/issues/777.txt", "/issues/777.json", "/", "/archive", "/archive/2026", "/sections/news", "/sites/gulls.example",
		"/feed.xml", "/atom.xml", "/feed.json", "/sections/news/feed.xml", "/search?q=gulls", "/sitemap.xml",
	} {
		public[path] = p.get(path).Body.String()
		if !strings.Contains(public[path], "777") {
			t.Errorf("%s does not show the issue", path)
		}
	}
	public["search"], public["events"] = p.get("/search?q=zepp").Body.String(), p.get("/events.ics").Body.String()
	for where, text := range public {
		if strings.Contains(text, "Zeppelin") || strings.Contains(text, "Take over") {
			t.Errorf("%s holds what is the desk's alone", where)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
