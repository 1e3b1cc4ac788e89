package exchange

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// dateLayout is how a date is printed in titles, with the ordinal's letters in
// place of the day: "1st September 2013".
const dateLayout = "January 2006"

// longDate returns a date as titles and letters print it, "1st September 2013".
func longDate(date newsletter.Date) string {
	return ordinal(date.Day) + " " + date.At(0, time.UTC).Format(dateLayout)
}

// ordinal returns 1 as "1st", 12 as "12th".
func ordinal(n int) string {
	suffix := "th"
	if n/10%10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

// masthead is what a title such as "DEVOPS WEEKLY ISSUE #139 - 1st September
// 2013" says.
type masthead struct {
	number int             // 0 if there is none
	date   newsletter.Date // zero if there is none, or none that exists
	wrong  string          // words that look like a date that does not exist
	rest   string          // what stands beside name, number and date
}

var (
	issueNumber = regexp.MustCompile(`(?i)^(.*?)\bissue\s*#?\s*(\d+)\b(.*)$`)
	hashNumber  = regexp.MustCompile(`^([^#]*)#\s*(\d+)\b(.*)$`)

	// The ways a date is written in words, each with its parts by name.
	dates = []*regexp.Regexp{
		regexp.MustCompile(`(?i)\b(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m>[a-z]{3,9})\.?,?\s+(?P<y>\d{4})\b`),
		regexp.MustCompile(`(?i)\b(?P<m>[a-z]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})\b`),
		regexp.MustCompile(`\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b`),
	}
)

// yearless is a date as the seed's second heading prints it, "1st September".
var yearless = regexp.MustCompile(`(?i)^\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,9}$`)

// maxMasthead is how many bytes of a title are looked at. What is longer is no
// title for an issue either.
const maxMasthead = 4096

// parseMasthead reads an issue's title. The newsletter's name before the number
// is no part of what is left.
func parseMasthead(title string) masthead {
	title = strings.ReplaceAll(title[:min(len(title), maxMasthead)], `\#`, "#")
	found := issueNumber.FindStringSubmatch(title)
	if found == nil {
		found = hashNumber.FindStringSubmatch(title)
	}
	var head masthead
	if found != nil {
		head.number, _ = newsletter.ParseNumber(strings.TrimLeft(found[2], "0")) // 0 if it is none
		title = found[3]
	}
	for _, pattern := range dates {
		at := pattern.FindStringSubmatchIndex(title)
		if at == nil {
			continue
		}
		part := func(template string) string { return string(pattern.ExpandString(nil, template, title, at)) }
		var ok bool
		if head.date, ok = dateOf(part("$y"), part("$m"), part("$d")); !ok {
			head.wrong = title[at[0]:at[1]]
		}
		title = title[:at[0]] + " " + title[at[1]:]
		break
	}
	head.rest = strings.Trim(title, " \t-–—:,.|()_")
	if yearless.MatchString(head.rest) {
		head.rest = ""
	}
	return head
}

// dateOf returns the date of a year, a month as a name, the beginning of one
// or a number, and a day. ok is whether there is such a date.
func dateOf(year, month, day string) (date newsletter.Date, ok bool) {
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if strings.HasPrefix(name, strings.ToLower(month)) || month == fmt.Sprintf("%02d", int(m)) {
			date, err := newsletter.ParseDate(fmt.Sprintf("%s-%02d-%02s", year, int(m), day))
			return date, err == nil
		}
	}
	return newsletter.Date{}, false
}
