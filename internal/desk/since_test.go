package desk

import (
	"strconv"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// TestEveryChangeOfAScheduledIssueIsShown has somebody else change words and
// order of an issue that publishes itself.
func TestEveryChangeOfAScheduledIssueIsShown(t *testing.T) {
	w := newWorld(t)
	ids := w.ready(413)
	terns := w.item(w.emil, "Terns", endOf(413, "News"))
	must(t, w.store.MoveItem(t.Context(), w.emil, terns, *endOf(413, "Tools"), 0)) // before it was scheduled
	w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", w.clockIn(10, "06:30"), "version", w.version(413), "override", "soon")).leads("/desk/issues/413")
	w.get(w.ines, "/desk/issues/413/publish").is(200, "Nothing.", "with what stood in the way: soon</p>").lacks("<details>")

	w.post(w.osman, address.DeskItem(ids[1]), form("version", "1", "title", "Gulls", "note", "**Counted** twice.", "url", "https://gulls.example/new", "label", "The count")).
		leads(address.DeskItem(ids[1]) + "?done=saved")
	w.post(w.osman, "/desk/issues/413", form("version", "2", "intro", "Sun all week.\n\n_Ines, Bergen_")).leads("/desk/issues/413#intro")
	must(t, w.store.MoveItem(t.Context(), w.osman, terns, postgres.Target{Issue: 413, Section: "News", After: postgres.First}, 0))
	must(t, w.store.Hold(t.Context(), w.osman, ids[2]))
	section := w.written(413).Sections[1]
	must(t, w.store.RenameSection(t.Context(), w.osman, 413, section.ID, "Of birds", newsletter.KindJobs, 0))

	body := w.get(w.ines, "/desk/issues/413/publish").is(200,
		"<summary><b>Osman</b> changed the section News to Of birds in 413, from links to jobs", "<del>News </del><ins>Of birds</ins>", "<del>links </del><ins>jobs</ins>",
		"<summary><b>Osman</b> edited Gulls", "<dd><del>**Counted**. </del><ins>**Counted** twice.</ins></dd>",
		"<summary><b>Osman</b> edited the words of 413", "<del>Fog </del><ins>Sun </ins>all week.",
		"<summary><b>Osman</b> moved Terns, to News in 413", "Of birds\n<ins>– Terns\n</ins>– Gulls\n", "Tools\n<del>– Terns\n</del>Jobs",
		"<summary><b>Osman</b> held Bring a coat", "<del>– Bring a coat.\n</del>",
	).lacks("About Terns", "scheduled 413").Body.String()
	if n := strings.Count(body, "<details>"); n != 5 {
		t.Errorf("%d differences, want 5", n)
	}
	w.post(w.ines, "/desk/issues/413/unschedule", "").leads("/desk/issues/413")
	w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", w.clockIn(11, "06:30"), "version", w.version(413), "override", "soon")).leads("/desk/issues/413")
	w.get(w.ines, "/desk/issues/413/publish").is(200, "Nothing.") // of what was done before it became a draft again
}

// TestEachKindOfChangeHasItsDifference has each kind of change made to an issue
// that publishes itself. The newest stands first.
func TestEachKindOfChangeHasItsDifference(t *testing.T) {
	w := newWorld(t)
	ids := w.ready(413)
	gulls, coat := ids[1], ids[2]
	schedule := func(days int, why string) {
		t.Helper()
		w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", w.clockIn(days, "06:30"), "version", w.version(413), "override", why)).leads("/desk/issues/413")
	}
	schedule(10, "soon")
	section := func(title string) postgres.BoardSection { s, _ := w.section(413, title); return s }
	path := func(title, then string) string { return address.DeskSection(413, section(title).ID, then) }
	save := func(pairs ...string) {
		t.Helper()
		w.post(w.osman, address.DeskItem(gulls), form(append([]string{"version", strconv.Itoa(w.stored(gulls).Version)}, pairs...)...)).leads(address.DeskItem(gulls) + "?done=saved")
	}
	words := func(pairs ...string) {
		t.Helper()
		if a := w.post(w.osman, "/desk/issues/413", form(append([]string{"version", strconv.Itoa(w.written(413).Version)}, pairs...)...)); a.Code != 303 {
			t.Fatal(a.Body)
		}
	}
	for _, kind := range []struct {
		name   string
		change func()
		shown  []string
	}{
		{"a note", func() { save("title", "Gulls", "note", "Seen.", "url", "https://gulls.example/") }, []string{"edited Gulls", "<ins>Seen.</ins>"}},
		{"a link", func() { save("title", "Gulls", "note", "Seen.", "url", "https://gulls.example/2") }, []string{"edited Gulls", "<ins>https://gulls.example/2</ins>"}},
		{"a title", func() { save("title", "Terns", "note", "Seen.", "url", "https://gulls.example/2") }, []string{"edited Terns", "<del>Gulls </del><ins>Terns</ins>"}},
		{"an item added", func() { w.item(w.ines, "Whales", endOf(413, "News")) }, []string{"<b>Ines</b>", "Whales", "<ins>– Whales\n</ins>"}},
		{"an item moved", func() { must(t, w.store.MoveItem(t.Context(), w.osman, gulls, *endOf(413, "Tools"), 0)) }, []string{"moved Terns", "<del>– Terns\n</del>", "<ins>– Terns\n</ins>"}},
		{"an item removed", func() { must(t, w.store.Hold(t.Context(), w.osman, coat)) }, []string{"held Bring a coat", "<del>– Bring a coat.\n</del>"}},
		{"a section added", func() {
			w.post(w.osman, "/desk/issues/413/sections", form("title", "Letters", "kind", "links")).leads("/desk/issues/413#sections")
		},
			[]string{"added the section Letters", "<dt>Heading</dt>", "<ins>Letters</ins>", "<ins>Letters\n</ins>"}},
		{"a section renamed", func() {
			must(t, w.store.RenameSection(t.Context(), w.osman, 413, section("Letters").ID, "Post", newsletter.KindJobs, 0))
		},
			[]string{"changed the section Letters to Post", "<del>Letters </del><ins>Post</ins>", "<del>links </del><ins>jobs</ins>"}},
		{"a section moved", func() { must(t, w.store.MoveSection(t.Context(), w.osman, 413, section("Post").ID, true, 0)) }, []string{"moved the section Post", "<dt>Order</dt>", "Post\n</ins>"}},
		{"a section given away", func() { w.post(w.osman, path("Post", "owner"), form("owner", "me")) }, []string{"gave the section Post", "<del>nobody </del><ins>Osman</ins>"}},
		{"a section marked", func() { w.post(w.osman, path("Post", "progress"), form("progress", "skipped")) }, []string{"marked the section Post", "<del>open </del><ins>skipped</ins>"}},
		{"a section removed", func() { must(t, w.store.RemoveSection(t.Context(), w.osman, 413, section("Post").ID, 0)) },
			[]string{"removed the section Post", "<del>Post</del>", "<dt>Order</dt>", "<del>Post\n</del>"}},
		{"an earlier order", func() {
			orders, err := w.store.EarlierOrders(t.Context(), w.written(413).ID, 1)
			must(t, err)
			must(t, w.store.RestoreOrder(t.Context(), w.osman, 413, orders[5].Version, orders[0].Version))
		}, []string{"restored an order of 413", "<dt>Order</dt>"}},
		{"the introduction", func() { words("intro", "Sun.\n\n_Ines, Bergen_") }, []string{"edited the words of 413", "<ins>Sun."}},
		{"the date", func() { words("date", "2026-11-16") }, []string{"edited the words of 413", "<dt>Date</dt>", "16 </ins>"}},
		{"the schedule", func() { schedule(11, "soon") }, []string{"<b>Ines</b> scheduled 413 for ", ":30 UTC ", "<dt>Time</dt>", "06:30", "<ins>"}},
		{"why all the same", func() { schedule(11, "soon, the terns leave") }, []string{"scheduled 413", "<dt>Why publish all the same</dt>", "<del>soon </del><ins>soon, the terns leave</ins>"}},
		{"the number", func() { words("number", "414") }, []string{"edited the words of 414", "<del>413 </del><ins>414</ins>"}},
	} {
		kind.change()
		number := 413
		if kind.name == "the number" {
			number = 414
		}
		body := w.get(w.ines, address.DeskIssueTo(number, "publish")).is(200).Body.String()
		_, list, _ := strings.Cut(body, `<ul class="deeds">`)
		first, _, _ := strings.Cut(list, "</li>")
		for _, text := range append(kind.shown, "<details>", "<b>") {
			if !strings.Contains(first, text) {
				t.Errorf("of %s the list lacks %q:\n%s", kind.name, text, first)
			}
		}
	}
}
