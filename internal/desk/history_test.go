package desk

import (
	"fmt"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

// write saves an introduction, based on the issue's newest words.
func (w *world) write(by newsletter.User, number int, intro, summary string) {
	w.t.Helper()
	board := w.written(number)
	words := newsletter.Issue{Number: number, Date: board.Date, Title: board.Title, Summary: summary, Intro: intro}
	must(w.t, w.store.SaveIssue(w.t.Context(), by, number, board.Version, words))
}

func TestAnIssueShowsWhatItsWordsWere(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.write(w.ines, 413, "Good morning.", "")
	w.write(w.osman, 413, "Good evening.", "Evening")
	to := address.DeskIssueTo(413, "history")
	w.get(w.ines, to).is(200, "<b>Osman</b>", "Good <del>morning. </del><ins>evening.</ins>", "<ins>Evening</ins>", "<b>Ines</b>", "Sunday, 15 November 2026",
		`name="restore" value="2"`, `name="version" value="3"`).lacks(`name="restore" value="3"`)
	w.get(w.emil, to).is(200, "Good").lacks(`name="restore"`)
	w.get(w.ines, address.DeskIssue(413)).is(200, `href="`+to+`">History`)
	w.get(w.ines, address.DeskIssueTo(999, "history")).is(404)
}

func TestAnIntroductionComesBack(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	to := address.DeskIssueTo(413, "history")
	w.write(w.ines, 413, "Good morning.", "Morning")
	w.write(w.osman, 413, "Good evening.", "")
	day := newsletter.Date{Year: 2026, Month: 11, Day: 22}
	must(t, w.store.SaveIssue(t.Context(), w.osman, 413, 3, newsletter.Issue{Number: 413, Date: day, Intro: "Good evening."}))
	w.post(w.ines, to, "restore=2&version=4").leads(address.DeskIssue(413) + "#intro")
	if got := w.written(413); got.Intro != "Good morning." || got.Summary != "Morning" || got.Version != 5 || got.Date != day || got.ChangedBy != "Ines" {
		t.Errorf("stored %+v", got)
	}
	w.write(w.osman, 413, "Good night.", "")
	w.post(w.ines, to, "restore=3&version=5").is(409, "Osman changed this introduction", "Good <mark>evening.</mark>", "Good <mark>night.</mark>")
	if got := w.written(413); got.Intro != "Good night." {
		t.Errorf("stored %q", got.Intro)
	}
	w.post(w.emil, to, "restore=2&version=6").is(403)
	w.post(w.ines, to, "restore=99&version=6").is(404)
	w.post(w.ines, to, "").is(422, "Version is missing")
}

func TestAPrintedIssueShowsItsRevisions(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	to := address.DeskIssueTo(139, "history")
	w.get(w.osman, to).is(200, "Revision 1", "See it printed", "Nobody has changed them here").lacks(`method="post"><input type="hidden" name="seen"`, `name="restore"`)
	w.post(w.osman, to, "restore=1&version=1").is(403, "by correction only")
	w.post(w.osman, to, "order=1&seen=1").is(403)
}

func TestActivityOfAnIssueIsForEditors(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	w.draft(414)
	id := w.item(w.tove, "Ferry", nil)
	w.place(id, 413, "News")
	must(t, w.save(w.emil, id, 1, "Changed."))
	w.item(w.emil, "Elsewhere", endOf(414, "News"))
	w.write(w.ines, 413, "Good morning.", "")
	to := address.DeskIssueTo(413, "history")
	w.get(w.emil, to).is(200, "Activity", "<span>edited ", "<span>moved ", "started 413", "edited the words of 413").lacks("Elsewhere", "sent in")
	w.get(w.tove, to).is(200).lacks("Activity", "<span>edited ")
	w.get(w.tove, to+"?show=activity").is(403)
}

func TestEachPartOfAHistoryHasItsPages(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	for n := range 55 {
		w.item(w.emil, fmt.Sprintf("Item%d", n), endOf(413, "News"))
		if n < 21 {
			w.write(w.ines, 413, fmt.Sprintf("Intro %d.", n), "")
		}
	}
	to := address.DeskIssueTo(413, "history")
	w.get(w.emil, to).is(200, "<ins>20.</ins>", "Item54", "All versions", "All orders", "All activity").lacks("<ins>11.</ins>", "Item40", "Older")
	w.get(w.emil, to+"?show=words").is(200, "<ins>2.</ins>", `href="?page=2&amp;show=words">Older`).lacks("Item", "Newer")
	w.get(w.emil, to+"?show=words&page=2").is(200, "Intro 0.", "Newer").lacks("Older")
	w.get(w.emil, to+"?show=orders").is(200, "Emil added “Item54” to News", "“Item5”", `href="?page=2&amp;show=orders">Older`).lacks("“Item4”", "Intro")
	w.get(w.emil, to+"?show=orders&page=2").is(200, "Ines opened the issue", "“Item4”", `name="order"`)
	w.get(w.emil, to+"?show=activity&page=2").is(200, "started 413").lacks("added “Item", "Older")
	w.get(w.emil, to+"?show=activity&page=7").is(200, "Nothing has been done that long ago")
	w.get(w.emil, to+"?show=poems").is(200, "All versions")
}
