package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
)

// module asks as a module of the desk does.
func module(b *browsertest.Browser, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, string(base)+path, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, string(base)+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("X-Desk", "1")
	return b.Send(r)
}

func TestModulesGetFragments(t *testing.T) {
	p, people := desk(t)
	b := p.as(t, people[newsletter.Curator])
	for _, test := range []struct {
		what, path string
		form       url.Values
		status     int
		at         string // Content-Location
		has        string
	}{
		{"a page", "/desk/inbox", nil, 200, "", "<title>Inbox"},
		{"a form that is done", "/desk/issues", url.Values{"number": {"7"}, "date": {"2026-11-15"}}, 200, "/desk/issues/7", `<h1 class="number">7</h1>`},
		{"a form that is wrong", "/desk/issues", url.Values{"number": {"x"}, "date": {"2026-11-15"}}, 422, "", "There is a problem"},
		{"what is not there", "/desk/issues/8", nil, 404, "", "<h1"},
	} {
		answer := module(b, test.path, test.form)
		body := answer.Body.String()
		if answer.Code != test.status || answer.Header().Get("Content-Location") != test.at || answer.Header().Get("Location") != "" {
			t.Errorf("%s: %d %v\n%s", test.what, answer.Code, answer.Header(), body)
		}
		if !strings.Contains(body, test.has) {
			t.Errorf("%s lacks %q:\n%s", test.what, test.has, body)
		}
		if framed := strings.Contains(body, "<header"); framed && test.status != http.StatusNotFound && !strings.Contains(body, "board-head") {
			t.Errorf("%s has a frame:\n%s", test.what, body)
		}
	}
	if answer := b.Post("/desk/issues", url.Values{"number": {"9"}, "date": {"2026-11-22"}}); answer.Code != http.StatusSeeOther {
		t.Errorf("a browser's form is answered with %d", answer.Code)
	}
}

// What leads away from the desk is left to whoever asked: the form of somebody
// whose session has ended is kept, and the sign-in leads back to it.
func TestModulesAreLedToTheSignIn(t *testing.T) {
	p, people := desk(t)
	b := p.ended(t, people[newsletter.Curator])
	answer := module(b, "/desk/issues", url.Values{"number": {"7"}, "date": {"2026-11-15"}})
	if to := answer.Header().Get("Location"); answer.Code != http.StatusSeeOther || to != "/sign-in?next=%2Fdesk%2Fkept%3Fform%3D1" {
		t.Errorf("%d, to %s", answer.Code, to)
	}
}

// The desk alone runs modules, and makes HTML of text in one of them only.
func TestOnlyTheDeskRunsModules(t *testing.T) {
	p, people := desk(t)
	b := p.as(t, people[newsletter.Owner])
	const modules = "; script-src 'self'; require-trusted-types-for 'script'; trusted-types desk"
	for path, want := range map[string]string{
		"/desk": modules, "/desk/me": modules, "/desk/people": modules, "/desk/items/999999": modules,
		"/sign-in": "", "/": "", "/nothing": "",
	} {
		if got := b.Get(path).Header().Get("Content-Security-Policy"); got != wanted["Content-Security-Policy"]+want {
			t.Errorf("%s may %s", path, got)
		}
	}
}
