package postgres_test

import (
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

// headings are an issue's sections in order, with their kinds and origins.
func headings(t *testing.T, d *desk, number int) string {
	t.Helper()
	board, err := d.Board(t.Context(), number)
	must(t, err)
	var list []string
	for _, s := range board.Sections {
		list = append(list, s.Title+"/"+string(s.Kind)+"/"+s.Of)
	}
	return strings.Join(list, " ")
}

const usual = "Sponsor/sponsor/Sponsor News/links/News Events/events/Events Tools/links/Tools Jobs/jobs/Jobs"

func TestSectionsAreAdded(t *testing.T) {
	d := weekend(t)
	add := func(title string, kind newsletter.Kind, of, after string) error {
		return d.AddSection(t.Context(), d.emil, 412, title, kind, of, after)
	}
	must(t, add("Books", newsletter.KindLinks, "", ""))
	must(t, add("Ropeworks sponsors", newsletter.KindSponsor, "Sponsor", section(d.section(t, 412, "Sponsor"))))
	must(t, add("Talks", newsletter.KindEvents, "", "news"))
	want := "Sponsor/sponsor/Sponsor Ropeworks sponsors/sponsor/Sponsor News/links/News Talks/events/ Events/events/Events Tools/links/Tools Jobs/jobs/Jobs Books/links/"
	if got := headings(t, d, 412); got != want {
		t.Errorf("the sections are\n%s, want\n%s", got, want)
	}
	if got := headings(t, d, 413); got != usual {
		t.Errorf("the other issue's sections are %s", got)
	}
	wantInvalid(t, add("TOOLS", newsletter.KindLinks, "", ""), "title", "stands in issue 412 already")
	wantInvalid(t, add("More", newsletter.KindLinks, "", "Elsewhere"), "after", "412")
	for n := range newsletter.MaxSections - 8 {
		must(t, add(strings.Repeat("x", n+1), newsletter.KindLinks, "", ""))
	}
	wantInvalid(t, add("y", newsletter.KindLinks, "", ""), "title", "60 sections")
}

func TestSectionsAreRenamed(t *testing.T) {
	d := weekend(t)
	news := d.section(t, 412, "News")
	rename := func(title string, kind newsletter.Kind, seen int64) error {
		return d.RenameSection(t.Context(), d.emil, 412, news, title, kind, seen)
	}
	seen := d.order(t)
	must(t, rename("NEWS", newsletter.KindLinks, seen)) // its own heading in other case is no other's
	if got := conflict(rename("Neues", newsletter.KindLinks, seen)); got != "section" {
		t.Errorf("renaming what was renamed returned %q", got)
	}
	seen = d.order(t)
	must(t, rename("Old news", newsletter.KindEvents, seen))
	must(t, rename("Old news", newsletter.KindEvents, seen)) // sent again after a cut
	if got, want := headings(t, d, 412), strings.Replace(usual, "News/links/News", "Old news/events/News", 1); got != want {
		t.Errorf("the sections are\n%s, want\n%s", got, want)
	}
	wantInvalid(t, rename("jobs", newsletter.KindLinks, d.order(t)), "title", "already")
}

func TestSectionsAreMoved(t *testing.T) {
	d := weekend(t)
	step := func(title string, up bool) string {
		return conflict(d.MoveSection(t.Context(), d.emil, 412, d.section(t, 412, title), up, d.order(t)))
	}
	for _, c := range []struct {
		title string
		up    bool
		want  string
	}{
		{"Tools", true, "Sponsor News Tools Events Jobs"},
		{"News", false, "Sponsor Tools News Events Jobs"},
		{"Sponsor", true, "Sponsor Tools News Events Jobs"},
		{"Jobs", false, "Sponsor Tools News Events Jobs"},
		{"Sponsor", false, "Tools Sponsor News Events Jobs"},
	} {
		if got := step(c.title, c.up); got != "" {
			t.Errorf("moving %s returned %q", c.title, got)
		}
		board, err := d.Board(t.Context(), 412)
		must(t, err)
		var titles []string
		for _, s := range board.Sections {
			titles = append(titles, s.Title)
		}
		if got := strings.Join(titles, " "); got != c.want {
			t.Errorf("after moving %s the sections are %s, want %s", c.title, got, c.want)
		}
	}
	if got, want := d.layout(t, 412), "Tools: d e; News: a b c"; got != want {
		t.Errorf("the board is %q, want %q", got, want)
	}
	if n := d.count(t, "SELECT count(*) FROM issue_sections WHERE position > 5"); n != 0 {
		t.Errorf("%d sections stand beyond the fifth of five", n)
	}
}

func TestSectionsAreRemoved(t *testing.T) {
	d := weekend(t)
	remove := func(id int64) error { return d.RemoveSection(t.Context(), d.emil, 412, id, d.order(t)) }
	wantInvalid(t, remove(d.section(t, 412, "News")), "section", "still has 3 items; move or return them first")
	must(t, d.Hold(t.Context(), d.emil, d.id(t, "d")))
	wantInvalid(t, remove(d.section(t, 412, "Tools")), "section", "still has 1 item;")
	events, seen := d.section(t, 412, "Events"), d.order(t)
	must(t, remove(events))
	if got, want := headings(t, d, 412), strings.Replace(usual, " Events/events/Events", "", 1); got != want {
		t.Errorf("the sections are\n%s, want\n%s", got, want)
	}
	if n := d.count(t, "SELECT max(position) FROM issue_sections JOIN issues ON issues.id = issue_id WHERE number = 412"); n != 4 {
		t.Errorf("the last of four sections stands at %d", n)
	}
	jobs := d.section(t, 412, "Jobs")
	must(t, d.MoveSection(t.Context(), d.ines, 412, jobs, true, seen))
	for name, err := range map[string]error{
		"removing again":             remove(events),
		"removing another issue's":   remove(d.section(t, 413, "Events")),
		"renaming what was removed":  d.RenameSection(t.Context(), d.emil, 412, events, "x", newsletter.KindLinks, d.order(t)),
		"moving what was moved":      d.MoveSection(t.Context(), d.emil, 412, jobs, true, seen),
		"removing what was moved":    d.RemoveSection(t.Context(), d.emil, 412, jobs, seen),
		"moving to what was removed": d.MoveItem(t.Context(), d.emil, d.id(t, "a"), at(412, section(events)), d.order(t)),
	} {
		if got := conflict(err); got != "section" {
			t.Errorf("%s returned %q, want a conflict over the section", name, got)
		}
	}
}

func TestHeadingIsNoNumber(t *testing.T) {
	d := newDesk(t)
	d.issue(t, 412)
	for _, number := range []string{"7", "2026", "-1"} {
		wantInvalid(t, d.AddSection(t.Context(), d.emil, 412, number, newsletter.KindLinks, "", ""), "title", "is a number")
		wantInvalid(t, d.RenameSection(t.Context(), d.emil, 412, d.section(t, 412, "Tools"), number, newsletter.KindLinks, 0), "title", "is a number")
	}
	must(t, d.AddSection(t.Context(), d.emil, 412, "7 links", newsletter.KindLinks, "", ""))
	_, err := d.pool.Exec(t.Context(), "UPDATE issue_sections SET title = '2013' WHERE title = 'Jobs'") // from an old archive
	must(t, err)
	must(t, d.RenameSection(t.Context(), d.emil, 412, d.section(t, 412, "2013"), "2013", newsletter.KindLinks, 0))
}
