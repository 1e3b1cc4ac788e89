package checks

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// boardTab is a person's browser at the board of the demo's draft.
type boardTab struct {
	context.Context
	t     *testing.T
	base  string
	as    string
	heard *complaints
}

// patience is how long a page may take to come to what is waited for. The machine
// may have other work.
const patience = 30 * time.Second

const draftBoard = "/desk/issues/414"

// openBoard opens the board in a browser of its own. Whatever the browser says
// against the page fails the test at its end.
func openBoard(t *testing.T, base, as string, width int64) *boardTab {
	t.Helper()
	heard := &complaints{page: base + draftBoard}
	b := &boardTab{newTab(t, heard.hear), t, base, as, heard}
	t.Cleanup(func() {
		for _, complaint := range heard.all() {
			t.Error(complaint)
		}
	})
	cookie := signIn(t, base, as)
	set := network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: base, HTTPOnly: new(true)}
	if _, err := chromedp.Call(b, network.SetCookie, set); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(width, 1700), chromedp.Navigate(base+board))
	b.until(`document.documentElement.matches(".has-modules")`)
	return b
}

func (b *boardTab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// js returns what an expression gives in the page.
func js[T any](b *boardTab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits for an expression to be true.
func (b *boardTab) until(expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingTimeout(patience))); err != nil {
		b.t.Fatalf("waiting for %s: %v; the screen has %q", expression, err, b.screen())
	}
}

// press presses keys, with Alt, Ctrl or Shift. What a key writes comes with the
// key, so that a page that takes the key keeps it from being written.
func (b *boardTab) press(keys string, with ...chromedp.Modifier) {
	b.t.Helper()
	for _, key := range keys {
		events := kb.Encode(key)
		if len(with) == 0 && len(events) == 3 {
			events[0].Text = events[1].Text
		}
		for _, event := range []*input.DispatchKeyEventParams{events[0], events[len(events)-1]} {
			for _, modifier := range with {
				event.Modifiers |= int64(modifier)
			}
			if _, err := chromedp.Call(b, input.DispatchKeyEvent, *event); err != nil {
				b.t.Fatal(err)
			}
		}
	}
}

// visit puts the focus on a row, as J and K do.
func (b *boardTab) visit(id string) {
	b.t.Helper()
	js[bool](b, fmt.Sprintf(`(row => { row.tabIndex = -1; row.focus(); return true; })(document.getElementById(%q))`, id))
}

// onScreen is the order on the screen: sections and items by their ids.
const onScreen = `[...document.querySelectorAll(".board-section, .board-section .rows > li")].map(node => node.id).join(" ")`

func (b *boardTab) screen() string { return js[string](b, onScreen) }

// stored is the order that the server has.
func (b *boardTab) stored() string {
	b.t.Helper()
	sheet, _, _ := strings.Cut(string(ask(b.t, b.base, state{path: draftBoard, as: b.as})), `<div class="beside-sheet">`)
	var ids []string
	for _, found := range regexp.MustCompile(`<(?:section|li) [^>]*id="((?:section|item)-[0-9]+)"`).FindAllStringSubmatch(sheet, -1) {
		ids = append(ids, found[1])
	}
	return strings.Join(ids, " ")
}

// wantOrder waits until the screen shows an order with marks that fit it, and
// fails unless the server has the same.
func (b *boardTab) wantOrder(want string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`%s === %q && [...document.querySelectorAll(".rows > li")].every((row, i) => row.querySelector(".mark")?.textContent === "414." + (i + 1))`, onScreen, want))
	if stored := b.stored(); stored != want {
		b.t.Errorf("the server has\n%s, the screen\n%s", stored, want)
	}
}

// moved is an order with an item taken out and put after a section or item.
func moved(order, item, after string) string {
	ids := slices.DeleteFunc(strings.Fields(order), func(id string) bool { return id == item })
	return strings.Join(slices.Insert(ids, slices.Index(ids, after)+1, item), " ")
}

