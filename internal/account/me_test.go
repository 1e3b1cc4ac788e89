package account_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
)

func TestMySettings(t *testing.T) {
	w := peopled(t)
	b := w.as(w.wren)
	page := b.Page("/desk/me", http.StatusOK)
	holds(t, page, "<title>My settings · ", `data-theme="auto"`, `href="/desk/me" aria-current="page"`, "wren@letter.example and are editor here")
	form := browsertest.Fields(page, "/desk/me")
	if form.Get("name") != "Wren Moss" || form.Get("theme") != "auto" || form.Get("single_keys") != "on" {
		t.Errorf("the form is %v", form)
	}
	form = url.Values{
		"name": {" Wren Fen "}, "theme": {"dark"},
		"role": {"owner"}, "id": {"1"}, "email": {"ines@letter.example"}, "disabled": {"true"}, "version": {"9"}, "state": {"x"},
	}
	if answer := b.Post("/desk/me", form); answer.Header().Get("Location") != "/desk/me?done=saved" {
		t.Fatalf("%d\n%s", answer.Code, answer.Body)
	}
	holds(t, b.Page("/desk/me?done=saved", http.StatusOK), "Your settings are saved.", `data-theme="dark"`, `data-keys="off"`, `value="Wren Fen"`)
	got, err := w.store.User(t.Context(), w.wren.ID)
	want := newsletter.User{ID: w.wren.ID, Email: "wren@letter.example", Name: "Wren Fen", Role: newsletter.Editor, Theme: newsletter.ThemeDark}
	if err != nil || got.User != want {
		t.Errorf("saved is %+v, %v, want %+v", got.User, err, want)
	}
	b.Post("/desk/me", url.Values{"name": {"Wren Fen"}, "theme": {"light"}}) // the same name is no deed
	if got := w.deeds(); len(got) != 1 || got[0] != "Wren Moss / change their name / Wren Moss to Wren Fen" {
		t.Errorf("recorded: %q", got)
	}
}

func TestMySettingsRefuseBadInput(t *testing.T) {
	w := peopled(t)
	b := w.as(w.wren)
	for words, form := range map[string]url.Values{
		"Name is empty; give a name":     {"theme": {"dark"}},
		"Name holds characters that":     {"name": {"a\u0085b"}, "theme": {"dark"}},
		"Name belongs to somebody else":  {"name": {"INÈS berg"}, "theme": {"dark"}},
		"Name holds invisible":           {"name": {"Inès\u2060 Berg"}, "theme": {"dark"}},
		"Look of the desk is not one of": {"name": {"Wren"}, "theme": {"pink"}},
		"Name has 301 characters":        {"name": {strings.Repeat("ü", 301)}, "theme": {"dark"}},
	} {
		answer := b.Post("/desk/me", form)
		if answer.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", words, answer.Code)
		}
		holds(t, answer.Body.String(), "<title>Error: My settings", words)
	}
}

func TestChangePassword(t *testing.T) {
	w := peopled(t)
	b, elsewhere := w.as(w.wren), w.as(w.wren)
	for words, form := range map[string]url.Values{
		"Current password is not right": {"current_password": {"wrong"}, "new_password": {"a boat of nine red oars"}},
		"New password is too short":     {"current_password": {secret}, "new_password": {"short"}},
		"New password is little more":   {"current_password": {secret}, "new_password": {"wren moss!"}},
	} {
		answer := b.Post("/desk/me/password", form)
		if answer.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", words, answer.Code)
		}
		holds(t, answer.Body.String(), "<title>Error: My settings", words)
		if strings.Contains(answer.Body.String(), form.Get("new_password")+`"`) {
			t.Error("the page repeats a password")
		}
	}
	before := b.Cookie(cookie)
	answer := b.Post("/desk/me/password", url.Values{"current_password": {secret}, "new_password": {"a boat of nine red oars"}})
	if answer.Header().Get("Location") != "/desk/me?done=password" || b.Cookie(cookie) == before {
		t.Fatalf("%d, new token %v\n%s", answer.Code, b.Cookie(cookie) != before, answer.Body)
	}
	b.Page("/desk/me", http.StatusOK)
	if code := elsewhere.Get("/desk/me").Code; code != http.StatusSeeOther {
		t.Errorf("the other browser goes on: %d", code)
	}
	stolen := w.browser()
	stolen.SetCookie(cookie, before)
	if code := stolen.Get("/desk/me").Code; code != http.StatusSeeOther {
		t.Errorf("the old token goes on: %d", code)
	}
}

// Whoever sits down at an open browser cannot guess the password there.
func TestGuessingTheCurrentPasswordIsLimited(t *testing.T) {
	w := peopled(t)
	b := w.as(w.wren)
	form := url.Values{"current_password": {"wrong"}, "new_password": {"a boat of nine red oars"}}
	for range 10 {
		b.Post("/desk/me/password", form)
	}
	form.Set("current_password", secret)
	if code := b.Post("/desk/me/password", form).Code; code != http.StatusTooManyRequests {
		t.Errorf("attempt 11: %d", code)
	}
}
