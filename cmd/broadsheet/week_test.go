package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/pgtest"
)

// person is somebody with a browser of their own, without JavaScript.
type person struct {
	t      *testing.T
	base   string
	client *http.Client
}

func newPerson(t *testing.T, base string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t, base, &http.Client{Jar: jar, Timeout: patience}}
}

// read returns a page, after redirects, and where it is. The status must be
// the one wanted.
func (p *person) read(path string, status int) (page, at string) {
	p.t.Helper()
	response, err := p.client.Get(p.base + path)
	return p.answer(response, err, status)
}

// send fills in the form with an action on a page and sends it. Everything
// else goes as the page had it.
func (p *person) send(page, action string, status int, filled map[string]string) (next, at string) {
	p.t.Helper()
	form := browsertest.Fields(page, action)
	if form == nil {
		p.t.Fatalf("there is no form for %s on\n%s", action, page)
	}
	for name, value := range filled {
		form.Set(name, value)
	}
	response, err := p.client.PostForm(p.base+action, form)
	return p.answer(response, err, status)
}

func (p *person) answer(response *http.Response, err error, status int) (page, at string) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status {
		p.t.Fatalf("%s: %d (%v), want %d\n%s", response.Request.URL, response.StatusCode, err, status, body)
	}
	return string(body), response.Request.URL.Path
}

// match returns what a pattern's first group matches on a page.
func match(t *testing.T, page, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("%s is not on\n%s", pattern, page)
	}
	return found[1]
}

// TestTheWeekByForms does everything a team does in a week, by forms alone:
// from the set-up address of an empty database to an issue that readers find.
func TestTheWeekByForms(t *testing.T) {
	t.Parallel()
	p := start(t, program(t, "serve", "--listen", "127.0.0.1:0", "--database-url", pgtest.URL(t)))
	base := p.address(t)
	setUp := match(t, p.stdout.String(), base+`(/set-up/\S+) `)

	owner := newPerson(t, base)
	page, _ := owner.read(setUp, http.StatusOK)
	owner.send(page, setUp, http.StatusOK, map[string]string{
		"publication": "The Harbour Letter", "name": "Ines", "email": "ines@letter.example", "password": "a long walk by the sea",
	})
	team := addTeam(t, owner, base)
	contributor, editor, curator := team["contributor"], team["editor"], team["curator"]

	submitGulls(contributor)
	createIssue(curator)
	annotate(t, editor)
	order(t, curator)
	publishIssue(t, curator)
	readersFindIt(t, base)
}

// addTeam adds a person per role, who sign in by their one-time addresses.
func addTeam(t *testing.T, owner *person, base string) map[string]*person {
	t.Helper()
	team := map[string]*person{}
	for role, name := range map[string]string{"contributor": "Maud", "editor": "Wren", "curator": "Tomás"} {
		page, _ := owner.read("/desk/people", http.StatusOK)
		page, _ = owner.send(page, "/desk/people", http.StatusOK, map[string]string{
			"name": name, "email": role + "@letter.example", "role": role,
		})
		link := match(t, page, base+`(/sign-in/[A-Za-z0-9_-]+)`)
		somebody := newPerson(t, base)
		page, _ = somebody.read(link, http.StatusOK)
		somebody.send(page, link, http.StatusOK, nil)
		team[role] = somebody
	}
	return team
}

// submitGulls has a contributor submit a link, by the paste box's page.
func submitGulls(contributor *person) {
	contributor.t.Helper()
	page, _ := contributor.read("/desk/items/new?url="+url.QueryEscape("look: https://gulls.example/census"), http.StatusOK)
	contributor.send(page, "/desk/items", http.StatusOK, map[string]string{"note": "Somebody counted the gulls."})
}

func createIssue(curator *person) {
	curator.t.Helper()
	page, _ := curator.read("/desk/issues", http.StatusOK)
	curator.send(page, "/desk/issues", http.StatusOK, map[string]string{"number": "139", "date": time.Now().UTC().Format(time.DateOnly)})
}

