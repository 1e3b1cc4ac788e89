package feed

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// Calendar returns the events among the items as an iCalendar document (RFC
// 5545), earliest first. One that several issues announce is there once: with
// the words of the newest, under the name of the first, so that calendars know
// it again. Items without a day are left out.
func (s Source) Calendar(items []Item) []byte {
	var c calendar
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Broadsheet//Events//EN")
	c.text("NAME", s.Publication.Name)         // RFC 7986, section 5.1
	c.text("X-WR-CALNAME", s.Publication.Name) // what calendars knew before that
	for _, announced := range events(items) {
		c.event(s, announced)
	}
	c.line("END", "VCALENDAR")
	return []byte(c.String())
}

// events gathers the announcements of each event, oldest first, and puts the
// events in their order.
func events(items []Item) (list [][]Item) {
	at := map[string]int{}
	sorted := slices.SortedFunc(slices.Values(items), func(a, b Item) int {
		return cmp.Or(a.Printed.EventOn.Compare(b.Printed.EventOn), cmp.Compare(a.Mark.Issue, b.Mark.Issue), cmp.Compare(a.Mark.Place, b.Mark.Place))
	})
	for _, item := range sorted {
		if item.Printed.EventOn.IsZero() || item.Printed.Withdrawn {
			continue
		}
		key := item.Printed.EventOn.String() + " " + about(item.Printed)
		k, known := at[key]
		if !known {
			k = len(list)
			at[key], list = k, append(list, nil)
		}
		list[k] = append(list[k], item)
	}
	return list
}

// about is what an event is told from others of its day by: its first link, or
// else its words.
func about(item newsletter.PrintedItem) string {
	if len(item.Links) > 0 {
		return item.Links[0].URL
	}
	return cmp.Or(item.Title, item.Note.Plain)
}

// calendar collects the lines of a document.
type calendar struct{ strings.Builder }

// event writes an event that was announced once or more.
func (c *calendar) event(s Source, announced []Item) {
	first, newest := announced[0], announced[len(announced)-1]
	item := newest.Printed
	c.line("BEGIN", "VEVENT")
	c.text("UID", s.Base.Tag(publicationDay(first.PublishedAt), first.Mark.String()))
	c.line("DTSTAMP", later(newest.PublishedAt, newest.RevisedAt).Format("20060102T150405Z"))
	c.line("DTSTART;VALUE=DATE", day(item.EventOn, 0))
	last := item.EventOn
	if item.EventUntil.Compare(last) > 0 {
		last = item.EventUntil
	}
	c.line("DTEND;VALUE=DATE", day(last, 1)) // the first day that is no longer of it: section 3.6.1
	_, summary, _ := strings.Cut(itemTitle(newest), ": ")
	c.text("SUMMARY", summary)
	c.text("DESCRIPTION", strings.TrimSpace(item.Note.Plain+"\n\n"+s.Base.Absolute(address.Item(newest.Mark))))
	if item.PlaceName != "" {
		c.text("LOCATION", item.PlaceName)
	}
	if len(item.Links) > 0 && webHost(item.Links[0].URL) != "" {
		c.line("URL", newsletter.EscapeAddress(item.Links[0].URL))
	}
	c.line("END", "VEVENT")
}

// day is a date as calendars write it, so many days later.
func day(d newsletter.Date, days int) string {
	return d.At(0, time.UTC).AddDate(0, 0, days).Format("20060102")
}

// escaping is that of texts: section 3.3.11.
var escaping = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\r", `\n`, "\n", `\n`)

// text writes a property whose value is a text.
func (c *calendar) text(name, value string) {
	clean, _ := text(value).MarshalText() // never fails
	c.line(name, escaping.Replace(string(clean)))
}

// lineLength is the most octets of a line, without its end (section 3.1).
// Longer ones go on behind a space.
const lineLength = 75

// line writes a property, folded between characters. Control characters but
// the tab have no place in one.
func (c *calendar) line(name, value string) {
	line := name + ":" + strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, value)
	for room := lineLength; len(line) > room; room = lineLength - 1 {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		c.WriteString(line[:cut] + "\r\n ")
		line = line[cut:]
	}
	c.WriteString(line + "\r\n")
}
