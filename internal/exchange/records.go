package exchange

import (
	"fmt"
	"time"

	"broadsheet/internal/newsletter"
)

// The objects of a file of JSON lines. Their fields are written in this order;
// others rely on the names.

type publicationRecord struct {
	Type        string                   `json:"type"`
	Name        string                   `json:"name"`
	Tagline     string                   `json:"tagline"`
	Description string                   `json:"description"`
	About       string                   `json:"about"`
	Closing     string                   `json:"closing"`
	Contact     string                   `json:"contact"`
	Subscribe   string                   `json:"subscribe"`
	Language    string                   `json:"language"`
	TimeZone    string                   `json:"time_zone"`
	Weekday     time.Weekday             `json:"weekday"`
	Hour        int                      `json:"hour"`
	Blockers    []newsletter.FindingKind `json:"blockers,omitzero"`     // [] is none; left out where it is the usual choice
	AccentLight string                   `json:"accent_light,omitzero"` // left out where it is the usual blue
	AccentDark  string                   `json:"accent_dark,omitzero"`
	Sections    []standingRecord         `json:"sections"`
}

type standingRecord struct {
	Title string          `json:"title"`
	Kind  newsletter.Kind `json:"kind"`
}

type issueRecord struct {
	Type        string                `json:"type"`
	Number      int                   `json:"number"`
	Date        newsletter.Date       `json:"date"`
	Title       string                `json:"title"`
	Summary     string                `json:"summary"`
	State       newsletter.IssueState `json:"state"`
	ScheduledAt moment                `json:"scheduled_at"`
	PublishedAt moment                `json:"published_at"`
	Intro       string                `json:"intro"`
	Sections    []sectionRecord       `json:"sections"`
	Corrections []correctionRecord    `json:"corrections"`
	Withdrawn   []mark                `json:"withdrawn"`
}

type sectionRecord struct {
	Title string          `json:"title"`
	Kind  newsletter.Kind `json:"kind"`
	Of    string          `json:"of"`
	Items []placedRecord  `json:"items"`
}

type placedRecord struct {
	Mark       mark              `json:"mark"`
	Title      string            `json:"title"`
	Note       string            `json:"note"`
	Sponsored  bool              `json:"sponsored"`
	EventOn    newsletter.Date   `json:"event_on"`
	EventUntil newsletter.Date   `json:"event_until"`
	PlaceName  string            `json:"place_name"`
	Links      []newsletter.Link `json:"links"`
}

type correctionRecord struct {
	At       moment `json:"at"`
	Mark     mark   `json:"mark"`
	Sentence string `json:"sentence"`
}

type itemRecord struct {
	Type        string               `json:"type"`
	State       newsletter.ItemState `json:"state"`
	Reason      string               `json:"reason"`
	Title       string               `json:"title"`
	Note        string               `json:"note"`
	Links       []newsletter.Link    `json:"links"`
	SubmittedBy string               `json:"submitted_by"`
	SubmittedAt moment               `json:"submitted_at"`
	Sponsored   bool                 `json:"sponsored"`
	EventOn     newsletter.Date      `json:"event_on"`
	EventUntil  newsletter.Date      `json:"event_until"`
	PlaceName   string               `json:"place_name"`
}

type redirectRecord struct {
	Type string `json:"type"`
	From string `json:"from"`
	To   string `json:"to"`
}

type feedIDRecord struct {
	Type  string `json:"type"`
	Issue int    `json:"issue"`
	ID    string `json:"id"`
}

// moment is a time in UTC and whole seconds; null is the zero time.
type moment struct{ time.Time }

func (m moment) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	return wholeSeconds(m.Time).MarshalJSON()
}

func (m *moment) UnmarshalJSON(data []byte) error {
	var t time.Time
	if string(data) == "null" {
		return nil
	}
	if err := t.UnmarshalJSON(data); err != nil || !plausible(t) {
		return fmt.Errorf("%s is not a time such as \"2013-09-01T11:45:10Z\"", clip(string(data)))
	}
	m.Time = wholeSeconds(t)
	return nil
}

// mark is a mark, or "" for an item that has none and for a whole issue.
type mark struct{ newsletter.Mark }

func markOf(issue, place int) mark {
	if place == 0 {
		return mark{}
	}
	return mark{newsletter.Mark{Issue: issue, Place: place}}
}

func (m mark) MarshalText() ([]byte, error) {
	if m.Place == 0 {
		return nil, nil
	}
	return []byte(m.String()), nil
}

func (m *mark) UnmarshalText(text []byte) (err error) {
	if len(text) > 0 {
		m.Mark, err = newsletter.ParseMark(string(text))
	}
	return err
}

// placeIn returns the mark's place, which must be in the given issue.
func (m mark) placeIn(issue int) (int, error) {
	if m.Place != 0 && m.Issue != issue {
		return 0, fmt.Errorf("the mark %s is not one of issue %d; give it the issue's number", m, issue)
	}
	return m.Place, nil
}
