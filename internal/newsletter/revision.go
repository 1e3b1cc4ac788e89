package newsletter

import (
	"slices"
	"time"
)

// Revision is what was printed of an issue, immutable: its words as Markdown,
// HTML and plain text, its links, headings, order and marks. Navigation, theme
// and addresses are not part of it; pages put them around it when they are made.
type Revision struct {
	Number      int       `json:"number"`
	Ordinal     int       `json:"ordinal"` // 1 for the first print, 2 after a correction
	Date        Date      `json:"date"`
	Summary     string    `json:"summary"` // never empty when the introduction is not
	PublishedAt time.Time `json:"published_at"`
	RevisedAt   time.Time `json:"revised_at"` // PublishedAt until it is corrected

	Intro       Text             `json:"intro"`
	Sections    []PrintedSection `json:"sections"`
	Corrections []Correction     `json:"corrections"`
}

// Text is a text in its three forms. HTML has passed the allow-list and may be
// put on a page as it is.
type Text struct {
	Markdown string `json:"markdown"`
	HTML     string `json:"html"`
	Plain    string `json:"plain"`
}

// PrintedSection is a heading as it was printed. Sections without items are
// not printed.
type PrintedSection struct {
	Title string        `json:"title"`
	Kind  Kind          `json:"kind"`
	Of    string        `json:"of"`
	Items []PrintedItem `json:"items"`
}

// PrintedItem is an item as it was printed.
type PrintedItem struct {
	Place      int    `json:"place"`
	Title      string `json:"title"`
	Note       Text   `json:"note"`
	Links      []Link `json:"links"`
	Sponsored  bool   `json:"sponsored"`
	EventOn    Date   `json:"event_on"`
	EventUntil Date   `json:"event_until"`
	PlaceName  string `json:"place_name"`
	Withdrawn  bool   `json:"withdrawn"` // only the place is left; nothing else is set
}

// Mark returns the citation of an item of this revision.
func (r Revision) Mark(item PrintedItem) Mark { return Mark{r.Number, item.Place} }

// Links counts the links printed under items, without those inside notes.
func (r Revision) Links() int {
	n := 0
	for _, s := range r.Sections {
		for _, item := range s.Items {
			n += len(item.Links)
		}
	}
	return n
}

// Issue returns the revision as a published issue: the same words, without
// what was never printed. Exports of what readers see are written from it.
func (r Revision) Issue() Issue {
	issue := Issue{
		Number: r.Number, Date: r.Date, Summary: r.Summary, State: Published,
		PublishedAt: r.PublishedAt, Intro: r.Intro.Markdown, Corrections: r.Corrections,
	}
	for _, printed := range r.Sections {
		section := Section{Title: printed.Title, Kind: printed.Kind, Of: printed.Of}
		for _, item := range printed.Items {
			if item.Withdrawn {
				issue.Withdrawn = append(issue.Withdrawn, item.Place)
				continue
			}
			section.Items = append(section.Items, Item{
				Place: item.Place, Title: item.Title, Note: item.Note.Markdown, Links: item.Links,
				Sponsored: item.Sponsored, EventOn: item.EventOn, EventUntil: item.EventUntil,
				PlaceName: item.PlaceName, State: Placed,
			})
		}
		if len(section.Items) > 0 { // else nothing but lines of withdrawn items is left of it
			issue.Sections = append(issue.Sections, section)
		}
	}
	slices.Sort(issue.Withdrawn)
	return issue
}
