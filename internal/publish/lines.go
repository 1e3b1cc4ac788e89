package publish

import (
	"math"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// freezeAnew is [Freeze] for an issue that is printed: the lines of withdrawn
// items stand where before has them, or the items.
func freezeAnew(issue newsletter.Issue, before newsletter.Revision, ordinal int, at time.Time) (newsletter.Revision, error) {
	revision, err := Freeze(issue, ordinal, at)
	if err != nil {
		return revision, err
	}
	for _, section := range before.Sections {
		if !slices.ContainsFunc(section.Items, func(i newsletter.PrintedItem) bool { return !slices.Contains(issue.Withdrawn, i.Place) }) {
			keepSection(&revision, issue, before, section)
			continue
		}
		for k, item := range section.Items {
			if slices.Contains(issue.Withdrawn, item.Place) {
				keepLine(&revision, section.Items, k)
			}
		}
	}
	return revision, nil
}

// keepSection keeps a section of which nothing but lines is left where its
// heading stands among those of the issue: what a sponsor withdrew is no line of
// the news.
func keepSection(revision *newsletter.Revision, issue newsletter.Issue, before newsletter.Revision, section newsletter.PrintedSection) {
	order := func(title string) int {
		return slices.IndexFunc(issue.Sections, func(s newsletter.Section) bool { return s.Title == title })
	}
	here := order(section.Title)
	if here < 0 { // its heading has been corrected
		here = slices.IndexFunc(issue.Sections, func(s newsletter.Section) bool {
			return len(s.Items) == 0 && s.Of == section.Of && s.Kind == section.Kind &&
				!slices.ContainsFunc(before.Sections, func(p newsletter.PrintedSection) bool { return p.Title == s.Title })
		})
	}
	if here < 0 {
		return
	}
	now := issue.Sections[here]
	at := slices.IndexFunc(revision.Sections, func(s newsletter.PrintedSection) bool { return order(s.Title) >= here })
	if at < 0 {
		at = len(revision.Sections)
	}
	if at == len(revision.Sections) || revision.Sections[at].Title != now.Title {
		revision.Sections = slices.Insert(revision.Sections, at, newsletter.PrintedSection{Title: now.Title, Kind: now.Kind, Of: now.Of})
	}
	for k, item := range section.Items {
		moveLine(revision, item.Place, at, k)
	}
}

// leaveLine puts the line of a withdrawn item where its place falls: before
// the first item with a later one, or at the end. Items that were added after
// the issue was printed have later places than some behind them, and do not
// count.
func leaveLine(revision *newsletter.Revision, place int) {
	last := len(revision.Sections) - 1
	if last < 0 {
		return
	}
	section, at, lowest := last, len(revision.Sections[last].Items), math.MaxInt
	for s := last; s >= 0; s-- {
		for k, item := range slices.Backward(revision.Sections[s].Items) {
			if item.Place < lowest && item.Place > place {
				section, at = s, k
			}
			lowest = min(lowest, item.Place)
		}
	}
	insertLine(revision, section, at, place)
}

// keepLine moves the line of a withdrawn item to where the one at index k of a
// section stood before: after its nearest neighbour above that is still there,
// or else before the nearest below.
func keepLine(revision *newsletter.Revision, before []newsletter.PrintedItem, k int) {
	place := before[k].Place
	for above := k - 1; above >= 0; above-- {
		if section, at := find(*revision, before[above].Place); section >= 0 {
			moveLine(revision, place, section, at+1)
			return
		}
	}
	for _, below := range before[k+1:] {
		if section, at := find(*revision, below.Place); section >= 0 && !revision.Sections[section].Items[at].Withdrawn { // lines below come later
			moveLine(revision, place, section, at)
			return
		}
	}
}

// moveLine takes the line of a place from where it is and puts it before the
// item at an index of a section.
func moveLine(revision *newsletter.Revision, place, section, at int) {
	if s, k := find(*revision, place); s >= 0 {
		items := revision.Sections[s].Items
		revision.Sections[s].Items = slices.Concat(items[:k], items[k+1:])
		if s == section && k < at {
			at--
		}
	}
	insertLine(revision, section, at, place)
}

func insertLine(revision *newsletter.Revision, section, at, place int) {
	items := revision.Sections[section].Items
	line := []newsletter.PrintedItem{{Place: place, Withdrawn: true}}
	revision.Sections[section].Items = slices.Concat(items[:at], line, items[at:])
}

// find returns the index of the section in which a place is printed and its
// index there, or -1.
func find(revision newsletter.Revision, place int) (section, at int) {
	for s, section := range revision.Sections {
		if k := slices.IndexFunc(section.Items, func(i newsletter.PrintedItem) bool { return i.Place == place }); k >= 0 {
			return s, k
		}
	}
	return -1, -1
}
