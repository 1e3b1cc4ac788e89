package newsletter

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of what one issue may hold. They are far above what 581 real issues
// needed (26 links at most) and keep pages, locks and searches bounded.
const (
	MaxTitle    = 300   // characters of a title, heading, summary or link text
	MaxNote     = 8192  // bytes of a note's Markdown
	MaxIntro    = 16384 // bytes of an introduction's Markdown
	MaxURL      = 2048  // bytes of an address
	MaxLinks    = 50    // links of one item
	MaxItems    = 500   // items of one issue
	MaxSections = 60    // sections of one issue
	MaxAbout    = 16384 // bytes of the about page's Markdown
)

// Validate checks everything about an issue that can be checked without
// knowing the others. Links may be as odd as they were printed elsewhere, as
// long as they are links. Its error is an [Invalid].
func (i Issue) Validate() error {
	var wrong Invalid
	switch {
	case i.Number == 0: // as an empty field of a form is
		wrong.Add("number", fmt.Sprintf("is empty or 0; give a number from 1 to %d", MaxNumber))
	case i.Number < 0 || i.Number > MaxNumber:
		wrong.Add("number", fmt.Sprintf("is %d; give a number from 1 to %d", i.Number, MaxNumber))
	}
	if i.Date.IsZero() {
		wrong.Add("date", "is missing; give a date such as 2013-09-01")
	}
	if !i.State.Valid() {
		wrong.Add("state", fmt.Sprintf("is %q; it is draft, scheduled, published or withdrawn", i.State))
	}
	line(&wrong, "title", i.Title)
	line(&wrong, "summary", i.Summary)
	text(&wrong, "intro", i.Intro, MaxIntro)
	if len(i.Sections) > MaxSections {
		wrong.Add("sections", fmt.Sprintf("are %d; at most %d", len(i.Sections), MaxSections))
	}
	if n := len(i.Items()); n > MaxItems {
		wrong.Add("items", fmt.Sprintf("are %d; at most %d", n, MaxItems))
	}
	for k, s := range i.Sections {
		s.validate(&wrong, fmt.Sprintf("sections[%d]", k))
	}
	i.validatePlaces(&wrong)
	for k, c := range i.Corrections {
		at := fmt.Sprintf("corrections[%d]", k)
		if strings.TrimSpace(c.Sentence) == "" {
			wrong.Add(at+".sentence", "is empty; say what was corrected")
		}
		line(&wrong, at+".sentence", c.Sentence)
		if c.At.IsZero() {
			wrong.Add(at+".at", "is missing; give the time of the correction")
		}
	}
	return wrong.Err()
}

// validatePlaces checks that no place is used twice, and that none is used
// that was withdrawn.
func (i Issue) validatePlaces(wrong *Invalid) {
	used := map[int]bool{}
	for _, place := range i.Withdrawn {
		if place < 1 || place > MaxNumber || used[place] {
			wrong.Add("withdrawn", fmt.Sprintf("names place %d wrongly; each place is positive and named once", place))
		}
		used[place] = true
	}
	for _, item := range i.Items() {
		if item.Place == 0 {
			continue
		}
		if item.Place < 1 || item.Place > MaxNumber || used[item.Place] {
			wrong.Add("mark", fmt.Sprintf("%s is used twice or is not positive; every item has a mark of its own", Mark{i.Number, item.Place}))
		}
		used[item.Place] = true
	}
}

func (s Section) validate(wrong *Invalid, at string) {
	if strings.TrimSpace(s.Title) == "" {
		wrong.Add(at+".title", "is empty; a section has a heading")
	}
	line(wrong, at+".title", s.Title)
	if !s.Kind.Valid() {
		wrong.Add(at+".kind", fmt.Sprintf("is %q; it is links, sponsor, events or jobs", s.Kind))
	}
	for k, item := range s.Items {
		item.validate(wrong, fmt.Sprintf("%s.items[%d]", at, k), linkable)
	}
}

