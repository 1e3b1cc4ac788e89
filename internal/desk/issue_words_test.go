package desk

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
)

// written returns an issue's board as it is stored.
func (w *world) written(number int) postgres.Board {
	w.t.Helper()
	board, err := w.store.Board(w.t.Context(), number)
	must(w.t, err)
	return board
}

func TestWordsAreEditedInTheirPlace(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.get(w.ines, "/desk/issues/413?edit=intro").is(200, `<textarea id="intro" name="intro"`, "As it will be printed", `name="version" value="1"`).lacks(`name="number"`)
	w.get(w.ines, "/desk/issues/413?edit=head").is(200, `name="number" value="413"`, `name="date" value="2026-11-15"`).lacks(`name="intro"`)

	w.post(w.ines, "/desk/issues/413", form("intro", "Fog *all*\r\nweek.", "version", "1", "role", "owner", "state", "published", "scheduled_at", "9")).leads("/desk/issues/413#intro")
	w.get(w.ines, "/desk/issues/413?edit=intro").is(200, "Fog *all*\nweek.</textarea>", "<p>Fog <em>all</em>\nweek.</p>")
	w.post(w.ines, "/desk/issues/413", form("number", "500", "date", "2026-12-06", "title", "Fog", "summary", "Fog.", "version", "2")).leads("/desk/issues/500#head")
	got := w.written(500)
	want := newsletter.Issue{Number: 500, Date: newsletter.Date{Year: 2026, Month: 12, Day: 6}, Title: "Fog", Summary: "Fog.", Intro: "Fog *all*\nweek.", State: newsletter.Draft}
	if diff := cmp.Diff(want, newsletter.Issue{Number: got.Number, Date: got.Date, Title: got.Title, Summary: got.Summary, Intro: got.Intro, State: got.State}); diff != "" {
		t.Errorf("what was not sent did not stay:\n%s", diff)
	}
	w.get(w.ines, "/desk/issues/413").is(404)
}

func TestWrongWordsComeBackAsTheyWereTyped(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	w.post(w.ines, "/desk/issues/413", form("number", "139", "date", "2026-11-15", "version", "1")).is(409, "<title>Error: Issue 413", "Number 139 exists already", `value="139"`)
	for name, test := range map[string]struct{ form, says, keeps string }{
		"no such date":    {form("date", "2026-02-30", "number", "413", "version", "1"), "Date is no day of the calendar", `value="2026-02-30"`},
		"a slip":          {form("date", "2062-11-15", "number", "413", "version", "1"), "Date is more than two years from today", `value="2062-11-15"`},
		"number in words": {form("number", "many", "date", "2026-11-15", "version", "1"), "Number is not a whole number", `value="many"`},
		"long summary":    {form("number", "413", "date", "2026-11-15", "summary", strings.Repeat("x", 301)), "Summary has 301 characters", "xxxx"},
		"long intro":      {form("intro", strings.Repeat("x", newsletter.MaxIntro+1), "version", "1"), "Introduction, in Markdown is too long; shorten it to 16384 bytes", "xxxx"},
		"deep intro":      {form("intro", strings.Repeat("> ", 11)+"x", "version", "1"), "inside each other", "&gt; &gt;"},
		"NUL":             {form("intro", "a\x00b", "version", "1"), "holds characters that cannot be shown", "a\uFFFDb"},
		"not UTF-8":       {form("intro", "a\xffb", "version", "1"), "holds characters that cannot be shown", "a\uFFFDb"},
		"both parts":      {form("intro", "Typed.", "number", "0", "date", "2026-11-15", "version", "1"), "Number is empty or 0", "Typed.</textarea>"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := w.post(w.ines, "/desk/issues/413", test.form)
			answer.t = t
			answer.is(422, "<title>Error: Issue 413", "There is a problem", test.says, test.keeps)
		})
	}
	if board := w.written(413); board.Version != 1 {
		t.Errorf("something was saved: %+v", board)
	}
}

func TestWordsAreForCuratorsAndOpenIssues(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	for _, user := range []newsletter.User{w.tove, w.emil} {
		w.post(user, "/desk/issues/413", form("intro", "x", "version", "1")).is(403)
	}
	w.post(w.ines, "/desk/issues/139", form("intro", "x", "version", "1")).is(403)
	w.post(w.ines, "/desk/issues/7", form("intro", "x", "version", "1")).is(404)
}

