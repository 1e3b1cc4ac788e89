package server_test

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
)

const keptWords = "Your session had ended. Nothing is lost: look it over and save."

// ended returns the browser of somebody whose session has ended meanwhile.
func (p *program) ended(t *testing.T, u newsletter.User) *browsertest.Browser {
	t.Helper()
	b := p.as(t, u)
	if _, err := p.pool.Exec(t.Context(), "UPDATE sessions SET expiry = now() - interval '1 second'"); err != nil {
		t.Fatal(err)
	}
	return b
}

// signInAgain follows the answer to a form without a session through the
// sign-in, and returns where it leads.
func (p *program) signInAgain(t *testing.T, b *browsertest.Browser, answer *httptest.ResponseRecorder, u newsletter.User) string {
	t.Helper()
	to := answer.Header().Get("Location")
	if answer.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in?next=") {
		t.Fatalf("%d %v\n%s", answer.Code, answer.Header(), answer.Body)
	}
	form := browsertest.Fields(b.Page(to, http.StatusOK), "/sign-in")
	form.Set("email", u.Email)
	form.Set("password", "four tall blue herons")
	answer = b.Post("/sign-in", form)
	if answer.Code != http.StatusSeeOther {
		t.Fatalf("sign-in: %d\n%s", answer.Code, answer.Body)
	}
	return answer.Header().Get("Location")
}

// setPassword gives a person the usual password.
func (p *program) setPassword(t *testing.T, u newsletter.User) {
	t.Helper()
	b := p.as(t, u)
	if answer := b.Post("/desk/me/password", url.Values{"new_password": {"four tall blue herons"}}); answer.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", answer.Code, answer.Body)
	}
}

func TestAFormOutlivesTheSession(t *testing.T) {
	p, people := desk(t)
	owner := people[newsletter.Owner]
	p.setPassword(t, owner)
	b := p.ended(t, owner)
	typed := url.Values{"name": {"Tomás & <Söhne>"}, "email": {"tomas@letter.example"}, "role": {"curator"}}
	to := p.signInAgain(t, b, b.Post("/desk/people", typed), owner)
	if to != "/desk/kept?form=1" {
		t.Fatalf("the sign-in leads to %q", to)
	}
	before := p.rows(t)
	for range 2 { // looking at it twice is the same
		page := b.Page(to, http.StatusOK)
		if !strings.Contains(page, keptWords) || strings.Contains(page, "Error:") {
			t.Errorf("the page says\n%s", page)
		}
		shown := browsertest.Fields(page, "/desk/people")
		if number := shown["kept"]; len(number) != 1 || number[0] != "1" {
			t.Errorf("the form says that it is %v", number)
		}
		if shown.Del("kept"); shown.Encode() != typed.Encode() {
			t.Errorf("the form holds %v, want %v", shown, typed)
		}
	}
	if after := p.rows(t); !maps.Equal(before, after) {
		t.Errorf("looking at a kept form changed %v to %v", before, after)
	}
	typed.Set("kept", "1")
	if answer := b.Post("/desk/people", typed); answer.Code != http.StatusOK {
		t.Errorf("sent again: %d\n%s", answer.Code, answer.Body)
	}
	if answer := b.Get(to); answer.Header().Get("Location") != "/desk" {
		t.Errorf("after it was sent, %s is answered with %d %v", to, answer.Code, answer.Header())
	}
}

// Whatever form is kept, showing it to its sender saves nothing. The handlers
// get one that they could save at once.
func TestKeptFormsSaveNothing(t *testing.T) {
	p, people := desk(t)
	owner := people[newsletter.Owner]
	p.setPassword(t, owner)
	ctx := t.Context()
	if err := p.store.CreateIssue(ctx, owner, newsletter.Issue{Number: 500, Date: newsletter.Date{Year: 2026, Month: 5, Day: 3}}, ""); err != nil {
		t.Fatal(err)
	}
	noLinks := func(string) []newsletter.Link { return nil }
	item, err := p.store.CreateItem(ctx, owner, newsletter.Item{Note: "a"}, nil, "", noLinks)
	if err != nil {
		t.Fatal(err)
	}
	other, err := p.store.CreateItem(ctx, owner, newsletter.Item{Note: "b"}, nil, "", noLinks)
	if err != nil {
		t.Fatal(err)
	}
	var section int64
	if err := p.pool.QueryRow(ctx, "SELECT min(id) FROM issue_sections").Scan(&section); err != nil {
		t.Fatal(err)
	}
	forms := 0
	for _, route := range p.private() {
		if !route.Form {
			continue
		}
		forms++
		id := item
		if strings.Contains(route.Pattern, "/sections/") {
			id = section
		}
		b := p.ended(t, owner)
		answer := b.Post(pathOf(route, 500, id, ""), url.Values{
			"name": {"New name"}, "theme": {"dark"}, "email": {"new@letter.example"}, "role": {"editor"}, "new_password": {"a boat of nine red oars"},
			"title": {"New title"}, "note": {"New note"}, "url": {"https://new.example"}, "reason": {"because"}, "kind": {"links"}, "version": {"1"},
			"number": {"501"}, "date": {"2026-05-10"}, "summary": {"New summary"}, "intro": {"New intro"}, "when": {"now"}, "override": {"I know."},
			"other": {fmt.Sprint(other)}, "with": {fmt.Sprint(other)}, "language": {"en"}, "time_zone": {"UTC"}, "weekday": {"1"}, "hour": {"9"},
		})
		to := p.signInAgain(t, b, answer, owner)
		before := p.rows(t)
		if shown := b.Get(to); shown.Code >= http.StatusInternalServerError || shown.Code == http.StatusSeeOther {
			t.Errorf("%s: the kept form is answered with %d %v", route.Pattern, shown.Code, shown.Header())
		}
		if after := p.rows(t); !maps.Equal(before, after) {
			t.Errorf("%s: showing the kept form changed\n%v\nto\n%v", route.Pattern, before, after)
		}
	}
	if forms < 3 {
		t.Errorf("%d routes show a kept form", forms)
	}
}

