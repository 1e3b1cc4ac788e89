package desk

import (
	"cmp"
	"html/template"
	"regexp"

	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// anchorTag is the beginning or the end of a link. Rendered notes write no ">"
// inside attributes.
var anchorTag = regexp.MustCompile(`</?a\b[^>]*>`)

// printedNote returns an item's note as it will be printed, or why it cannot
// be printed.
func printedNote(item newsletter.Item) (template.HTML, error) {
	note := markdown.Note
	if item.Sponsored {
		note = markdown.NoteSponsored
	}
	text, err := note(item.Note)
	return template.HTML(text.HTML), err // passed the allow-list just now
}

// rowNote returns a note as the rows of lists show it: as it will be printed,
// without links to be followed, as only its first lines are seen. One that
// cannot be printed is shown as it was written.
func rowNote(item newsletter.Item) template.HTML {
	html, err := printedNote(item)
	if err != nil {
		return template.HTML(template.HTMLEscapeString(item.Note))
	}
	return template.HTML(anchorTag.ReplaceAllString(string(html), ""))
}

// linksOf returns an item's links as they are shown.
func linksOf(item newsletter.Item) []page.Link {
	return page.LinksOf(newsletter.PrintedItem{Links: item.Links, Sponsored: item.Sponsored})
}

// labelLength is how many characters of a note name an item that has no title.
const labelLength = 60

// label returns the words by which people know an item: its title, else its
// note's first sentence, else its first address.
func label(item newsletter.Item) string {
	words := item.Title
	if text, err := markdown.Note(item.Note); words == "" && err == nil {
		words = markdown.FirstSentence(text.Plain, labelLength)
	}
	if words == "" && len(item.Links) > 0 {
		link := linksOf(item)[0]
		words = markdown.FirstSentence(link.Host+link.Rest, labelLength)
	}
	return cmp.Or(words, "An item without words")
}
