package checks

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// writer is somebody in a browser of their own, on the demo's board.
type writer struct {
	t     *testing.T
	base  string
	tab   context.Context
	heard *complaints
}

const board = "/desk/issues/414"

// newWriter signs somebody in and opens the board. What the browser complains
// of fails the test at its end, but for answers that the test provokes.
func newWriter(t *testing.T, base, email string, provoked ...string) writer {
	t.Helper()
	w := writer{t: t, base: base, heard: &complaints{page: base + board}}
	w.tab = newTab(t, w.heard.hear)
	cookie := signIn(t, base, email)
	set := network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: base, HTTPOnly: new(true)}
	if _, err := chromedp.Call(w.tab, network.SetCookie, set); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, line := range w.heard.all() {
			if !matchesAny(line, provoked) {
				t.Errorf("%s's browser: %s", email, line)
			}
		}
	})
	w.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(base+board))
	w.wait("the modules run", `document.documentElement.matches(".has-modules")`)
	return w
}

func matchesAny(line string, texts []string) bool {
	for _, text := range texts {
		if strings.Contains(line, text) {
			return true
		}
	}
	return false
}

func (w writer) do(actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.tab, actions...); err != nil {
		w.t.Fatal(err)
	}
}

// see evaluates a script.
func see[T any](w writer, script string) T {
	w.t.Helper()
	got, err := chromedp.Run(w.tab, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

// wait waits until a script comes to true.
func (w writer) wait(what, script string) {
	w.t.Helper()
	come := `new Promise(done => { const until = Date.now() + ` + strconv.FormatInt(patience.Milliseconds(), 10) + `; const look = () => {
		if (` + script + `) done(true); else if (Date.now() > until) done(false); else setTimeout(look, 30); }; look(); })`
	for range 20 { // a page on its way out answers nothing
		if come, err := chromedp.Run(w.tab, chromedp.Evaluate[bool](come, chromedp.EvalAwaitPromise)); err == nil && come {
			return
		} else if err == nil {
			break
		}
	}
	w.t.Fatalf("waited for: %s; the page says\n%s", what, see[string](w, `document.querySelector(".editor")?.innerText ?? document.body.innerText`))
}

// waitFor waits until the first match of a selector holds words.
func (w writer) waitFor(selector, words string) {
	w.t.Helper()
	w.wait(words, fmt.Sprintf("document.querySelector(%q)?.textContent.replace(/\\s+/g, ' ').includes(%q)", selector, words))
}

// open opens the row of an item and waits until its note has the focus.
func (w writer) open(item string) {
	w.t.Helper()
	w.click("#item-" + item + ` a[href="/desk/items/` + item + `"]`)
	w.wait("the note has the focus", `document.activeElement.matches("#item-`+item+` .editor textarea")`)
}

func (w writer) click(selector string) {
	w.t.Helper()
	clickOn(w.t, w.tab, selector)
}

// focus brings the focus to the first match of a selector.
func (w writer) focus(selector string) {
	w.t.Helper()
	see[bool](w, fmt.Sprintf(`(node => { node.focus(); return true; })(document.querySelector(%q))`, selector))
}

// keys types with real keys where the focus is.
func (w writer) keys(text string) {
	w.t.Helper()
	w.do(chromedp.KeyEvent(text))
}

// rewrite types over all that the field with the focus holds.
func (w writer) rewrite(text string) {
	w.t.Helper()
	w.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(2)), chromedp.KeyEvent(text))
}

// status waits for what the open editor says of saving.
func (w writer) status(words string) {
	w.t.Helper()
	w.waitFor(".editor .editor-status", words)
}

// stored returns an item's note as its page shows it to somebody else.
func (w writer) stored(item string) string {
	w.t.Helper()
	page := ask(w.t, w.base, state{path: "/desk/items/" + item, as: curator})
	_, note, _ := strings.Cut(string(page), `<textarea id="note"`)
	_, note, _ = strings.Cut(note, ">\n")
	note, _, _ = strings.Cut(note, "</textarea>")
	return note
}

// rowsOf returns the ids of the board's rows in order.
func rowsOf(w writer) []string {
	w.t.Helper()
	return see[[]string](w, `[...document.querySelectorAll(".board-row")].map(row => row.id.slice(5))`)
}

func TestWordsAreSavedWhileTheyAreTyped(t *testing.T) {
	base := startDemo(t)
	w := newWriter(t, base, editor)
	item := rowsOf(w)[1]
	w.do(chromedp.Evaluate[chromedp.Void](`window.heard = []; for (const name of ["desk:editing", "desk:changed"])
		document.addEventListener(name, event => heard.push(name + " " + (event.detail.item ?? event.detail.id)));
		document.getElementById("item-` + item + `").dispatchEvent(new CustomEvent("desk:edit", {bubbles: true}))`))
	w.wait("the note has the focus", `document.activeElement.matches("#item-`+item+` .editor textarea")`)
	w.rewrite("A night heron keeps **one** rota.")
	w.status("Saved at ")
	w.waitFor(".editor .as-printed strong", "one")
	w.waitFor(".editor-count", "6 words")
	for _, more := range []string{" And more.", " And yet more."} { // of one's own
		w.keys(more)
		w.wait("the next words are saved", fmt.Sprintf("document.querySelector('.editor .as-printed').textContent.includes(%q)", strings.TrimSpace(more)))
	}
	if got, want := w.stored(item), "A night heron keeps **one** rota. And more. And yet more."; got != want {
		t.Errorf("stored is %q, want %q", got, want)
	}
	w.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(2)))
	w.wait("the row is closed, and Edit has the focus", fmt.Sprintf(`!document.querySelector(".editor") && document.activeElement.getAttribute("href") === "/desk/items/%s"`, item))
	w.waitFor("#item-"+item, "And yet more.")
	if heard, want := see[string](w, `heard.join(", ")`), "desk:editing "+item+", desk:editing 0, desk:changed item-"+item; heard != want {
		t.Errorf("others hear %q, want %q", heard, want)
	}
	if n := see[int](w, "localStorage.length"); n != 0 {
		t.Errorf("%d texts are left in the browser", n)
	}
}
