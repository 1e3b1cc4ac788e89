package checks

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// post sends a form as another person would.
func post(t *testing.T, base, email, path string, form url.Values) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.AddCookie(signIn(t, base, email))
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s by %s answered %d", path, email, response.StatusCode)
	}
}

// note returns what the open editor's note holds.
func (w writer) note() string {
	w.t.Helper()
	return see[string](w, `document.querySelector(".editor textarea").value`)
}

func TestTwoWriteTheSameNote(t *testing.T) {
	base := startDemo(t)
	wren, tomas := newWriter(t, base, editor, "answered 409"), newWriter(t, base, curator)
	rows := rowsOf(wren)
	for i, way := range []struct{ button, want string }{
		{"Keep mine", "Wren wrote this. And this."},
		{"Use Tomás Reis’s", "Tomás wrote that."},
		{"Put both in the editor", "Wren wrote this. And this.\n\nTomás wrote that."},
	} {
		item := rows[i+1]
		wren.open(item)
		tomas.open(item)
		tomas.rewrite("Tomás wrote that.")
		tomas.status("Saved at ")
		wren.wait("a line on its own says who changed it", `document.querySelector(".is-open > .changed")?.offsetWidth > 300`)
		wren.rewrite("Wren wrote this.")
		wren.waitFor(".editor .conflict", "Tomás Reis changed this note while you were writing")
		wren.status("Not saved. Choose above first.")
		wren.keys(" And this.") // nobody stops writing for a panel
		if got := wren.stored(item); got != "Tomás wrote that." {
			t.Errorf("%s: before anybody chose %q is stored", way.button, got)
		}
		wren.press(way.button)
		wren.wait(way.button, fmt.Sprintf("document.querySelector('.editor textarea')?.value === %q && !document.querySelector('.editor .conflict')", way.want))
		if way.button == "Keep mine" {
			wren.status("Saved at ") // with nothing more to be pressed
			wren.wait("nothing says any more that it was changed", `!document.querySelector(".is-open > .changed")`)
		}
		wren.press("Done")
		wren.wait("the row is closed", `!document.querySelector(".editor")`)
		if got := wren.stored(item); got != way.want {
			t.Errorf("%s: stored is %q, want %q", way.button, got, way.want)
		}
		tomas.press("Done")
		for _, w := range []writer{tomas, wren} {
			w.wait("the closed row shows what is stored", fmt.Sprintf(`(row => !row.querySelector(".editor, .changed") && row.querySelector(".row-note").textContent.trim().replace(/\s+/g, " ") === %q)(document.getElementById("item-%s"))`, strings.Join(strings.Fields(way.want), " "), item))
		}
	}
	if n := see[int](wren, "localStorage.length"); n != 0 {
		t.Errorf("%d texts are left in the browser", n)
	}
}

