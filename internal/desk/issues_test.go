package desk

import (
	"strings"
	"testing"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

func TestIssueIsProposedAndOpened(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(138), newslettertest.Issue(139))
	oslo, err := time.LoadLocation("Europe/Oslo")
	must(t, err)
	sunday := w.desk.clock().In(oslo).AddDate(0, 0, 1)
	for sunday.Weekday() != time.Sunday {
		sunday = sunday.AddDate(0, 0, 1)
	}
	day := newsletter.DateOf(sunday).String()
	w.get(w.ines, address.Issues).is(200, `name="number" value="140"`, `type="date" id="date" name="date" value="`+day, `name="key" value="`, `href="/desk/issues/139"`)

	sent := form("number", "140", "date", day, "title", "The fog one", "summary", "Fog.", "key", "k1", "state", "published", "id", "7", "version", "x9")
	w.post(w.ines, address.Issues, strings.Replace(sent, "version=x9", "version=9", 1)).leads("/desk/issues/140")
	w.post(w.ines, address.Issues, strings.Replace(sent, "version=x9", "version=9", 1)).leads("/desk/issues/140") // the button was pressed twice
	w.get(w.tove, "/desk/issues/140").is(200, "The fog one", "Summary: Fog.", "Draft", "Sponsor", "News", "Events", "Tools", "Jobs")
	w.get(w.ines, address.Issues).is(200, `name="number" value="141"`, "The fog one", "Draft")
	lines, err := w.store.IssueLines(t.Context())
	must(t, err)
	if len(lines) != 3 || lines[0].State != newsletter.Draft {
		t.Errorf("the issues are %+v", lines)
	}
}

func TestOnlyCuratorsOpenIssues(t *testing.T) {
	w := newWorld(t)
	for _, user := range []newsletter.User{w.tove, w.emil} {
		w.get(user, address.Issues).is(200, "No issue is open").lacks(`name="number"`)
		w.post(user, address.Issues, form("number", "1", "date", "2026-11-15", "key", "k")).is(403)
	}
}

func TestWrongIssuesComeBackAsTheyWereTyped(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.post(w.ines, address.Issues, form("number", "139", "date", "2026-11-15", "title", "Typed", "key", "k")).
		is(409, "<title>Error: Issues", "Number 139 was published already; nothing of yours is lost", "such as 140", `name="number" value="139"`, `value="Typed"`)
	for name, test := range map[string]struct{ number, date, title, says, keeps string }{
		"no number":        {"", "2026-11-15", "", "Number is empty or 0; give a number", `name="number" value=""`},
		"number in words":  {"twelve", "2026-11-15", "", "Number is not a whole number", `value="twelve"`},
		"negative number":  {"-3", "2026-11-15", "", "Number is -3; give a number", `value="-3"`},
		"a huge number":    {"99999999999999999999", "2026-11-15", "", "Number is not a whole number", `value="99999999999999999999"`},
		"no date":          {"140", "", "", "Date is missing", `name="date" value=""`},
		"a slip behind":    {"140", "2024-11-09", "", "Date is more than two years from today; look at the year", `value="2024-11-09"`},
		"a slip ahead":     {"140", "2206-11-15", "", "Date is more than two years from today", `value="2206-11-15"`},
		"no such date":     {"140", "2026-02-30", "", "Date is no day of the calendar", `value="2026-02-30"`},
		"long title":       {"140", "2026-11-15", strings.Repeat("x", 301), "Working title has 301 characters", "xxxx"},
		"NUL in the title": {"140", "2026-11-15", "a\x00b", "Working title holds characters", "a\uFFFDb"},
		"not UTF-8":        {"140", "2026-11-15", "a\xffb", "Working title holds characters", "a\uFFFDb"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := w.post(w.ines, address.Issues, form("number", test.number, "date", test.date, "title", test.title, "summary", "Typed", "key", "k"))
			answer.t = t
			answer.is(422, "<title>Error: Issues", "There is a problem", test.says, test.keeps, `value="Typed"`, `name="key" value="k"`)
		})
	}
	w.post(w.ines, address.Issues, "title="+strings.Repeat("%zz", 3)).is(422, "There is a problem")
}

func TestKeptIssueIsShownAndNotOpened(t *testing.T) {
	w := newWorld(t)
	w.postKept(w.ines, address.Issues, form("number", "7", "date", "2026-11-15", "title", "Kept", "key", "k")).
		is(200, `value="Kept"`, `name="number" value="7"`, "Your session had ended")
	if lines, err := w.store.IssueLines(t.Context()); err != nil || len(lines) != 0 {
		t.Errorf("there are %d issues, %v", len(lines), err)
	}
}

func TestListOfIssuesIsPaged(t *testing.T) {
	var issues []newsletter.Issue
	for number := 100; number < 100+issuesPerPage+5; number++ {
		issues = append(issues, newslettertest.Issue(number))
	}
	w := newWorld(t, issues...)
	w.get(w.tove, address.Issues).is(200, ">204</a>", `href="?page=2"`).lacks(">104</a>", `href="?page=0"`)
	w.get(w.tove, address.Issues+"?page=2").is(200, ">104</a>", `href="?page=1"`).lacks(">204</a>")
	w.get(w.tove, address.Issues+"?page=99").is(200, ">104</a>")
	w.get(w.tove, address.Issues+"?page=-1").is(200, ">204</a>")
}

func TestDiscard(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	id := w.item(w.emil, "Ferry", endOf(413, "News"))
	w.get(w.ines, "/desk/issues/413/discard").is(200, "one item goes back to the inbox", "Discard 413")
	w.post(w.emil, "/desk/issues/413/discard", "").is(403)
	w.get(w.emil, "/desk/issues/413/discard").is(403)
	w.post(w.ines, "/desk/issues/139/discard", "").is(403)
	w.post(w.ines, "/desk/issues/413/discard", "").leads("/desk/issues?discarded=413")
	w.get(w.ines, "/desk/issues?discarded=413").is(200, "413 was discarded")
	w.get(w.ines, "/desk/issues/413").is(404)
	if state := w.stored(id).State; state != newsletter.Inbox {
		t.Errorf("the item is %s", state)
	}
}
