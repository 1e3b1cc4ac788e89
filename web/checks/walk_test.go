package checks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// state is an address in one of the situations a reader can meet it in: full,
// empty, with a hostile query, not found.
type state struct {
	name   string     // unlike every other; its pictures are called so
	path   string     // what is asked for, from the first slash on
	status int        // what is answered; 0 stands for 200
	as     string     // mail address of the person who asks; "" is nobody
	form   url.Values // sent there, where it is not nil; the answer must change nothing
}

// walk visits every state of every route on the server at base, and fails the
// test for what it finds wrong with each. Answers that are no pages (feeds,
// redirects) are held against their status only.
func walk(t *testing.T, base string, states map[string][]state) {
	t.Helper()
	var mu sync.Mutex
	pages := map[string][]byte{} // HTML by name of the state
	t.Run("browser", func(t *testing.T) {
		for _, route := range slices.Sorted(maps.Keys(states)) {
			for _, s := range states[route] {
				t.Run(s.name, func(t *testing.T) {
					t.Parallel()
					html := ask(t, base, s)
					if html == nil {
						return
					}
					mu.Lock()
					pages[s.name] = html
					mu.Unlock()
					for _, fault := range look(t, base, s, html) {
						t.Error(fault)
					}
				})
			}
		}
	})
	t.Run("html", func(t *testing.T) {
		faults, err := vnu(t.Context(), t.TempDir(), pages)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range slices.Sorted(maps.Keys(faults)) {
			for _, fault := range faults[name] {
				t.Errorf("%s: %s", name, fault)
			}
		}
	})
}

// unmatched names the routes that have no state, and the states whose route is
// not there.
func unmatched(routes []string, states map[string][]state) []string {
	var lines []string
	for _, route := range routes {
		if len(states[route]) == 0 {
			lines = append(lines, "route without a state: "+route)
		}
	}
	for _, route := range slices.Sorted(maps.Keys(states)) {
		if !slices.Contains(routes, route) {
			lines = append(lines, "states without a route: "+route)
		}
	}
	return lines
}

