package desk

import (
	"fmt"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// remarks is a draft with an item in News, and where remarks on it go.
func remarks(t *testing.T) (w *world, item int64, onItem, onIssue, onSection string) {
	w = newWorld(t)
	w.draft(413)
	item = w.item(w.emil, "Gulls", endOf(413, "News"))
	_, section := w.section(413, "News")
	return w, item, address.DeskItemTo(item, "blue-notes"), address.DeskIssueTo(413, "blue-notes"), section + "/blue-notes"
}

func TestBlueNotesOnTheBoard(t *testing.T) {
	w, item, onItem, onIssue, onSection := remarks(t)
	section, _ := w.section(413, "News")
	w.post(w.emil, onItem, form("text", "Is this <b>counted</b>, @ines? https://gulls.example/", "key", "k")).leads(boardAt(413, item))
	w.post(w.emil, onItem, form("text", "Is this <b>counted</b>, @ines? https://gulls.example/", "key", "k")).leads(boardAt(413, item))
	w.post(w.ines, onSection, form("text", "One too many.")).leads(sectionAt(413, section.ID))
	w.post(w.ines, onIssue, form("text", "Short week.\nNo @Nobody.")).leads("/desk/issues/413#issue")
	page := w.get(w.emil, "/desk/issues/413").is(200,
		"Is this &lt;b&gt;counted&lt;/b&gt;, <b>@ines</b>? https://gulls.example/", "One too many.", "Short week.\nNo @Nobody.", "Emil, <time")
	page.lacks("<b>counted", `href="https://gulls.example/"><b>@`)
	if n := strings.Count(page.Body.String(), "counted&lt;/b&gt;, <b>"); n != 1 {
		t.Errorf("the note sent twice stands there %d times", n)
	}
	w.get(w.emil, address.DeskItem(item)).is(200, "Is this &lt;b&gt;counted").lacks("One too many.")
	w.get(w.tove, "/desk/issues/413").is(200, "One too many.").lacks("/blue-notes")

	notes := w.written(413).BlueNotes
	done, open := fmt.Sprintf("/desk/blue-notes/%d/done", notes[0].ID), fmt.Sprintf("/desk/blue-notes/%d/open", notes[0].ID)
	w.post(w.ines, done, "").leads(boardAt(413, item))
	w.get(w.emil, "/desk/issues/413").is(200, "<summary>1 done</summary>", "done by Ines", open).lacks(done)
	w.post(w.ines, open, "from=item").leads(address.DeskItem(item))
	w.post(w.ines, done, "from=desk").leads(address.Desk)
	w.post(w.tove, open, "").is(403)
	w.post(w.ines, "/desk/blue-notes/999999/done", "").is(404)
	w.post(w.ines, fmt.Sprintf("/desk/blue-notes/%d/done", notes[2].ID), "from=item").leads("/desk/issues/413#issue")
}

func TestBlueNotesInTheInbox(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	mine, others := w.item(w.tove, "Gulls", nil), w.item(w.emil, "Terns", nil)
	at := address.DeskItemTo(mine, "blue-notes")
	w.post(w.tove, at, form("text", "Mine, be kind.", "from", "item")).leads(address.DeskItem(mine))
	w.post(w.emil, at, form("text", "I am.")).leads(address.DeskItem(mine))
	w.post(w.tove, address.DeskItemTo(others, "blue-notes"), form("text", "Not mine.")).is(403, "Not mine.", "its sender, too")
	w.get(w.tove, address.Inbox).is(200, "Two blue notes").lacks("be kind")
	w.get(w.emil, "/desk/issues/413").is(200, "Two blue notes")
	w.get(w.tove, address.DeskItem(mine)).is(200, "Mine, be kind.", "I am.", at)
}

// TestWrongBlueNotesComeBack sends what cannot be kept; the words come back in
// the form they were typed in, or to be copied.
func TestWrongBlueNotesComeBack(t *testing.T) {
	w, _, onItem, onIssue, onSection := remarks(t)
	long := strings.Repeat("long words ", 200)
	for _, on := range []string{onItem, onIssue, onSection} {
		w.post(w.emil, on, form("text", " \n ")).is(422, "Error: Issue 413", "Blue note is empty; say what", `href="#blue-note"`, `id="blue-note"`)
		w.post(w.emil, on, form("text", long, "key", "k")).
			is(422, "Blue note has 2199 characters; at most 2000", strings.TrimSpace(long)+"</textarea>", `name="key" value="k"`, `class="blue-add" open`)
		w.postKept(w.emil, on, form("text", "before the session ended")).is(200, "before the session ended</textarea>", `class="blue-add" open`).lacks("Error:")
	}
	w.post(w.emil, onItem, form("text", long, "from", "item")).is(422, "Error: Edit Gulls", strings.TrimSpace(long)+"</textarea>")
	loose := w.item(w.tove, "Terns", nil)
	w.post(w.tove, address.DeskItemTo(loose, "blue-notes"), form("text", "")).is(422, "Error: Edit Terns")
	if notes := w.written(413).BlueNotes; len(notes) != 0 {
		t.Errorf("%v were kept", notes)
	}
	for _, gone := range []string{"/desk/items/999999/blue-notes", "/desk/issues/999/blue-notes", "/desk/issues/413/sections/999999/blue-notes"} {
		w.post(w.emil, gone, form("text", "words for nothing")).is(404, "words for nothing", "is gone")
		w.post(w.emil, gone, form("text", long)).is(404, "long words")
	}
	w.post(w.tove, onIssue, form("text", "by a contributor")).is(403, "by a contributor")
	w.post(w.tove, onIssue, form("text", long)).is(403, "long words")
	w.publish(413)
	for _, on := range []string{onItem, onIssue, onSection} {
		w.post(w.osman, on, form("text", "too late")).is(403, "too late", "A printed issue takes no blue notes")
		w.post(w.osman, on, form("text", long)).is(403, "long words")
	}
	w.get(w.osman, "/desk/issues/413").is(200).lacks("/blue-notes")
}

// publish publishes an issue that nothing stands in the way of.
func (w *world) publish(number int) {
	w.t.Helper()
	w.post(w.ines, address.DeskIssueTo(number, "publish"), form("when", "now"))
	if w.written(number).State != newsletter.Published {
		w.t.Fatalf("%d was not published", number)
	}
}

// The form of a blue note is on the board once it is asked for.
func TestTheFormIsUnfoldedWhereItIsAskedFor(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := w.item(w.emil, "Ferry", endOf(413, "News"))
	news, _ := w.section(413, "News")
	board := w.get(w.emil, "/desk/issues/413").is(200, fmt.Sprintf(`<a class="blue-ask" href="/desk/issues/413?edit=note-item-%d#item-%[1]d"`, id),
		fmt.Sprintf(`href="/desk/issues/413?edit=note-section-%d#section-%[1]d"`, news.ID), `href="/desk/issues/413?edit=note#head"`)
	board.lacks(`class="blue-add"`)
	for edit, action := range map[string]string{
		"note": "/desk/issues/413/blue-notes", fmt.Sprintf("note-item-%d", id): fmt.Sprintf("/desk/items/%d/blue-notes", id),
		fmt.Sprintf("note-section-%d", news.ID): fmt.Sprintf("/desk/issues/413/sections/%d/blue-notes", news.ID),
	} {
		w.get(w.emil, "/desk/issues/413?edit="+edit).is(200, `class="blue-add" open`, `action="`+action+`"`, `name="key" value="`)
		w.get(w.tove, "/desk/issues/413?edit="+edit).is(200).lacks(`class="blue-add"`)
	}
	for _, edit := range []string{"note-item-999999", "note-item-x", "note-", "notes", "note-section--1"} {
		w.get(w.emil, "/desk/issues/413?edit="+edit).is(200).lacks(`class="blue-add"`)
	}
}
