package server_test

import (
	"fmt"
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
		if got := browsertest.Fields(page, "/desk/people"); got.Encode() != typed.Encode() {
			t.Errorf("the form holds %v, want %v", got, typed)
		}
	}
	if after := p.rows(t); !maps.Equal(before, after) {
		t.Errorf("looking at a kept form changed %v to %v", before, after)
	}
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
	if got := browsertest.Fields(page, path); got.Encode() != "role=curator&role=%3Cb%3E%22editor%22&version=3" {
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
		"too long to keep": {"note=" + strings.Repeat("x", 70_000), "application/x-www-form-urlencoded", 422, ""},
		"too large":        {"note=" + strings.Repeat("x", 2<<20), "application/x-www-form-urlencoded", 413, ""},
		"cut":              {"note=%z", "application/x-www-form-urlencoded", 422, ""},
		"no form":          {`{"a":1}`, "application/json", 303, "/sign-in?next=%2Fdesk"},
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
	if answer := b.Post("/desk/me", nil); answer.Code != http.StatusTooManyRequests || answer.Header().Get("Retry-After") == "" {
		t.Errorf("one client has any number of forms kept: %d", answer.Code)
	}
}
