package checks

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The demo's people, by what they may do.
const (
	owner       = "ines@quietpager.example"
	curator     = "tomas@quietpager.example"
	editor      = "wren@quietpager.example"
	contributor = "maud@quietpager.example"
)

// deskStates are the situations of each page behind the sign-in.
var deskStates = map[string][]state{
	"/sign-in": {{name: "sign in", path: "/sign-in"}, {name: "sign in then", path: "/sign-in?next=%2Fdesk%2Finbox"}},
	"/sign-in/{secret}": {
		{name: "sign in link", path: "/sign-in/{secret}"},
		{name: "sign in link that is none", path: "/sign-in/none", status: http.StatusNotFound},
	},
	"/preview/{secret}": {
		{name: "shared preview", path: "/preview/{preview}"},
		{name: "shared preview that is none", path: "/preview/none", status: http.StatusNotFound},
	},
	"/desk/issues/{number:[0-9]+}/preview-link": {{name: "preview link", path: "/desk/issues/414/preview-link", as: curator}},
	"/set-up/{secret}":                          {{name: "set up link that is none", path: "/set-up/none", status: http.StatusNotFound}},
	"/desk": {
		{name: "desk", path: "/desk", as: curator},
		{name: "desk of a contributor", path: "/desk", as: contributor},
		{name: "desk of nobody", path: "/desk", status: http.StatusSeeOther},
	},
	"/desk/me":        {{name: "my settings", path: "/desk/me", as: editor}},
	"/desk/shortcuts": {{name: "shortcuts", path: "/desk/shortcuts", as: contributor}},
	"/desk/kept": {
		{name: "form kept", path: "/desk/kept?form=1", as: interrupted},
		{name: "form kept without a page", path: "/desk/kept?form=1", as: interruptedMove},
		{name: "nothing kept", path: "/desk/kept", as: editor, status: http.StatusSeeOther},
	},
	"/desk/inbox": {
		{name: "inbox", path: "/desk/inbox", as: editor},
		{name: "inbox of a contributor", path: "/desk/inbox", as: contributor},
		{name: "inbox held", path: "/desk/inbox?state=held", as: editor},
		{name: "inbox declined", path: "/desk/inbox?state=declined", as: editor},
		{name: "inbox nothing found", path: "/desk/inbox?q=zeppelin", as: editor},
		{name: "inbox filtered", path: "/desk/inbox?q=e&by=Wren+Halloran&age=new", as: editor},
		{name: "inbox nothing chosen", path: "/desk/inbox", as: editor, form: url.Values{"do": {"hold"}}, status: http.StatusUnprocessableEntity},
		{name: "inbox declined without a reason", path: "/desk/inbox", as: editor, form: url.Values{"do": {"decline"}, "item": {"{loose}"}}, status: http.StatusUnprocessableEntity},
		{name: "inbox sorted", path: "/desk/inbox?done=held&n=3&left={placed}&left=999999", as: editor},
	},
	"/desk/items/new": {
		{name: "new item", path: "/desk/items/new", as: editor},
		{name: "new item that ran", path: "/desk/items/new?url=https%3A%2F%2Fnightdesk.example%2Fdead-letters-at-three", as: editor},
		{name: "new item of several addresses", path: "/desk/items/new?url=Ferries:+https%3A%2F%2Fferry.example%2F1%0Ahttps%3A%2F%2Fnightdesk.example%2Fdead-letters-at-three%0Ahttps%3A%2F%2Fferry.example%2F1", as: editor},
		{name: "new item of too many addresses", path: "/desk/items/new?url=" + strings.Repeat("https%3A%2F%2Fferry.example%2F1+", 51), as: editor},
		{name: "new item of a contributor", path: "/desk/items/new", as: contributor},
	},
	"/desk/links": {{name: "where did it run", path: "/desk/links?url=https%3A%2F%2Fnightdesk.example%2Fdead-letters-at-three", as: editor}},
	"/desk/issues": {
		{name: "issues", path: "/desk/issues", as: curator},
		{name: "issues of an editor", path: "/desk/issues", as: editor},
	},
	"/desk/issues/{number:[0-9]+}": {
		{name: "board", path: "/desk/issues/414", as: curator},
		{name: "board of an editor", path: "/desk/issues/414", as: editor},
		{name: "board of a contributor", path: "/desk/issues/414", as: contributor},
		{name: "board with the introduction open", path: "/desk/issues/414?edit=intro", as: curator},
		{name: "board with the head open", path: "/desk/issues/414?edit=head", as: curator},
		{name: "board with a section open", path: "/desk/issues/414?edit=section-{section}", as: editor},
		{name: "board published", path: "/desk/issues/413", as: curator},
		{name: "board not found", path: "/desk/issues/9999", as: curator, status: http.StatusNotFound},
	},
	"/desk/issues/{number:[0-9]+}/events":  {{name: "events of a printed issue", path: "/desk/issues/413/events", as: curator, status: http.StatusNoContent}},
	"/desk/issues/{number:[0-9]+}/preview": {{name: "preview", path: "/desk/issues/414/preview", as: curator}},
	"/desk/issues/{number:[0-9]+}/publish": {
		{name: "publish", path: "/desk/issues/414/publish", as: curator},
		{name: "publish not for editors", path: "/desk/issues/414/publish", as: editor, status: http.StatusForbidden},
	},
	"/desk/items/{id:[0-9]+}": {
		{name: "item in the inbox", path: "/desk/items/{loose}", as: editor},
		{name: "item of the draft", path: "/desk/items/{placed}", as: editor},
		{name: "item not for contributors", path: "/desk/items/{placed}", as: contributor, status: http.StatusForbidden},
		{name: "item not found", path: "/desk/items/999999", as: editor, status: http.StatusNotFound},
	},
	"/desk/items/{id:[0-9]+}/decline":      {{name: "decline", path: "/desk/items/{loose}/decline", as: editor}},
	"/desk/items/{id:[0-9]+}/merge":        {{name: "merge", path: "/desk/items/{loose}/merge?with={placed}", as: editor}, {name: "merge with what", path: "/desk/items/{loose}/merge", as: editor}},
	"/desk/items/{id:[0-9]+}/move":         {{name: "move", path: "/desk/items/{placed}/move", as: editor}, {name: "move from the inbox", path: "/desk/items/{loose}/move", as: editor}},
	"/desk/issues/{number:[0-9]+}/discard": {{name: "discard", path: "/desk/issues/414/discard", as: curator}},
	"/desk/issues/{number:[0-9]+}/correct": {
		{name: "correct an item", path: "/desk/issues/413/correct?part=6", as: curator},
		{name: "correct the introduction", path: "/desk/issues/413/correct", as: curator},
		{name: "correct a heading", path: "/desk/issues/413/correct?part=heading&section={printed}", as: curator},
		{name: "add a forgotten item", path: "/desk/issues/413/correct?part=item&section={printed}", as: curator},
		{name: "add an item in a new section", path: "/desk/issues/413/correct?part=item&stands=new", as: curator},
		{name: "add a waiting item", path: "/desk/issues/413/correct?part=item&item={loose}", as: curator},
		{name: "added item compared", path: "/desk/issues/413/correct", as: curator, form: send("part", "item", "key", "compared", "stands", "{printed}", "do", "look",
			"note", "A tide table that was forgotten.", "url", "https://tides.example/table")},
		{name: "correct what is not there", path: "/desk/issues/413/correct?part=99", as: curator, status: http.StatusNotFound},
		{name: "correction compared", path: "/desk/issues/413/correct", as: curator, form: send("part", "intro", "version", "1", "do", "look", "sentence", "It was Friday.",
			"date", "2026-11-15", "intro", "One reader deleted hers on Friday, with cake.", "summary", "")},
		{name: "correction wrong", path: "/desk/issues/413/correct", as: curator, status: http.StatusUnprocessableEntity, form: send("part", "6", "version", "1", "url", "nowhere", "note", "x")},
	},
	"/desk/issues/{number:[0-9]+}/withdraw":  {{name: "withdraw", path: "/desk/issues/413/withdraw", as: curator}},
	"/desk/issues/{number:[0-9]+}/published": {{name: "published", path: "/desk/issues/413/published", as: curator}},
	"/desk/issues/{number:[0-9]+}/mail.html": {{name: "mail", path: "/desk/issues/413/mail.html", as: curator}},
	"/desk/people":                           {{name: "people", path: "/desk/people", as: owner}},
	"/desk/sections":                         {{name: "default sections", path: "/desk/sections", as: owner}},
	"/desk/settings":                         {{name: "settings", path: "/desk/settings", as: owner}},
	"/desk/redirects":                        {{name: "old addresses none", path: "/desk/redirects", as: owner}, {name: "old addresses not found", path: "/desk/redirects?q=zeppelin", as: owner}},
	"/desk/webhook":                          {{name: "webhook none", path: "/desk/webhook", as: owner}},
	"/desk/activity":                         {{name: "activity", path: "/desk/activity", as: owner}},
	"/desk/redact": {
		{name: "redact words", path: "/desk/redact", as: owner},
		{name: "redact words found", path: "/desk/redact", as: owner, form: send("words-to-redact", "alert")},
		{name: "redact words that are changed by hand", path: "/desk/redact", as: owner, form: send("words-to-redact", "Quiet Pager")},
		{name: "redact words not found", path: "/desk/redact", as: owner, form: send("words-to-redact", "zeppelin")},
		{name: "redact words too few", path: "/desk/redact", as: owner, status: http.StatusUnprocessableEntity, form: send("words-to-redact", "a")},
		{name: "redact words overtaken", path: "/desk/redact", as: owner, status: http.StatusConflict, form: send("words-to-redact", "alert", "do", "redact", "times", "1")},
	},
}

