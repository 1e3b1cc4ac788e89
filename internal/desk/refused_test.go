package desk

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/publish"
)

// wrongWords are an item's words that cannot be saved by anybody: with a
// mistyped address, an impossible date and a link without one.
func wrongWords(more ...string) string {
	return form(append([]string{"url", "https//ferry", "label", "", "url", "", "label", "Only a text", "note", "Typed words.", "event_on", "2026-02-30", "version", "1"}, more...)...)
}

// renumber gives a draft another number.
func (w *world) renumber(from, to int) {
	w.t.Helper()
	board := w.written(from)
	words := board.Issue()
	words.Number = to
	must(w.t, w.store.SaveIssue(w.t.Context(), w.osman, from, board.Version, words))
}

func TestWordsFollowARenumberedDraft(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := fmt.Sprint(w.written(413).ID)
	w.get(w.ines, "/desk/issues/413?edit=intro").is(200, `name="id" value="`+id+`"`)
	w.renumber(413, 414)
	w.draft(413) // another one
	conflict := w.post(w.ines, "/desk/issues/413", form("intro", "Typed all week.", "version", "1", "id", id)).
		is(409, "Osman changed this issue", "Typed all week.", `action="/desk/issues/414"`, `name="id" value="`+id+`"`)
	w.post(w.ines, "/desk/issues/413", again(conflict)).leads("/desk/issues/414#intro")
	if intro, other := w.written(414).Intro, w.written(413).Intro; intro != "Typed all week." || other != "" {
		t.Errorf("414 has %q, 413 %q", intro, other)
	}
	w.postKept(w.ines, "/desk/issues/413", form("intro", "Kept words.", "version", "1", "id", id)).is(200, "Kept words.</textarea>", `action="/desk/issues/414"`)
}

func TestSectionsFollowARenumberedDraft(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := fmt.Sprint(w.written(413).ID)
	news, newsAt := w.section(413, "News")
	order := w.order(413)
	w.get(w.emil, "/desk/issues/413").is(200, "name=\"id\" value=\""+id+"\">\n<div class=\"beside\">")
	w.renumber(413, 414)
	w.post(w.emil, "/desk/issues/413/sections", form("title", "Quiz", "kind", "links", "id", id)).leads("/desk/issues/414#sections")
	w.post(w.emil, newsAt, form("title", "Reading", "kind", "links", "version", order, "id", id)).leads(fmt.Sprintf("/desk/issues/414#section-%d", news.ID))
	w.post(w.emil, newsAt, form("title", "Fog", "kind", "links", "version", order, "id", id)).is(409, fmt.Sprintf(`action="/desk/issues/414/sections/%d"`, news.ID))
}

func TestWordsForAnIssueThatIsGoneAreShown(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := fmt.Sprint(w.written(413).ID)
	_, newsAt := w.section(413, "News")
	must(t, w.store.DiscardIssue(t.Context(), w.osman, 413))
	words := form("number", "many", "summary", "Typed line.", "intro", "Typed <words>.\nAnd more.", "version", "1")
	w.post(w.ines, "/desk/issues/413", words).
		is(404, "Not saved: the issue is gone", "Nothing is lost", `value="many"`, `value="Typed line."`, "Typed &lt;words&gt;.\nAnd more.</textarea>")
	w.postKept(w.ines, "/desk/issues/413", words).is(404, "\nTyped &lt;words&gt;.")
	for _, target := range []string{"/desk/issues/413/sections", newsAt} {
		w.post(w.emil, target, form("title", "Typed heading", "kind", "links")).is(404, "Not saved: the issue is gone", `value="Typed heading"`)
		w.postKept(w.emil, target, form("title", "Typed heading", "kind", "links")).is(404, `value="Typed heading"`)
	}
	why := form("when", "now", "override", "It cannot wait.", "version", "x")
	w.post(w.ines, "/desk/issues/413/publish", why).is(404, "Not saved: the issue is gone", "It cannot wait.")
	w.postKept(w.ines, "/desk/issues/413/publish", why).is(404, "It cannot wait.")
	w.post(w.emil, newsAt, form("to", "up", "version", "1")).is(404).lacks("Nothing is lost") // nothing was typed
	w.draft(413)                                                                              // another one, which must not get the words
	w.post(w.ines, "/desk/issues/413", form("intro", "Typed words.", "version", "1", "id", id)).is(404, "\nTyped words.</textarea>")
	if intro := w.written(413).Intro; intro != "" {
		t.Errorf("another issue was given %q", intro)
	}
}

