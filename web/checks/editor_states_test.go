package checks

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// editorStates are the situations of a row that is open for editing; each
// brings one about, on a row of its own.
var editorStates = []struct {
	name  string
	row   int
	bring func(w writer, item string)
}{
	{"editor open", 1, func(w writer, _ string) {
		w.keys(" And more.")
		w.status("Saved at ")
	}},
	{"editor with three links", 2, func(w writer, _ string) {
		w.press("Add another link")
		w.keys("https://quay.example/b")
		w.click(".editor .rare summary")
		w.status("Saved at ")
	}},
	{"editor conflict", 3, func(w writer, item string) {
		post(w.t, w.base, curator, "/desk/items/"+item, send("version", "1", "url", "https://nightdesk.example/the-toast-and-the-ticket", "title", "The toast and the ticket",
			"note", "A patient explanation of why connection pools larger than the database can serve make everything slower. The simulator needs a recent browser."))
		w.rewrite("A patient explanation of why connection pools larger than the database can serve make everything slower, with a small simulator that runs in a browser tab.")
		w.waitFor(".editor .conflict", "Tomás Reis changed this")
	}},
	{"editor wrong", 4, func(w writer, _ string) {
		w.focus(`.editor [name="url"]`)
		w.rewrite("no address")
		w.focus(".editor textarea")
		w.status("Not saved: Link is not a web address")
	}},
	{"editor offline", 5, func(w writer, _ string) {
		w.offline(true)
		w.rewrite("Written on a train.")
		w.status("Offline.")
		w.offline(false)
		w.do(chromedp.Evaluate[chromedp.Void](`void 0`))
	}},
	{"editor signed out", 6, func(w writer, _ string) {
		if _, err := chromedp.Call(w.tab, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
			w.t.Fatal(err)
		}
		w.rewrite("Written after hours.")
		w.waitFor(".editor .conflict", "You have been signed out")
	}},
	{"editor of what is gone", 7, func(w writer, item string) {
		post(w.t, w.base, curator, "/desk/items/"+rowsOf(w)[0]+"/merge", send("with", item, "note", "One of two.", "version", "1", "with_version", "1"))
		w.rewrite("Words without a place.")
		w.waitFor(".editor .conflict", "The item is gone")
	}},
}

// TestEditorStates looks at every state of a row that is open as the walk
// looks at pages.
func TestEditorStates(t *testing.T) {
	base := startDemo(t)
	for _, state := range editorStates {
		t.Run(state.name, func(t *testing.T) {
			t.Parallel()
			w := newWriter(t, base, editor, "answered 4", "ERR_INTERNET_DISCONNECTED")
			item := rowsOf(w)[state.row]
			w.open(item)
			state.bring(w, item)
			lookAt(w, state.name)
		})
	}
	t.Run("editor of a slip", func(t *testing.T) {
		t.Parallel()
		w := newWriter(t, base, curator)
		w.open(strings.TrimPrefix(see[string](w, `document.querySelector(".slips > li").id`), "item-"))
		lookAt(w, "editor of a slip")
	})
	t.Run("editor of the introduction", func(t *testing.T) {
		t.Parallel()
		w := newWriter(t, base, curator)
		w.click(".board-intro > a")
		w.waitFor(".board-intro .editor", "As it will be printed")
		lookAt(w, "editor of the introduction")
	})
}

// lookAt fails the test for what is wrong with the page as it stands, in every
// layout, and keeps a picture of each.
func lookAt(w writer, name string) {
	w.t.Helper()
	world, err := enter(w.tab)
	if err != nil {
		w.t.Fatal(err)
	}
	faults, err := layouts(world, name)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, fault := range faults {
		w.t.Error(fault)
	}
}
