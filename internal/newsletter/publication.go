package newsletter

import (
	"strings"
	"time"
	"unicode"
)

// Publication is the newsletter itself: what its owner sets once and every
// page shows. One database holds one.
type Publication struct {
	Name        string
	Tagline     string // one line under the name
	Accent      Accent // colour of the site's links and controls
	Description string // a sentence or two, for feeds and search engines
	About       string // Markdown of the about page
	AboutHTML   string // About as it was rendered when saved
	Closing     string // Markdown printed at the foot of every issue
	ClosingHTML string // Closing as it was rendered when saved
	Contact     string // a mail address or a web address
	Subscribe   string // where to subscribe by mail, a web address
	Language    string // BCP 47 tag, such as "en" or "pt-BR"
	TimeZone    string // IANA name, such as "Europe/London"
	Weekday     time.Weekday
	Hour        int           // usual hour of publication in TimeZone, 0 to 23
	Blockers    []FindingKind // what stops publication besides [NoItems]; nil: the usual choice, see [Publication.Stops]
	Sections    []StandingSection
}

// Redirect sends readers of an old address to today's: an address that an
// imported archive had elsewhere keeps working for ever.
type Redirect struct {
	From string // path and query, such as "/2013/09/issue-139.html"
	To   string // path, such as "/issues/139"
}

// Location returns the publication's time zone, or UTC where its name is
// unknown to this machine.
func (p Publication) Location() *time.Location {
	loc, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// StandingSection is one of the publication's default sections. New issues
// copy it; archive pages, feeds and filters follow it whatever the heading in
// an issue says.
type StandingSection struct {
	ID    int64 // by which the database knows it whatever its title; 0 for one that is named by its title alone
	Title string
	Kind  Kind
}

// Slug returns the section's name in addresses: "tools" in /sections/tools.
func (s StandingSection) Slug() string { return Slug(s.Title) }

// Slug turns a title into its form in addresses: letters and digits in lower
// case, everything between them one hyphen. Letters of every script are kept.
func Slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return strings.Join(words, "-")
}

// Kind says what a section is for.
type Kind string

// The kinds of section.
const (
	KindLinks   Kind = "links"
	KindSponsor Kind = "sponsor"
	KindEvents  Kind = "events"
	KindJobs    Kind = "jobs"
)

// Valid reports whether k is one of the four kinds.
func (k Kind) Valid() bool {
	switch k {
	case KindLinks, KindSponsor, KindEvents, KindJobs:
		return true
	}
	return false
}

// KindOfHeading guesses the kind from a heading's words, for headings that
// come from elsewhere: sponsor, sponsors or sponsored makes it a sponsor's
// section, event(s) or training an events section, job(s) a jobs section.
func KindOfHeading(title string) Kind {
	kind := KindLinks
	for word := range strings.SplitSeq(Slug(title), "-") {
		switch word {
		case "sponsor", "sponsors", "sponsored", "sponsorship":
			return KindSponsor
		case "event", "events", "training":
			kind = KindEvents
		case "job", "jobs":
			if kind == KindLinks {
				kind = KindJobs
			}
		}
	}
	return kind
}

// StandingFor returns the title of the standing section a heading belongs to:
// the one of the same name, else the first of the same kind, else "". Headings
// of kind links belong to a standing section by name only.
func (p Publication) StandingFor(title string, kind Kind) string {
	for _, s := range p.Sections {
		if strings.EqualFold(s.Title, title) {
			return s.Title
		}
	}
	if kind == KindLinks {
		return ""
	}
	for _, s := range p.Sections {
		if s.Kind == kind {
			return s.Title
		}
	}
	return ""
}
