package publish

import (
	"context"
	"fmt"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// Finding is one thing about an issue that somebody should know before it is
// published.
type Finding struct {
	Kind     newsletter.FindingKind
	Blocker  bool   // stops publication unless overridden in writing
	Sentence string // as in "has no note"; it follows the item's mark, or stands alone
	ItemID   int64  // the item it is about, or 0 for a section or the issue
	Section  int64  // the section it is about, or 0
	Mark     string // the item's mark as it would be printed, or ""
	Ran      []newsletter.Mark
}

// Blockers returns the findings that stop publication.
func Blockers(findings []Finding) []Finding {
	var list []Finding
	for _, f := range findings {
		if f.Blocker {
			list = append(list, f)
		}
	}
	return list
}

// Check looks an issue over: what is missing, what ran before, what is past.
// The publication says which findings are blockers; day is the one on which the
// issue is published, in its zone.
func Check(ctx context.Context, store *postgres.Store, p newsletter.Publication, board postgres.Board, day newsletter.Date) ([]Finding, error) {
	var urls []string
	for _, section := range board.Sections {
		for _, item := range section.Items {
			for _, link := range addresses(item.Item) {
				urls = append(urls, link.URL)
			}
		}
	}
	ran, err := store.Occurrences(ctx, urls, 0)
	if err != nil {
		return nil, err
	}
	findings := readiness(board, day, ran)
	for i, f := range findings {
		findings[i].Blocker = p.Stops(f.Kind)
	}
	return findings, nil
}

// addresses returns an item's links, listed and inside its note.
func addresses(item newsletter.Item) []newsletter.Link {
	return append(append([]newsletter.Link{}, item.Links...), LinksOf(item.Note)...)
}

// readiness returns what there is to know, without saying what of it stops
// publication.
func readiness(board postgres.Board, day newsletter.Date, ran map[string][]postgres.Occurrence) []Finding {
	var findings []Finding
	place := 0
	for _, section := range board.Sections {
		for _, item := range section.Items {
			place++
			mark := newsletter.Mark{Issue: board.Number, Place: place}.String()
			for _, f := range lookAt(item, board.Number, day, ran) {
				f.ItemID, f.Mark = item.ID, mark
				findings = append(findings, f)
			}
		}
	}
	if place == 0 {
		findings = append(findings, Finding{Kind: newsletter.NoItems, Sentence: "The issue has no items"})
	}
	findings = append(findings, unready(board)...)
	if strings.TrimSpace(board.Intro) == "" {
		findings = append(findings, Finding{Kind: newsletter.NoIntro, Sentence: "The introduction is empty"})
	}
	if board.Date != day {
		findings = append(findings, Finding{Kind: newsletter.DateNotToday, Sentence: fmt.Sprintf("The printed date is %s, which is not the day of publication", inWords(board.Date))})
	}
	return findings
}

// inWords writes a day as it is printed: "15 November 2026".
func inWords(d newsletter.Date) string { return d.At(0, time.UTC).Format("2 January 2006") }

// unready finds the sections that somebody looks after and has not called
// ready. They are to be known, and never in the way.
func unready(board postgres.Board) []Finding {
	var findings []Finding
	for _, s := range board.Sections {
		if s.OwnerID != 0 && s.Progress == newsletter.SectionOpen {
			findings = append(findings, Finding{Kind: newsletter.SectionNotReady, Section: s.ID, Sentence: fmt.Sprintf("%s is not ready (%s)", s.Title, s.Owner)})
		}
	}
	return findings
}

// lookAt looks one item over.
func lookAt(item postgres.DeskItem, number int, day newsletter.Date, ran map[string][]postgres.Occurrence) []Finding {
	var findings []Finding
	if strings.TrimSpace(item.Note) == "" {
		findings = append(findings, Finding{Kind: newsletter.NoNote, Sentence: "has no note"})
	}
	if item.Sponsored && len(item.Links) == 0 {
		findings = append(findings, Finding{Kind: newsletter.SponsoredNoLink, Sentence: "is sponsored and has no link"})
	}
	last := item.EventOn
	if !item.EventUntil.IsZero() {
		last = item.EventUntil
	}
	if !last.IsZero() && last.Compare(day) < 0 {
		findings = append(findings, Finding{Kind: newsletter.PastEvent, Sentence: fmt.Sprintf("is about an event that ended on %s", inWords(last))})
	}
	return append(findings, repeats(item, number, ran)...)
}

// repeats finds links of an item that stand twice in the issue, be it in the
// item alone, or ran before.
// What a sponsor paid for is no repeat.
func repeats(item postgres.DeskItem, number int, ran map[string][]postgres.Occurrence) []Finding {
	if item.Sponsored {
		return nil
	}
	links := addresses(item.Item)
	twice, before := postgres.Repeated(links), map[newsletter.Mark]bool{}
	var marks []newsletter.Mark
	for _, link := range links {
		for _, o := range ran[link.URL] {
			switch {
			case o.ItemID == item.ID || o.Sponsored:
			case o.Issue == number:
				twice = true
			case o.IssueState.Printed() && !before[o.Mark]:
				before[o.Mark] = true
				marks = append(marks, o.Mark)
			}
		}
	}
	var findings []Finding
	if twice {
		findings = append(findings, Finding{Kind: newsletter.Twice, Sentence: "has a link that stands twice in this issue"})
	}
	if len(marks) > 0 {
		findings = append(findings, Finding{Kind: newsletter.RanBefore, Sentence: "has a link that ran before", Ran: marks})
	}
	return findings
}
