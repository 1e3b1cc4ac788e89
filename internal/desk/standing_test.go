package desk

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/address"
	"broadsheet/internal/newslettertest"
)

// sectionsSent is the form of the default sections as the page has it, with
// other titles where some are given.
func (w *world) sectionsSent(titles map[string]string) string {
	sections := w.publication().Sections
	pairs := []string{"version", fingerprint(sections)}
	for k, section := range sections {
		if title, given := titles[section.Title]; given {
			section.Title = title
		}
		pairs = append(pairs, "id", strconv.FormatInt(section.ID, 10), "title", section.Title, "kind", string(section.Kind), "place", strconv.Itoa(k+1))
	}
	return form(append(pairs, "id", "", "title", "", "kind", "links", "place", "")...)
}

// belongs returns which default sections an issue's sections belong to.
func (w *world) belongs(number int) (of []string) {
	w.t.Helper()
	for _, section := range w.written(number).Sections {
		of = append(of, section.Of)
	}
	return of
}

func TestRenamedDefaultSectionKeepsItsIssues(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	news := w.publication().Sections[1]
	w.get(w.osman, address.Sections).is(200, `<li><input type="hidden" name="id" value="`+strconv.FormatInt(news.ID, 10)+`">`, `<li><input type="hidden" name="id" value="">`)

	sent := w.sectionsSent(map[string]string{"News": "Tidings", "Jobs": ""})
	for range 2 { // pressed twice
		w.post(w.osman, address.Sections, sent).leads("/desk/sections?saved=1")
	}
	if diff := cmp.Diff([]string{"Sponsor", "Tidings", "Jobs", ""}, w.belongs(139)); diff != "" {
		t.Errorf("the printed issue's sections belong to:\n%s", diff)
	}
	if now := w.publication().Sections[1]; now.ID != news.ID || now.Title != "Tidings" {
		t.Errorf("News is %+v now, and was %+v", now, news)
	}
	if items, err := w.store.SectionItems(t.Context(), "tidings", 1); err != nil || len(items) != 3 {
		t.Errorf("%d items stand under Tidings (%v), want the 3 of News", len(items), err)
	}

	w.post(w.osman, address.Sections, w.sectionsSent(map[string]string{"Events": "Jobs"})).
		is(422, "Name 3 &#34;Jobs&#34; is the name of a section that was taken out", `value="Jobs"`)
	w.post(w.osman, address.Sections, w.sectionsSent(map[string]string{"Events": "2026"})).is(422, "Name 3 is a number", `value="2026"`)
}

func TestConflictOfDefaultSectionsKeepsWhichIsWhich(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	mine, theirs := w.sectionsSent(map[string]string{"News": "Tidings"}), w.sectionsSent(map[string]string{"News": "Tales"})
	w.post(w.osman, address.Sections, theirs).leads("/desk/sections?saved=1")
	news := strconv.FormatInt(w.publication().Sections[1].ID, 10)
	conflict := w.post(w.osman, address.Sections, mine).is(409, `name="id" value="`+news+`"`, "<mark>Tidings </mark>")
	w.post(w.osman, address.Sections, again(conflict)).leads("/desk/sections?saved=1")
	if diff := cmp.Diff([]string{"Sponsor", "Tidings", "Jobs", ""}, w.belongs(139)); diff != "" {
		t.Error(diff)
	}
}