func TestAKeptFormMayBeWrong(t *testing.T) {
	p, people := desk(t)
	owner := people[newsletter.Owner]
	p.setPassword(t, owner)
	b := p.ended(t, owner)
	to := p.signInAgain(t, b, b.Post("/desk/people", url.Values{"name": {"Tomás"}, "email": {"tomas"}, "role": {"curator"}}), owner)
	page := b.Page(to, http.StatusUnprocessableEntity)
	for _, want := range []string{keptWords, "is not a mail address", `value="Tomás"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

func TestAKeptFormWithoutAPage(t *testing.T) {
	p, people := desk(t)
	owner := people[newsletter.Owner]
	p.setPassword(t, owner)
	b := p.ended(t, owner)
	path := "/desk/people/4711/role"
	to := p.signInAgain(t, b, b.Post(path, url.Values{"role": {"curator", `<b>"editor"`}, "version": {"3"}}), owner)
	page := b.Page(to, http.StatusOK)
	for _, want := range []string{"Send it again?", "<dt>role</dt>", "<dd>curator</dd>", "&lt;b&gt;", `action="` + path + `"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "<dt>version") {
		t.Error("what no person can make sense of is shown")
	}
	if got := browsertest.Fields(page, path); got.Encode() != "kept=1&role=curator&role=%3Cb%3E%22editor%22&version=3" {
		t.Errorf("the form holds %v", got)
	}
}

// Two windows whose session ended at once both find their own form.
func TestTwoFormsAreKept(t *testing.T) {
	p, people := desk(t)
	owner := people[newsletter.Owner]
	p.setPassword(t, owner)
	b := p.ended(t, owner)
	first := b.Post("/desk/people", url.Values{"name": {"First"}})
	second := b.Post("/desk/people", url.Values{"name": {"Second"}})
	for name, answer := range map[string]*httptest.ResponseRecorder{"Second": second, "First": first} {
		to := answer.Header().Get("Location")
		if b.Get(to).Code == http.StatusOK {
			to = p.signInAgain(t, b, answer, owner)
		}
		if page := b.Page(to, http.StatusUnprocessableEntity); !strings.Contains(page, `value="`+name+`"`) {
			t.Errorf("%s is not found at %s:\n%s", name, to, page)
		}
	}
}

// What one window sends again, done or not, takes nothing from another.
func TestSendingOneKeptFormLeavesTheOthers(t *testing.T) {
	p, people := desk(t)
	owner := people[newsletter.Owner]
	p.setPassword(t, owner)
	b := p.ended(t, owner)
	first := b.Post("/desk/me", url.Values{"name": {"First"}, "theme": {"dark"}})
	b.Post("/desk/me", url.Values{"name": {"Second"}, "theme": {"dark"}})
	p.signInAgain(t, b, first, owner)
	stillKept := func(id string, want string) {
		t.Helper()
		answer := b.Get("/desk/kept?form=" + id)
		if got := browsertest.Fields(answer.Body.String(), "/desk/me").Get("name"); got != want {
			t.Errorf("form %s holds %q, want %q", id, got, want)
		}
	}
	b.Post("/desk/me", url.Values{"name": {"A new one"}, "theme": {"dark"}}) // of a third window
	stillKept("1", "First")
	wrong := b.Post("/desk/me", url.Values{"name": {" "}, "theme": {"dark"}, "kept": {"1"}})
	if again := browsertest.Fields(wrong.Body.String(), "/desk/me").Get("kept"); wrong.Code != http.StatusUnprocessableEntity || again != "1" {
		t.Errorf("%d, and the page shows the form as %q", wrong.Code, again)
	}
	stillKept("1", "First")
	b.Post("/desk/people", url.Values{"kept": {"1"}}) // no form of that page
	stillKept("1", "First")
	if done := b.Post("/desk/me", url.Values{"name": {"First"}, "theme": {"dark"}, "kept": {"1"}}); done.Code != http.StatusSeeOther {
		t.Errorf("%d\n%s", done.Code, done.Body)
	}
	stillKept("1", "")
	stillKept("2", "Second")
}

