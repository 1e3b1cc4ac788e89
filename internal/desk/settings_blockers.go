package desk

import (
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// blockerLabels name the findings of which the owner says whether they stop
// publication.
var blockerLabels = map[newsletter.FindingKind]string{
	newsletter.NoNote:          "An item has no note",
	newsletter.SponsoredNoLink: "A sponsored item has no link",
	newsletter.Twice:           "A link stands twice in the issue",
	newsletter.RanBefore:       "A link ran before",
	newsletter.PastEvent:       "An event is over",
	newsletter.NoIntro:         "The introduction is empty",
	newsletter.DateNotToday:    "The printed date is not the day of publication",
}

// blockersSent returns a publication's blockers as the form sends them. The
// first value is empty and always there: without it a form does not speak of
// blockers and leaves them as they are.
func blockersSent(p newsletter.Publication) []string {
	sent := []string{""}
	for _, kind := range newsletter.OptionalBlockers {
		if p.Stops(kind) {
			sent = append(sent, string(kind))
		}
	}
	return sent
}

// chosenBlockers returns the blockers that the form names.
func (f settingsForm) chosenBlockers() []newsletter.FindingKind {
	var chosen []newsletter.FindingKind
	for _, kind := range f.Blockers {
		if kind != "" {
			chosen = append(chosen, newsletter.FindingKind(kind))
		}
	}
	return newsletter.Blockers(chosen)
}

// blockerFields are a checkbox for each finding.
func (f settingsForm) blockerFields() []page.Field {
	fields := make([]page.Field, len(newsletter.OptionalBlockers))
	for i, kind := range newsletter.OptionalBlockers {
		fields[i] = page.Field{
			Name: "blockers", ID: "blockers-" + string(kind), Label: blockerLabels[kind], Type: "checkbox",
			Value: string(kind), Checked: slices.Contains(f.Blockers, string(kind)),
		}
	}
	return fields
}

// blockersShown says in words what the form's blockers are.
func (f settingsForm) blockersShown() string {
	shown := []string{"The issue has no items"}
	for _, field := range f.blockerFields() {
		if field.Checked {
			shown = append(shown, field.Label)
		}
	}
	return strings.Join(shown, "; ")
}
