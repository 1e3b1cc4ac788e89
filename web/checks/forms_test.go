package checks

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// send is the fields of a form.
func send(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

const (
	invalid  = http.StatusUnprocessableEntity
	conflict = http.StatusConflict
)

// formStates are the answers to forms that are wrong or came too late. None of
// them changes anything.
var formStates = map[string][]state{
	"/sign-in": {
		{name: "sign in wrong", path: "/sign-in", status: invalid, form: send("email", "nobody@quietpager.example", "password", "not the password")},
	},
	"/desk/me": {{name: "my settings wrong", path: "/desk/me", as: editor, status: invalid, form: send("name", "", "theme", "pink")}},
	"/desk/me/password": {
		{name: "password wrong", path: "/desk/me/password", as: editor, status: invalid, form: send("current_password", "no", "new_password", "short")},
	},
	"/desk/people": {{name: "people wrong", path: "/desk/people", as: owner, status: invalid, form: send("name", "", "email", "no address", "role", "editor")}},
	"/desk/items": {
		{name: "new item empty", path: "/desk/items", as: editor, status: invalid, form: send("key", "k1")},
		{name: "new item wrong", path: "/desk/items", as: editor, status: invalid, form: send("key", "k2", "url", "javascript:alert(1)",
			"note", strings.Repeat("> ", 60)+"deep", "event_on", "2026-02-30", "title", strings.Repeat("long ", 80))},
		{name: "new item into an issue by a contributor", path: "/desk/items", as: contributor, status: http.StatusForbidden,
			form: send("key", "k3", "note", "mine", "issue", "414", "section", "News")},
	},
	"/desk/items/{id:[0-9]+}": {
		{name: "item wrong", path: "/desk/items/{loose}", as: editor, status: invalid, form: send("version", "1", "url", "https://")},
		{name: "item conflict", path: "/desk/items/{placed}", as: editor, status: conflict,
			form: send("version", "0", "url", "https://halfmoon.example/other", "note", "Halfmoon will enter a wedding in the rota, whatever you think of it.")},
	},
	"gone or closed meanwhile": {
		{name: "item gone meanwhile", path: "/desk/items/999999", as: editor, status: http.StatusNotFound,
			form: send("version", "1", "url", "https://halfmoon.example/other", "note", "Words that must not be lost.")},
		{name: "item closed meanwhile", path: "/desk/items/{placed}", as: contributor, status: http.StatusForbidden,
			form: send("version", "1", "url", "https://halfmoon.example/other", "note", "Words that must not be lost.")},
		{name: "issue closed meanwhile", path: "/desk/issues/413", as: curator, status: http.StatusForbidden,
			form: send("version", "1", "intro", "Words that must not be lost.")},
		{name: "issue gone meanwhile", path: "/desk/issues/999", as: curator, status: http.StatusNotFound,
			form: send("version", "1", "intro", "Words that must not be lost.")},
	},
	"/desk/items/{id:[0-9]+}/decline": {{name: "decline without a reason", path: "/desk/items/{loose}/decline", as: editor, status: invalid, form: send("reason", " ")}},
	"/desk/items/{id:[0-9]+}/move": {
		{name: "move conflict", path: "/desk/items/{placed}/move", as: editor, status: conflict, form: send("issue", "414", "section", "News", "after", "999999", "version", "1")},
	},
	"/desk/items/{id:[0-9]+}/blue-notes": {
		{name: "blue note empty on an item", path: "/desk/items/{loose}/blue-notes", as: editor, status: invalid, form: send("text", " ")},
		{name: "blue note too long", path: "/desk/items/{placed}/blue-notes", as: editor, status: invalid, form: send("text", strings.Repeat("long ", 500))},
		{name: "blue note too late", path: "/desk/items/999999/blue-notes", as: editor, status: http.StatusNotFound, form: send("text", "@Maud, look.")},
	},
	"/desk/issues/{number:[0-9]+}/sections/{id:[0-9]+}/blue-notes": {
		{name: "blue note empty on a section", path: "/desk/issues/414/sections/{section}/blue-notes", as: curator, status: invalid, form: send("text", "")},
	},
	"/desk/issues/{number:[0-9]+}/sections/{id:[0-9]+}/progress": {
		{name: "section not to be skipped", path: "/desk/issues/414/sections/{section}/progress", as: editor, status: invalid, form: send("progress", "skipped")},
	},
	"/desk/issues": {
		{name: "issue number taken", path: "/desk/issues", as: curator, status: conflict, form: send("number", "413", "date", "2026-12-01", "key", "k4")},
		{name: "issue without a day", path: "/desk/issues", as: curator, status: invalid, form: send("number", "499", "date", "2026-13-01", "key", "k5")},
	},
	"/desk/issues/{number:[0-9]+}": {
		{name: "introduction conflict", path: "/desk/issues/414", as: curator, status: conflict, form: send("version", "0", "intro", "Two readers were married, and the pager rang.")},
		{name: "introduction too long", path: "/desk/issues/414", as: curator, status: invalid, form: send("version", "1", "intro", strings.Repeat("long ", 4000))},
	},
	"/desk/issues/{number:[0-9]+}/sections": {{name: "section twice", path: "/desk/issues/414/sections", as: editor, status: invalid, form: send("title", "news", "kind", "links")}},
	"/desk/issues/{number:[0-9]+}/publish": {
		{name: "publish not ready", path: "/desk/issues/414/publish", as: curator, status: invalid, form: send("when", "now")},
		{name: "publish again", path: "/desk/issues/413/publish", as: curator, status: conflict, form: send("when", "now")},
		{name: "publish changed", path: "/desk/issues/414/publish", as: curator, status: conflict, form: send("when", "now", "version", "0123456789abcdef", "override", "yes")},
	},
	"/desk/redirects": {{name: "old address wrong", path: "/desk/redirects", as: owner, status: invalid, form: send("from", "//elsewhere.example/x", "to", "")}},
	"/desk/webhook":   {{name: "webhook wrong", path: "/desk/webhook", as: owner, status: invalid, form: send("address", "hook.example")}},
	"/desk/settings": {{name: "settings wrong", path: "/desk/settings", as: owner, status: invalid, form: send("name", "", "language", "english please", "time_zone", "Moon/Sea", "weekday", "0", "hour", "8",
		"accent_light", "#FFE066", "accent_dark", "red")}},
}

func TestForms(t *testing.T) {
	base := startDemo(t)
	walk(t, base, withItems(t, base, formStates))
	walk(t, base, map[string][]state{"/sign-in": {tooMany(t, base)}})
}

// tooMany signs somebody in wrongly until that is refused for a while.
func tooMany(t *testing.T, base string) state {
	t.Helper()
	s := state{name: "sign in too often", path: "/sign-in", status: http.StatusTooManyRequests,
		form: send("email", "nobody@quietpager.example", "password", "not the password")}
	for range 100 {
		response, err := client.PostForm(base+s.path, s.form)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode == s.status {
			return s
		}
	}
	t.Fatal("a hundred wrong sign-ins are none too many")
	return s
}
