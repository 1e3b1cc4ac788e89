package checks

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestTheWeekWithoutScripts takes an issue from a pasted link to publication on
// a phone whose browser runs no script: every step is a link or a form.
func TestTheWeekWithoutScripts(t *testing.T) {
	base := startDemo(t)
	tab := newTab(t, func(any) {}) // forms that are wrong are answered with 422, which browsers complain about
	if _, err := chromedp.Call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(tab, chromedp.EmulateViewport(390, 844), chromedp.Navigate(base+"/sign-in")); err != nil {
		t.Fatal(err)
	}
	shown := func(words ...string) {
		t.Helper()
		text := textOf(t, tab, "main")
		for _, want := range words {
			if !strings.Contains(text, want) {
				t.Errorf("the page lacks %q:\n%s", want, text)
			}
		}
	}
	keep := func(name string) {
		t.Helper()
		if err := picture(tab, "without scripts "+name, 390, "light"); err != nil {
			t.Fatal(err)
		}
	}
	typeInto(t, tab, "email", curator)
	typeInto(t, tab, "password", demoPassword)
	follow(t, tab, kb.Enter)
	shown("Waiting for me", "My sections", "Blue notes to me")
	keep("desk")

	typeInto(t, tab, "url", "https://heron.example/nests")
	follow(t, tab, kb.Enter)
	typeInto(t, tab, "title", strings.Repeat("far too long ", 30))
	typeInto(t, tab, "note", "Herons keep a rota too.")
	press(t, tab, "Save and add to 414")
	shown("There is a problem", "Title has 389 characters")
	keep("wrong")
	typeInto(t, tab, "title", "Herons")
	press(t, tab, "Save and add to 414")

	press(t, tab, "Issue 414")
	wantAt(t, tab, base+"/desk/issues/414")
	before := order(t, tab)
	mark := markOf(t, before, "Herons")
	press(t, tab, "Move "+mark+" up")
	if after := order(t, tab); at(before, "Herons") != at(after, "Herons")+1 {
		t.Errorf("after one step up the order is %q, before it %q", after, before)
	}
	press(t, tab, "Blue note on News")
	typeInto(t, tab, "text", "Are the herons ours, @Wren?")
	press(t, tab, "Add the note")
	press(t, tab, "Take over News")
	press(t, tab, "Mark News ready")
	shown("Are the herons ours, @Wren?", "Ready")
	keep("board")
	press(t, tab, "History")
	shown("moved “Herons” within News", "Restore this order")
	keep("history")

	press(t, tab, "Issue 414")
	press(t, tab, "Publish…")
	press(t, tab, "Publish 414")
	shown("There is a problem", "say in a sentence why it is published all the same")
	keep("not ready")
	typeInto(t, tab, "override", "the toast needs no words")
	press(t, tab, "Publish 414")
	wantAt(t, tab, base+"/desk/issues/414/published")
	if err := chromedp.Do(tab, chromedp.Navigate(base+"/issues/414")); err != nil {
		t.Fatal(err)
	}
	text := textOf(t, tab, "article")
	if !strings.Contains(text, "Herons keep a rota too.") || strings.Contains(text, "Are the herons ours") {
		t.Errorf("readers get\n%s", text)
	}
}
