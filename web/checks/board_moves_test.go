package checks

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Every way of ordering shows the move at once, the server has the same order,
// it is there after the page is opened anew, and both ways of undoing it bring
// the former order back.
func TestEveryWayOfOrdering(t *testing.T) {
	for name, orders := range map[string]func(*testing.T, *boardTab){
		"mouse":          func(t *testing.T, b *boardTab) { dragsWithin(t, b, "mouse") },
		"pen":            func(t *testing.T, b *boardTab) { dragsWithin(t, b, "pen") },
		"finger":         func(t *testing.T, b *boardTab) { dragsWithin(t, b, "touch") },
		"Alt and arrows": keysMove,
		"arrow buttons":  arrowsMove,
		"menu":           menuMoves,
		"from the inbox": dragsFromInbox,
		"numbers":        numbersAdd,
	} {
		t.Run(name, func(t *testing.T) { orders(t, openBoard(t, startDemo(t), curator, 1280)) })
	}
}

func dragsWithin(t *testing.T, b *boardTab, kind string) {
	before := b.stored()
	news := fullest(before)
	first, third := news[1], news[3]
	p := b.pointer(kind)
	x, y := p.drag(first, b.below("#"+third))
	if !js[bool](b, `document.querySelector(".is-dragged") && document.querySelector(".drag-slip").textContent.length > 4 && !document.querySelector(".drop-line").hidden`) {
		t.Error("the drag does not show what goes where")
	}
	p.send("mouseReleased", x, y)
	after := moved(before, first, third)
	b.wantOrder(after)
	b.do(chromedp.Reload())
	b.wantOrder(after)
	b.until(`document.documentElement.matches(".has-modules")`)
	if js[bool](b, `Boolean(document.querySelector(".menu, .drag-slip, .drop-line"))`) {
		t.Error("something of the drag is left")
	}
	p.drag(first, b.below("#"+news[2]))
	b.press(kb.Escape)
	p.send("mouseReleased", 5, 5)
	b.wantOrder(after)
	if js[bool](b, `Boolean(document.querySelector(".menu, .drag-slip, .drop-line"))`) {
		t.Error("something of a drag that was given up is left")
	}
	x, y = p.drag(first, func() (float64, float64) { return b.middle("#" + news[0] + " .section-head") })
	p.send("mouseReleased", x, y)
	b.wantOrder(before)
	if kind == "touch" {
		p.tap(b.middle("h1")) // a finger's way was a fling, and Chromium takes the next tap to end it
	}
	p.tap(b.middle("#" + first + " .handle"))
	b.until(`document.activeElement.matches(".menu [role=menuitem]")`) // no click is swallowed that is none of a drag's
}

// fullest returns the section with the most items, and these.
func fullest(order string) (most []string) {
	for n := range strings.Count(order, "section-") {
		if items := itemsOf(order, n); len(items) > len(most) {
			most = items
		}
	}
	return most
}

func keysMove(t *testing.T, b *boardTab) {
	before := b.stored()
	news := fullest(before)
	b.visit(news[1])
	b.press("j")
	b.wantFocus(news[2])
	b.press("k")
	b.press(kb.ArrowDown, chromedp.ModifierAlt)
	b.press(kb.ArrowDown, chromedp.ModifierAlt)
	b.wantOrder(moved(before, news[1], news[3]))
	b.wantFocus(news[1])
	b.until(`document.querySelector("body > p[role=status]").textContent.endsWith(", 3 of ` + itoa(len(news)-1) + `.")`)
	b.press("u")
	b.wantOrder(moved(before, news[1], news[2]))
	if words := js[string](b, `document.querySelector(".toast")?.textContent ?? ""`); words != "" {
		t.Errorf("what was undone is still offered to be undone: %q", words)
	}
	b.press("u")
	b.wantOrder(before)
	b.wantFocus(news[1])
	b.press(kb.ArrowDown, chromedp.ModifierAlt, chromedp.ModifierShift)
	b.until(`document.querySelector(".toast")`)
	below := itemsOf(before, sectionAt(before, news[0])+1)
	b.wantOrder(moved(before, news[1], below[0]))
	b.wantFocus(news[1])
	b.press("u")
	b.wantOrder(before)
}

func sectionAt(order, section string) int {
	head, _, _ := strings.Cut(order, section)
	return strings.Count(head, "section-")
}

func arrowsMove(t *testing.T, b *boardTab) {
	before := b.stored()
	news := fullest(before)
	x, y := b.middle("#" + news[2] + ` .arrow[value="up"]`)
	b.do(chromedp.MouseClickXY(x, y))
	b.wantOrder(moved(before, news[2], news[0]))
	b.wantFocus(news[2])
	x, y = b.middle(".toast button")
	b.do(chromedp.MouseClickXY(x, y))
	b.wantOrder(before)
	b.wantFocus(news[2])
}

func menuMoves(t *testing.T, b *boardTab) {
	before := b.stored()
	news := fullest(before)
	b.visit(news[1])
	b.press("m")
	b.until(`document.activeElement.matches(".menu [role=menuitem]")`)
	b.press(kb.Escape)
	b.wantFocus(news[1])
	b.press("m")
	b.press(kb.End)
	b.press(kb.Home)
	for range 10 {
		if js[string](b, `document.activeElement.textContent`) == "To the end of "+js[string](b, `document.querySelector("#`+news[0]+` h2").textContent`) {
			break
		}
		b.press(kb.ArrowDown)
	}
	b.press(kb.Enter)
	b.wantOrder(moved(before, news[1], news[len(news)-1]))
	b.wantFocus(news[1])
	b.press("m")
	js[bool](b, `[...document.querySelectorAll(".menu [role=menuitem]")].find(item => item.textContent === "Back to the inbox").click(), true`)
	b.wantOrder(strings.Join(strings.Fields(strings.Replace(before, news[1], "", 1)), " "))
	b.press("u")
	b.wantOrder(moved(before, news[1], news[len(news)-1]))
	b.press("u")
	b.wantOrder(before)
}

func dragsFromInbox(t *testing.T, b *boardTab) {
	before := b.stored()
	empty := ""
	for n := range strings.Count(before, "section-") {
		if items := itemsOf(before, n); len(items) == 1 {
			empty = items[0]
		}
	}
	slip := js[string](b, `document.querySelector(".board-inbox .slips > li").id`)
	target := fullest(before)[1]
	for _, to := range []string{target, empty} {
		if to == "" {
			continue
		}
		p := b.pointer("mouse")
		b.middle("#" + to)
		x, y := p.drag(slip, b.below("#"+to))
		p.send("mouseReleased", x, y)
		b.wantOrder(moved(before, slip, to))
		b.wantFocus(slip)
		b.press("u")
		b.wantOrder(before)
		b.until(`document.querySelector(".board-inbox #` + slip + `")`)
	}
}

func numbersAdd(t *testing.T, b *boardTab) {
	before := b.stored()
	slips := js[[]string](b, `[...document.querySelectorAll(".board-inbox .slips > li")].map(slip => slip.id)`)
	b.visit(slips[0])
	b.press("2")
	b.press("1")
	first, second := itemsOf(before, 0), itemsOf(before, 1)
	want := moved(moved(before, slips[0], second[len(second)-1]), slips[1], first[len(first)-1])
	b.wantOrder(want)
	b.wantFocus(slips[2])
	b.press("u")
	b.press("u")
	b.wantOrder(before)
}

func itoa(n int) string { return string(rune('0' + n)) }
