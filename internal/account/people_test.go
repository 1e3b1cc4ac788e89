package account_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
)

var shownLink = regexp.MustCompile(`<p class="secret">https://weekly\.example(/sign-in/[A-Z2-7]{26})</p>`)

func TestAddSomebody(t *testing.T) {
	w := peopled(t)
	b := w.as(w.ines)
	form := browsertest.Fields(b.Page("/desk/people", http.StatusOK), "/desk/people")
	if form.Get("role") != "contributor" {
		t.Errorf("the form is %v; the least role is proposed", form)
	}
	form.Set("name", "Tomás")
	form.Set("email", "tomas@letter.example")
	form.Set("role", "curator")
	answer := b.Post("/desk/people", form)
	link := shownLink.FindStringSubmatch(answer.Body.String())
	if answer.Code != http.StatusOK || link == nil {
		t.Fatalf("%d without a link\n%s", answer.Code, answer.Body)
	}
	holds(t, b.Page("/desk/people", http.StatusOK), "Tomás", "tomas@letter.example")
	tomas := w.browser()
	if code := tomas.Post(link[1], nil).Code; code != http.StatusSeeOther {
		t.Fatalf("the link: %d", code)
	}
	holds(t, tomas.Page("/desk/me", http.StatusOK), "tomas@letter.example and are curator here")
	want := []string{"Tomás / sign in by a one-time link / tomas@letter.example", "Inès Berg / add curator / tomas@letter.example"}
	if got := w.deeds(); !slices.Equal(got, want) {
		t.Errorf("recorded: %q, want %q", got, want)
	}
}

func TestAddingRefusesBadInput(t *testing.T) {
	w := peopled(t)
	b := w.as(w.ines)
	form := func(name, email, role string) url.Values {
		return url.Values{"name": {name}, "email": {email}, "role": {role}}
	}
	for words, form := range map[string]url.Values{
		"E-mail belongs to somebody": form("Other Wren", "WREN@letter.example", "editor"),
		"Name belongs to somebody":   form("wren MOSS", "a@letter.example", "editor"),
		"Name holds invisible":       form("Wren\u200b Moss", "a@letter.example", "editor"),
		"Name is empty":              form("", "a@letter.example", "editor"),
		"holds characters that":      form("A", "a@b.example\nBcc: c@d.example", "editor"),
		"is not a mail address":      form("A", "a b@letter.example", "editor"),
		"Role is":                    form("A", "a@letter.example", "admin"),
		"E-mail holds characters":    form("A", "a\x00@letter.example", "editor"),
	} {
		answer := b.Post("/desk/people", form)
		if answer.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", words, answer.Code)
		}
		holds(t, answer.Body.String(), "<title>Error: People", words, "Wren Moss")
		if got := browsertest.Fields(answer.Body.String(), "/desk/people").Get("name"); got != form.Get("name") {
			t.Errorf("%s: the name is %q now", words, got)
		}
	}
	if people, err := w.store.Users(t.Context()); err != nil || len(people) != 2 {
		t.Errorf("people are %v, %v", people, err)
	}
}

