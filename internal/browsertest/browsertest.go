// Package browsertest is a browser without a screen for tests: it keeps
// cookies, sends forms as browsers send them, and reads them off pages.
package browsertest

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Browser asks a handler for pages.
type Browser struct {
	Address string // of the client, as in "192.0.2.1:1234"
	t       testing.TB
	handler http.Handler
	base    string
	cookies map[string]string
}

// New returns a browser without cookies. base is the public address of what it
// asks, such as "https://weekly.example".
func New(t testing.TB, handler http.Handler, base string) *Browser {
	return &Browser{Address: "192.0.2.1:1234", t: t, handler: handler, base: base, cookies: map[string]string{}}
}

// Get asks for a page. It does not follow redirects.
func (b *Browser) Get(path string) *httptest.ResponseRecorder {
	return b.Send(httptest.NewRequest(http.MethodGet, b.base+path, nil))
}

// Post sends a form from one of the handler's own pages.
func (b *Browser) Post(path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Send(r)
}

// Send sends a request with the browser's cookies, and keeps those of the answer.
func (b *Browser) Send(r *http.Request) *httptest.ResponseRecorder {
	b.t.Helper()
	if r.Header.Get("Sec-Fetch-Site") == "" {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.RemoteAddr = b.Address
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		} else {
			b.cookies[cookie.Name] = cookie.Value
		}
	}
	return w
}

// Page asks for a page and follows redirects until there is one. It fails the
// test unless the page has the status.
func (b *Browser) Page(path string, status int) string {
	b.t.Helper()
	w := b.Get(path)
	for range 5 {
		to := w.Header().Get("Location")
		if to == "" {
			break
		}
		path, w = to, b.Get(to)
	}
	if w.Code != status {
		b.t.Fatalf("%s: %d, want %d\n%s", path, w.Code, status, w.Body)
	}
	return w.Body.String()
}

// Cookie returns the value of a cookie, or "".
func (b *Browser) Cookie(name string) string { return b.cookies[name] }

// SetCookie plants a cookie.
func (b *Browser) SetCookie(name, value string) { b.cookies[name] = value }

var (
	inputs    = regexp.MustCompile(`<input ([^>]*)>`)
	textareas = regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>`)
	selects   = regexp.MustCompile(`(?s)<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>`)
	chosen    = regexp.MustCompile(`<option value="([^"]*)" selected>`)
	attribute = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
)

// Fields returns what a browser would send of the form with an action on a
// page, nothing changed; nil when there is no such form.
func Fields(page, action string) url.Values {
	_, rest, found := strings.Cut(page, `action="`+html.EscapeString(action)+`"`)
	if !found {
		return nil
	}
	form, _, _ := strings.Cut(rest, "</form>")
	values := url.Values{}
	for _, input := range inputs.FindAllStringSubmatch(form, -1) {
		has := map[string]string{}
		for _, a := range attribute.FindAllStringSubmatch(input[1], -1) {
			has[a[1]] = html.UnescapeString(a[2])
		}
		_, checked := has["checked"]
		if has["name"] != "" && (checked || has["type"] != "checkbox" && has["type"] != "radio") {
			values.Add(has["name"], has["value"])
		}
	}
	for _, area := range textareas.FindAllStringSubmatch(form, -1) {
		values.Add(area[1], html.UnescapeString(area[2]))
	}
	for _, list := range selects.FindAllStringSubmatch(form, -1) {
		if option := chosen.FindStringSubmatch(list[2]); option != nil {
			values.Add(list[1], html.UnescapeString(option[1]))
		}
	}
	return values
}
