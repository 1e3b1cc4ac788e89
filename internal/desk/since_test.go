package desk

import (
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
	w.get(w.ines, "/desk/issues/413/publish").is(200, "Nothing.").lacks("<details>")

	w.post(w.osman, address.DeskItem(ids[1]), form("version", "1", "title", "Gulls", "note", "**Counted** twice.", "url", "https://gulls.example/new", "label", "The count")).
		leads(address.DeskItem(ids[1]) + "?done=saved")
	w.post(w.osman, "/desk/issues/413", form("version", "2", "intro", "Sun all week.\n\n_Ines, Bergen_")).leads("/desk/issues/413#intro")
	must(t, w.store.MoveItem(t.Context(), w.osman, terns, postgres.Target{Issue: 413, Section: "News", After: postgres.First}, 0))
	must(t, w.store.Hold(t.Context(), w.osman, ids[2]))
	section := w.written(413).Sections[1]
	must(t, w.store.RenameSection(t.Context(), w.osman, 413, section.ID, "Of birds", newsletter.KindJobs, 0))

	body := w.get(w.ines, "/desk/issues/413/publish").is(200,
		"<li><b>Osman</b> changed the section News to Of birds in 413, from links to jobs",
		"<summary><b>Osman</b> edited Gulls", "<dd><del>**Counted**. </del><ins>**Counted** twice.</ins></dd>",
		"<summary><b>Osman</b> edited the words of 413", "<del>Fog </del><ins>Sun </ins>all week.",
		"<summary><b>Osman</b> moved Terns, to News in 413", "Of birds\n<ins>– Terns\n</ins>– Gulls\n", "Tools\n<del>– Terns\n</del>Jobs",
		"<summary><b>Osman</b> held Bring a coat", "<del>– Bring a coat.\n</del>",
	).lacks("About Terns", "scheduled 413").Body.String()
	if n := strings.Count(body, "<details>"); n != 4 {
		t.Errorf("%d differences, want 4", n)
	}
	w.post(w.ines, "/desk/issues/413/publish", form("when", "at", "at", w.clockIn(11, "06:30"), "version", w.version(413), "override", "soon")).leads("/desk/issues/413")
	w.get(w.ines, "/desk/issues/413/publish").is(200, "Nothing.") // who says anew when it goes has seen all that
}
