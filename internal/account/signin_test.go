package account_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"broadsheet/internal/newsletter"
)

const notRight = "E-mail or password is not right."

func TestSignInAndOut(t *testing.T) {
	w := peopled(t)
	b := w.browser()
	page := b.Page("/sign-in", http.StatusOK)
	holds(t, page, "<title>Sign in · ", `<input type="email" id="email" name="email" value="" autocomplete="username">`, `autocomplete="current-password"`)
	if b.Cookie(cookie) != "" {
		t.Error("a cookie before anybody signs in")
	}
	answer := b.Post("/sign-in", credentials(" INES@letter.example ", secret))
	if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != "/desk" {
		t.Fatalf("%d, %v\n%s", answer.Code, answer.Header(), answer.Body)
	}
	if again := b.Get("/sign-in?next=/desk/people"); again.Header().Get("Location") != "/desk/people" {
		t.Errorf("the sign-in of somebody signed in: %d, %v", again.Code, again.Header())
	}
	holds(t, b.Page("/desk/me", http.StatusOK), "ines@letter.example", "Inès Berg", `action="/sign-out"`)
	token := b.Cookie(cookie)
	if out := b.Post("/sign-out", nil); out.Code != http.StatusSeeOther || b.Cookie(cookie) != "" {
		t.Errorf("sign-out: %d, the cookie is %q", out.Code, b.Cookie(cookie))
	}
	b.SetCookie(cookie, token)
	if after := b.Get("/desk/me"); after.Header().Get("Location") != "/sign-in?next=%2Fdesk%2Fme" {
		t.Errorf("the old token still works: %d %v", after.Code, after.Header())
	}
}

// Unknown people, wrong passwords, people without a password and disabled ones
// all read the same and cost one hash.
func TestWhoCannotSignInIsNotTold(t *testing.T) {
	w := peopled(t)
	disabled := w.add("Tomás", "tomas@letter.example", newsletter.Curator)
	if err := w.store.Disable(t.Context(), disabled.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.AddUser(t.Context(), newsletter.User{Name: "Maud", Email: "maud@letter.example", Role: newsletter.Editor}, ""); err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for name, form := range map[string]url.Values{
		"unknown":             credentials("nobody@letter.example", secret),
		"wrong password":      credentials("ines@letter.example", secret+"!"),
		"disabled":            credentials("tomas@letter.example", secret),
		"without a password":  credentials("maud@letter.example", "whatever it is"),
		"no address at all":   credentials("'; DROP TABLE people; --", secret),
		"absurdly long":       credentials(strings.Repeat("a", 4000)+"@letter.example", strings.Repeat("b", 4000)),
		"password with space": credentials("ines@letter.example", secret+" "),
	} {
		before := w.hasher.Computed()
		b := w.browser()
		answer := b.Post("/sign-in", form)
		if answer.Code != http.StatusUnprocessableEntity || b.Cookie(cookie) != "" {
			t.Errorf("%s: %d, cookie %q", name, answer.Code, b.Cookie(cookie))
		}
		holds(t, answer.Body.String(), "<title>Error: Sign in · ", notRight, `<div class="problems" tabindex="-1" autofocus>`)
		if n := w.hasher.Computed() - before; n != 1 {
			t.Errorf("%s costs %d hashes, want 1", name, n)
		}
		bodies[strings.Replace(answer.Body.String(), `value="`+strings.ReplaceAll(form.Get("email"), "'", "&#39;")+`"`, "", 1)] = name
	}
	if len(bodies) != 1 {
		t.Errorf("the answers differ beyond the e-mail: %v", bodies)
	}
}

func TestEmptyAndOddSignIns(t *testing.T) {
	w := peopled(t)
	for body, words := range map[string]string{
		"":                            "E-mail is empty; give the address",
		"email=ines%40letter.example": "Password is empty; give it",
		"email=ines%00%40letter.example&password=x": "E-mail holds characters that cannot be shown",
		"email=%ff&password=x":                      "E-mail holds characters that cannot be shown",
		"email=a%40b.example&password=%ff%fe":       "Password holds characters that cannot be shown",
		"email=%zz":                                 "was cut or altered on its way",
	} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/sign-in", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		before := w.hasher.Computed()
		answer := w.browser().Send(r)
		if answer.Code != http.StatusUnprocessableEntity || w.hasher.Computed() != before {
			t.Errorf("%q: %d with %d hashes", body, answer.Code, w.hasher.Computed()-before)
		}
		holds(t, answer.Body.String(), words)
	}
	if answer := w.browser().Post("/sign-in", url.Values{"email": {strings.Repeat("x", 2<<20)}}); answer.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("2 MiB: %d, want 413", answer.Code)
	}
}

