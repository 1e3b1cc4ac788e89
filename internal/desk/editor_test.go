package desk

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/page"
	"broadsheet/internal/publish"
)

// inRow asks for an editor as the desk's modules do, or with a form sends it.
func (w *world) inRow(by newsletter.User, target string, pairs ...string) answer {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	if pairs != nil {
		r = formRequest(target, form(pairs...))
	}
	r.Header.Set(page.FragmentHeader, "1")
	return w.ask(by, r)
}

func TestEditorInARow(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	id := w.add(newsletter.Item{Note: "About *gulls*.", Links: []newsletter.Link{
		{URL: "https://gulls.example/139/"}, {URL: "https://terns.example/", Text: "Terns"},
	}}, endOf(413, "News"))
	to, row := address.DeskItem(id), rowAnchor(id)
	w.inRow(w.emil, to).is(200,
		`action="`+to+`"`, `name="version" value="1"`, `name="stood" value="413/News"`, `name="was" value="In 413, News"`, `name="issue" value="413"`,
		`<textarea id="`+row+`-note" name="note"`, "<p>About <em>gulls</em>.</p>", `id="`+row+`-url-2" name="url"`, `id="`+row+`-label-2" name="label" class="printed" value="Terns"`,
		`id="`+row+`-url-0"`, `<option value="News" selected>`, `<option value="Tools">`, ">139.2</a>", "2 words</p>", `<p class="editor-status"></p>`,
	).lacks("<h1", "while you were writing", `class="bar"`, `-url-3"`, `<option value="413"`)
	loose := w.item(w.tove, "Ferry", nil)
	w.inRow(w.tove, address.DeskItem(loose)).is(200, "About Ferry.", `name="was" value="In the inbox"`).lacks(`name="section"`, `name="issue"`)
	w.get(w.emil, to).is(200, "<h1>Edit an item</h1>")
}

func TestSavingInARow(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := w.item(w.emil, "Ferry", endOf(413, "News"))
	to := address.DeskItem(id)
	words := []string{"issue", "413", "section", "News", "stood", "413/News", "was", "In 413, News", "note"}
	w.inRow(w.emil, to, append(words, "A **small** ferry.", "url", "ferry.example", "label", "", "version", "1")...).
		is(200, `name="version" value="2"`, "<strong>small</strong>", "3 words", `value="https://ferry.example"`, `editor-status is-saved">Saved at `+w.stored(id).ChangedAt.In(w.now.Publication().Location()).Format("15:04:05"))
	w.inRow(w.emil, to, append(words, "A **small** ferry.", "url", "ferry.example", "label", "", "version", "1")...).is(200, `name="version" value="2"`) // again, as after a cut connection
	w.inRow(w.emil, to, append(words, "", "title", "Ferry", "version", "2", "section", "Tools")...).is(200, `name="version" value="3"`)
	w.inRow(w.emil, to, "note", "Moved.", "version", "3", "issue", "413", "section", "Tools", "stood", "413/News", "was", "In 413, News").
		is(200, `name="stood" value="413/Tools"`, `<option value="Tools" selected>`).lacks(`class="notice"`)
	if item := w.stored(id); item.Section != "Tools" || item.Note != "Moved." {
		t.Errorf("stored %+v", item)
	}
	w.inRow(w.emil, to, "note", "Typed.", "url", "not an address", "label", "x", "event_on", "2026-02-30", "version", "4").
		is(422, fmt.Sprintf(`<p class="wrong" id="item-%d-url-1-wrong">`, id), "Link is not a web address", fmt.Sprintf(`href="#item-%d-event_on"`, id), "\nTyped.</textarea>", "<details class=\"rare\" open>")
}

// The version in an answer is that of the words that were sent: with a newer
// one the next words would overwrite what nobody has seen.
func TestVersionOfASaveIsItsOwn(t *testing.T) {
	w := newWorld(t)
	id := w.item(w.emil, "Ferry", nil)
	must(t, w.save(w.emil, id, 1, "Mine."))
	must(t, w.save(w.ines, id, 2, "Theirs."))
	r := formRequest(address.DeskItem(id), "")
	r.Header.Set(page.FragmentHeader, "1")
	recorder := httptest.NewRecorder()
	must(t, w.desk.showSaved(recorder, r.WithContext(page.WithUser(r.Context(), w.emil)), w.stored(id), itemForm{}, 2))
	answer{recorder, t, "a save overtaken"}.is(200, `name="version" value="2"`)
}

