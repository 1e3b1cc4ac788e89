package page

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"broadsheet/internal/newsletter"
)

var small = [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
	"eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"}

// Number spells numbers up to twenty in words and writes others in digits.
func Number(n int) string {
	if n >= 0 && n < len(small) {
		return small[n]
	}
	return strconv.Itoa(n)
}

// Count returns a number with its noun: "one link", "thirteen links",
// "581 issues". The plural takes an s.
func Count(n int, noun string) string {
	if n == 1 {
		return Number(n) + " " + noun
	}
	return Number(n) + " " + noun + "s"
}

// Capital returns s with its first letter in upper case, as sentences begin.
func Capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Day returns a date as it stands in text: "15 November 2026".
func Day(d newsletter.Date) string {
	return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year)
}

// LongDay returns a date with its day of the week: "Sunday, 15 November 2026".
func LongDay(d newsletter.Date) string {
	return d.At(0, time.UTC).Weekday().String() + ", " + Day(d)
}

// Span is a first and a last day, written so that nothing is said twice:
// "11 to 12 November 2026". Until is empty for a single day.
type Span struct {
	From, Until       string
	FromDay, UntilDay newsletter.Date
}

// SpanOf returns the words for an event from one day until another; the zero
// Date as the last day means a single day.
func SpanOf(from, until newsletter.Date) Span {
	switch {
	case until.IsZero() || until == from:
		return Span{From: Day(from), FromDay: from}
	case from.Year != until.Year:
		return Span{Day(from), Day(until), from, until}
	case from.Month != until.Month:
		return Span{fmt.Sprintf("%d %s", from.Day, from.Month), Day(until), from, until}
	}
	return Span{strconv.Itoa(from.Day), Day(until), from, until}
}

// String returns the span as plain words.
func (s Span) String() string {
	if s.Until == "" {
		return s.From
	}
	return s.From + " to " + s.Until
}

// wordsPerMinute is how fast issues are read. Brysbaert, "How many words do we
// read per minute?" (2019), finds 238 for English non-fiction read in silence;
// notes about links are read a little slower.
const wordsPerMinute = 230

// charactersPerMinute is how fast Chinese and Japanese are read, which part no
// words. Trauzettel-Klosinski and Dietz, "Standardized assessment of reading
// performance" (2012), find 255 and 357.
const charactersPerMinute = 300

// Minutes returns how many minutes a revision takes to read, to the nearest
// and at least 1. Addresses are not read.
func Minutes(r newsletter.Revision) int {
	words := wordsIn(r.Intro.Plain)
	for _, s := range r.Sections {
		for _, item := range s.Items {
			words += wordsIn(item.Title) + wordsIn(item.Note.Plain)
		}
	}
	return max(1, (words+wordsPerMinute/2)/wordsPerMinute)
}

// wordsIn counts the words of a text, and as many for its Chinese and Japanese
// characters as are read in the same time.
func wordsIn(text string) int {
	words, characters := 0, 0
	for word := range strings.FieldsSeq(text) {
		before := characters
		for _, c := range word {
			if partsNoWords(c) {
				characters++
			}
		}
		if characters == before {
			words++
		}
	}
	return words + characters*wordsPerMinute/charactersPerMinute
}

// partsNoWords reports whether a character is of a script that has no blanks
// between words, and may be broken after any of them.
func partsNoWords(c rune) bool { return unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana) }
