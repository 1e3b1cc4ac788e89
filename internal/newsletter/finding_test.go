package newsletter_test

import (
	"slices"
	"testing"

	"broadsheet/internal/newsletter"
)

func TestBlockersAreTheOwnersChoice(t *testing.T) {
	const never = newsletter.FindingKind("something-else")
	all := append([]newsletter.FindingKind{newsletter.NoItems, never}, newsletter.OptionalBlockers...)
	for name, test := range map[string]struct {
		chosen []newsletter.FindingKind
		stops  []newsletter.FindingKind
	}{
		"usual":   {nil, []newsletter.FindingKind{newsletter.NoItems, newsletter.NoNote, newsletter.SponsoredNoLink, newsletter.Twice}},
		"none":    {[]newsletter.FindingKind{}, []newsletter.FindingKind{newsletter.NoItems}},
		"another": {[]newsletter.FindingKind{newsletter.NoIntro}, []newsletter.FindingKind{newsletter.NoItems, newsletter.NoIntro}},
	} {
		var stops []newsletter.FindingKind
		for _, kind := range all {
			if (newsletter.Publication{Blockers: test.chosen}).Stops(kind) {
				stops = append(stops, kind)
			}
		}
		if !slices.Equal(stops, test.stops) {
			t.Errorf("%s: %v stop publication, want %v", name, stops, test.stops)
		}
	}
}

func TestBlockersAreHeldInOneForm(t *testing.T) {
	for name, test := range map[string]struct{ chosen, want []newsletter.FindingKind }{
		"none":    {nil, []newsletter.FindingKind{}},
		"usual":   {[]newsletter.FindingKind{"twice", "no-note", "sponsored-no-link", "twice"}, nil},
		"ordered": {[]newsletter.FindingKind{"no-intro", "no-note", "no-note"}, []newsletter.FindingKind{"no-note", "no-intro"}},
		"unknown": {[]newsletter.FindingKind{"x", "no-intro"}, []newsletter.FindingKind{"no-intro", "x"}},
	} {
		got := newsletter.Blockers(test.chosen)
		if !slices.Equal(got, test.want) || (got == nil) != (test.want == nil) {
			t.Errorf("%s: %#v, want %#v", name, got, test.want)
		}
	}
}

func TestWrongBlockersOfAPublication(t *testing.T) {
	p := newsletter.Publication{Name: "Gulls", Language: "en", TimeZone: "UTC"}
	for _, wrong := range [][]newsletter.FindingKind{{"no-items"}, {"x"}, {"twice", "twice"}, {""}} {
		if p.Blockers = wrong; p.Validate() == nil {
			t.Errorf("%q are valid", wrong)
		}
	}
	if p.Blockers = newsletter.OptionalBlockers; p.Validate() != nil {
		t.Error(p.Validate())
	}
}
