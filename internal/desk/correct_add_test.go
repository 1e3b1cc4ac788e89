package desk

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

func TestCorrectAHeadingInThreeClicks(t *testing.T) {
	w := newWorld(t)
	w.out()
	section, _ := w.section(413, "News")
	id := strconv.FormatInt(section.ID, 10)
	page := "/desk/issues/413/correct?part=heading&amp;section=" + id
	w.get(w.ines, "/desk/issues/413").is(200, `href="`+page+`">Correct<span class="hidden"> the heading News</span>`)
	w.get(w.emil, "/desk/issues/413").is(200).lacks("part=heading")
	w.get(w.ines, strings.ReplaceAll(page, "&amp;", "&")).is(200, "Correct the heading “News”", `name="was" value="News"`, `value="News"`, "The section’s kind, marks and the moment")
	sent := func(was, title string, more ...string) string {
		return form(append([]string{"part", "heading", "section", id, "was", was, "title", title}, more...)...)
	}
	w.post(w.ines, "/desk/issues/413/correct", sent("News", "Letters", "do", "look", "sentence", "Wrong heading.")).
		is(200, "Printed now", "<mark>News</mark>", "<mark>Letters</mark>", `value="Wrong heading."`, `name="was" value="News"`)
	for range 2 {
		w.post(w.ines, "/desk/issues/413/correct", sent("News", "Letters", "sentence", "Wrong heading.")).leads("/desk/issues/413")
	}
	r := w.printed()
	if r.Sections[1].Title != "Letters" || r.Sections[1].Kind != section.Kind || r.Ordinal != 2 || len(r.Corrections) != 1 {
		t.Errorf("printed is %+v with %+v", r.Sections[1], r.Corrections)
	}
	w.post(w.osman, "/desk/issues/413/correct", sent("News", "Post")).
		is(409, "The heading “Letters” was corrected meanwhile", "<mark>Letters</mark>", "<mark>Post</mark>", `name="was" value="Letters"`)
	w.post(w.ines, "/desk/issues/413/correct", sent("Letters", "Events")).is(422, "Heading &#34;Events&#34; stands in issue 413 already")
	w.post(w.ines, "/desk/issues/413/correct", sent("Letters", " ")).is(422, "Heading is empty")
	w.postKept(w.ines, "/desk/issues/413/correct", sent("Letters", "Kept")).is(200, `value="Kept"`)
	w.get(w.ines, "/desk/issues/413/correct?part=heading&section=999999").is(404)
	w.post(w.ines, "/desk/issues/413/correct", form("part", "heading", "section", "x", "title", "y")).is(404)
	w.post(w.emil, "/desk/issues/413/correct", sent("Letters", "Post")).is(403)
	deeds, err := w.store.Deeds(t.Context(), 1)
	must(t, err)
	if said := (deed{Deed: deeds[0]}).What(); said != "corrected the heading “News” to “Letters” in 413: Wrong heading." {
		t.Errorf("the last deed is %q", said)
	}
}