// annotate has an editor rewrite the note, and put that item and one of their
// own into the issue.
func annotate(t *testing.T, editor *person) {
	t.Helper()
	page, _ := editor.read("/desk/inbox", http.StatusOK)
	item := match(t, page, `href="(/desk/items/\d+)"`)
	page, _ = editor.read(item, http.StatusOK)
	editor.send(page, item, http.StatusOK, map[string]string{"note": "A census of *gulls*, with a map."})
	page, _ = editor.read(item, http.StatusOK)
	if !strings.Contains(page, "<em>gulls</em>") {
		t.Errorf("the printed result is not on the page:\n%s", page)
	}
	page, _ = editor.read(item+"/move", http.StatusOK)
	editor.send(page, item+"/move", http.StatusOK, map[string]string{"issue": "139", "section": "News"})
	page, _ = editor.read("/desk/items/new", http.StatusOK)
	editor.send(page, "/desk/items", http.StatusOK, map[string]string{
		"url": "https://ferry.example/timetable", "note": "The ferry runs again.", "issue": "139", "section": "News",
	})
}

// order has the curator turn the two items round and write the introduction.
func order(t *testing.T, curator *person) {
	t.Helper()
	page, _ := curator.read("/desk/issues/139", http.StatusOK)
	gulls, ferry := strings.Index(page, "A census of"), strings.Index(page, "The ferry runs")
	if gulls < 0 || ferry < gulls {
		t.Fatalf("the board shows gulls at %d, the ferry at %d", gulls, ferry)
	}
	down := match(t, page, `action="(/desk/items/\d+/move)"`)
	page, _ = curator.send(page, down, http.StatusOK, map[string]string{"to": "down"})
	if gulls, ferry = strings.Index(page, "A census of"), strings.Index(page, "The ferry runs"); ferry < 0 || gulls < ferry {
		t.Fatalf("after the move the board shows gulls at %d, the ferry at %d", gulls, ferry)
	}
	page, _ = curator.read("/desk/issues/139?edit=intro", http.StatusOK)
	curator.send(page, "/desk/issues/139", http.StatusOK, map[string]string{"intro": "Fog all week."})
}

// publishIssue has the curator look at the preview and publish, twice.
func publishIssue(t *testing.T, curator *person) {
	t.Helper()
	preview, _ := curator.read("/desk/issues/139/preview", http.StatusOK)
	page, _ := curator.read("/desk/issues/139/publish", http.StatusOK)
	_, at := curator.send(page, "/desk/issues/139/publish", http.StatusOK, nil)
	if at != "/desk/issues/139/published" {
		t.Errorf("after publishing the browser is at %s", at)
	}
	again, _ := curator.send(page, "/desk/issues/139/publish", http.StatusConflict, nil)
	if !strings.Contains(again, "139 is out") {
		t.Errorf("the second press is told\n%s", again)
	}
	printed, _ := curator.read("/issues/139", http.StatusOK)
	if shown, out := article(preview), article(printed); shown == "" || shown != out {
		t.Errorf("printed\n%s\nbut shown\n%s", out, shown)
	}
}

// article returns the article of a page.
func article(page string) string {
	start, end := strings.Index(page, "<article"), strings.Index(page, "</article>")
	if start < 0 || end < start {
		return ""
	}
	return page[start:end]
}

// readersFindIt looks for the issue wherever readers look. Other processes
// hear of it within moments.
func readersFindIt(t *testing.T, base string) {
	t.Helper()
	reader := newPerson(t, base)
	places := map[string]string{
		"/": "A census of", "/issues/139": "Fog all week.", "/archive": ">139<", "/feed.xml": "/issues/139", "/atom.xml": "The ferry runs again.",
		"/search?q=census": "139.2", "/sites/gulls.example": "139.2", "/sections/news": "139.1", "/sitemap.xml": "/issues/139",
	}
	for deadline := time.Now().Add(patience); len(places) > 0 && time.Now().Before(deadline); {
		maps.DeleteFunc(places, func(path, words string) bool {
			response, err := reader.client.Get(base + path)
			if err != nil {
				return false
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			return err == nil && response.StatusCode == http.StatusOK && strings.Contains(string(body), words)
		})
	}
	if len(places) > 0 {
		t.Error(fmt.Sprint("readers do not find it at ", places))
	}
}
