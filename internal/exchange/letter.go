package exchange

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// letterWidth is the length of a letter's lines in characters; addresses are
// never broken.
const letterWidth = 72

// paidLabel stands above an item that somebody paid for.
const paidLabel = "Paid placement"

// Text returns what was printed of an issue as a plain-text letter: name,
// number and date, introduction, the items under underlined headings with their
// links, corrections, and the publication's closing words as they were written.
// Places of withdrawn items are left out.
func Text(revision newsletter.Revision, p newsletter.Publication) []byte {
	var b bytes.Buffer
	writeLines(&b, p.Name, fmt.Sprintf("Issue %d - %s", revision.Number, longDate(revision.Date)))
	if intro := wrap(revision.Intro.Plain); intro != "" {
		writeLines(&b, "", intro)
	}
	for _, section := range revision.Sections {
		first := true
		for _, item := range section.Items {
			if item.Withdrawn {
				continue
			}
			b.WriteString("\n\n")
			if first {
				writeLines(&b, section.Title, strings.Repeat("=", max(3, utf8.RuneCountInString(section.Title))), "")
				first = false
			}
			writeLines(&b, strings.Join(letterItem(item), "\n\n"))
		}
	}
	if len(revision.Corrections) > 0 {
		b.WriteString("\n\n")
		writeLines(&b, "Corrections", "===========")
		for _, c := range revision.Corrections {
			writeLines(&b, "", wrap(correctionLine(revision.Number, c)))
		}
	}
	if closing := wrap(p.Closing); closing != "" {
		writeLines(&b, "", "", closing)
	}
	return b.Bytes()
}

// letterItem returns an item's paragraphs.
func letterItem(item newsletter.PrintedItem) []string {
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if item.Sponsored {
		add(paidLabel)
	}
	add(wrap(item.Title))
	add(wrap(occasion(item)))
	add(wrap(item.Note.Plain))
	links := make([]string, len(item.Links))
	for i, link := range item.Links {
		if links[i] = link.URL; link.Text != "" {
			links[i] = wrap(link.Text+":") + "\n" + link.URL
		}
	}
	add(strings.Join(links, "\n"))
	return parts
}

// occasion returns when and where an event is, "11th November 2013 to 12th
// November 2013, London".
func occasion(item newsletter.PrintedItem) string {
	var parts []string
	if !item.EventOn.IsZero() {
		days := longDate(item.EventOn)
		if !item.EventUntil.IsZero() && item.EventUntil != item.EventOn {
			days += " to " + longDate(item.EventUntil)
		}
		parts = append(parts, days)
	}
	if item.PlaceName != "" {
		parts = append(parts, item.PlaceName)
	}
	return strings.Join(parts, ", ")
}

func correctionLine(number int, c newsletter.Correction) string {
	line := longDate(newsletter.DateOf(c.At.UTC())) + ": " + c.Sentence
	if c.Place != 0 {
		line = newsletter.Mark{Issue: number, Place: c.Place}.String() + ", " + line
	}
	return line
}

// wrap breaks the lines of a text between words so that they have at most 72
// characters. The words of a quotation or a list go on under the first one.
func wrap(text string) string {
	var b strings.Builder
	for i, s := range strings.Split(strings.TrimSpace(text), "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		wrapLine(&b, s)
	}
	return b.String()
}

func wrapLine(b *strings.Builder, s string) {
	indent := hanging(s)
	width := 0
	for i, word := range strings.Fields(s) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case width+1+n > letterWidth:
			b.WriteString("\n" + indent)
			width = len(indent)
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
	}
}

// hanging returns what the second line of s begins with: its quotation mark, or
// the width of its list mark.
func hanging(s string) string {
	if strings.HasPrefix(s, "> ") {
		return "> "
	}
	return strings.Repeat(" ", len(listMark.FindString(s)))
}
