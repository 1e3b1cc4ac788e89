package desk

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

// held returns what a control of a page holds.
func (a answer) held(id string) string {
	a.t.Helper()
	for _, pattern := range []string{`<textarea id="%" [^>]*readonly>\n((?s:.*?))</textarea>`, `<input id="%" [^>]*value="([^"]*)" readonly>`, `<input id="%" value="([^"]*)" readonly>`} {
		if found := regexp.MustCompile(strings.Replace(pattern, "%", id, 1)).FindStringSubmatch(a.Body.String()); found != nil {
			return html.UnescapeString(found[1])
		}
	}
	a.t.Fatalf("%s: nothing holds %q:\n%s", a.what, id, a.Body)
	return ""
}

// TestCopiesAreOfWhatIsPrinted follows the copies from publication over a
// correction to a withdrawal.
func TestCopiesAreOfWhatIsPrinted(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.ready(413)
	w.get(w.ines, "/desk/issues/413/mail.html").is(404)
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now")).leads("/desk/issues/413/published")
	w.get(w.ines, "/desk/issues/413").is(200, `href="/desk/issues/413/published">Copies for mail and posts</a>`)
	out := w.get(w.ines, "/desk/issues/413/published").is(200, `href="/desk/issues/413/mail.html" download="413.html"`, `href="/issues/413.txt" download="413.txt"`)
	for id, want := range map[string]string{
		"address": "https://letter.example/issues/413",
		"subject": "The Harbour Letter 413: Fog all week.",
		"post-1":  "The Harbour Letter 413: Fog all week.\n\nhttps://letter.example/issues/413",
		"post-2":  "In The Harbour Letter 413:\n– Gulls\n– Bring a coat.\n\nhttps://letter.example/issues/413",
	} {
		if got := out.held(id); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	mail := w.get(w.ines, "/desk/issues/413/mail.html").is(200, "<p>Fog all week.</p>", "Paid placement", `<a href="https://letter.example/issues/413#2">413.2</a>`, "<p>Until Sunday.</p>")
	if got := out.held("html"); got != mail.Body.String() {
		t.Errorf("the source is not the page:\n%s\n%s", got, mail.Body)
	}
	if policy := mail.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.HasSuffix(policy, "; sandbox allow-scripts") {
		t.Errorf("the mail's policy is %q", policy)
	}
	if text := out.held("text"); !strings.HasPrefix(text, "The Harbour Letter\nIssue 413 - 15th November 2026\n\nFog all week.") || !strings.Contains(text, "Paid placement\n") {
		t.Errorf("the text is %q", text)
	}

	w.post(w.osman, "/desk/issues/413/correct", form("part", "intro", "version", "2", "date", "2026-11-15", "intro", "Sun all week.", "summary", "", "sentence", "It was sunny.")).leads("/desk/issues/413")
	out = w.get(w.ines, "/desk/issues/413/published").is(200).lacks("Fog all week")
	if got := out.held("post-1"); !strings.Contains(got, "Sun all week.") || !strings.Contains(out.held("html"), "It was sunny.") {
		t.Errorf("after the correction the post is %q", got)
	}
	w.get(w.ines, "/desk/issues/413/preview").leads("/issues/413")
	w.post(w.ines, "/desk/issues/413/withdraw", "").leads("/desk/issues/413")
	w.get(w.ines, "/desk/issues/413/preview").leads("/desk/issues/413")
	w.get(w.ines, "/desk/issues/414/preview").is(404, `<a href="/desk">The desk</a>`)
	w.get(w.ines, "/desk/issues/413").is(200, "Reinstate 413", "Correct date or introduction").lacks("Withdraw…", "See it printed")
	w.get(w.ines, "/desk/issues/413/published").is(200, "413 is withdrawn").lacks("<textarea", "Sun all week", `href="/issues/413"`)
	w.get(w.ines, "/desk/issues/413/mail.html").is(410)
}

// TestTheMailOfALongIssueHasPagesOfItsOwn: what says that an issue is out stays
// below 60 KB, and what is to be pasted is still there to be copied.
func TestTheMailOfALongIssueHasPagesOfItsOwn(t *testing.T) {
	long := newslettertest.Issue(139)
	for k := range 150 {
		long.Sections[0].Items = append(long.Sections[0].Items, newsletter.Item{
			Place: 100 + k, Note: fmt.Sprintf("Item %d & more. %s", k, strings.Repeat("Gulls over the harbour. ", 8)), Links: linkTo(fmt.Sprintf("https://gulls.example/%d", k)),
		})
	}
	w := newWorld(t, long)
	out := w.get(w.ines, "/desk/issues/139/published").is(200, `As HTML it is long: <a href="/desk/issues/139/mail.html?source=1">open it`, `As plain text it is long: <a href="/issues/139.txt">open it`)
	if n := out.Body.Len(); n > 60<<10 {
		t.Errorf("the page has %d bytes", n)
	}
	page, source := w.get(w.ines, "/desk/issues/139/mail.html").is(200), w.get(w.ines, "/desk/issues/139/mail.html?source=1").is(200, "Item 149 &amp; more.")
	if kind := source.Header().Get("Content-Type"); kind != "text/plain; charset=utf-8" || source.Body.String() != page.Body.String() {
		t.Errorf("the source is not the mail's, as %s", kind)
	}
}
