package desk

import (
	"strings"
	"testing"

	"broadsheet/internal/newslettertest"
)

func TestRedactWords(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.out()
	w.item(w.tove, "Counted", nil)
	w.get(w.osman, "/desk/issues/413").is(200, `href="/desk/redact">Redact words…`)
	w.get(w.osman, "/desk/activity").is(200, `href="/desk/redact"`)
	w.get(w.ines, "/desk/issues/413").is(200).lacks("/desk/redact")
	w.get(w.osman, "/desk/redact").is(200, "Redact words", "(redacted) stands in their place", `name="words-to-redact"`)
	post := func(pairs ...string) answer { return w.post(w.osman, "/desk/redact", form(pairs...)) }
	post("words-to-redact", " x ").is(422, "Words are too few", `value="x"`)
	post("words-to-redact", "zeppelin").is(200, "Nowhere.").lacks("Take the words out")
	page := post("words-to-redact", "Counted").is(200, "Where “Counted” stands: 8 times", `<a href="/desk/issues/413">413</a> <span>in earlier versions, once; items, once; print, once</span>`,
		"Outside issues", `name="times" value="8"`, "Take the words out 8 times").Body.String()
	if strings.Contains(page, "?words") || w.printed().Sections[1].Items[0].Note.Plain != "Counted." {
		t.Error("looking takes them out, or names them in an address")
	}
	generation := w.now.Generation()
	post("words-to-redact", "Counted", "do", "redact").is(409, "The desk has changed since you looked", `name="times" value="8"`)
	post("words-to-redact", "Counted", "do", "redact", "times", "9").is(409)
	for range 2 {
		post("words-to-redact", "Counted", "do", "redact", "times", "8").leads("/desk/redact?done=redacted")
	}
	w.get(w.osman, "/desk/redact?done=redacted").is(200, "The words are gone.")
	if got := w.printed().Sections[1].Items[0].Note.HTML; got != "<p><strong>(redacted)</strong>.</p>\n" || w.now.Generation() == generation {
		t.Errorf("printed is %q in generation %d", got, w.now.Generation())
	}
	w.get(w.osman, "/desk/activity").is(200, "took words out 8 times, in 413, the desk").lacks("Counted")
	w.get(w.osman, "/desk/issues/413/history").is(200, "took words out").lacks("Counted")
	w.get(w.ines, "/desk/redact").is(403)
	w.post(w.ines, "/desk/redact", form("words-to-redact", "Counted")).is(403)
}