// What nobody could keep is given back, to be copied.
func TestWhatCannotBeKeptIsGivenBack(t *testing.T) {
	p, _ := desk(t)
	b := p.as(t, newsletter.User{})
	words := strings.Repeat("A long <b>note</b>. ", 20_000)
	answer := b.Post("/desk/items/7", url.Values{"note": {words}, "url": {"https://a.example", "https://b.example"}, "key": {"find-me-key"}, "new_password": {"find-me-password"}})
	page := answer.Body.String()
	for _, want := range []string{"Your session has ended", "because it is too long", html.EscapeString(words) + "</textarea>", "https://a.example</textarea>", "https://b.example</textarea>", `href="/sign-in?next=%2Fdesk%2Fitems%2F7"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %.60q:\n%.3000s", want, page)
		}
	}
	if answer.Code != http.StatusUnprocessableEntity || strings.Contains(page, "find-me") || answer.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v\n%.3000s", answer.Code, answer.Header(), page)
	}
	for i := range 9 {
		answer = b.Post("/desk/me", url.Values{"name": {fmt.Sprint("window ", i)}})
		if want := map[bool]int{true: http.StatusSeeOther, false: http.StatusUnprocessableEntity}[i < 8]; answer.Code != want {
			t.Errorf("form %d: %d, want %d", i+1, answer.Code, want)
		}
	}
	if !strings.Contains(answer.Body.String(), "window 8</textarea>") {
		t.Errorf("the ninth is lost:\n%s", answer.Body)
	}
}

func TestNobodysKeptFormIsShownToWhoMayNot(t *testing.T) {
	p, people := desk(t)
	editor := people[newsletter.Editor]
	p.setPassword(t, editor)
	b := p.as(t, newsletter.User{})
	to := p.signInAgain(t, b, b.Post("/desk/people", url.Values{"name": {"x"}}), editor)
	b.Page(to, http.StatusForbidden)
}

func TestPasswordsAreNotKept(t *testing.T) {
	p, _ := desk(t)
	b := p.as(t, newsletter.User{})
	b.Post("/desk/me/password", url.Values{"current_password": {"find-me-current"}, "new_password": {"find-me-new"}, "name": {"find-me-name"}})
	var stored string
	if err := p.pool.QueryRow(t.Context(), "SELECT string_agg(encode(data, 'escape'), ' ') FROM sessions").Scan(&stored); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(stored, "find-me-current") || strings.Contains(stored, "find-me-new") || !strings.Contains(stored, "find-me-name") {
		t.Errorf("stored is %q", stored)
	}
}

func TestWhatCannotBeKept(t *testing.T) {
	p, _ := desk(t)
	b := p.as(t, newsletter.User{})
	for name, test := range map[string]struct {
		body, mediaType string
		status          int
		location        string
	}{
		"too long to keep": {"note=" + strings.Repeat("x", 300_000), "application/x-www-form-urlencoded", 422, ""},
		"too large":        {"note=" + strings.Repeat("x", 2<<20), "application/x-www-form-urlencoded", 413, ""},
		"cut":              {"note=%z", "application/x-www-form-urlencoded", 422, ""},
		"no form":          {`{"a":1}`, "application/json", 422, ""},
		"empty":            {"", "application/x-www-form-urlencoded", 303, "/sign-in?next=%2Fdesk%2Fkept%3Fform%3D1"},
	} {
		r := httptest.NewRequest(http.MethodPost, string(base)+"/desk/me", strings.NewReader(test.body))
		r.Header.Set("Content-Type", test.mediaType)
		if answer := b.Send(r); answer.Code != test.status || answer.Header().Get("Location") != test.location {
			t.Errorf("%s: %d %q, want %d %q", name, answer.Code, answer.Header().Get("Location"), test.status, test.location)
		}
	}
	for range 40 {
		b.Post("/desk/me", nil)
	}
	other := p.as(t, newsletter.User{})
	if answer := other.Post("/desk/me", url.Values{"name": {"Wren"}}); answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), "Wren</textarea>") {
		t.Errorf("one client has any number of forms kept: %d\n%s", answer.Code, answer.Body)
	}
}
