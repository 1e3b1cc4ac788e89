package feed

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// maxExcerpt is how many characters of a note stand in for a missing title:
// about what a feed reader's list shows on one line.
const maxExcerpt = 80

// issueTitle is "413: The alert that everybody was afraid to delete". Without
// a summary it is "The Quiet Pager 413".
func (s Source) issueTitle(r newsletter.Revision) string {
	if r.Summary == "" {
		return fmt.Sprintf("%s %d", s.Publication.Name, r.Number)
	}
	return fmt.Sprintf("%d: %s", r.Number, r.Summary)
}

// itemTitle is "139.4: " and the item's title, else the text of its first
// link, else the beginning of its note, else its first address. What was paid
// for says so here too, as many readers see nothing but titles.
func itemTitle(i Item) string {
	if i.Printed.Withdrawn {
		return i.Mark.String() + ": withdrawn"
	}
	var first newsletter.Link
	if len(i.Printed.Links) > 0 {
		first = i.Printed.Links[0]
	}
	words := cmp.Or(i.Printed.Title, first.Text, excerpt(i.Printed.Note.Plain), first.URL)
	if i.Printed.Sponsored {
		words += " (paid placement)"
	}
	return i.Mark.String() + ": " + words
}

// excerpt returns the beginning of a text on one line, cut between words where
// it is longer than maxExcerpt.
func excerpt(s string) string {
	line := strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(line) <= maxExcerpt {
		return line
	}
	cut := string([]rune(line)[:maxExcerpt])
	if end := strings.LastIndexByte(cut, ' '); end > 0 {
		cut = cut[:end]
	}
	return cut + "…"
}
