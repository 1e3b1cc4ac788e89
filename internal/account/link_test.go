package account_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
)

func (w *world) signInLink(u newsletter.User) string {
	w.t.Helper()
	secret, err := w.store.NewSignInLink(w.t.Context(), u.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return "/sign-in/" + secret
}

func TestSignInLinkWorksOnce(t *testing.T) {
	w := peopled(t)
	link, b := w.signInLink(w.wren), w.browser()
	for range 3 { // looking at it uses nothing up
		holds(t, b.Page(link, http.StatusOK), "Sign in as Wren Moss", `action="`+link+`"`)
	}
	if b.Cookie(cookie) != "" {
		t.Error("looking at the link signs in")
	}
	if head := b.Send(request(http.MethodHead, link)); head.Code != http.StatusOK {
		t.Errorf("HEAD: %d", head.Code)
	}
	answer := b.Post(link, nil)
	if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != "/desk/me?done=link" {
		t.Fatalf("%d %v", answer.Code, answer.Header())
	}
	page := b.Page("/desk/me?done=link", http.StatusOK)
	holds(t, page, "Set a password within a quarter of an hour", `name="new_password"`)
	if strings.Contains(page, "current_password") {
		t.Error("whoever forgot the password is asked for it")
	}
	for _, again := range []string{link, "/sign-in/nothing"} {
		if answer := w.browser().Post(again, nil); answer.Code != http.StatusNotFound {
			t.Errorf("%s a second time: %d", again, answer.Code)
		}
		holds(t, w.browser().Page(again, http.StatusNotFound), "This link does not work any more", "Ask an owner")
	}
}

func TestOfManyAtOnceOneUsesTheLink(t *testing.T) {
	w := peopled(t)
	link := w.signInLink(w.wren)
	var all sync.WaitGroup
	var in atomic.Int32
	for range 8 {
		all.Go(func() {
			if w.browser().Post(link, nil).Code == http.StatusSeeOther {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 {
		t.Errorf("%d were signed in, want 1", in.Load())
	}
}

// An old password goes with the link, and the rest of the sessions with it.
func TestForgottenPassword(t *testing.T) {
	w := peopled(t)
	elsewhere, b := w.as(w.wren), w.browser()
	b.Post(w.signInLink(w.wren), nil)
	before := b.Cookie(cookie)
	answer := b.Post("/desk/me/password", url.Values{"new_password": {"a boat of nine red oars"}})
	if answer.Code != http.StatusSeeOther || b.Cookie(cookie) == before {
		t.Fatalf("%d, a new token: %v\n%s", answer.Code, b.Cookie(cookie) != before, answer.Body)
	}
	holds(t, b.Page("/desk/me?done=password", http.StatusOK), "Your password is set", `name="current_password"`)
	if code := elsewhere.Get("/desk/me").Code; code != http.StatusSeeOther {
		t.Errorf("the other browser: %d", code)
	}
	if code := w.browser().Post("/sign-in", credentials(w.wren.Email, secret)).Code; code != http.StatusUnprocessableEntity {
		t.Errorf("the old password: %d", code)
	}
	if code := w.browser().Post("/sign-in", credentials(w.wren.Email, "a boat of nine red oars")).Code; code != http.StatusSeeOther {
		t.Errorf("the new password: %d", code)
	}
}

func setUpForm(change func(url.Values)) url.Values {
	form := url.Values{"publication": {"The Tide Table"}, "name": {"Inès Berg"}, "email": {"ines@letter.example"}, "password": {secret}}
	if change != nil {
		change(form)
	}
	return form
}

func TestSetUp(t *testing.T) {
	w := empty(t)
	first, err := w.store.NewSetUpLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	newest, err := w.store.NewSetUpLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := w.browser()
	b.Page("/set-up/"+first, http.StatusNotFound) // a new one replaces it
	form := browsertest.Fields(b.Page("/set-up/"+newest, http.StatusOK), "/set-up/"+newest)
	if len(form) != 4 {
		t.Errorf("the form is %v", form)
	}
	answer := b.Post("/set-up/"+newest, setUpForm(nil))
	if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != "/desk" || b.Cookie(cookie) == "" {
		t.Fatalf("%d %v\n%s", answer.Code, answer.Header(), answer.Body)
	}
	holds(t, b.Page("/desk/people", http.StatusOK), "Inès Berg", "ines@letter.example", `<option value="owner" selected>`)
	publication, err := w.store.Publication(t.Context())
	if err != nil || publication.Name != "The Tide Table" {
		t.Errorf("the publication is %q, %v", publication.Name, err)
	}
	if got := w.deeds(); len(got) != 1 || got[0] != "Inès Berg / set up the newsletter / ines@letter.example" {
		t.Errorf("recorded: %q", got)
	}
	if code := w.browser().Post("/set-up/"+newest, setUpForm(nil)).Code; code != http.StatusNotFound {
		t.Errorf("a second time: %d", code)
	}
	if secret, err := w.store.NewSetUpLink(t.Context()); secret != "" || err != nil {
		t.Errorf("another link with people there: %q, %v", secret, err)
	}
}

func TestSetUpRefusesBadInput(t *testing.T) {
	w := empty(t)
	link, err := w.store.NewSetUpLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for words, change := range map[string]func(url.Values){
		"Name of the newsletter is empty":         func(f url.Values) { f.Set("publication", " ") },
		"Your name is empty":                      func(f url.Values) { f.Set("name", "") },
		"is not a mail address":                   func(f url.Values) { f.Set("email", "ines") },
		"Password is too short":                   func(f url.Values) { f.Set("password", "short") },
		"Password is one of the first":            func(f url.Values) { f.Set("password", "Password1234") },
		"Password is little more than your name":  func(f url.Values) { f.Set("password", "Inès Berg 1") },
		"Your name has 400 characters; at most":   func(f url.Values) { f.Set("name", strings.Repeat("x", 400)) },
		"Your name holds characters that cannot":  func(f url.Values) { f.Set("name", "In\x00s") },
		"Name of the newsletter has 301 char":     func(f url.Values) { f.Set("publication", strings.Repeat("é", 301)) },
		"Your name holds invisible characters":    func(f url.Values) { f.Set("name", "In\u202eès") },
		"Name of the newsletter holds characters": func(f url.Values) { f.Set("publication", "a\nb") },
	} {
		b, form := w.browser(), setUpForm(change)
		answer := b.Post("/set-up/"+link, form)
		if answer.Code != http.StatusUnprocessableEntity || b.Cookie(cookie) != "" {
			t.Errorf("%s: %d, cookie %q", words, answer.Code, b.Cookie(cookie))
		}
		page := answer.Body.String()
		holds(t, page, "<title>Error: Set up the newsletter", words, `class="wrong"`)
		if strings.Contains(page, secret) {
			t.Error("the page repeats the password")
		}
		if kept := browsertest.Fields(page, "/set-up/"+link).Get("email"); kept != form.Get("email") {
			t.Errorf("%s: the e-mail is %q now", words, kept)
		}
	}
	if code := w.browser().Post("/set-up/"+link, setUpForm(nil)).Code; code != http.StatusSeeOther {
		t.Errorf("the link was used up by wrong input: %d", code)
	}
}

func TestLinksEnd(t *testing.T) {
	w := peopled(t)
	older, link := w.signInLink(w.wren), w.signInLink(w.wren)
	w.browser().Page(older, http.StatusNotFound)
	w.browser().Page(link, http.StatusOK)
	if err := w.store.Disable(t.Context(), w.wren.ID); err != nil {
		t.Fatal(err)
	}
	w.browser().Page(link, http.StatusNotFound)
	if code := w.browser().Post(link, nil).Code; code != http.StatusNotFound {
		t.Errorf("the link of somebody disabled: %d", code)
	}
}
