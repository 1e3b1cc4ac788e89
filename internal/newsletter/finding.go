package newsletter

import (
	"fmt"
	"slices"
)

// FindingKind is a kind of thing that somebody should know about an issue
// before it is published.
type FindingKind string

// The kinds of findings.
const (
	NoItems         FindingKind = "no-items"
	NoNote          FindingKind = "no-note"           // an item
	SponsoredNoLink FindingKind = "sponsored-no-link" // an item
	Twice           FindingKind = "twice"             // a link stands twice in the issue
	RanBefore       FindingKind = "ran-before"        // a link stands in an issue that is printed
	PastEvent       FindingKind = "past-event"        // an item
	SectionNotReady FindingKind = "section-not-ready" // a section that somebody looks after
	NoIntro         FindingKind = "no-intro"
	DateNotToday    FindingKind = "date-not-today"
)

// OptionalBlockers are the kinds of which the owner says whether they stop
// publication, in the order the settings show them. [NoItems] is not among
// them: there would be nothing to print. A kind that is neither never stops
// anything.
var OptionalBlockers = []FindingKind{NoNote, SponsoredNoLink, Twice, RanBefore, PastEvent, NoIntro, DateNotToday}

// usualBlockers stop publication until the owner says otherwise.
var usualBlockers = []FindingKind{NoNote, SponsoredNoLink, Twice}

// Stops reports whether findings of a kind stop the publication's issues.
func (p Publication) Stops(kind FindingKind) bool {
	if p.Blockers == nil {
		return kind == NoItems || slices.Contains(usualBlockers, kind)
	}
	return kind == NoItems || slices.Contains(p.Blockers, kind)
}

// Blockers returns a choice of blockers as a publication holds it: in their
// order, each once, what is unknown last, and nil for the usual choice.
func Blockers(chosen []FindingKind) []FindingKind {
	blockers := []FindingKind{}
	for _, kind := range OptionalBlockers {
		if slices.Contains(chosen, kind) {
			blockers = append(blockers, kind)
		}
	}
	for _, kind := range chosen {
		if !slices.Contains(blockers, kind) {
			blockers = append(blockers, kind)
		}
	}
	if slices.Equal(blockers, usualBlockers) {
		return nil
	}
	return blockers
}

// validateBlockers checks that the blockers are kinds one can choose.
func (p Publication) validateBlockers(wrong *Invalid) {
	for _, kind := range p.Blockers {
		if !slices.Contains(OptionalBlockers, kind) {
			wrong.Add("blockers", fmt.Sprintf("name %q; choose from no-note, sponsored-no-link, twice, ran-before, past-event, no-intro and date-not-today", kind))
		}
	}
	for k, kind := range p.Blockers {
		if slices.Contains(p.Blockers[:k], kind) {
			wrong.Add("blockers", fmt.Sprintf("name %q twice; name it once", kind))
		}
	}
}