func TestNextLeadsNowhereElse(t *testing.T) {
	w := peopled(t)
	for next, want := range map[string]string{
		"/desk/inbox": "/desk/inbox",
		"/desk/items/new?url=https%3A%2F%2Fa.example%2F&title=b": "/desk/items/new?url=https%3A%2F%2Fa.example%2F&title=b",
		"/archive/":              "/archive/",
		"/sign-out":              "/desk", // takes POST alone
		"/sign-out/":             "/desk",
		"/desk/items/7/hold":     "/desk",
		"/desk/nothing":          "/desk",
		"/issues/139#4":          "/issues/139",
		"":                       "/desk",
		"desk":                   "/desk",
		"//evil.example":         "/desk",
		"///evil.example":        "/desk",
		`/\evil.example`:         "/desk",
		`\\evil.example`:         "/desk",
		"/%5Cevil.example":       "/desk",
		"/%2Fevil.example":       "/desk",
		"/%2f%2fevil.example":    "/desk",
		"/desk/..//evil.example": "/desk",
		"/./%2e%2e/evil":         "/desk",
		"https://evil.example":   "/desk",
		"https:/evil.example":    "/desk",
		"https:evil.example":     "/desk",
		"javascript:alert(1)":    "/desk",
		"/\tevil":                "/desk",
		"/%09/evil.example":      "/desk",
		"/ /evil.example":        "/desk",
		"http://%zz":             "/desk",
		"/%00":                   "/desk",
	} {
		form := credentials("wren@letter.example", secret)
		form.Set("next", next)
		answer := w.browser().Post("/sign-in", form)
		got := answer.Header().Get("Location")
		if strings.ContainsAny(next, "\t\x00") { // refused as a field's value
			want, got = "", answer.Header().Get("Location")
		}
		if got != want {
			t.Errorf("next=%q leads to %q (%d), want %q", next, got, answer.Code, want)
		}
		page := w.browser().Get("/sign-in?" + url.Values{"next": {next}}.Encode()).Body.String()
		if strings.Contains(page, "evil") {
			t.Errorf("next=%q stands in the form:\n%s", next, page)
		}
	}
}

func TestAttemptsOnAnAccountAreLimited(t *testing.T) {
	w := peopled(t)
	for _, email := range []string{"wren@letter.example", "nobody@letter.example"} {
		b := w.browser()
		for i := range 10 {
			b.Address = fmt.Sprintf("198.51.100.%d:1234", i) // from everywhere
			if answer := b.Post("/sign-in", credentials(strings.ToUpper(email), "wrong")); answer.Code != http.StatusUnprocessableEntity {
				t.Fatalf("%s, attempt %d: %d", email, i+1, answer.Code)
			}
		}
		before := w.hasher.Computed()
		answer := b.Post("/sign-in", credentials(email, secret))
		wait, err := strconv.Atoi(answer.Header().Get("Retry-After"))
		if answer.Code != http.StatusTooManyRequests || err != nil || wait < 800 || wait > 900 || w.hasher.Computed() != before {
			t.Errorf("%s: %d, Retry-After %q, with the right password", email, answer.Code, answer.Header().Get("Retry-After"))
		}
		holds(t, answer.Body.String(), "Too many attempts. Wait fifteen minutes, then try again.")
	}
	w.as(w.ines) // others may
}

func TestAttemptsOfAClientAreLimited(t *testing.T) {
	w := peopled(t)
	b := w.browser()
	try := func(address string, i int) int {
		b.Address = address
		return b.Post("/sign-in", credentials(fmt.Sprintf("%d@letter.example", i), "wrong")).Code
	}
	for i := range 30 { // one subscriber has a whole network
		if code := try(fmt.Sprintf("[2001:db8:1:2::%x]:1234", i+1), i); code != http.StatusUnprocessableEntity {
			t.Fatalf("attempt %d: %d", i+1, code)
		}
	}
	if code := try("[2001:db8:1:2:ffff::1]:1234", 31); code != http.StatusTooManyRequests {
		t.Errorf("attempt 31: %d, want 429", code)
	}
	if code := try("[2001:db8:1:3::1]:1234", 32); code != http.StatusUnprocessableEntity {
		t.Errorf("from elsewhere: %d", code)
	}
}

// Many at once are no way around the limit.
func TestAttemptsAtOnceAreLimited(t *testing.T) {
	w := peopled(t)
	var all sync.WaitGroup
	var judged atomic.Int32
	for i := range 24 {
		all.Go(func() {
			b := w.browser()
			b.Address = fmt.Sprintf("198.51.100.%d:1234", i)
			if b.Post("/sign-in", credentials("wren@letter.example", "wrong")).Code == http.StatusUnprocessableEntity {
				judged.Add(1)
			}
		})
	}
	all.Wait()
	if judged.Load() != 10 {
		t.Errorf("%d passwords were tried, want 10", judged.Load())
	}
}

func TestSuccessClearsTheCount(t *testing.T) {
	w := peopled(t)
	b := w.browser()
	for round := range 4 {
		for range 9 {
			b.Address = fmt.Sprintf("198.51.100.%d:1234", round)
			b.Post("/sign-in", credentials("wren@letter.example", "wrong"))
		}
		w.as(w.wren)
	}
	for range 40 { // signing in is no failure
		w.as(w.ines)
	}
}
