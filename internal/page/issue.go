package page

import (
	"html/template"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// Issue is the view of a printed issue's page: the article and what today's
// publication puts around it.
type Issue struct {
	Frame
	Article Article
	Earlier int // number of the issue before, or 0
	Later   int // number of the issue after, or 0
}

// NewIssue returns the view of a revision between its neighbours.
func NewIssue(frame Frame, r newsletter.Revision, earlier, later int) Issue {
	return Issue{frame, NewArticle(r), earlier, later}
}

// Article is a revision as it is printed. It depends on nothing else, so that
// the desk's preview shows exactly what readers will get.
type Article struct {
	Number      int
	Date        newsletter.Date
	Length      string // "Thirteen links, about five minutes."
	Intro       template.HTML
	Signed      template.HTML // the introduction's last paragraph, when it is a signature
	Sections    []Section
	Corrections []newsletter.Correction
}

// Section is a printed section.
type Section struct {
	Title string
	Paid  bool // every item is sponsored: the label stands in the head
	Items []Item
	Count int // items that were not withdrawn
}

// Item is a printed item.
type Item struct {
	Mark      newsletter.Mark
	Title     string
	TitleLink Link // the first link, when there is one; its URL is empty otherwise
	Note      template.HTML
	Links     []Link
	Event     Span // empty without dates
	PlaceName string
	Sponsored bool
	Labelled  bool // sponsored, and not already said by the section's head
	Withdrawn bool
}

// NewArticle returns the article of a revision.
func NewArticle(r newsletter.Revision) Article {
	a := Article{Number: r.Number, Date: r.Date, Corrections: r.Corrections}
	intro, signed := cutSignature(r.Intro.HTML)
	a.Intro, a.Signed = trusted(intro), trusted(signed)
	items := 0
	for _, s := range r.Sections {
		section := newSection(r.Number, s)
		items += section.Count
		a.Sections = append(a.Sections, section)
	}
	a.Length = length(r.Links(), items, Minutes(r))
	return a
}

// length says how long an issue is. Where the links stand in the notes alone,
// the items are counted instead.
func length(links, items, minutes int) string {
	counted := Count(links, "link")
	if links == 0 {
		counted = Count(items, "item")
	}
	return Capital(counted) + ", about " + Count(minutes, "minute") + "."
}

func newSection(number int, s newsletter.PrintedSection) Section {
	section := Section{Title: s.Title, Paid: !slices.ContainsFunc(s.Items, func(i newsletter.PrintedItem) bool {
		return !i.Sponsored && !i.Withdrawn
	})}
	for _, printed := range s.Items {
		item := NewItem(newsletter.Mark{Issue: number, Place: printed.Place}, printed)
		if item.Labelled = item.Sponsored && !section.Paid; !item.Withdrawn {
			section.Count++
		}
		section.Items = append(section.Items, item)
	}
	section.Paid = section.Paid && section.Count > 0
	return section
}

// NewItem returns a printed item as it is shown by itself, with its own label
// when it is sponsored.
func NewItem(mark newsletter.Mark, printed newsletter.PrintedItem) Item {
	item := Item{
		Mark: mark, Title: printed.Title, Note: trusted(printed.Note.HTML), Links: LinksOf(printed),
		PlaceName: printed.PlaceName, Sponsored: printed.Sponsored, Labelled: printed.Sponsored,
		Withdrawn: printed.Withdrawn,
	}
	if !printed.EventOn.IsZero() {
		item.Event = SpanOf(printed.EventOn, printed.EventUntil)
	}
	if len(item.Links) > 0 {
		item.TitleLink = item.Links[0]
	}
	return item
}

// The longest words, in letters, that fit the column of section names at full
// size and one step smaller, in the widest of the display faces.
const (
	fitsFull    = 8
	fitsSmaller = 10
)

// Size returns the class that makes the letters of a section's name small
// enough for its column: "long", "longer", or none. Chinese and Japanese break
// between any two of their letters.
func (s Section) Size() string {
	longest := 0
	for word := range strings.FieldsFuncSeq(s.Title, func(c rune) bool {
		return unicode.IsSpace(c) || partsNoWords(c)
	}) {
		longest = max(longest, utf8.RuneCountInString(word))
	}
	switch {
	case longest > fitsSmaller:
		return "longer"
	case longest > fitsFull:
		return "long"
	}
	return ""
}

// cutSignature parts the last paragraph from an introduction when all of it is
// emphasised and other paragraphs stand before it: "Ines Okafor, Bergen".
func cutSignature(html string) (rest, signature string) {
	const open, end = "<p><em>", "</em></p>"
	start := strings.LastIndex(html, open)
	if start <= 0 {
		return html, ""
	}
	inner, found := strings.CutSuffix(strings.TrimSpace(html[start+len(open):]), end)
	if !found || strings.Contains(inner, "</em>") || strings.Contains(inner, "</p>") {
		return html, ""
	}
	return html[:start], inner
}

// trusted marks HTML that may be put on a page as it is. It is given a
// revision's texts and the publication's words alone, which passed the
// allow-list when they were saved or frozen.
func trusted(html string) template.HTML { return template.HTML(html) }
