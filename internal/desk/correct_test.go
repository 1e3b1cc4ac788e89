package desk

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

// out publishes a draft of three items as 413.
func (w *world) out() {
	w.t.Helper()
	w.ready(413)
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now")).leads("/desk/issues/413/published")
}

// printed is what readers get of 413.
func (w *world) printed() newsletter.Revision {
	w.t.Helper()
	r, err := w.store.Revision(w.t.Context(), 413)
	must(w.t, err)
	return r
}

// correcting is a form for 413.2 with a version and what pairs say beside.
func (w *world) correcting(version int, pairs ...string) string {
	sent := url.Values{"part": {"2"}, "version": {strconv.Itoa(version)}, "title": {"Gulls"}, "note": {"**Counted**."},
		"url": {"https://gulls.example/new"}, "label": {"The count"}}
	for i := 0; i < len(pairs); i += 2 {
		sent.Set(pairs[i], pairs[i+1])
	}
	return sent.Encode()
}

func TestCorrectAnItemInThreeClicks(t *testing.T) {
	w := newWorld(t)
	w.out()
	generation := w.now.Generation()
	version := w.written(413).Sections[1].Items[0].Version
	w.get(w.ines, "/desk/issues/413").is(200, `href="/desk/issues/413/correct?part=2" aria-label="Correct 413.2"`, "Correct date or introduction")
	w.get(w.emil, "/desk/issues/413").is(200).lacks("/correct")
	w.get(w.ines, "/desk/issues/413/correct?part=2").is(200, "Correct 413.2", `class="name" href="/desk">`+w.publication().Name, `value="Gulls"`, "**Counted**.", `value="https://gulls.example/new"`, "https://letter.example/issues/413")
	w.post(w.ines, "/desk/issues/413/correct", w.correcting(version, "note", "Counted **twice**.", "do", "look", "sentence", "Twice.")).
		is(200, "Printed now", "<mark>**Counted**.</mark>", "Corrected", "<mark>Counted **twice**.</mark>", `value="Twice."`, "Print the correction")
	if r := w.printed(); r.Ordinal != 1 {
		t.Fatal("looking at the difference prints it")
	}
	w.post(w.ines, "/desk/issues/413/correct", w.correcting(version, "note", "Counted **twice**.", "sentence", "They were counted twice.")).leads("/desk/issues/413")
	r := w.printed()
	if got := r.Sections[1].Items[0].Note.HTML; got != "<p>Counted <strong>twice</strong>.</p>\n" || len(r.Corrections) != 1 || r.Corrections[0].Sentence != "They were counted twice." {
		t.Errorf("printed is %q with %+v", got, r.Corrections)
	}
	if w.now.Generation() == generation {
		t.Error("this process does not know of it yet")
	}
	w.post(w.osman, "/desk/issues/413/correct", w.correcting(version, "note", "Counted thrice.")).
		is(409, "413.2 was corrected by Ines meanwhile", "<mark>thrice.</mark>", `name="version" value="`+strconv.Itoa(version+1)+`"`)
	w.post(w.osman, "/desk/issues/413/correct", w.correcting(version+1, "note", "Counted thrice.", "sentence", "no", "silent", "on")).leads("/desk/issues/413")
	w.post(w.osman, "/desk/issues/413/publish", form("when", "now")).is(409, "Ines published it")
	w.get(w.ines, "/desk/issues/413").is(200).lacks(`class="parts"`)
	if r := w.printed(); r.Sections[1].Items[0].Note.Plain != "Counted thrice." || len(r.Corrections) != 1 {
		t.Errorf("printed is %q with %+v", r.Sections[1].Items[0].Note.Plain, r.Corrections)
	}
}

func TestCorrectTheIntroduction(t *testing.T) {
	w := newWorld(t)
	w.out()
	version := strconv.Itoa(w.written(413).Version)
	w.get(w.ines, "/desk/issues/413/correct?part=intro").is(200, "Correct the date, summary or introduction", "Fog all week.")
	w.post(w.ines, "/desk/issues/413/correct", form("part", "intro", "version", version, "date", "2026-11-16", "summary", "Fog", "intro", "Fog *half* the week.")).leads("/desk/issues/413")
	if r := w.printed(); r.Date.Day != 16 || r.Summary != "Fog" || !strings.Contains(r.Intro.HTML, "<em>half</em>") || len(r.Corrections) != 0 {
		t.Errorf("printed is %+v", r)
	}
}

func TestWrongCorrectionsChangeNothing(t *testing.T) {
	w := newWorld(t)
	w.out()
	post := func(fields string) answer { return w.post(w.ines, "/desk/issues/413/correct", fields) }
	post(w.correcting(1, "url", "nowhere")).is(422, "Link 1", `value="nowhere"`)
	post(w.correcting(1, "sentence", strings.Repeat("x", 301))).is(422, "What readers are told has 301 characters")
	post(w.correcting(1, "note", strings.Repeat("long ", 2000))).is(422, "Note")
	post(form("part", "intro", "version", "1", "date", "soon", "intro", "x")).is(422, "Date", `value="soon"`)
	post(w.correcting(1, "part", "99")).is(404)
	post(w.correcting(1, "part", "x")).is(404)
	w.get(w.ines, "/desk/issues/413/correct?part=99").is(404)
	w.post(w.emil, "/desk/issues/413/correct", w.correcting(1)).is(403)
	w.postKept(w.ines, "/desk/issues/413/correct", w.correcting(1, "note", "Kept words.")).is(200, "Kept words.")
	w.draft(414)
	w.get(w.ines, "/desk/issues/414/correct").is(403, "not printed")
	if r := w.printed(); r.Ordinal != 1 {
		t.Errorf("it is revision %d", r.Ordinal)
	}
}

func TestWithdrawAnItem(t *testing.T) {
	w := newWorld(t)
	w.out()
	w.post(w.ines, "/desk/issues/413/items/2/withdraw", form("sentence", strings.Repeat("x", 301))).is(422, "has 301 characters")
	for range 2 {
		w.post(w.ines, "/desk/issues/413/items/2/withdraw", form("sentence", "It was not true.")).leads("/desk/issues/413")
	}
	w.post(w.ines, "/desk/issues/413/items/9/withdraw", "").is(404)
	w.post(w.osman, "/desk/issues/413/correct", w.correcting(1, "note", "Counted thrice.", "sentence", "Thrice.")).
		is(404, "Not saved: it is no longer printed in 413", "Counted thrice.", `value="Thrice."`, "https://gulls.example/new")
	r := w.printed()
	if len(r.Corrections) != 1 || !r.Sections[1].Items[0].Withdrawn || r.Sections[1].Items[0].Place != 2 {
		t.Errorf("printed is %+v", r.Sections)
	}
	deeds, err := w.store.Deeds(t.Context(), 1)
	must(t, err)
	if said := (deed{Deed: deeds[0]}).What(); !strings.HasPrefix(said, "withdrew 413.2") {
		t.Errorf("the last deed is %q", said)
	}
}
