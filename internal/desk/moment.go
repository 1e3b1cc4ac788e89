package desk

import (
	"fmt"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// moment is a time as it is said: "12 minutes ago", "Monday", "12 July".
type moment struct {
	Stamp string // for machines, in UTC
	Words string
	Exact string // "Sunday, 15 November 2026, 14:02", in the publication's zone
}

// ago says when something happened, in the publication's zone. The zero time
// has no words.
func (d *Desk) ago(at time.Time) moment {
	return momentOf(at, time.Now(), d.now.Publication().Location())
}

func momentOf(at, now time.Time, zone *time.Location) moment {
	if at.IsZero() {
		return moment{}
	}
	at, now = at.In(zone), now.In(zone)
	day := newsletter.DateOf(at)
	return moment{
		Stamp: at.UTC().Format(time.RFC3339),
		Words: sayAgo(at, now),
		Exact: page.LongDay(day) + ", " + at.Format("15:04"),
	}
}

// sayAgo says how long before now something was: the older, the coarser.
func sayAgo(at, now time.Time) string {
	passed := now.Sub(at)
	days := daysBetween(at, now)
	switch {
	case passed < time.Minute:
		return "just now"
	case passed < time.Hour:
		return plural(int(passed/time.Minute), "minute") + " ago"
	case days == 0:
		return plural(int(passed/time.Hour), "hour") + " ago"
	case days == 1:
		return "yesterday"
	case days < 7:
		return at.Weekday().String()
	case at.Year() == now.Year():
		return fmt.Sprintf("%d %s", at.Day(), at.Month())
	}
	return page.Day(newsletter.DateOf(at))
}

// daysBetween counts the midnights between two times of one zone.
func daysBetween(from, to time.Time) int {
	midnight := func(t time.Time) time.Time { return newsletter.DateOf(t).At(0, time.UTC) }
	return int(midnight(to).Sub(midnight(from)) / (24 * time.Hour))
}

// plural writes a number in digits with its noun: "1 hour", "12 minutes".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
