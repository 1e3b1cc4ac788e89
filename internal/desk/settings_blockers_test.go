package desk

import (
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

func TestEveryBlockerHasALabel(t *testing.T) {
	for _, field := range (settingsForm{}).blockerFields() {
		if field.Label == "" {
			t.Errorf("%s has no label", field.Value)
		}
	}
}

func TestBlockersAreSetInTheSettings(t *testing.T) {
	w := newWorld(t)
	w.ready(413)
	box := func(kind string, checked bool) string {
		box := `name="blockers" value="` + kind + `"`
		if checked {
			box += " checked"
		}
		return box + ">"
	}
	w.get(w.osman, address.Settings).is(200, "What stops publication", "An issue without items always stops",
		box("no-note", true), box("twice", true), box("no-intro", false), `<label for="blockers-no-intro">The introduction is empty</label>`)
	w.get(w.ines, "/desk/issues/413/publish").is(200, "which is not the day of publication").lacks("In the way")

	settings := settingsOf(w.publication())
	settings.Blockers = []string{"", "date-not-today"}
	w.post(w.osman, address.Settings, settingsSent(settings)).leads("/desk/settings?saved=1")
	w.get(w.osman, address.Settings).is(200, box("no-note", false), box("date-not-today", true))
	w.get(w.ines, "/desk/issues/413/publish").is(200, "In the way", "which is not the day of publication", `name="override"`)
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now")).is(422, "The printed date is")
	w.get(w.emil, "/desk/issues/413").is(200, "Stops publication: ", `<a href="#head">The printed date`)

	settings = settingsOf(w.publication())
	settings.Blockers = []string{""}
	w.post(w.osman, address.Settings, settingsSent(settings)).leads("/desk/settings?saved=1")
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now")).leads("/desk/issues/413/published")
}

func TestNothingIsPublishedWithoutItems(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	settings := settingsOf(w.publication())
	settings.Blockers = []string{""}
	w.post(w.osman, address.Settings, settingsSent(settings)).leads("/desk/settings?saved=1")
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now")).is(422, "The issue has no items")
	w.get(w.emil, "/desk/issues/413").is(200, `<a href="#inbox">The issue has no items`, `<a href="#intro-text">The introduction is empty`)
	w.get(w.ines, "/desk/issues/413").is(200, `<a href="/desk/issues/413?edit=intro#intro">The introduction is empty`)
}

func TestBlockersOfTwoOwnersAndOfOddForms(t *testing.T) {
	w := newWorld(t)
	mine, theirs := settingsOf(w.publication()), settingsOf(w.publication())
	mine.Blockers, theirs.Blockers = []string{"", "no-intro"}, []string{"", "twice"}
	w.post(w.osman, address.Settings, settingsSent(theirs)).leads("/desk/settings?saved=1")
	w.post(w.osman, address.Settings, settingsSent(mine)).is(409, "What stops publication", "<mark>The introduction is empty</mark>",
		`name="blockers" value=""`, `name="blockers" value="no-intro"`)
	mine.Version, mine.Blockers = settingsOf(w.publication()).Version, nil // a script that knows nothing of blockers
	w.post(w.osman, address.Settings, settingsSent(mine)).leads("/desk/settings?saved=1")
	if got := w.publication().Blockers; !slices.Equal(got, []newsletter.FindingKind{newsletter.Twice}) {
		t.Errorf("a form without blockers left %v", got)
	}
	mine.Blockers = []string{"", "<b>", "twice"}
	answer := w.post(w.osman, address.Settings, settingsSent(mine)).is(422, "Blockers name &#34;&lt;b&gt;&#34;", `value="twice" checked`)
	if strings.Contains(answer.Body.String(), "<b>") {
		t.Error("what was sent stands in the page as it came")
	}
	mine.Blockers, mine.Name = nil, ""
	w.post(w.osman, address.Settings, settingsSent(mine)).is(422, `value="twice" checked`)
}
