package desk

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

// proposed is the form that opens the next issue, as a browser sends it when
// nothing is changed.
func (a answer) proposed() string {
	a.t.Helper()
	body := a.Body.String()
	i, found := strings.Index(body, `<form class="form" action="/desk/issues"`), true
	if i >= 0 {
		body, _, found = strings.Cut(body[i:], "</form>")
	}
	if i < 0 || !found {
		a.t.Fatalf("%s: no form opens an issue:\n%s", a.what, a.Body)
	}
	var pairs []string
	for _, input := range regexp.MustCompile(`<input type="(\w+)" id="[^"]*" name="(\w+)"(?: class="printed")? value="([^"]*)"( checked)?`).FindAllStringSubmatch(body, -1) {
		if input[1] != "checkbox" || input[4] != "" {
			pairs = append(pairs, input[2], input[3])
		}
	}
	for _, input := range regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		pairs = append(pairs, input[1], input[2])
	}
	for _, list := range regexp.MustCompile(`(?s)<select id="[^"]*" name="(\w+)".*?value="([^"]*)" selected`).FindAllStringSubmatch(body, -1) {
		pairs = append(pairs, list[1], list[2])
	}
	return form(pairs...)
}

// over is a world in which 413 has just been published, Emil looked after its
// News, and two items are held for the next issue.
func over(t *testing.T) (w *world, ferry, paid int64) {
	t.Helper()
	w = newWorld(t, newslettertest.Issue(139))
	w.ready(413)
	news, _ := w.section(413, "News")
	must(t, w.store.OwnSection(t.Context(), w.ines, 413, news.ID, w.emil.ID))
	ferry, paid = w.item(w.emil, "Ferry", nil), w.add(newsletter.Item{Note: "Sails.", Sponsored: true, Links: linkTo("https://sails.example/")}, nil)
	for _, id := range []int64{ferry, paid} {
		must(t, w.store.Hold(t.Context(), w.emil, id))
	}
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now", "version", w.version(413))).leads("/desk/issues/413/published")
	return w, ferry, paid
}

