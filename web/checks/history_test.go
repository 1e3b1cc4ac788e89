package checks

import (
	"net/http"
	"regexp"
	"testing"
)

// historyStates are the situations of the pages of what was, after makeHistory.
var historyStates = map[string][]state{
	"/desk/items/{id:[0-9]+}/history": {
		{name: "item history", path: "/desk/items/{placed}/history", as: editor},
		{name: "item history of nothing", path: "/desk/items/{loose}/history", as: contributor},
		{name: "item restored too late", path: "/desk/items/{placed}/history", as: editor, status: conflict, form: send("restore", "1", "version", "1")},
		{name: "item restored to nothing", path: "/desk/items/{placed}/history", as: editor, status: invalid, form: send("version", "2")},
	},
	"/desk/issues/{number:[0-9]+}/history": {
		{name: "history", path: "/desk/issues/414/history", as: curator},
		{name: "history for a contributor", path: "/desk/issues/414/history", as: contributor},
		{name: "history published", path: "/desk/issues/413/history", as: curator},
		{name: "history orders alone", path: "/desk/issues/414/history?show=orders", as: editor},
		{name: "history beyond its end", path: "/desk/issues/414/history?show=words&page=9", as: editor},
		{name: "history order", path: "/desk/issues/414/history?order={order}", as: editor},
		{name: "history order restored", path: "/desk/issues/414/history?restored={order}", as: editor},
	},
}

func TestHistory(t *testing.T) {
	base := startDemo(t)
	order := makeHistory(t, base)
	states := withItems(t, base, historyStates)
	const issue = "/desk/issues/{number:[0-9]+}/history"
	for k, s := range states[issue] {
		states[issue][k].path = regexp.MustCompile(`{order}`).ReplaceAllString(s.path, order)
	}
	states[issue] = append(states[issue], state{name: "history order too late", path: "/desk/issues/414/history",
		as: editor, status: conflict, form: send("order", order, "seen", "1")})
	walk(t, base, states)
}

// makeHistory has people change the draft, and returns the version of its
// first order.
func makeHistory(t *testing.T, base string) string {
	t.Helper()
	item := "/desk/items/" + find(t, base, state{path: "/desk/issues/414", as: editor}, `id="item-([0-9]+)"`)
	for _, deed := range []state{
		{path: item + "/move", form: send("to", "down"), as: editor},
		{path: item + "/move", form: send("issue", "414", "section", "News", "after", ""), as: curator},
		{path: item, form: send("version", "1", "url", "https://halfmoon.example/rota", "note", "A rota that knows when its people sleep, and one wedding."), as: editor},
		{path: "/desk/issues/414", form: send("version", "1", "intro", "Two readers were married, and the pager rang."), as: curator},
		{path: "/desk/issues/414", form: send("version", "2", "intro", "Two readers were married on Saturday, and **nothing** rang.", "summary", "A wedding"), as: curator},
	} {
		deed.status = http.StatusSeeOther
		ask(t, base, deed)
	}
	return find(t, base, state{path: "/desk/issues/414/history?show=orders", as: editor}, `href="\?order=([0-9]+)"[^\n]*The first order`)
}