func TestWordsForAnIssueThatIsPrintedAreShown(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	_, newsAt := w.section(139, "News")
	w.post(w.ines, "/desk/issues/139", form("intro", "Typed words.", "version", "1")).
		is(403, "Not saved: 139 cannot be changed now", "A printed issue changes by correction only.", "\nTyped words.</textarea>")
	w.post(w.emil, newsAt, form("title", "Typed heading", "version", "1")).is(403, "correction only", `value="Typed heading"`)
	w.postKept(w.emil, newsAt, form("title", "Typed heading", "version", "1")).is(403, `value="Typed heading"`)
}

func TestReasonAndReplyForAnItemThatIsGoneAreShown(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	id, other := w.item(w.tove, "Ferry", nil), w.item(w.tove, "Yacht", nil)
	must(t, w.store.MergeItems(t.Context(), w.ines, other, id, 1, 1, newsletter.Item{Note: "One."}, publish.LinksOf))
	words := form("reason", "We had it.", "reply", "Thank you,\nbut no.")
	w.post(w.emil, address.DeskItemTo(id, "decline"), words).is(404, "Not saved: the item is gone", "merged it with another", `value="We had it."`, "Thank you,\nbut no.</textarea>")
	w.postKept(w.emil, address.DeskItemTo(id, "decline"), words).is(404, "\nThank you,")
	w.post(w.tove, address.DeskItemTo(other, "decline"), words).is(403, "An editor, a curator or an owner may", "\nThank you,")
}

func TestWrongWordsForAnItemThatIsGoneOrClosedAreShown(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.post(w.emil, "/desk/items/999999", wrongWords()).
		is(404, "\nTyped words.</textarea>", `value="https//ferry"`, `value="Only a text"`, `value="2026-02-30"`)
	var printed int64
	must(t, w.pool.QueryRow(t.Context(), "SELECT id FROM items WHERE place = 2").Scan(&printed))
	w.post(w.emil, address.DeskItem(printed), wrongWords()).
		is(403, "Not saved", "correction only", "\nTyped words.</textarea>", "\nhttps//ferry\nOnly a text</textarea>", `value="2026-02-30"`)
	w.post(w.emil, address.DeskItem(printed), "version=1").is(403).lacks("Nothing is lost")
	w.post(w.emil, "/desk/items/999999/merge", wrongWords("with", "1")).is(404, "\nTyped words.</textarea>")
}

func TestButtonsPressedTwice(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	news, _ := w.section(413, "News")
	for _, after := range []string{"", "Jobs", fmt.Sprint(news.ID)} {
		add := form("title", "After "+after, "kind", "links", "after", after)
		w.post(w.emil, "/desk/issues/413/sections", add).leads("/desk/issues/413#sections")
		w.post(w.emil, "/desk/issues/413/sections", add).leads("/desk/issues/413#sections")
	}
	if n := len(w.headings(413)); n != 8 {
		t.Errorf("there are %d sections", n)
	}
	w.post(w.emil, "/desk/issues/413/sections", form("title", "News", "kind", "links", "after", "")).is(422, "stands in issue 413 already")
	w.post(w.emil, "/desk/issues/413/sections", form("title", "After ", "kind", "jobs", "after", "")).is(422, "stands in issue 413 already")

	w.post(w.ines, "/desk/issues/413/discard", "").leads("/desk/issues?discarded=413")
	w.post(w.ines, "/desk/issues/413/discard", "").leads("/desk/issues?discarded=413")
	w.post(w.ines, "/desk/issues/7/discard", "").is(404)
}

func TestMergePressedTwiceAtOnce(t *testing.T) {
	w := newWorld(t)
	into, from := w.item(w.emil, "Ferry", nil), w.item(w.tove, "Yacht", nil)
	sent := form("with", idText(from), "note", "One.", "version", "1", "with_version", "1")
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if answer := w.post(w.emil, address.DeskItemTo(into, "merge"), sent); answer.Code != http.StatusSeeOther {
				t.Errorf("one of two presses is answered with %d:\n%s", answer.Code, answer.Body)
			}
		})
	}
	both.Wait()
}

func TestAbsurdAddressesAreRefused(t *testing.T) {
	w := newWorld(t)
	for _, url := range []string{"http://.", "http://-", "http://[::1", "http://a.example:99999/", "http://%00.example/", "http://me:secret@a.example/", "http://a.example/\u202Egpj"} {
		w.post(w.emil, address.Items, form("url", url, "note", "Typed words.", "key", "k")).is(422, "Link 1 ", "\nTyped words.</textarea>")
	}
}

func TestContributorIsToldWhoMayEdit(t *testing.T) {
	w := newWorld(t)
	w.get(w.tove, address.DeskItem(w.item(w.emil, "Ferry", nil))).
		is(403, "Its sender while it is in the inbox, an editor, a curator or an owner may edit the item.")
}
