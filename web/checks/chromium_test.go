// Package checks looks at the pages as a reader's browser shows them: rules of
// accessibility (axe-core), valid HTML (the Nu checker), no sideways scroll, no
// broken content security policy, all points Lighthouse gives, and a picture of
// each page to be looked at.
//
// It needs Chromium, a Java runtime, and `npm ci` done in this folder;
// `go run ./cmd/check --install` sees to all of them.
package checks

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/install"
	"broadsheet/internal/pgtest"

	"github.com/chromedp/chromedp"
)

// howToHave ends every complaint about something the machine lacks.
const howToHave = "run `go run ./cmd/check --install`"

// pageTime is the most that all checks of one page may take.
const pageTime = 90 * time.Second

// stopChromium ends the browser, if one was started.
var stopChromium = func() {}

// TestMain runs the tests with a database server and then ends the one browser
// they shared.
func TestMain(m *testing.M) {
	code := pgtest.Run(m)
	stopChromium()
	removeBinary()
	os.Exit(code)
}

// chromium starts the browser of this test binary, once, with an empty profile
// that is removed when the browser ends. The context is the parent of every tab.
var chromium = sync.OnceValues(func() (context.Context, error) {
	path, err := install.Chromium.Find()
	if err != nil {
		return nil, fmt.Errorf("%w; %s", err, howToHave)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), flags(path)...)
	ctx, _ := chromedp.NewContext(allocator)
	stopChromium = func() {
		chromedp.Cancel(ctx) // asked to close, it clears up behind itself
		stop()
	}
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return ctx, nil
})

// flags are chromedp's own and those that keep the browser from talking to
// anyone but our server. Chromium refuses to run its sandbox as root.
func flags(path string) []chromedp.ExecAllocatorOption {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	return options
}

// newTab opens a tab with an empty cookie jar; it is closed with the test, or
// after pageTime. listen is called for every event of the tab, from its birth.
func newTab(t *testing.T, listen func(event any)) context.Context {
	t.Helper()
	browser, err := chromium()
	if err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(browser, pageTime)
	t.Cleanup(cancel)
	tab, cancel := chromedp.NewContext(limited, chromedp.WithNewBrowserContext(), chromedp.WithListener(listen))
	t.Cleanup(cancel)
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return tab
}

// clickOn scrolls to the first match of a selector, waits until it stands still
// with nothing over it, and presses and lifts the mouse there. The page itself is
// asked for the place: the copy of the document that chromedp keeps loses what
// the page moves.
func clickOn(t *testing.T, tab context.Context, selector string) {
	t.Helper()
	stands := fmt.Sprintf(`new Promise((done) => {
		const until = Date.now() + %d;
		let before;
		const look = () => {
			const node = document.querySelector(%q);
			node?.scrollIntoView({block: "center", behavior: "instant"});
			const box = node?.getClientRects()[0], now = box && JSON.stringify(box);
			const at = box && [box.x + box.width / 2, box.y + box.height / 2];
			if (now && now === before && node.contains(document.elementFromPoint(...at))) return done(at);
			before = now;
			if (Date.now() > until) done([]); else setTimeout(look, 30);
		};
		look();
	})`, patience.Milliseconds(), selector)
	at, err := chromedp.Run(tab, chromedp.Evaluate[[]float64](stands, chromedp.EvalAwaitPromise))
	if err == nil && len(at) == 2 {
		err = chromedp.Do(tab, chromedp.MouseClickXY(at[0], at[1]))
	}
	if err != nil || len(at) != 2 {
		t.Fatalf("click on %s: at %v: %v", selector, at, err)
	}
}

// textOf returns the words of the first match of a selector as they are shown.
func textOf(t *testing.T, tab context.Context, selector string) string {
	t.Helper()
	text, err := chromedp.Run(tab, chromedp.Evaluate[string](fmt.Sprintf(`document.querySelector(%q).innerText`, selector)))
	if err != nil {
		t.Fatalf("read %s: %v", selector, err)
	}
	return text
}