// press presses the button of the open editor that is called words.
func (w writer) press(words string) {
	w.t.Helper()
	w.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => { for (const old of document.querySelectorAll("[data-pressed]")) delete old.dataset.pressed;
		[...document.querySelectorAll(".editor button")].find(button => button.textContent.trim() === %q).dataset.pressed = ""; })()`, words)))
	w.click(".editor [data-pressed]")
}

// offline cuts the browser off, or brings it back.
func (w writer) offline(cut bool) {
	w.t.Helper()
	conditions := &network.Conditions{Offline: cut, DownloadThroughput: -1, UploadThroughput: -1}
	_, err := chromedp.Call(w.tab, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{conditions}})
	if err == nil {
		_, err = chromedp.Call(w.tab, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: cut, DownloadThroughput: -1, UploadThroughput: -1})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestOfflineKeepsWordsAndTriesAgain(t *testing.T) {
	base := startDemo(t)
	w := newWriter(t, base, editor, "ERR_INTERNET_DISCONNECTED")
	item := rowsOf(w)[1]
	w.open(item)
	w.offline(true)
	w.rewrite("Written on a train.")
	w.status("Offline. Not saved yet; trying again.")
	w.offline(false)
	w.status("Saved at ")
	if got := w.stored(item); got != "Written on a train." {
		t.Errorf("stored is %q", got)
	}
	w.offline(true)
	w.keys(" In a tunnel.")
	w.status("Offline.")
	w.offline(false)
}

// Words are sent when the page is left in mid-sentence.
func TestLeavingThePageSaves(t *testing.T) {
	base := startDemo(t)
	w := newWriter(t, base, editor)
	item := rowsOf(w)[1]
	w.open(item)
	w.rewrite("Written in a hurry.")
	w.do(chromedp.Navigate(base + "/desk/issues"))
	for range 200 {
		if w.stored(item) == "Written in a hurry." {
			return
		}
	}
	t.Errorf("stored is %q", w.stored(item))
}

// Words that the server would not take come back after a reload.
func TestWordsSurviveAReload(t *testing.T) {
	base := startDemo(t)
	w := newWriter(t, base, editor, "answered 409")
	item := rowsOf(w)[1]
	w.open(item)
	post(t, base, curator, "/desk/items/"+item, send("version", "1", "note", "Tomás wrote that."))
	w.rewrite("Written on a train.")
	w.waitFor(".editor .conflict", "Tomás Reis changed this")
	w.press("Add another link")
	w.keys("https://train.example/")
	w.do(chromedp.Reload())
	w.waitFor("#item-"+item+" .editor .told", "were not saved")
	if got := w.note(); got != "Tomás wrote that." {
		t.Errorf("the editor opens with %q before anybody asked for more", got)
	}
	w.press("Bring them back")
	w.status("Saved at ")
	w.press("Done")
	w.wait("the row is closed", `!document.querySelector(".editor")`)
	w.waitFor("#item-"+item, "Written on a train.")
	w.waitFor("#item-"+item, "train.example")
	if n := see[int](w, "localStorage.length"); n != 0 {
		t.Errorf("%d texts are left in the browser", n)
	}
}

func TestSessionEndsWhileWriting(t *testing.T) {
	base := startDemo(t)
	w := newWriter(t, base, editor)
	item := rowsOf(w)[1]
	w.open(item)
	if _, err := chromedp.Call(w.tab, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	w.rewrite("Written after hours.")
	w.waitFor(".editor .conflict", "You have been signed out Your words are kept here. Sign in and go on")
	w.keys(" And later still.")
	w.click(".editor .conflict a")
	w.wait("the sign-in", `location.pathname === "/sign-in" && document.readyState === "complete"`)
	typeInto(t, w.tab, "email", editor)
	typeInto(t, w.tab, "password", demoPassword)
	follow(t, w.tab, kb.Enter)
	if note := see[string](w, `document.querySelector("[name=note]").value`); note != "Written after hours. And later still." {
		t.Errorf("after the sign-in the form holds %q", note)
	}
	press(t, w.tab, "Save")
	if got := w.stored(item); got != "Written after hours. And later still." {
		t.Errorf("stored is %q", got)
	}
	w.do(chromedp.Navigate(base + board))
	w.wait("what is saved is not kept besides", "localStorage.length === 0 && !document.querySelector('.editor')")
}

func TestSignOutSavesAndForgets(t *testing.T) {
	base := startDemo(t)
	w := newWriter(t, base, editor)
	item := rowsOf(w)[1]
	w.open(item)
	w.rewrite("The last words of the day.")
	w.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('[action="/sign-out"] button').click()`))
	w.wait("the way out", `location.pathname !== "`+board+`" && document.readyState === "complete"`)
	if n := see[int](w, "localStorage.length"); n != 0 {
		t.Errorf("%d texts are left in the browser", n)
	}
	sessions.forget(base, editor)
	if got := w.stored(item); got != "The last words of the day." {
		t.Errorf("stored is %q", got)
	}
}

func TestItemsThatGoElsewhereWhileTheirRowIsOpen(t *testing.T) {
	base := startDemo(t)
	w := newWriter(t, base, editor, "answered 403")
	rows := rowsOf(w)
	w.open(rows[1])
	post(t, base, curator, "/desk/items/"+rows[1]+"/decline", send("reason", "We had it."))
	w.rewrite("Declined words.")
	w.waitFor(".editor .notice", "Tomás Reis declined it while you were writing. Your words are saved with it.")
	w.status("Saved at ")
	w.keys(" And more.")
	w.wait("the row has no place in the issue any more", `document.querySelector(".is-open > .mark").textContent === ""`)
	w.wait("more is saved", `document.querySelector(".editor .as-printed").textContent.includes("And more.")`)
	w.press("Done")

	w.wait("the row is closed", `!document.querySelector(".editor")`)
	w.open(rows[2])
	post(t, base, curator, "/desk/items/"+rows[2]+"/move", send("issue", "414", "section", "Tools", "after", ""))
	w.rewrite("Moved words.")
	w.waitFor(".editor .notice", "Tomás Reis put it into 414, Tools while you were writing.")
	w.press("Done")
	w.wait("the row is closed", `!document.querySelector(".editor")`)

	w.open(rows[0])
	post(t, base, curator, board+"/publish", send("when", "now", "override", "they wait"))
	w.rewrite("Words too late.")
	w.waitFor(".editor .conflict", "414 was published meanwhile A printed issue changes by correction only. Nothing is lost: your words stay here to be copied.")
	w.status("Not saved. 414 was published meanwhile.")
	if got := w.note(); got != "Words too late." {
		t.Errorf("the note holds %q", got)
	}
	w.press("Close")
	w.wait("nothing is kept of what was given up", `localStorage.length === 0 && !document.querySelector(".editor")`)
}