func TestRolesDisablingAndLinks(t *testing.T) {
	w := peopled(t)
	b, wren := w.as(w.ines), w.as(w.wren)
	at := fmt.Sprintf("/desk/people/%d/", w.wren.ID)
	steps := []struct {
		deed string
		form url.Values
		to   string
		wren int // what Wren gets at her settings
	}{
		{"role", url.Values{"role": {"curator"}}, "/desk/people?done=role", http.StatusOK},
		{"disable", nil, "/desk/people?done=disabled", http.StatusSeeOther},
		{"disable", nil, "/desk/people?done=disabled", http.StatusSeeOther},
		{"enable", nil, "/desk/people?done=enabled", http.StatusSeeOther},
		{"enable", nil, "/desk/people?done=enabled", http.StatusSeeOther},
		{"role", url.Values{"role": {"curator"}}, "/desk/people?done=role", http.StatusSeeOther},
	}
	for _, step := range steps {
		answer := b.Post(at+step.deed, step.form)
		if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != step.to {
			t.Errorf("%s: %d %v\n%s", step.deed, answer.Code, answer.Header(), answer.Body)
		}
		holds(t, b.Page(step.to, http.StatusOK), `<p class="notice" role="status">`)
		if code := wren.Get("/desk/me").Code; code != step.wren {
			t.Errorf("after %s Wren gets %d, want %d", step.deed, code, step.wren)
		}
	}
	answer := b.Post(at+"link", nil)
	if link := shownLink.FindStringSubmatch(answer.Body.String()); link == nil || w.browser().Post(link[1], nil).Code != http.StatusSeeOther {
		t.Errorf("no link that works: %d\n%s", answer.Code, answer.Body)
	}
	want := []string{"make a sign-in link", "enable", "disable", "make curator"} // what changed nothing is no deed
	for i, deed := range want {
		want[i] = "Inès Berg / " + deed + " / wren@letter.example"
	}
	want = slices.Insert(want, 0, "Wren Moss / sign in by a one-time link / wren@letter.example")
	if got := w.deeds(); !slices.Equal(got, want) {
		t.Errorf("recorded: %q, want %q", got, want)
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	w := peopled(t)
	b := w.as(w.ines)
	at := fmt.Sprintf("/desk/people/%d/", w.ines.ID)
	for deed, form := range map[string]url.Values{"role": {"role": {"editor"}}, "disable": nil} {
		answer := b.Post(at+deed, form)
		if answer.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", deed, answer.Code)
		}
		holds(t, answer.Body.String(), "<title>Error: People", "Inès Berg: the role is the last owner", "make somebody else an owner first",
			fmt.Sprintf(`href="#role-%d"`, w.ines.ID), fmt.Sprintf(`id="role-%d"`, w.ines.ID))
	}
	if len(w.deeds()) != 0 {
		t.Errorf("recorded as done: %q", w.deeds())
	}
	b.Page("/desk/people", http.StatusOK)
}

func TestPeopleRefuseBadInput(t *testing.T) {
	w := peopled(t)
	b := w.as(w.ines)
	wren := fmt.Sprintf("/desk/people/%d/", w.wren.ID)
	for target, status := range map[string]int{
		"/desk/people/999999999/disable":           http.StatusNotFound,
		"/desk/people/999999999/link":              http.StatusNotFound,
		"/desk/people/99999999999999999999/enable": http.StatusNotFound,
		"/desk/people/x/enable":                    http.StatusNotFound,
		"/desk/people/-1/enable":                   http.StatusNotFound,
		wren + "role":                              http.StatusUnprocessableEntity, // none given
	} {
		if answer := b.Post(target, nil); answer.Code != status {
			t.Errorf("%s: %d, want %d\n%s", target, answer.Code, status, answer.Body)
		}
	}
	for _, role := range []string{"admin", "Owner", "owner\x00", strings.Repeat("o", 1000)} {
		if answer := b.Post(wren+"role", url.Values{"role": {role}}); answer.Code != http.StatusUnprocessableEntity {
			t.Errorf("role %q: %d", role, answer.Code)
		}
	}
	if code := b.Post(wren+"role", url.Values{"role": {strings.Repeat("o", 2<<20)}}).Code; code != http.StatusRequestEntityTooLarge {
		t.Errorf("2 MiB: %d", code)
	}
	if who, err := w.store.User(t.Context(), w.wren.ID); err != nil || who.Role != newsletter.Editor {
		t.Errorf("Wren is %v, %v", who.Role, err)
	}
	b.Post(wren+"disable", nil)
	answer := b.Post(wren+"link", nil)
	if answer.Code != http.StatusUnprocessableEntity {
		t.Errorf("somebody disabled gets a sign-in link: %d", answer.Code)
	}
	holds(t, answer.Body.String(), "Wren Moss: no link is made for somebody who is disabled; enable them first")
}