// laidOut writes an issue's sections as "News (Emil): Ferry".
func (w *world) laidOut(number int) string {
	var lines []string
	for _, section := range w.written(number).Sections {
		line := section.Title
		if section.Owner != "" {
			line += " (" + section.Owner + ")"
		}
		for _, item := range section.Items {
			line += ": " + label(item.Item)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

// TestNextIssueIsStartedAsProposed accepts everything by one click, from the
// page that says that the last one is out and from the desk.
func TestNextIssueIsStartedAsProposed(t *testing.T) {
	for _, from := range []string{"/desk/issues/413/published", address.Desk, address.Issues} {
		w, _, _ := over(t)
		if from != address.Issues {
			w.get(w.ines, from).is(200, "Start 414", "Proposed for Sunday, 22 November 2026, with five sections and two held items")
		}
		sent := w.get(w.ines, from).proposed()
		for range 2 { // the button was pressed twice
			w.post(w.ines, address.Issues, sent).leads("/desk/issues/414")
		}
		if got := w.laidOut(414); got != "Sponsor: Sails.; News (Emil): Ferry; Events; Tools; Jobs" {
			t.Errorf("from %s: %s", from, got)
		}
		if board := w.written(414); board.Date.String() != "2026-11-22" || board.State != newsletter.Draft {
			t.Errorf("from %s: it is dated %s and %s", from, board.Date, board.State)
		}
		w.get(w.ines, from).is(200, `href="/desk/issues/414"`).lacks("Start 4")
		w.get(w.ines, "/desk/issues/414/history").is(200, "Ines opened the issue", "<b>Ines</b> <span>started 414</span>", "<span>moved Ferry, to News in 414</span>")
	}
}

func TestWhatIsProposedCanBeChanged(t *testing.T) {
	w, ferry, paid := over(t)
	section := func(title string) int64 { return w.standing(title) }
	chosen := form("number", "420", "date", "2026-11-29", "title", "Late", "summary", "", "key", "k1", "chosen", "true",
		"section", fmt.Sprint(section("Tools")), "section", fmt.Sprint(section("News")), "section", fmt.Sprint(section("News")),
		"owner", pair(section("News"), 0), "owner", pair(section("Tools"), w.osman.ID), "owner", pair(section("Jobs"), w.emil.ID),
		"held", pair(paid, 0), "held", pair(ferry, section("Tools")))
	w.post(w.emil, address.Issues, chosen).is(403)
	w.post(w.ines, address.Issues, chosen).leads("/desk/issues/420")
	if got := w.laidOut(420); got != "Tools (Osman): Ferry; News" {
		t.Error(got)
	}
	if state := w.stored(paid).State; state != newsletter.Held {
		t.Errorf("what was to stay held is %s", state)
	}
	w.get(w.ines, "/desk/issues/420").is(200, "Held over", "Sails.") // in front of the inbox
}

func TestWrongStartsComeBackAsTheyWereChosen(t *testing.T) {
	w, ferry, _ := over(t)
	news, tools := w.standing("News"), w.standing("Tools")
	kept := []string{`name="section" value="` + fmt.Sprint(news) + `" checked`, `value="` + pair(news, w.osman.ID) + `" selected`, `name="title" value="Late"`, `name="key" value="k1"`}
	sent := func(number string, more ...string) string {
		return form(append([]string{"number", number, "date", "2026-11-29", "title", "Late", "key", "k1", "chosen", "true",
			"section", fmt.Sprint(news), "owner", pair(news, w.osman.ID)}, more...)...)
	}
	held := pair(ferry, news)
	w.post(w.ines, address.Issues, sent("413", "held", held)).is(409, append(kept, "Number 413 was published already; nothing of yours is lost: go to it from the list, or choose another, such as 414", `value="`+held+`" selected`)...)
	for _, test := range []struct{ form, says, keeps string }{
		{sent("414", "held", pair(ferry, tools)), "Ferry is to go to a section that the issue does not have", `id="held-` + fmt.Sprint(ferry) + `"`},
		{sent("414", "section", fmt.Sprint(tools), "owner", pair(tools, w.tove.ID)), "Who looks after Tools is nobody who may arrange this issue", `href="#owner-` + fmt.Sprint(tools)},
		{sent("414", "section", "999"), "Sections were changed meanwhile, and one of yours is gone", kept[0]},
		{sent("many", "held", held), "Number is not a whole number", `value="many"`},
	} {
		answer := w.post(w.ines, address.Issues, test.form).is(422, append(kept, "<title>Error: Issues", test.says, test.keeps)...)
		answer.lacks(fmt.Sprintf(`value="%d" checked`, w.standing("Jobs")))
	}
	w.postKept(w.ines, address.Issues, sent("414", "held", held)).is(200, append(kept, `value="`+held+`" selected`)...)
	if state := w.stored(ferry).State; state != newsletter.Held {
		t.Errorf("the item is %s", state)
	}
	if _, err := w.store.Board(t.Context(), 414); err == nil {
		t.Error("it was opened all the same")
	}
}

// TestSomebodyStartsTheIssueFirst has two open the same issue, and a third do
// something else with a held item meanwhile.
func TestSomebodyStartsTheIssueFirst(t *testing.T) {
	w, ferry, _ := over(t)
	mine, theirs := w.get(w.ines, address.Desk).proposed(), w.get(w.osman, address.Desk).proposed()
	must(t, w.store.Decline(t.Context(), w.emil, ferry, "old", ""))
	to := w.post(w.osman, address.Issues, theirs).Header().Get("Location")
	if to != fmt.Sprintf("/desk/issues/414?left=%d", ferry) {
		t.Fatalf("it leads to %s", to)
	}
	w.get(w.osman, to).is(200, "Not held any more, and left where they are: “Ferry” was declined by Emil.")
	if got := w.laidOut(414); got != "Sponsor: Sails.; News (Emil); Events; Tools; Jobs" {
		t.Error(got)
	}
	w.post(w.ines, address.Issues, mine).is(409, "Number 414 is open already; nothing of yours is lost: go to it from the list, or choose another, such as 415", `href="/desk/issues/414"`, `name="number" value="414"`, `name="chosen"`)
}

func TestOnlyCuratorsStartIssues(t *testing.T) {
	w, _, _ := over(t)
	for _, user := range []newsletter.User{w.tove, w.emil} {
		w.get(user, address.Desk).is(200, "No issue is open").lacks("Start 414", "chosen")
	}
}

// standing returns the id of a default section.
func (w *world) standing(title string) int64 {
	w.t.Helper()
	var id int64
	must(w.t, w.pool.QueryRow(w.t.Context(), "SELECT id FROM standing_sections WHERE title = $1", title).Scan(&id))
	return id
}
