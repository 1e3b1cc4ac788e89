package desk

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"broadsheet/internal/address"
)

// again reads the form of a conflict's page as a browser would send it.
func again(a answer, pairs ...string) string {
	var sent []string
	page := a.Body.String()
	page = page[strings.Index(page, `class="actions"`):]
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`).FindAllStringSubmatch(page, -1) {
		sent = append(sent, m[1], html.UnescapeString(m[2]))
	}
	return form(append(sent, pairs...)...)
}

func TestTwoEditTheSameItem(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := w.item(w.emil, "Ferry", nil)
	to := address.DeskItem(id)
	mine := form("url", "https://ferry.example/", "label", "", "url", "https://new.example/", "label", "New & “quoted”", "title", "Ferry", "note", "About a\nsmall ferry.", "version", "1")
	must(t, w.save(w.ines, id, 1, "About a big ferry."))

	conflict := w.post(w.emil, to, mine).is(409, "Ines changed this item while you were writing", "Nothing is lost", "<mark>small </mark>", "<mark>big </mark>", "https://new.example/")
	if item := w.stored(id); item.Note != "About a big ferry." {
		t.Fatalf("stored %q", item.Note)
	}
	t.Run("both in the editor", func(t *testing.T) {
		w.t = t
		w.post(w.emil, to, again(conflict, "both", "1")).
			is(200, "\nAbout a\nsmall ferry.\n\nAbout a big ferry.</textarea>", `name="version" value="2"`, `value="https://new.example/"`, "nothing is saved yet")
	})
	t.Run("keep mine, when somebody is faster again", func(t *testing.T) {
		w.t = t
		must(t, w.save(w.osman, id, 2, "About an old ferry."))
		conflict = w.post(w.emil, to, again(conflict)).is(409, "Osman changed", "<mark>an old </mark>")
		w.post(w.emil, to, again(conflict, "both", "1")).is(200)
	})
	t.Run("keep mine", func(t *testing.T) {
		w.t = t
		w.post(w.emil, to, again(conflict)).leads(to + "?done=saved")
		item := w.stored(id)
		if item.Note != "About a\nsmall ferry." || item.Version != 4 || len(item.Links) != 2 || item.Links[1].Text != "New & “quoted”" {
			t.Errorf("stored %+v", item)
		}
		w.post(w.emil, to, mine).leads(to + "?done=saved") // the same words again, whatever they were based on
	})
	w.t = t
}

func TestConflictNamesWhatDiffers(t *testing.T) {
	w := newWorld(t)
	id := w.item(w.emil, "Ferry", nil)
	must(t, w.save(w.ines, id, 1, "Theirs."))
	w.post(w.emil, address.DeskItem(id), form("url", "https://ferry.example/", "title", "Ferry", "note", "Mine.", "version", "1")).
		is(409, "Ines changed this note", "Use Ines’s").lacks(">Links</h2>", ">Title</h2>")
	w.post(w.emil, address.DeskItem(id), form("note", "Theirs.", "version", "1", "sponsored", "on", "event_on", "2026-12-01")).
		is(409, ">Payment</h2>", "1 December 2026", ">Links</h2>", ">Title</h2>").lacks(">Note</h2>")
}

func TestSomebodyMovedTheItemMeanwhile(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	id := w.item(w.emil, "Ferry", nil)
	w.place(id, 413, "Tools")
	to := address.DeskItem(id)
	// Who has not touched the place does not move it back.
	w.post(w.emil, to, form("note", "Words.", "version", "1", "issue", "", "section", "News", "stood", "")).leads(to + "?done=saved")
	if item := w.stored(id); item.Section != "Tools" || item.Note != "Words." {
		t.Errorf("stored %+v", item)
	}
	// Who has is told where it is now, and may say so again.
	wish := []string{"note", "More words.", "version", "2", "issue", "413", "section", "News"}
	w.post(w.emil, to, form(append(wish, "stood", "")...)).
		is(409, "Issue was changed by", "the item is in 413, Tools now", "\nMore words.</textarea>", `name="stood" value="413/Tools"`, `<option value="News" selected>`)
	w.post(w.emil, to, form(append(wish, "stood", "413/Tools")...)).leads(to + "?done=saved")
	if item := w.stored(id); item.Section != "News" || item.Note != "More words." {
		t.Errorf("stored %+v", item)
	}
}