func TestConflictInARow(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := w.item(w.emil, "Ferry", endOf(413, "News"))
	to := address.DeskItem(id)
	mine := []string{"note", "About a small ferry.", "title", "Ferry", "url", "https://ferry.example/", "label", "", "version", "1"}
	must(t, w.save(w.ines, id, 1, "About a big ferry."))
	at := w.stored(id).ChangedAt.In(w.now.Publication().Location()).Format("15:04")
	w.inRow(w.emil, to, mine...).is(409, "Ines changed this note while you were writing", "Nothing is lost.", "<mark>small </mark>", "<mark>big </mark>",
		"Ines, saved at <time", ">"+at+"</time>", `name="version" value="2"`, "\nAbout a small ferry.</textarea>", `data-choice="mine">Keep mine`, "Use Ines’s", `data-choice="both"`)
	w.inRow(w.emil, to, append(mine, "both", "1")...).is(200, "About a small ferry.\n\nAbout a big ferry.</textarea>", `name="version" value="2"`).lacks("Saved at")
	if note := w.stored(id).Note; note != "About a big ferry." {
		t.Errorf("stored %q before anybody chose", note)
	}
	w.inRow(w.ines, to, mine...).is(409, "You changed this note elsewhere meanwhile", "Use the saved one")
}

func TestItemPutElsewhereWhileItsRowIsOpen(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.draft(414)
	id := w.item(w.emil, "Ferry", endOf(413, "News"))
	to := address.DeskItem(id)
	open := func(was string, pairs ...string) answer {
		return w.inRow(w.emil, to, append([]string{"issue", "413", "section", "News", "stood", "413/News", "was", was, "version", fmt.Sprint(w.stored(id).Version)}, pairs...)...)
	}
	must(t, w.store.MoveItem(t.Context(), w.ines, id, *endOf(414, "Tools"), 0))
	open("In 413, News", "note", "One.").is(200, "Ines put it into 414, Tools while you were writing. Your words are saved with it.", `name="stood" value="414/Tools"`, `name="issue" value="414"`)
	open("In 414, Tools", "note", "Two.").is(200).lacks("while you were writing")
	w.inRow(w.emil, to, "issue", "413", "section", "Jobs", "stood", "413/News", "note", "Three.", "version", fmt.Sprint(w.stored(id).Version)).
		is(409, "the item is in 414, Tools now", `name="stood" value="414/Tools"`).lacks(`data-choice="mine"`)
	must(t, w.store.Hold(t.Context(), w.ines, id))
	open("In 414, Tools", "note", "Three.").is(200, "Ines held it for a later issue while you were writing.").lacks(`name="issue"`)
	must(t, w.store.Decline(t.Context(), w.ines, id, "We had it.", ""))
	open("Held for a later issue", "note", "Four.").is(200, "Ines declined it while you were writing.")
	must(t, w.store.Restore(t.Context(), w.ines, id))
	open("Declined", "note", "Five.").is(200, "Ines returned it to the inbox while you were writing.")
	if item := w.stored(id); item.Note != "Five." || item.State != newsletter.Inbox {
		t.Errorf("stored %+v", item)
	}
}

func TestRowsThatCannotBeSaved(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	id, other := w.item(w.tove, "Ferry", nil), w.item(w.emil, "Yacht", nil)
	w.place(id, 413, "News")
	w.inRow(w.tove, address.DeskItem(id), "note", "Typed.", "version", "1").
		is(403, "You may not edit this item now", "while these wait in the inbox", "your words stay here to be copied")
	var printed int64
	must(t, w.pool.QueryRow(t.Context(), "SELECT id FROM items WHERE place = 2").Scan(&printed))
	w.inRow(w.emil, address.DeskItem(printed), "note", "Typed.", "version", "1").
		is(403, "139 was published meanwhile", "A printed issue changes by correction only.", "your words stay here").lacks("<form")
	w.inRow(w.emil, address.DeskItem(printed)).is(403, "139 was published meanwhile").lacks("your words")
	_, err := w.pool.Exec(t.Context(), "UPDATE issues SET state = 'scheduled', scheduled_at = now() WHERE number = 413")
	must(t, err)
	w.inRow(w.emil, address.DeskItem(id), "note", "Typed.", "version", "1").is(403, "413 was scheduled meanwhile", "closed to all but curators")

	must(t, w.store.MergeItems(t.Context(), w.ines, other, w.item(w.emil, "Boat", nil), 1, 1, newsletter.Item{Note: "One."}, publish.LinksOf))
	gone := w.inRow(w.emil, "/desk/items/999999", "note", "Typed & more.", "title", "T", "url", "https://a.example/", "label", "A", "version", "1").
		is(404, "The item is gone", "Save as a new item", `name="note" value="Typed &amp; more."`, `name="url" value="https://a.example/"`, `name="key" value="`)
	w.post(w.emil, address.Items, again(gone)).is(303)
	w.inRow(w.emil, "/desk/items/999999").is(404, "The item is gone").lacks("<form")
}

