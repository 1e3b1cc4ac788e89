package checks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// boardStates are what only modules show. Each begins at the board, with the
// focus on a row of the longest section.
var boardStates = map[string]func(b *boardTab, row string){
	"board with a menu": func(b *boardTab, row string) {
		b.press("m")
		b.until(`document.querySelector(".menu")`)
	},
	"board with a move to undo": func(b *boardTab, row string) {
		b.press(kb.ArrowDown, chromedp.ModifierAlt)
		b.until(`document.querySelector(".toast")`)
	},
	"board with the shortcuts": func(b *boardTab, row string) {
		b.press("?")
		b.until(`document.querySelector("dialog[open]")`)
	},
	"board while dragging": func(b *boardTab, row string) {
		b.pointer("mouse").drag(row, func() (float64, float64) { return b.middle("#" + row + " + li .row-words") })
	},
	"board with its inbox": func(b *boardTab, row string) {
		js[bool](b, `location.hash = "inbox", true`)
		b.until(`document.querySelector("#inbox").checkVisibility()`)
	},
	"board with its checks": func(b *boardTab, row string) {
		js[bool](b, `location.hash = "checks", true`)
		b.until(`document.querySelector("#checks").checkVisibility()`)
	},
}

// What modules show follows the rules of accessibility at a desk and on a phone,
// in either colour scheme, and is pictured.
func TestBoardStates(t *testing.T) {
	base := startDemo(t)
	for name, enterState := range boardStates {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, l := range layoutsOf(name) {
				b := openBoard(t, base, editor, int64(l.width))
				row := fullest(b.stored())[1]
				b.visit(row)
				enterState(b, row)
				w, err := enter(b)
				if err != nil {
					t.Fatal(err)
				}
				if err := dress(b, l.scheme); err != nil {
					t.Fatal(err)
				}
				broken, err := axe(w, rulesOf(name, l))
				if err != nil {
					t.Fatal(err)
				}
				wide, err := overflow(w)
				if err != nil {
					t.Fatal(err)
				}
				for _, fault := range append(broken, wide...) {
					t.Errorf("%s: %s", l, fault)
				}
				if err := pictureInWindow(b, name, l.width, l.scheme); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// Single keys do nothing while somebody types, nor for those who have turned
// them off; keys with Alt go on.
func TestKeysKeepOutOfTheWay(t *testing.T) {
	base := startDemo(t)
	b := openBoard(t, base, curator, 1280)
	before := b.stored()
	news := fullest(before)
	b.press("n")
	b.press("jkmu?")
	if got := js[string](b, `document.activeElement.value`); got != "jkmu?" {
		t.Errorf("the field for a link holds %q", got)
	}
	b.visit(news[1])
	b.press("?")
	b.until(`document.querySelector("dialog[open]")`)
	clickOn(t, b, `dialog [name="single_keys"]`)
	clickOn(t, b, `dialog form button`)
	b.until(`!document.querySelector("dialog") && document.body.dataset.keys === "off"`)
	b.wantFocus(news[1])
	b.press("jm")
	b.wantFocus(news[1])
	b.press(kb.ArrowDown, chromedp.ModifierAlt)
	b.wantOrder(moved(before, news[1], news[2]))
	b.do(chromedp.Reload())
	b.until(`document.documentElement.matches(".has-modules") && document.body.dataset.keys === "off"`)
}

// On a phone the parts of the board are tabs, everything that can be pressed is
// 44 px high, and a finger on a handle drags while elsewhere it scrolls.
func TestBoardOnAPhone(t *testing.T) {
	b := openBoard(t, startDemo(t), curator, 390)
	finger := b.pointer("touch")
	b.do(chromedp.Reload())
	b.until(`document.querySelector(".parts [role=tab][aria-selected=true]")?.hash === "#issue"`)
	for _, tab := range []string{"inbox", "checks", "issue"} {
		finger.tap(b.middle(fmt.Sprintf(`.parts [href="#%s"]`, tab)))
		b.until(fmt.Sprintf(`["sections", "checks", "inbox"].filter(id => document.getElementById(id).checkVisibility()).join() === %q`, strings.Replace(tab, "issue", "sections", 1)))
	}
	low := js[[]string](b, `[...document.querySelectorAll(".parts a, .handle, .arrow, .row-deeds a, .section-links a")].filter(node => node.checkVisibility() && node.getBoundingClientRect().height < 44).map(node => node.ariaLabel ?? node.textContent)`)
	if len(low) > 0 {
		t.Errorf("too low for a finger: %q", low)
	}
	before := b.stored()
	news := fullest(before)
	x, y := finger.drag(news[1], b.below("#"+news[2]))
	finger.send("mouseReleased", x, y)
	b.wantOrder(moved(before, news[1], news[2]))
	b.wantFocus(news[1])
	b.do(chromedp.EmulateViewport(1280, 900))
	b.until(`document.getElementById("inbox").checkVisibility() && !document.querySelector("[role=tab]")`)
}

// In the inbox J and K go from item to item, X chooses one, and a number adds
// it to a section of the issue that is due next.
func TestInboxAtSpeed(t *testing.T) {
	base := startDemo(t)
	b := openBoard(t, base, curator, 1280)
	before := b.stored()
	second := itemsOf(before, 1)
	b.do(chromedp.Navigate(base + "/desk/inbox"))
	b.until(`document.documentElement.matches(".has-modules")`)
	slips := js[[]string](b, `[...document.querySelectorAll(".slips > li")].map(slip => slip.id)`)
	b.press("jjx")
	b.wantFocus(slips[1])
	if got := js[string](b, `document.querySelector("[name=item]:checked").closest("li").id`); got != slips[1] {
		t.Errorf("chosen is %s, want %s", got, slips[1])
	}
	b.press("2")
	b.until(fmt.Sprintf(`!document.getElementById(%q) && document.querySelector(".toast")`, slips[1]))
	b.wantFocus(slips[2])
	if got, want := b.stored(), moved(before, slips[1], second[len(second)-1]); got != want {
		t.Errorf("the order is\n%s, want\n%s", got, want)
	}
	b.press("u")
	b.until(fmt.Sprintf(`document.getElementById(%q)`, slips[1]))
	if got := b.stored(); got != before {
		t.Errorf("after undoing the order is\n%s, want\n%s", got, before)
	}
	b.do(chromedp.EmulateViewport(1280, 800))
	for range slips[4:] {
		b.press("j")
		if under := js[float64](b, `document.activeElement.getBoundingClientRect().bottom - document.querySelector(".bulk").getBoundingClientRect().top`); under > 0 {
			t.Fatalf("%v px of the row with the focus are under what can be done with the chosen ones", under)
		}
	}
}
