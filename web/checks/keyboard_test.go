package checks

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestReaderWithTheKeyboardAlone goes the way of a reader who remembers one
// word: from the newest issue to the search, and to the item in its issue.
func TestReaderWithTheKeyboardAlone(t *testing.T) {
	base := startDemo(t)
	tab := newTab(t, func(any) {})
	if err := chromedp.Do(tab, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(base+"/")); err != nil {
		t.Fatal(err)
	}
	if first := tabTo(t, tab, ""); !strings.Contains(first, "Skip") {
		t.Errorf("the first stop is %q, want the way past the navigation", first)
	}
	tabTo(t, tab, "Search")
	follow(t, tab, kb.Enter)
	wantAt(t, tab, base+"/search")
	tabTo(t, tab, "[q]")
	if err := chromedp.Do(tab, chromedp.KeyEvent("rollback")); err != nil {
		t.Fatal(err)
	}
	follow(t, tab, kb.Enter)
	wantAt(t, tab, base+"/search?q=rollback")
	tabTo(t, tab, "413.5")
	follow(t, tab, kb.Enter)
	wantAt(t, tab, base+"/issues/413#5")
	seen, err := chromedp.Run(tab, chromedp.Evaluate[bool](`new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => {
		const box = document.getElementById("5").getBoundingClientRect();
		return document.querySelector(":target")?.id === "5" && box.top >= 0 && box.top < innerHeight;
	})`, chromedp.EvalAwaitPromise))
	if err != nil || !seen {
		t.Errorf("the item is not in view (%v)", err)
	}
}

// tabTo presses Tab until the focus is on what is called words (of a field:
// its name in brackets), or once where words is "". It returns what it is on.
func tabTo(t *testing.T, tab context.Context, words string) string {
	t.Helper()
	var passed []string
	for range 300 {
		if err := chromedp.Do(tab, chromedp.KeyEvent(kb.Tab)); err != nil {
			t.Fatal(err)
		}
		at, err := chromedp.Run(tab, chromedp.Evaluate[string](`(() => {
			const at = document.activeElement;
			if (at.name && at.tagName !== "BUTTON") return "[" + at.name + "]";
			return (at.getAttribute("aria-label") || at.textContent).trim().replace(/\s+/g, " ");
		})()`))
		if err != nil {
			t.Fatal(err)
		}
		if words == "" || at == words {
			return at
		}
		passed = append(passed, at)
	}
	t.Fatalf("Tab does not reach %q; it passed %.500q", words, passed)
	return ""
}

// follow presses a key that leads to another page and waits for it.
func follow(t *testing.T, tab context.Context, key string) {
	t.Helper()
	_, err := chromedp.Run(tab, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.KeyEvent(key)))
	if err != nil {
		t.Fatal(fmt.Errorf("waiting for the next page: %w", err))
	}
}

// wantAt fails unless the tab shows an address.
func wantAt(t *testing.T, tab context.Context, want string) {
	t.Helper()
	if at, err := chromedp.Run(tab, chromedp.Location()); err != nil || at != want {
		t.Fatalf("the browser is at %s (%v), want %s", at, err, want)
	}
}
