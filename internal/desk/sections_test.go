package desk

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
)

// tooLarge is a form that is larger than the server takes.
func tooLarge(t *testing.T, target string) *http.Request {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader("title="+strings.Repeat("x", 2000)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Body = http.MaxBytesReader(nil, r.Body, 1000)
	return r
}

// headings returns an issue's sections, as in "News links".
func (w *world) headings(number int) []string {
	w.t.Helper()
	var list []string
	for _, section := range w.written(number).Sections {
		list = append(list, section.Title+" "+string(section.Kind))
	}
	return list
}

// section returns a section of an issue and its address.
func (w *world) section(number int, title string) (postgres.BoardSection, string) {
	w.t.Helper()
	sections := w.written(number).Sections
	k := slices.IndexFunc(sections, func(s postgres.BoardSection) bool { return s.Title == title })
	if k < 0 {
		w.t.Fatalf("%d has no section %s", number, title)
	}
	return sections[k], fmt.Sprintf("/desk/issues/%d/sections/%d", number, sections[k].ID)
}

func (w *world) order(number int) string { return fmt.Sprint(w.written(number).Order) }

func TestSectionsAreArranged(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.draft(414)
	news, newsAt := w.section(413, "News")
	_, toolsAt := w.section(413, "Tools")
	_, jobsAt := w.section(413, "Jobs")

	w.get(w.emil, fmt.Sprintf("/desk/issues/413?edit=section-%d", news.ID)).is(200, `value="News"`, "Move the section up", "Remove the section")
	w.post(w.emil, "/desk/issues/413/sections", form("title", "Meetups", "kind", "events", "after", fmt.Sprint(news.ID))).leads("/desk/issues/413#sections")
	w.post(w.emil, "/desk/issues/413/sections", form("title", "StackHawk sponsors us", "after", "")).leads("/desk/issues/413#sections")
	w.post(w.emil, toolsAt, form("to", "up", "version", w.order(413))).leads("/desk/issues/413" + strings.Replace(toolsAt, "/desk/issues/413/sections/", "#section-", 1))
	w.post(w.emil, newsAt, form("title", "What is new", "kind", "links", "version", w.order(413))).leads(fmt.Sprintf("/desk/issues/413#section-%d", news.ID))
	w.post(w.emil, jobsAt+"/remove", form("version", w.order(413))).leads("/desk/issues/413#sections")

	want := []string{"Sponsor sponsor", "What is new links", "Meetups events", "Tools links", "Events events", "StackHawk sponsors us sponsor"}
	if diff := cmp.Diff(want, w.headings(413)); diff != "" {
		t.Errorf("the sections of 413:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Sponsor sponsor", "News links", "Events events", "Tools links", "Jobs jobs"}, w.headings(414)); diff != "" {
		t.Errorf("another issue changed as well:\n%s", diff)
	}
	paid, _ := w.section(413, "StackHawk sponsors us")
	meetups, _ := w.section(413, "Meetups")
	renamed, _ := w.section(413, "What is new")
	if paid.Of != "Sponsor" || meetups.Of != "Events" || renamed.Of != "News" {
		t.Errorf("they belong to %q, %q and %q", paid.Of, meetups.Of, renamed.Of)
	}
}

func TestWrongSectionsComeBackAsTheyWereTyped(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.item(w.emil, "Ferry", endOf(413, "News"))
	_, newsAt := w.section(413, "News")
	const add = "/desk/issues/413/sections"
	version := w.order(413)
	for name, test := range map[string]struct{ target, form, says, keeps string }{
		"no heading":        {add, form("title", "  ", "kind", "jobs"), "Heading is empty", `value="jobs" selected`},
		"heading taken":     {add, form("title", "nEWS", "kind", "links"), "stands in issue 413 already", `value="nEWS"`},
		"no such kind":      {add, form("title", "Quiz", "kind", "quiz"), "Kind is &#34;quiz&#34;", `value="Quiz"`},
		"no such neighbour": {add, form("title", "Quiz", "kind", "links", "after", "7"), "Place is not a section of issue 413", `value="Quiz"`},
		"long heading":      {add, form("title", strings.Repeat("x", 301)), "Heading has 301 characters", "xxxx"},
		"NUL":               {add, form("title", "a\x00b"), "Heading holds", "a\uFFFDb"},
		"rename to nothing": {newsAt, form("title", "", "kind", "jobs", "version", version), "Heading is empty", `value="jobs" selected`},
		"rename to taken":   {newsAt, form("title", "tools", "version", version), "stands in issue 413 already", `value="tools"`},
		"neither up":        {newsAt, form("to", "sideways", "version", version), "neither up nor down", `value="News"`},
		"version in words":  {newsAt, form("title", "x", "version", "new"), "not a whole number", `value="x"`},
		"remove with items": {newsAt + "/remove", form("version", version), "Section still has 1 item", `value="News"`},
	} {
		t.Run(name, func(t *testing.T) {
			answer := w.post(w.emil, test.target, test.form)
			answer.t = t
			answer.is(422, "<title>Error: Issue 413", "There is a problem", test.says, test.keeps)
		})
	}
	if diff := cmp.Diff([]string{"Sponsor sponsor", "News links", "Events events", "Tools links", "Jobs jobs"}, w.headings(413)); diff != "" {
		t.Errorf("something changed:\n%s", diff)
	}
}

func TestSectionsAreForEditorsAndOpenIssues(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	_, newsAt := w.section(413, "News")
	for _, target := range []string{"/desk/issues/413/sections", newsAt, newsAt + "/remove"} {
		w.post(w.tove, target, form("title", "x", "version", "99")).is(403)
	}
	_, printedAt := w.section(139, "News")
	for _, target := range []string{"/desk/issues/139/sections", printedAt, printedAt + "/remove"} {
		w.post(w.osman, target, form("title", "x", "version", "99")).is(403)
	}
	w.post(w.emil, "/desk/issues/7/sections", form("title", "x")).is(404)
}

func TestSectionConflictShowsTheWish(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	news, newsAt := w.section(413, "News")
	_, jobsAt := w.section(413, "Jobs")
	old := w.order(413)
	must(t, w.store.RenameSection(t.Context(), w.ines, 413, news.ID, "Reading", newsletter.KindLinks, w.written(413).Order))

	w.post(w.emil, newsAt, form("to", "down", "version", old)).is(409, "moved, renamed or removed meanwhile", "move Reading down", `name="to" value="down"`, "Do it all the same")
	w.post(w.emil, newsAt, form("title", "Fog", "kind", "links", "version", old)).is(409, "call Reading “Fog”", `name="title" value="Fog"`, fmt.Sprintf(`name="version" value="%s"`, w.order(413)))
	w.post(w.emil, newsAt+"/remove", form("version", old)).is(409, "remove Reading")
	w.post(w.emil, jobsAt, form("to", "up", "version", old)).leads(strings.Replace(jobsAt, "/sections/", "#section-", 1)) // others may move meanwhile
	w.post(w.emil, newsAt, form("title", "Fog", "kind", "links", "version", w.order(413))).leads(fmt.Sprintf("/desk/issues/413#section-%d", news.ID))
	must(t, w.store.RemoveSection(t.Context(), w.ines, 413, news.ID, w.written(413).Order))
	w.post(w.emil, newsAt, form("title", "Sun", "kind", "links", "version", w.order(413))).is(409, "The section is gone").lacks("Do it all the same")
}

func TestKeptSectionsAreShownAndNotSaved(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	_, newsAt := w.section(413, "News")
	before := w.headings(413)
	w.postKept(w.emil, "/desk/issues/413/sections", form("title", "Quiz", "kind", "links")).is(200, `value="Quiz"`, "<details class=\"add-section\" open>")
	w.postKept(w.emil, newsAt, form("title", "Quiz", "kind", "jobs", "version", "3")).is(200, `value="Quiz"`, `value="jobs" selected`, `name="version" value="3"`)
	if diff := cmp.Diff(before, w.headings(413)); diff != "" {
		t.Errorf("something changed:\n%s", diff)
	}
}
