package newsletter

import "time"

// Link is an address with an optional text. The address is kept as it was
// written, letter for letter.
type Link struct {
	URL  string `json:"url"`
	Text string `json:"text"`
}

// Item is an annotation with an ordered list of links, none or several.
type Item struct {
	ID         int64
	Place      int // number within its issue, frozen at publication; 0 before
	Title      string
	Note       string // Markdown
	Links      []Link
	Sponsored  bool
	EventOn    Date // the event's first day
	EventUntil Date // its last day, when it lasts longer
	PlaceName  string

	// The rest concerns items outside issues.
	State       ItemState
	Reason      string // why it was declined
	SubmittedBy string
	SubmittedAt time.Time
}

// ItemState says where an item is in its life.
type ItemState string

// The states of an item. One that stands in a section of an issue is Placed.
const (
	Inbox    ItemState = "inbox"
	Held     ItemState = "held"
	Declined ItemState = "declined"
	Placed   ItemState = "placed"
)

// Loose reports whether s is a state of an item outside every issue.
func (s ItemState) Loose() bool { return s == Inbox || s == Held || s == Declined }
