package checks

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Two browsers at one board see each other and each other's moves, and a row
// whose words somebody else changes while it has the focus says so.
func TestTwoAtOneBoard(t *testing.T) {
	base := startDemo(t)
	tomas, wren := openBoard(t, base, curator, 1280), openBoard(t, base, editor, 1280)
	tomas.until(`document.querySelector(".here")?.textContent.startsWith("Also here: Wren")`)
	wren.until(`document.querySelector(".here")?.textContent.startsWith("Also here: Tomás")`)
	ines := openBoard(t, base, owner, 1280)
	ines.until(`document.querySelectorAll(".here b").length === 3 && document.querySelector(".bar").offsetHeight < 70`) // one line
	before := tomas.stored()
	news := fullest(before)
	js[bool](wren, `(window.seen = null, new MutationObserver(() => { window.seen ??= performance.timeOrigin + performance.now(); }).observe(document.getElementById("sections"), {childList: true, subtree: true}), true)`)
	tomas.visit(news[1])
	sent := time.Now()
	tomas.press(kb.ArrowDown, chromedp.ModifierAlt)
	after := moved(before, news[1], news[2])
	wren.wantOrder(after)
	took := time.UnixMicro(int64(js[float64](wren, "window.seen") * 1000)).Sub(sent)
	t.Logf("the other browser showed the move after %v", took)
	if took > 5*time.Second {
		t.Errorf("the move is seen after %v", took)
	}
	wren.visit(news[3])
	wren.press(kb.ArrowUp, chromedp.ModifierAlt)
	both := moved(after, news[3], news[2])
	tomas.wantOrder(both)
	tomas.wantFocus(news[1])

	wren.visit(news[2])
	id := strings.TrimPrefix(news[2], "item-")
	ask(t, base, state{path: "/desk/items/" + id, as: curator, status: http.StatusSeeOther,
		form: send("version", "1", "url", "https://cranes.example/rota", "note", "Cranes keep a rota as well.")})
	wren.until(fmt.Sprintf(`document.querySelector("#%s .changed")?.textContent === "Changed by Tomás Reis. Show"`, news[2]))
	wren.wantFocus(news[2])
	clickOn(t, wren, "#"+news[2]+" .changed button")
	wren.until(fmt.Sprintf(`document.querySelector("#%s .row-note").textContent.includes("Cranes keep a rota") && !document.querySelector(".changed")`, news[2]))
	tomas.until(fmt.Sprintf(`document.querySelector("#%s .row-note").textContent.includes("Cranes keep a rota")`, news[2]))

	post(t, base, owner, draftBoard+"/publish", send("when", "now", "override", "they wait"))
	wren.until(`document.querySelector(".flag.done")?.textContent === "Published" && !document.querySelector(".handle")`)
}

// A move that does not reach the server goes back to where it was, and words
// say so; the next one works again.
func TestMovesWithoutAServerGoBack(t *testing.T) {
	b := openBoard(t, startDemo(t), curator, 1280)
	before := b.stored()
	news := fullest(before)
	b.block("/desk/items/*")
	b.visit(news[1])
	b.press(kb.ArrowDown, chromedp.ModifierAlt)
	b.press(kb.ArrowDown, chromedp.ModifierAlt)
	b.until(`document.querySelector(".toast.is-bad")?.textContent.startsWith("Not saved: the item is back where it was")`)
	b.wantOrder(before)
	b.wantFocus(news[1])
	b.block()
	b.press(kb.ArrowDown, chromedp.ModifierAlt)
	b.wantOrder(moved(before, news[1], news[2]))
	b.heard.forget("/move failed")
}

// A move that comes too late, by somebody whose stream is cut, is refused in
// the server's words, and the order of today is shown.
func TestMovesThatComeTooLateGoBack(t *testing.T) {
	base := startDemo(t)
	b := openBoard(t, base, curator, 1280)
	b.block("/desk/issues/*/events")
	b.do(chromedp.Reload())
	b.until(`document.querySelector(".here")?.textContent === "Offline. Trying again."`)
	before := b.stored()
	news := fullest(before)
	other := strings.TrimPrefix(news[1], "item-")
	ask(t, base, state{path: "/desk/items/" + other + "/move", as: editor, status: http.StatusSeeOther, form: send("to", "down")})
	b.visit(news[1])
	b.press(kb.ArrowUp, chromedp.ModifierAlt)
	b.until(`document.querySelector(".toast.is-bad")?.textContent.includes("Wren Halloran moved this item while you looked")`)
	after := moved(before, news[1], news[2])
	b.wantOrder(after)
	b.wantFocus(news[1])
	b.block()
	b.until(`document.querySelector(".here").textContent === ""`)
	b.heard.forget("/events failed", "/move answered 409")
}

// block has requests to addresses of the server fail, and those only.
func (b *boardTab) block(paths ...string) {
	b.t.Helper()
	blocked := network.SetBlockedURLsParams{}
	for _, path := range paths {
		blocked.URLPatterns = append(blocked.URLPatterns, &network.BlockPattern{URLPattern: b.base + path, Block: true})
	}
	if _, err := chromedp.Call(b, network.Enable, network.EnableParams{}); err != nil {
		b.t.Fatal(err)
	}
	if _, err := chromedp.Call(b, network.SetBlockedURLs, blocked); err != nil {
		b.t.Fatal(err)
	}
}
