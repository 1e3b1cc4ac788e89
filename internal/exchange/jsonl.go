package exchange

import (
	"encoding/json"
	"io"

	"broadsheet/internal/newsletter"
)

// JSONL writes one JSON object per line: the publication, then the issues in
// number order, then the items outside issues by time, then the redirects, then the ids of
// entries in another feed. It
// writes what it is given at once and keeps nothing. From what it wrote [Read]
// makes values that it writes as the same bytes.
type JSONL struct{ encoder *json.Encoder }

// NewJSONL returns a writer of JSON lines to w.
func NewJSONL(w io.Writer) *JSONL {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // addresses stay readable
	return &JSONL{encoder}
}

// Publication writes the publication's line.
func (j *JSONL) Publication(p newsletter.Publication) error {
	record := publicationRecord{
		Type: "publication", Name: p.Name, Tagline: p.Tagline, Description: p.Description, About: p.About,
		Closing: p.Closing, Contact: p.Contact, Subscribe: p.Subscribe, Language: p.Language,
		TimeZone: p.TimeZone, Weekday: p.Weekday, Hour: p.Hour, Blockers: p.Blockers,
		AccentLight: p.Accent.Light, AccentDark: p.Accent.Dark, Sections: []standingRecord{},
	}
	for _, s := range p.Sections {
		record.Sections = append(record.Sections, standingRecord{s.Title, s.Kind})
	}
	return j.encoder.Encode(record)
}

// Issue writes the line of an issue with its items.
func (j *JSONL) Issue(issue newsletter.Issue) error {
	record := issueRecord{
		Type: "issue", Number: issue.Number, Date: issue.Date, Title: issue.Title, Summary: issue.Summary,
		State: issue.State, ScheduledAt: moment{issue.ScheduledAt}, PublishedAt: moment{issue.PublishedAt},
		Intro: issue.Intro, Sections: []sectionRecord{}, Corrections: []correctionRecord{}, Withdrawn: []mark{},
	}
	for _, s := range issue.Sections {
		section := sectionRecord{Title: s.Title, Kind: s.Kind, Of: s.Of, Items: []placedRecord{}}
		for _, item := range s.Items {
			section.Items = append(section.Items, placedRecord{
				Mark: markOf(issue.Number, item.Place), Title: item.Title, Note: item.Note, Sponsored: item.Sponsored,
				EventOn: item.EventOn, EventUntil: item.EventUntil, PlaceName: item.PlaceName, Links: present(item.Links),
			})
		}
		record.Sections = append(record.Sections, section)
	}
	for _, c := range issue.Corrections {
		record.Corrections = append(record.Corrections, correctionRecord{moment{c.At}, markOf(issue.Number, c.Place), c.Sentence})
	}
	for _, place := range issue.Withdrawn {
		record.Withdrawn = append(record.Withdrawn, markOf(issue.Number, place))
	}
	return j.encoder.Encode(record)
}

// Item writes the line of an item outside issues.
func (j *JSONL) Item(item newsletter.Item) error {
	return j.encoder.Encode(itemRecord{
		Type: "item", State: item.State, Reason: item.Reason, Title: item.Title, Note: item.Note,
		Links: present(item.Links), SubmittedBy: item.SubmittedBy, SubmittedAt: moment{item.SubmittedAt},
		Sponsored: item.Sponsored, EventOn: item.EventOn, EventUntil: item.EventUntil, PlaceName: item.PlaceName,
	})
}

// Redirect writes the line of a redirect.
func (j *JSONL) Redirect(r newsletter.Redirect) error {
	return j.encoder.Encode(redirectRecord{"redirect", r.From, r.To})
}

// FeedID writes the line of what feed readers know an issue by.
func (j *JSONL) FeedID(f newsletter.FeedID) error {
	return j.encoder.Encode(feedIDRecord{"feed_id", f.Issue, f.ID})
}

// present returns links that JSON writes as [] where there are none.
func present(links []newsletter.Link) []newsletter.Link {
	if links == nil {
		return []newsletter.Link{}
	}
	return links
}