func TestLinksInARow(t *testing.T) {
	base := startDemo(t)
	w := newWriter(t, base, editor, "answered 422")
	item := rowsOf(w)[1]
	w.open(item)
	w.rewrite("A note.")
	w.focus(`.editor [name="url"]`)
	w.rewrite("no address")
	w.do(chromedp.KeyEvent(kb.Tab))
	w.status("Not saved: Link is not a web address")
	w.waitFor(".editor .is-wrong .wrong", "Link is not a web address")
	w.focus(`.editor [name="url"]`)
	w.rewrite("first.example")
	w.do(chromedp.KeyEvent(kb.Tab))
	w.status("Saved at ")
	w.wait("the address is whole, nothing is wrong", `document.querySelector('.editor [name="url"]').value.endsWith("first.example") && !document.querySelector(".editor .wrong, .editor [aria-invalid]")`)

	w.press("Add another link")
	w.paste("Two views:\nThe ferry https://ferry.example/a, and the quay: https://quay.example/b (both free)\nhttps://yacht.example/c - The yacht")
	w.wait("a row for each", `[...document.querySelectorAll('.editor-links > li')].map(row => [...row.querySelectorAll('input')].map(i => i.value).join(" ")).join("|")
		.includes("https://ferry.example/a The ferry|https://quay.example/b and the quay both free|https://yacht.example/c The yacht")`)
	if got := w.note(); got != "A note.\n\nTwo views:" {
		t.Errorf("the note holds %q", got)
	}
	w.click(`.editor-links > :last-child [data-link="up"]`)
	w.click(`.editor-links > :first-child [data-link="remove"]`)
	w.wait("they are saved, and nothing moves any more", `[...document.querySelectorAll(".editor .as-printed .links a")].map(a => a.href).join(" ") ===
		"https://ferry.example/a https://yacht.example/c https://quay.example/b"`)
	w.press("Done")
	w.wait("the row is closed", `!document.querySelector(".editor")`)
	w.wait("the links are in their order", `[...document.querySelectorAll("#item-`+item+` .addresses a")].map(a => a.href).join(" ") ===
		"https://ferry.example/a https://yacht.example/c https://quay.example/b"`)
}

func TestAButtonThatMovesUnderThePointer(t *testing.T) {
	w := newWriter(t, startDemo(t), editor)
	w.open(rowsOf(w)[1])
	at := see[[]float64](w, `(() => { const box = document.querySelector(".editor button:not([type])").getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()`)
	mouse := input.DispatchMouseEventParams{X: at[0], Y: at[1], Button: "left", Buttons: 1, ClickCount: 1}
	for _, event := range []input.DispatchMouseEventType{"mousePressed", "mouseReleased"} {
		mouse.Type = event
		if _, err := chromedp.Call(w.tab, input.DispatchMouseEvent, mouse); err != nil {
			t.Fatal(err)
		}
		see[int](w, `(document.querySelector(".editor")?.prepend(...Array.from({length: 9}, () => document.createElement("hr"))), 0)`)
	}
	w.wait("the row is closed", `!document.querySelector(".editor")`)
}

// paste pastes a text where the focus is.
func (w writer) paste(text string) {
	w.t.Helper()
	w.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => { const data = new DataTransfer(); data.setData("text/plain", %q);
		document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); })()`, text)))
}

func TestIntroductionInPlace(t *testing.T) {
	base := startDemo(t)
	tomas, ines := newWriter(t, base, curator, "answered 409"), newWriter(t, base, owner)
	open := func(w writer) {
		w.click(".board-intro > a")
		w.wait("the introduction has the focus", `document.activeElement.matches(".board-intro .editor textarea")`)
	}
	open(tomas)
	tomas.rewrite("Two *readers* were married.")
	tomas.waitFor(".editor .as-printed em", "readers")
	open(ines)
	ines.rewrite("Three readers.")
	ines.status("Saved at ")
	tomas.keys(" And more.")
	tomas.waitFor(".editor .conflict", "Ines Okafor changed this introduction while you were writing")
	tomas.press("Put both in the editor")
	tomas.wait("both", `document.querySelector(".editor textarea")?.value === "Two *readers* were married. And more.\n\nThree readers."`)
	tomas.press("Done")
	tomas.wait("it is closed", `!document.querySelector(".editor")`)
	tomas.do(chromedp.Reload())
	tomas.waitFor(".board-intro", "Two readers were married. And more.")
}