// The editor, after a session that ended while a form was sent.
const (
	interrupted     = "editor, interrupted"
	interruptedMove = "editor, interrupted in a move"
)

func TestDesk(t *testing.T) {
	base := startDemo(t)
	for as, form := range map[string]struct {
		path   string
		fields url.Values
	}{
		interrupted:     {"/desk/items", send("url", "https://lantern.example/oil", "note", "How much oil a lighthouse burned, night by night.", "key", "k1")},
		interruptedMove: {"/desk/items/1/move", send("to", "up")},
	} {
		if err := sessions.interrupt(base, as, editor, form.path, form.fields); err != nil {
			t.Fatal(err)
		}
	}
	walk(t, base, withItems(t, base, deskStates))
}

// find returns what a pattern's first group matches on a state's page.
func find(t *testing.T, base string, s state, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindSubmatch(ask(t, base, s))
	if found == nil {
		t.Fatalf("%s is not on %s", pattern, s.path)
	}
	return string(found[1])
}

// withItems puts the ids of an item in the inbox, of one in the draft, of a
// section there and of one in a printed issue, and a person's sign-in link, into the paths of states.
func withItems(t *testing.T, base string, states map[string][]state) map[string][]state {
	t.Helper()
	first := func(s state, pattern string) string { return find(t, base, s, pattern) }
	board := state{path: "/desk/issues/414", as: editor}
	newLink := first(state{path: "/desk/people", as: owner}, `action="(/desk/people/[0-9]+/link)"`)
	ids := strings.NewReplacer(
		"{loose}", first(state{path: "/desk/inbox", as: editor}, `href="/desk/items/([0-9]+)"`),
		"{placed}", first(board, `id="item-([0-9]+)"`), "{section}", first(board, `id="section-([0-9]+)"`),
		"{printed}", first(state{path: "/desk/issues/413", as: curator}, `id="section-([0-9]+)"`),
		"{preview}", first(state{path: "/desk/issues/414/preview-link", as: curator, form: url.Values{}}, `https?://[^/<]*/preview/([^<]+)<`),
		"{secret}", first(state{path: newLink, as: owner, form: url.Values{}}, `http[^<]*/sign-in/([^<]+)<`))
	filled := map[string][]state{}
	for route, list := range states {
		for _, s := range list {
			s.path = ids.Replace(s.path)
			s.form = maps.Clone(s.form)
			for name, values := range s.form {
				s.form[name] = []string{ids.Replace(values[0])}
			}
			filled[route] = append(filled[route], s)
		}
	}
	return filled
}