func TestAddAForgottenItem(t *testing.T) {
	w := newWorld(t)
	w.out()
	section, _ := w.section(413, "News")
	id := strconv.FormatInt(section.ID, 10)
	place := fmt.Sprintf("%s-%d", id, section.Items[0].ID)
	w.get(w.ines, "/desk/issues/413").is(200, `correct?part=item&amp;section=`+id+`">Add<span class="hidden"> a forgotten item to News</span>`)
	w.get(w.ines, "/desk/issues/413/correct?part=item&section="+id).is(200, "Add an item to 413", "It will be 413.4.", `name="key" value="`,
		`<option value="`+place+`" selected>News, after 413.2: Gulls</option>`, `<option value="`+id+`">News, first</option>`)
	sent := func(more ...string) string {
		return form(append([]string{"part", "item", "key", "one", "stands", place, "url", "https://whales.example/", "note", "Whales."}, more...)...)
	}
	w.post(w.ines, "/desk/issues/413/correct", sent("do", "look")).is(200, "<mark>News, after 413.2: Gulls</mark>", "<mark>Whales.</mark>", "<mark>https://whales.example/</mark>", `name="key" value="one"`)
	w.postKept(w.ines, "/desk/issues/413/correct", sent()).is(200, "Whales.", place+`" selected`)
	if r := w.printed(); r.Ordinal != 1 {
		t.Fatal("looking at it prints it")
	}
	for range 2 {
		w.post(w.ines, "/desk/issues/413/correct", sent("sentence", "One was forgotten.")).leads("/desk/issues/413")
	}
	r := w.printed()
	if news := r.Sections[1].Items; len(news) != 2 || news[1].Place != 4 || news[1].Note.Plain != "Whales." || r.Sections[2].Items[0].Place != 3 || len(r.Corrections) != 1 || r.Corrections[0].Place != 4 {
		t.Errorf("printed is %+v with %+v", r.Sections, r.Corrections)
	}
	w.post(w.ines, "/desk/issues/413/correct", strings.Replace(sent(), "Whales.", "Other+words.", 1)).
		is(409, "was added as 413.4 by this form before", `name="part" value="4"`, "Correct 413.4", "<mark>Other words.</mark>")
	w.post(w.ines, "/desk/issues/413/correct", form("part", "item", "stands", "1-2", "note", "x")).is(422, "Place is none of the issue")
	w.post(w.ines, "/desk/issues/413/correct", form("part", "item", "stands", id+"-999999", "note", "x")).is(409, "Place is not where it was", "\nx</textarea>")
	w.post(w.ines, "/desk/issues/413/correct", form("part", "item", "stands", id, "url", "nowhere")).is(422, "Link 1", `value="nowhere"`)
	w.post(w.emil, "/desk/issues/413/correct", sent()).is(403)
	if again := w.printed(); again.Ordinal != 2 {
		t.Errorf("it is revision %d", again.Ordinal)
	}
}

func TestAddAWaitingItemToAPrintedIssue(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.out()
	waiting := w.item(w.tove, "Whales", nil)
	id := strconv.FormatInt(waiting, 10)
	section, _ := w.section(413, "News")
	news := strconv.FormatInt(section.ID, 10)
	w.get(w.ines, "/desk/items/"+id).is(200, `href="/desk/issues/413/correct?part=item&amp;item=`+id+`">Add to printed 413…`)
	w.get(w.emil, "/desk/items/"+id).is(200).lacks("Add to printed")
	w.get(w.ines, "/desk/issues/413/correct?part=item&item="+id).is(200, "It will be 413.4.", "About Whales.", `name="item" value="`+id+`"`, `name="version" value="1"`)
	w.get(w.ines, "/desk/issues/413/correct?part=item&item=999999").is(404)
	w.get(w.ines, "/desk/issues/139/correct?part=item&item="+strconv.FormatInt(w.written(413).Sections[0].Items[0].ID, 10)).is(403)
	must(t, w.save(w.tove, waiting, 1, "Two whales."))
	sent := form("part", "item", "item", id, "stands", news, "title", "Whales", "note", "Whales, mine.") + "&version"
	w.post(w.ines, "/desk/issues/413/correct", sent+"=1").is(409, "was corrected by Tove meanwhile", "<mark>Two whales.</mark>", `name="version" value="2"`)
	for range 2 {
		w.post(w.ines, "/desk/issues/413/correct", sent+"=2").leads("/desk/issues/413")
	}
	if item := w.stored(waiting); item.Issue != 413 || item.Place != 4 || item.Position != 1 || item.SubmittedBy != "Tove" || item.IssueState != newsletter.Published {
		t.Errorf("it stands as %+v", item)
	}
	if r := w.printed(); r.Ordinal != 2 || r.Sections[1].Items[0].Note.Plain != "Whales, mine." {
		t.Errorf("printed is %+v", r.Sections[1])
	}
}

