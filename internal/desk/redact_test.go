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

// TestWordsThatAreChangedByHandAreNamed leads to the pages on which the owner
// changes what a redaction leaves.
func TestWordsThatAreChangedByHandAreNamed(t *testing.T) {
	w := newWorld(t)
	_, err := w.pool.Exec(t.Context(), `
		UPDATE publication SET about = 'By *Jane* Doe, jane@letter.example.', closing = 'Jane Doe';
		UPDATE standing_sections SET title = 'Jane Does' WHERE position = 2;
		INSERT INTO redirects (from_path, to_path) VALUES ('/by/Jane%20Doe', '/about');
		UPDATE people SET name = 'Jane Doe' WHERE name = 'Tove'`)
	must(t, err)
	look := func() answer { return w.post(w.osman, "/desk/redact", form("words-to-redact", "Jane Doe")) }
	look().is(200, "To be changed by hand", "They stand in nothing that is printed or kept elsewhere. What stands here is not taken out",
		`In <a href="/desk/settings">the settings</a>, 2 times`, `<a href="/desk/sections">the default sections</a>, once`,
		`<a href="/desk/redirects">the old addresses</a>, once`, `<a href="/desk/people">names of people</a>, once`).lacks("Nowhere", "Take the words out")
	w.item(w.emil, "Jane Doe", nil)
	look().is(200, "To be changed by hand", "Take the words out 5 times", "<p>What stands here is not taken out")
	w.post(w.osman, "/desk/redact", form("words-to-redact", "Jane Doe", "do", "redact", "times", "5")).leads("/desk/redact?done=redacted")
	look().is(200, "To be changed by hand").lacks("Take the words out")
	w.post(w.osman, "/desk/redact", form("words-to-redact", "Zeppelin")).is(200, "Nowhere.").lacks("by hand")
}