func TestNoWordIsLostWhenTwoWrite(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.post(w.osman, "/desk/issues/413", form("intro", "Fog all week.", "version", "1")).leads("/desk/issues/413#intro")

	w.post(w.ines, "/desk/issues/413", form("intro", "Sun all week.", "version", "1")).is(409,
		"Osman changed this introduction while you were writing", "Nothing is lost",
		"<mark>Sun </mark>all week.", "<mark>Fog </mark>all week.",
		`name="version" value="2"`, `name="intro" value="Sun all week."`, "Keep mine", "Use Osman’s", "Put both in the editor")
	w.post(w.ines, "/desk/issues/413", form("intro", "Sun all week.", "version", "2", "both", "1")).
		is(200, "Sun all week.\n\nFog all week.</textarea>", `name="version" value="2"`)
	if intro := w.written(413).Intro; intro != "Fog all week." {
		t.Errorf("looking at both saved %q", intro)
	}
	w.post(w.ines, "/desk/issues/413", form("intro", "Fog all week.", "version", "1")).leads("/desk/issues/413#intro") // the same words
	w.post(w.ines, "/desk/issues/413", form("intro", "Sun all week.", "version", "2")).leads("/desk/issues/413#intro")
	w.post(w.osman, "/desk/issues/413", form("number", "413", "date", "2026-11-22", "title", "a", "summary", "", "version", "2")).
		is(409, "Ines changed this issue", "Working title", "2026-11-22").lacks("Put both", `aria-label="Introduction"`)
	w.post(w.ines, "/desk/issues/413", form("intro", "Mist all week.", "version", "2")).is(409, "You changed this introduction elsewhere", "Use the saved one")
	w.post(w.ines, "/desk/issues/413", form("intro", "<script>", "version", "1")).is(409, "&lt;script&gt;").lacks("<script>")
}

func TestOldDraftKeepsItsDate(t *testing.T) {
	w := newWorld(t)
	must(t, w.store.CreateIssue(t.Context(), w.ines, newsletter.Issue{Number: 12, Date: newsletter.Date{Year: 2013, Month: 9, Day: 1}}, ""))
	w.post(w.ines, "/desk/issues/12", form("intro", "Late.", "version", "1")).leads("/desk/issues/12#intro")
	w.post(w.ines, "/desk/issues/12", form("number", "12", "date", "2013-09-01", "title", "Late", "version", "2")).leads("/desk/issues/12#head")
	w.post(w.ines, "/desk/issues/12", form("number", "12", "date", "2013-09-08", "title", "Late", "version", "3")).is(422, "Date is more than two years from today")
}

func TestConflictWithNobodyWhoseNameIsKnown(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	_, err := w.pool.Exec(t.Context(), "UPDATE issues SET intro = 'Fog.', version = 2, changed_by = ''")
	must(t, err)
	w.post(w.ines, "/desk/issues/413", form("intro", "Sun.", "version", "1")).
		is(409, "Somebody changed this introduction while", "<h3>Somebody, saved", "Use the other</a>").lacks("Somebody’s")
}

func TestKeptWordsAreShownAndNotSaved(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.postKept(w.ines, "/desk/issues/413", form("intro", "Kept words.", "version", "1")).is(200, "Kept words.</textarea>", "Your session had ended", `name="version" value="1"`)
	w.postKept(w.ines, "/desk/issues/413", form("number", "9", "date", "2026-02-30", "version", "1")).is(200, `value="9"`, `value="2026-02-30"`)
	if board := w.written(413); board.Version != 1 {
		t.Errorf("something was saved: %+v", board)
	}
}

func TestWhatIsTooLargeIsRefused(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	for _, target := range []string{"/desk/issues", "/desk/issues/413", "/desk/issues/413/sections", "/desk/issues/413/publish", "/desk/sections", "/desk/settings"} {
		w.ask(w.osman, tooLarge(t, target)).is(413)
	}
	section := w.written(413).Sections[0].ID
	id := w.item(w.emil, "Ferry", endOf(413, "News"))
	for _, target := range []string{fmt.Sprintf("/desk/issues/413/sections/%d", section), fmt.Sprintf("/desk/issues/413/sections/%d/remove", section), fmt.Sprintf("/desk/items/%d/move", id)} {
		w.ask(w.osman, tooLarge(t, target)).is(413)
	}
}