// TestAForgottenItemBringsItsSection adds one under a default section that the
// issue lacks, and one under a heading that is new.
func TestAForgottenItemBringsItsSection(t *testing.T) {
	w := newWorld(t)
	ids := w.ready(413)
	events, _ := w.section(413, "Events")
	must(t, w.store.Hold(t.Context(), w.ines, ids[2]))
	must(t, w.store.RemoveSection(t.Context(), w.ines, 413, events.ID, 0))
	w.post(w.ines, "/desk/issues/413/publish", form("version", w.version(413), "override", "it is time")).leads("/desk/issues/413/published")
	w.get(w.ines, "/desk/issues/413").is(200, `correct?part=item&amp;stands=new">Add a forgotten item in a section of its own…`)
	w.get(w.ines, "/desk/issues/413/correct?part=item&stands=new").is(200, `<option value="new: Events">In a new section Events</option>`, `<option value="new" selected>In a new section, named below</option>`).
		lacks("new: News")
	sent := func(key, stands, heading string, more ...string) string {
		return form(append([]string{"part", "item", "key", key, "stands", stands, "heading", heading, "note", "Whales."}, more...)...)
	}
	w.post(w.ines, "/desk/issues/413/correct", sent("one", "new: Events", "", "do", "look")).is(200, "<mark>In a new section Events</mark>", `value="new: Events" selected`).lacks("<h2>Kind of a new section")
	w.post(w.ines, "/desk/issues/413/correct", sent("two", "new", "Letters", "do", "look")).is(200, "<h2>Heading of a new section</h2>", "<mark>Letters</mark>")
	for range 2 { // the form is sent twice
		w.post(w.ines, "/desk/issues/413/correct", sent("one", "new: Events", "", "sentence", "Whales were forgotten.")).leads("/desk/issues/413")
		w.post(w.ines, "/desk/issues/413/correct", sent("two", "new", "Letters")).leads("/desk/issues/413")
	}
	var headings []string
	for _, section := range w.written(413).Sections {
		headings = append(headings, section.Title)
	}
	if got := strings.Join(headings, " "); got != "Sponsor News Events Tools Jobs Letters" {
		t.Errorf("the sections stand as %s", got)
	}
	r := w.printed()
	if n := len(r.Sections); n != 4 || r.Sections[2].Title != "Events" || r.Sections[2].Of != "Events" || r.Sections[2].Kind != newsletter.KindEvents || r.Sections[3].Title != "Letters" || r.Sections[3].Items[0].Place != 4 || r.Ordinal != 3 {
		t.Errorf("printed is %+v", r.Sections)
	}
	w.post(w.ines, "/desk/issues/413/correct", sent("three", "new", "news")).is(422, "Heading of a new section &#34;news&#34; stands in issue 413 already", "Whales.")
	w.post(w.ines, "/desk/issues/413/correct", sent("three", "new", " ")).is(422, "Heading of a new section is empty")
	w.post(w.ines, "/desk/issues/413/correct", sent("three", "new: Nothing", "")).is(422, "Place is none of the issue")
	w.post(w.ines, "/desk/issues/413/correct", sent("three", strconv.FormatInt(w.written(413).Sections[1].ID, 10), "Post")).is(422, "Heading of a new section is given, and the place is in another section", `value="Post"`)
	w.postKept(w.ines, "/desk/issues/413/correct", sent("three", "new", "Post")).is(200, `value="Post"`, `value="new" selected`)
	w.post(w.ines, "/desk/issues/413/correct", sent("two", "new", "Letters", "title", "Another")).is(409, "was added as 413.4 by this form before", "<mark>Another</mark>").lacks("Heading of a new section")
	if again := w.printed(); again.Ordinal != 3 {
		t.Errorf("it is revision %d", again.Ordinal)
	}
}