// ask gets a state as it was sent, without following redirects, and returns the
// HTML to be looked at: nil when the answer is no page.
func ask(t *testing.T, base string, s state) []byte {
	t.Helper()
	method := http.MethodGet
	if s.form != nil {
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(t.Context(), method, base+s.path, strings.NewReader(s.form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if s.form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie := signIn(t, base, s.as); cookie != nil {
		request.AddCookie(cookie)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s: %v", s.path, err)
	}
	if want := cmp.Or(s.status, http.StatusOK); response.StatusCode != want {
		t.Fatalf("%s answered %d, want %d", s.path, response.StatusCode, want)
	}
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil && len(body) > 0 {
		t.Fatalf("%s: Content-Type: %v", s.path, err)
	}
	if kind != "text/html" || response.Header.Get("Location") != "" {
		return nil
	}
	return body
}

// client follows no redirects.
var client = http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// signIn returns the session cookie of a person of the demo, or nil for
// nobody.
func signIn(t *testing.T, base, email string) *http.Cookie {
	t.Helper()
	if email == "" {
		return nil
	}
	cookie, err := sessions.of(base, email)
	if err != nil {
		t.Fatal(err)
	}
	return cookie
}

// sessions keeps who is signed in where, so that every state need not sign in
// anew.
var sessions signIns

type signIns struct {
	mu      sync.Mutex
	cookies map[string]*http.Cookie
}

func (s *signIns) of(base, email string) (*http.Cookie, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cookie := s.cookies[base+email]; cookie != nil {
		return cookie, nil
	}
	cookie, err := sendForm(base, "/sign-in", nil, url.Values{"email": {email}, "password": {demoPassword}})
	if err == nil {
		s.keep(base, email, cookie)
	}
	return cookie, err
}

// forgetAll ends what is known of an address at which another program listens now.
func (s *signIns) forgetAll(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.cookies, func(key string, _ *http.Cookie) bool { return strings.HasPrefix(key, base) })
}

// interrupt signs somebody in, under a name of its own, whose session ended
// while a form was sent.
func (s *signIns) interrupt(base, as, email, path string, form url.Values) error {
	cookie, err := sendForm(base, path, nil, form)
	if err == nil {
		cookie, err = sendForm(base, "/sign-in", cookie, url.Values{"email": {email}, "password": {demoPassword}})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(base, as, cookie)
	return err
}

func (s *signIns) keep(base, as string, cookie *http.Cookie) {
	if s.cookies == nil {
		s.cookies = map[string]*http.Cookie{}
	}
	s.cookies[base+as] = cookie
}

// sendForm sends a form that leads elsewhere and returns the session's cookie
// that comes with the answer.
func sendForm(base, path string, cookie *http.Cookie, form url.Values) (*http.Cookie, error) {
	request, err := http.NewRequest(http.MethodPost, base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cookie != nil {
		request.AddCookie(cookie)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusSeeOther || len(response.Cookies()) != 1 {
		return nil, fmt.Errorf("%s answered %d with %d cookies", path, response.StatusCode, len(response.Cookies()))
	}
	return response.Cookies()[0], nil
}

// forget has somebody sign in anew.
func (s *signIns) forget(base, email string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.cookies, base+email)
}

// demoPassword is what the demo prints at its start.
const demoPassword = "quiet as a pager"

// look opens a state in the browser and returns all that is wrong with it, in
// every width and colour scheme, keeping a picture of each. What is wrong in
// several of them is said once. html is the answer to a form, which the browser
// is shown as it came.
func look(t *testing.T, base string, s state, html []byte) []string {
	t.Helper()
	heard := complaints{page: base + s.path}
	tab := newTab(t, heard.hear)
	if cookie := signIn(t, base, s.as); cookie != nil {
		set := network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: base, HTTPOnly: new(true)}
		if _, err := chromedp.Call(tab, network.SetCookie, set); err != nil {
			t.Fatal(err)
		}
	}
	if s.form != nil {
		at := "/sign-in" // its policy lets no module run, as everywhere where nobody has signed in
		if s.as != "" {
			at = "/desk/me"
		}
		if err := showAnswer(tab, base+at, string(html)); err != nil {
			t.Fatalf("show the answer of %s: %v", s.path, err)
		}
	} else if err := chromedp.Do(tab, chromedp.Navigate(base+s.path)); err != nil {
		t.Fatalf("open %s: %v", s.path, err)
	}
	w, err := enter(tab)
	if err != nil {
		t.Fatal(err)
	}
	faults, err := layouts(w, s.name)
	if err != nil {
		t.Fatalf("%s: %v", s.path, err)
	}
	if onPaper.MatchString(s.name) {
		if _, err := sheets(tab); err != nil {
			faults = append(faults, err.Error())
		}
	}
	return append(heard.all(), faults...)
}

// showAnswer puts an answer into the tab in the place of the page at an
// address, under its policy, and waits for its style sheets.
func showAnswer(tab context.Context, at, html string) error {
	if err := chromedp.Do(tab, chromedp.Navigate(at)); err != nil {
		return err
	}
	tree, err := chromedp.Call(tab, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return err
	}
	_, err = chromedp.Call(tab, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: tree.FrameTree.Frame.ID, HTML: html})
	if err != nil {
		return err
	}
	_, err = chromedp.Run(tab, chromedp.Evaluate[bool](`Promise.all([...document.querySelectorAll("link[rel=stylesheet]")].map(link =>
		link.sheet || new Promise(done => link.addEventListener("load", done)))).then(() => true)`, chromedp.EvalAwaitPromise))
	return err
}

// layouts shows the open page in its layouts and returns what axe finds there,
// and by what it scrolls sideways there, at 320 CSS pixels (WCAG 2.2, 1.4.10), at
// 200 % zoom and, for readers' pages, with larger text and on paper; each with
// where it was found.
func layouts(w world, name string) ([]string, error) {
	var found findings
	for _, l := range layoutsOf(name) {
		if err := show(w.tab, l.width, l.scheme); err != nil {
			return nil, err
		}
		broken, axeErr := axe(w, rulesOf(name, l))
		wide, wideErr := overflow(w)
		if err := errors.Join(axeErr, wideErr, picture(w.tab, name, l.width, l.scheme)); err != nil {
			return nil, err
		}
		found.add(l.String(), broken)
		found.add(l.String(), wide)
	}
	for _, width := range []int{widths[2], zoomedWidth} {
		if err := show(w.tab, width, "light"); err != nil {
			return nil, err
		}
		wide, err := overflow(w)
		if err != nil {
			return nil, err
		}
		found.add(strconv.Itoa(width), wide)
	}
	var wide []string
	var err error
	if read.MatchString(name) && !strings.HasPrefix(pathOf(w), "/desk") {
		wide, err = enlarged(w, name)
		found.add("200 % text", wide)
	}
	if err == nil && onPaper.MatchString(name) {
		wide, err = asPrinted(w, name)
		found.add("print", wide)
	}
	return found.lines(), err
}

// findings are texts, each with where it was found, in the order of their first
// appearance.
type findings struct {
	texts []string
	where map[string][]string
}

func (f *findings) add(where string, texts []string) {
	if f.where == nil {
		f.where = map[string][]string{}
	}
	for _, text := range texts {
		if f.where[text] == nil {
			f.texts = append(f.texts, text)
		}
		f.where[text] = append(f.where[text], where)
	}
}

// lines gives each text once, followed by where it was found.
func (f *findings) lines() []string {
	var lines []string
	for _, text := range f.texts {
		lines = append(lines, fmt.Sprintf("%s %q", text, f.where[text]))
	}
	return lines
}
