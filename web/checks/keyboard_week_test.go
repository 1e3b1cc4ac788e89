package checks

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestTheWeekWithTheKeyboardAlone signs in, adds a link to the draft, moves it
// up, and publishes: every step by Tab, typing and Enter.
func TestTheWeekWithTheKeyboardAlone(t *testing.T) {
	base := startDemo(t)
	heard := complaints{page: base}
	tab := newTab(t, heard.hear)
	if err := chromedp.Do(tab, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(base+"/sign-in")); err != nil {
		t.Fatal(err)
	}
	typeInto(t, tab, "email", curator)
	typeInto(t, tab, "password", demoPassword)
	follow(t, tab, kb.Enter)
	wantAt(t, tab, base+"/desk")

	typeInto(t, tab, "url", "https://heron.example/nests")
	follow(t, tab, kb.Enter)
	typeInto(t, tab, "note", "Herons keep a rota too.")
	press(t, tab, "Save and add to 414")
	press(t, tab, "Issue 414")
	wantAt(t, tab, base+"/desk/issues/414")

	before := order(t, tab)
	mark := markOf(t, before, "Herons")
	tabTo(t, tab, "Move "+mark+" up")
	inView(t, tab, "Move up")
	if err := chromedp.Do(tab, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(tab, chromedp.Poll[bool](`Boolean(document.querySelector(".toast"))`)); err != nil {
		t.Fatal(err)
	}
	after := order(t, tab)
	if at(before, "Herons") != at(after, "Herons")+1 {
		t.Errorf("after one step up the order is %q, before it %q", after, before)
	}

	press(t, tab, "Publish…")
	typeInto(t, tab, "override", "the toast needs no words")
	press(t, tab, "Publish 414")
	wantAt(t, tab, base+"/desk/issues/414/published")
	if err := chromedp.Do(tab, chromedp.Navigate(base+"/issues/414")); err != nil {
		t.Fatal(err)
	}
	text := textOf(t, tab, "article")
	if !strings.Contains(text, "Herons keep a rota too.") {
		t.Errorf("readers get\n%s", text)
	}
	for _, complaint := range heard.all() {
		t.Error(complaint)
	}
}

// typeInto brings the focus to a field by Tab and types over what it holds.
func typeInto(t *testing.T, tab context.Context, field, words string) {
	t.Helper()
	tabTo(t, tab, "["+field+"]")
	if err := chromedp.Do(tab, chromedp.KeyEvent("a", chromedp.KeyModifiers(2)), chromedp.KeyEvent(words)); err != nil {
		t.Fatal(err)
	}
}

// press brings the focus to what is called words by Tab, presses Enter and
// waits for the next page. What has the focus must be in view.
func press(t *testing.T, tab context.Context, words string) {
	t.Helper()
	tabTo(t, tab, words)
	inView(t, tab, words)
	follow(t, tab, kb.Enter)
}

// inView fails unless what has the focus is in view.
func inView(t *testing.T, tab context.Context, words string) {
	t.Helper()
	seen, err := chromedp.Run(tab, chromedp.Evaluate[bool](`(() => {
		const box = document.activeElement.getBoundingClientRect();
		const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
		return box.top >= 0 && box.bottom <= innerHeight && (top === document.activeElement || document.activeElement.contains(top));
	})()`))
	if err != nil || !seen {
		t.Errorf("%q has the focus and is not in view (%v)", words, err)
	}
}

// order returns the words of the board's rows, mark first, in order.
func order(t *testing.T, tab context.Context) []string {
	t.Helper()
	rows, err := chromedp.Run(tab, chromedp.Evaluate[[]string](`[...document.querySelectorAll(".board-row")].map(row => row.textContent.trim().replace(/\s+/g, " "))`))
	if err != nil || len(rows) == 0 {
		t.Fatalf("the board has no rows (%v)", err)
	}
	return rows
}

func at(rows []string, words string) int {
	for i, row := range rows {
		if strings.Contains(row, words) {
			return i
		}
	}
	return -1
}

func markOf(t *testing.T, rows []string, words string) string {
	t.Helper()
	i := at(rows, words)
	if i < 0 {
		t.Fatalf("%q is on none of %q", words, rows)
	}
	mark, _, _ := strings.Cut(rows[i], " ")
	return mark
}