// Validate checks the publication's own fields. Its error is an [Invalid].
func (p Publication) Validate() error {
	var wrong Invalid
	if strings.TrimSpace(p.Name) == "" {
		wrong.Add("name", "is empty; give the newsletter's name")
	}
	line(&wrong, "name", p.Name)
	line(&wrong, "tagline", p.Tagline)
	p.Accent.validate(&wrong)
	line(&wrong, "contact", p.Contact)
	text(&wrong, "description", p.Description, MaxNote)
	text(&wrong, "closing", p.Closing, MaxNote)
	text(&wrong, "about", p.About, MaxAbout)
	if p.Subscribe != "" {
		webAddress(&wrong, "subscribe", p.Subscribe)
	}
	if !languageTag.MatchString(p.Language) {
		wrong.Add("language", fmt.Sprintf("is %q; give a language tag such as en or pt-BR", p.Language))
	}
	if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "" || p.TimeZone == "Local" {
		wrong.Add("time_zone", fmt.Sprintf("is %q; give a name such as Europe/London", p.TimeZone))
	}
	if p.Weekday < time.Sunday || p.Weekday > time.Saturday {
		wrong.Add("weekday", "is not a day of the week; 0 is Sunday, 6 is Saturday")
	}
	if p.Hour < 0 || p.Hour > 23 {
		wrong.Add("hour", "is not an hour of the day; give 0 to 23")
	}
	p.validateBlockers(&wrong)
	p.validateSections(&wrong)
	return wrong.Err()
}

// languageTag is the shape of a BCP 47 tag (RFC 5646, section 2.1), without
// a look at the registry.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$`)

// validateSections checks that the standing sections can be told apart by
// their addresses.
func (p Publication) validateSections(wrong *Invalid) {
	if len(p.Sections) > MaxSections {
		wrong.Add("sections", fmt.Sprintf("are %d; at most %d", len(p.Sections), MaxSections))
	}
	slugs := map[string]bool{}
	for k, s := range p.Sections {
		at := fmt.Sprintf("sections[%d]", k)
		line(wrong, at+".title", s.Title)
		if !s.Kind.Valid() {
			wrong.Add(at+".kind", fmt.Sprintf("is %q; it is links, sponsor, events or jobs", s.Kind))
		}
		if slug := s.Slug(); slug == "" || slugs[slug] {
			wrong.Add(at+".title", fmt.Sprintf("%q has the same address as another section, or none; choose another title", s.Title))
		}
		slugs[s.Slug()] = true
	}
}

// Validate checks an item by itself, as somebody typed it: its links lead to
// hosts that can be. Its error is an [Invalid].
func (i Item) Validate() error {
	var wrong Invalid
	i.validate(&wrong, "item", webAddress)
	return wrong.Err()
}

func (i Item) validate(wrong *Invalid, at string, address addressRule) {
	line(wrong, at+".title", i.Title)
	line(wrong, at+".place_name", i.PlaceName)
	line(wrong, at+".reason", i.Reason)
	text(wrong, at+".note", i.Note, MaxNote)
	if strings.TrimSpace(i.Note) == "" && i.Title == "" && len(i.Links) == 0 {
		wrong.Add(at, "is empty; an item has a note, a title or a link")
	}
	if len(i.Links) > MaxLinks {
		wrong.Add(at+".links", fmt.Sprintf("are %d; at most %d", len(i.Links), MaxLinks))
	}
	for k, link := range i.Links {
		link.validate(wrong, fmt.Sprintf("%s.links[%d]", at, k), address)
	}
	if !i.EventUntil.IsZero() && i.EventUntil.Compare(i.EventOn) < 0 {
		wrong.Add(at+".event_until", "is before the first day; give the last day of the event")
	}
}

func (l Link) validate(wrong *Invalid, at string, address addressRule) {
	line(wrong, at+".text", l.Text)
	address(wrong, at+".url", l.URL)
}

// line checks a text of one line.
func line(wrong *Invalid, field, s string) {
	switch {
	case utf8.RuneCountInString(s) > MaxTitle:
		wrong.Add(field, fmt.Sprintf("has %d characters; at most %d", utf8.RuneCountInString(s), MaxTitle))
	case !printable(s) || strings.ContainsAny(s, "\n\t"):
		wrong.Add(field, "holds line breaks, control characters or is not UTF-8; take them out")
	}
}

// text checks a text of several lines.
func text(wrong *Invalid, field, s string, limit int) {
	switch {
	case len(s) > limit:
		wrong.Add(field, fmt.Sprintf("has %d bytes; at most %d", len(s), limit))
	case !printable(s):
		wrong.Add(field, "holds control characters or is not UTF-8; take them out")
	}
}

// printable reports whether s is UTF-8 without control characters other than
// line feed and tab.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t'
	})
}