func TestIntroductionInPlace(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	const to = "/desk/issues/413"
	based := func() string { return hashOf(w.written(413).Intro) }
	w.inRow(w.ines, to+"?edit=intro").is(200, `action="`+to+`"`, `<textarea id="intro-intro" name="intro"`, `name="version" value="1"`, `name="based" value="`+based()+`"`).lacks("board-row", "<h1")
	w.inRow(w.ines, to).is(200, `<h1 class="number">413`) // the board, for those who ask for it
	first := based()
	w.inRow(w.ines, to, "intro", "Two *boats* met.", "version", "1", "based", first).is(200, `name="version" value="2"`, "<em>boats</em>", "3 words", "Saved at ", `name="based" value="`+based()+`"`)
	w.inRow(w.ines, to, "intro", strings.Repeat("> ", 40)+"deep", "version", "2").is(422, `id="intro-intro-wrong"`)

	// A date that somebody else changed is in nobody's way; other words are.
	board := w.written(413)
	words := board.Issue()
	words.Date.Day++
	must(t, w.store.SaveIssue(t.Context(), w.osman, 413, board.Version, words))
	w.inRow(w.ines, to, "intro", "Two boats met at sea.", "version", "2", "based", based()).is(200, `name="version" value="4"`)
	w.inRow(w.osman, to, "intro", "Three boats.", "version", "2", "based", first).is(409, "Ines changed this introduction while you were writing", "<mark>Three", `data-choice="both"`, `name="version" value="4"`)
	w.inRow(w.osman, to, "intro", "Three boats.", "version", "4", "both", "1").is(200, "Three boats.\n\nTwo boats met at sea.</textarea>")
	if got := w.written(413); got.Intro != "Two boats met at sea." || got.Date != words.Date {
		t.Errorf("stored %q on %v", got.Intro, got.Date)
	}

	w.inRow(w.emil, to, "intro", "Mine.", "version", "4").is(403, "413 cannot be changed now", "your words stay here")
	w.inRow(w.ines, "/desk/issues/139", "intro", "Mine.", "version", "1").is(403, "139 was published meanwhile", "correction only")
	w.inRow(w.ines, "/desk/issues/500", "intro", "Mine.", "version", "1").is(404, "The draft is gone", "it was discarded")
	w.inRow(w.ines, "/desk/issues/500?edit=intro").is(404, "The draft is gone").lacks("your words")
}

// TestARefusedIntroductionOverwritesNobodys sends an introduction that cannot
// be saved, while somebody else has saved another, and then one that can be, as
// the answer says.
func TestARefusedIntroductionOverwritesNobodys(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	const to = "/desk/issues/413"
	based := hashOf(w.written(413).Intro)
	w.inRow(w.osman, to, "intro", "Two boats met.", "version", "1", "based", based).is(200)
	answer := w.inRow(w.ines, to, "intro", strings.Repeat("> ", 40)+"deep", "version", "1", "based", based).is(422)
	form := browsertest.Fields(answer.Body.String(), to)
	w.inRow(w.ines, to, "intro", "Mine.", "version", form.Get("version"), "based", form.Get("based")).is(409, "Osman changed this introduction")
	if got := w.written(413).Intro; got != "Two boats met." {
		t.Errorf("stored %q", got)
	}
}

func TestLinksPastedIntoARow(t *testing.T) {
	w := newWorld(t)
	id := w.item(w.emil, "Ferry", nil)
	to := address.DeskItem(id)
	w.inRow(w.emil, to, "version", "1", "note", "A note.", "url", "https://ferry.example/", "label", "", "url", "", "label", "",
		"pasted", "Two views:\nThe ferry https://one.example/a, the quay: https://two.example/b\nhttps://three.example/").
		is(200, "A note.\n\nTwo views:</textarea>", `value="The ferry"`, `name="pasted" hidden></textarea>`)
	want := []newsletter.Link{{URL: "https://ferry.example/"}, {URL: "https://one.example/a", Text: "The ferry"}, {URL: "https://two.example/b", Text: "the quay"}, {URL: "https://three.example/"}}
	if got := w.stored(id).Links; !slices.Equal(got, want) {
		t.Errorf("stored %v", got)
	}
	// What cannot be saved for another reason is taken apart all the same, once.
	w.inRow(w.emil, to, "version", "2", "note", "A note.", "url", "no address", "label", "", "pasted", "https://four.example/ https://five.example/").
		is(422, `value="https://five.example/"`, `name="pasted" hidden></textarea>`)
}