// itemsOf returns the items under the nth section of an order, from 0, and the
// section itself first.
func itemsOf(order string, n int) []string {
	var found []string
	for _, id := range strings.Fields(order) {
		if strings.HasPrefix(id, "section-") {
			n--
		}
		if n == -1 {
			found = append(found, id)
		}
	}
	return found
}

// wantFocus fails unless the focus is in what has an id, in view, and not under
// the bar or anything else.
func (b *boardTab) wantFocus(id string) {
	b.t.Helper()
	got := js[string](b, `(() => {
		const at = document.activeElement, box = at.getBoundingClientRect();
		const y = Math.max(box.top, 0) + Math.min(box.height, 20) / 2;
		const seen = document.elementFromPoint(box.x + box.width / 2, y);
		const hidden = !seen || !(at.contains(seen) || seen.contains(at));
		return (at.closest("[id]")?.id ?? "nothing") + (hidden ? ", hidden" : "");
	})()`)
	if got != id {
		b.t.Errorf("the focus is in %s, want %s", got, id)
	}
}

// middle returns the middle of the first element of a selector, scrolled into
// view.
func (b *boardTab) middle(selector string) (x, y float64) {
	b.t.Helper()
	at := js[[]float64](b, fmt.Sprintf(`(() => {
		const node = document.querySelector(%q);
		node.scrollIntoView({block: "nearest"});
		const box = node.getBoundingClientRect();
		return [box.x + box.width / 2, box.y + box.height / 2];
	})()`, selector))
	return at[0], at[1]
}

// pointer presses, moves and lifts a mouse, a pen or a finger.
type pointer struct {
	b    *boardTab
	kind string
}

func (p pointer) send(event string, x, y float64) {
	p.b.t.Helper()
	var err error
	if p.kind == "touch" {
		touch := input.DispatchTouchEventParams{Type: input.DispatchTouchEventType(map[string]string{"mousePressed": "touchStart", "mouseMoved": "touchMove", "mouseReleased": "touchEnd"}[event]), TouchPoints: []*input.TouchPoint{}}
		if event != "mouseReleased" {
			touch.TouchPoints = append(touch.TouchPoints, &input.TouchPoint{X: x, Y: y})
		}
		_, err = chromedp.Call(p.b, input.DispatchTouchEvent, touch)
	} else {
		mouse := input.DispatchMouseEventParams{Type: input.DispatchMouseEventType(event), X: x, Y: y, Button: "left", Buttons: 1, ClickCount: 1, PointerType: input.DispatchMouseEventPointerType(p.kind)}
		_, err = chromedp.Call(p.b, input.DispatchMouseEvent, mouse)
	}
	if err != nil {
		p.b.t.Fatal(err)
	}
}

// drag goes from the handle of an item to a place that target says, in steps,
// as hands do, and stays there.
func (p pointer) drag(item string, target func() (x, y float64)) (x, y float64) {
	p.b.t.Helper()
	fromX, fromY := p.b.middle("#" + item + " .handle")
	p.send("mousePressed", fromX, fromY)
	x, y = target()
	for step := 1.0; step <= 8; step++ {
		p.send("mouseMoved", fromX+(x-fromX)*step/8, fromY+(y-fromY)*step/8)
	}
	return x, y
}

// pointer returns a "mouse", a "pen", or a finger: "touch".
func (b *boardTab) pointer(kind string) pointer {
	b.t.Helper()
	if kind == "touch" {
		if _, err := chromedp.Call(b, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true}); err != nil {
			b.t.Fatal(err)
		}
	}
	return pointer{b, kind}
}

// tap presses and lifts at one place.
func (p pointer) tap(x, y float64) {
	p.b.t.Helper()
	p.send("mousePressed", x, y)
	p.send("mouseReleased", x, y)
}

// below is the lower edge of an element.
func (b *boardTab) below(selector string) func() (x, y float64) {
	return func() (x, y float64) {
		b.t.Helper()
		at := js[[]float64](b, fmt.Sprintf(`(() => { const box = document.querySelector(%q).getBoundingClientRect(); return [box.x + 60, box.bottom - 6]; })()`, selector))
		return at[0], at[1]
	}
}
