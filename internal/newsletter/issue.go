package newsletter

import "time"

// IssueState says how far an issue has come.
type IssueState string

// The states of an issue.
const (
	Draft     IssueState = "draft"
	Scheduled IssueState = "scheduled"
	Published IssueState = "published"
	Withdrawn IssueState = "withdrawn"
)

// Valid reports whether s is one of the four states.
func (s IssueState) Valid() bool {
	switch s {
	case Draft, Scheduled, Published, Withdrawn:
		return true
	}
	return false
}

// Printed reports whether an issue in state s has a revision.
func (s IssueState) Printed() bool { return s == Published || s == Withdrawn }

// Issue is one issue as the desk holds it: its own words and its sections with
// their items in print order.
type Issue struct {
	ID          int64
	Number      int
	Date        Date
	Title       string // working title, never printed
	Summary     string // one line for archive, feeds and cards
	State       IssueState
	ScheduledAt time.Time // zero unless scheduled
	PublishedAt time.Time // zero unless printed
	Intro       string    // Markdown
	Sections    []Section
	Corrections []Correction
	Withdrawn   []int // places of items that were withdrawn, ascending
}

// Section is a heading inside one issue with its items.
type Section struct {
	Title string
	Kind  Kind
	Of    string // title of the standing section it came from, or ""
	Items []Item
}

// Correction is an openly made change to a published issue.
type Correction struct {
	At       time.Time `json:"at"`
	Place    int       `json:"place"`    // of the item it concerns, or 0 for the issue as a whole
	Sentence string    `json:"sentence"` // what was changed, as readers see it
}

// Items returns the issue's items in print order.
func (i Issue) Items() []Item {
	var items []Item
	for _, s := range i.Sections {
		items = append(items, s.Items...)
	}
	return items
}

// NumberPlaces gives every item without a place the next unused one, in print
// order. Places that are taken or were withdrawn are never given again.
func (i *Issue) NumberPlaces() {
	next := i.NextPlace()
	for s := range i.Sections {
		for k := range i.Sections[s].Items {
			if i.Sections[s].Items[k].Place == 0 {
				i.Sections[s].Items[k].Place = next
				next++
			}
		}
	}
}

// NextPlace returns the lowest place above all that are taken or were withdrawn.
func (i *Issue) NextPlace() int {
	next := 1
	for _, place := range i.Withdrawn {
		next = max(next, place+1)
	}
	for _, item := range i.Items() {
		next = max(next, item.Place+1)
	}
	return next
}
