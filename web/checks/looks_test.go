package checks

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// findRules says of each section's name whose double rule is not as long as the
// widest of its lines, or is no two lines, how it is.
const findRules = `[...document.querySelectorAll(".head")].flatMap(head => {
	const words = document.createRange(), rule = getComputedStyle(head, "::after");
	words.selectNodeContents(head.querySelector("h2"));
	const long = words.getBoundingClientRect().width;
	return Math.abs(parseFloat(rule.width) - long) < 1 && rule.borderTopStyle + rule.borderBottomStyle === "solidsolid" ? [] :
		[head.textContent.trim() + ": " + rule.width + " under " + long + " px"];
})`

// findPrinted returns what is printed of the links of the closing words: what
// stands before them, their words, what stands after.
const findPrinted = `[...document.querySelectorAll(".closing a")].map(link =>
	[getComputedStyle(link, "::before").content, link.textContent, getComputedStyle(link, "::after").content].join(" "))`

// findLong returns the marks of items whose words are wider than the measure,
// 35rem.
const findLong = `[...document.querySelectorAll(".item .words")].filter(words => words.clientWidth > 35 * 16)
	.map(words => words.closest(".item").id)`

// TestLooksOfAnIssue looks at an issue with a section's name that wraps.
func TestLooksOfAnIssue(t *testing.T) {
	tab := newTab(t, func(any) {})
	if err := chromedp.Do(tab, chromedp.Navigate(startDemo(t)+"/issues/412")); err != nil {
		t.Fatal(err)
	}
	w, err := enter(tab)
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range widths {
		if err := show(tab, width, "light"); err != nil {
			t.Fatal(err)
		}
		found, err := run[[]string](w, findRules)
		if err != nil || len(found) > 0 {
			t.Errorf("rules unlike their names at %d: %q (%v)", width, found, err)
		}
	}
	for _, width := range []int{900, 1280} { // as one column and as three
		if err := show(tab, width, "light"); err != nil {
			t.Fatal(err)
		}
		found, err := run[[]string](w, findLong)
		if err != nil || len(found) > 0 {
			t.Errorf("lines longer than the measure at %d: %q (%v)", width, found, err)
		}
	}
	if _, err := asPrinted(w, "issue that is looked at"); err != nil {
		t.Fatal(err)
	}
	found, err := run[[]string](w, findPrinted)
	want := `none ines@quietpager.example none | "https://" list.quietpager.example/subscribe none`
	if err != nil || strings.Join(found, " | ") != want {
		t.Errorf("the closing's links are printed as %q (%v)", found, err)
	}
}

// TestPreviewInOtherLooks has a preview shown as on a phone, and in the colours
// that the system does not ask for.
func TestPreviewInOtherLooks(t *testing.T) {
	b := openBoard(t, startDemo(t), curator, 1280)
	for _, test := range []struct{ scheme, sheet, other string }{{"light", "rgb(254, 254, 253)", "rgb(23, 28, 34)"}, {"dark", "rgb(23, 28, 34)", "rgb(254, 254, 253)"}} {
		b.do(chromedp.Navigate(b.base + board + "/preview"))
		if err := dress(b, test.scheme); err != nil {
			t.Fatal(err)
		}
		looks := `Math.round(document.querySelector("main").getBoundingClientRect().width) + " " + getComputedStyle(document.body).getPropertyValue("background-color") + getComputedStyle(document.documentElement).backgroundColor`
		was := js[string](b, looks)
		clickOn(t, b, "#other")
		turned := js[string](b, looks)
		clickOn(t, b, "#narrow")
		narrow := js[string](b, `Math.round(document.querySelector("main").getBoundingClientRect().width) + " " + getComputedStyle(document.querySelector("main")).backgroundColor + " " + getComputedStyle(document.querySelector(".row")).display`)
		if !strings.Contains(was, test.sheet) || !strings.Contains(turned, test.other) || narrow != "390 "+test.other+" block" {
			t.Errorf("in the %s: %q, then %q, then %q", test.scheme, was, turned, narrow)
		}
		if err := pictureInWindow(b, "preview in other looks", 1280, test.scheme); err != nil {
			t.Fatal(err)
		}
	}
}
