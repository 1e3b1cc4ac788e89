package desk

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// What a publish form says of when.
const (
	whenNow = "now"
	whenAt  = "at"
)

// What it says of a time that comes twice in the night in which clocks are put
// back.
const (
	firstTime  = "first"
	secondTime = "second"
)

// readClock reads a time as browsers send it, with seconds or without.
func readClock(written string) (time.Time, error) {
	at, err := time.Parse(newsletter.ClockLayout, written)
	if err != nil {
		at, err = time.Parse(newsletter.ClockLayout+":05", written)
	}
	return at, err
}

// moment returns the one moment that a form names. Without a time it is the
// usual one of the issue's date.
func (f publishForm) moment(usual time.Time, zone *time.Location) (time.Time, error) {
	if f.At == "" {
		return usual, nil
	}
	clock, err := readClock(f.At)
	if err != nil {
		return time.Time{}, newsletter.Invalid{{Field: "at", Message: "is no date with a time; write it like 2026-11-29T08:00"}}
	}
	moments := newsletter.Moments(clock, zone)
	switch {
	case len(moments) == 0:
		before, after := newsletter.Skipped(clock, zone)
		return time.Time{}, newsletter.Invalid{{Field: "at", Message: fmt.Sprintf(
			"is skipped when the clocks are put forward; choose %s or earlier, or %s or later", before.Format("15:04"), after.Format("15:04"))}}
	case len(moments) == 1, f.Clock == firstTime:
		return moments[0], nil
	case f.Clock == secondTime:
		return moments[1], nil
	}
	return time.Time{}, newsletter.Invalid{{Field: "clock", Message: "is not chosen; the time comes twice when the clocks are put back"}}
}

// isSet reports whether an issue will publish itself, and nothing holds it.
func isSet(board postgres.Board) bool {
	return board.State == newsletter.Scheduled && board.Waits == ""
}

// usualTime is when an issue is published if nothing else is said.
func usualTime(board postgres.Board, p newsletter.Publication) time.Time {
	if isSet(board) {
		return board.ScheduledAt
	}
	return board.Date.At(p.Hour, p.Location())
}

// clockWords says a moment on the clock of its zone and on that of UTC.
func clockWords(at time.Time, zone *time.Location) string {
	at = at.In(zone)
	return fmt.Sprintf("%s, %s (%s)", page.LongDay(newsletter.DateOf(at)), at.Format("15:04 MST"), inUTC(at))
}

// inUTC says what UTC shows then, with its day where that is another one.
func inUTC(at time.Time) string {
	utc := at.UTC()
	if newsletter.DateOf(utc) == newsletter.DateOf(at) {
		return utc.Format("15:04 UTC")
	}
	return utc.Format("2 January, 15:04 UTC")
}

// whenFields are the fields that say when, filled as a form was.
func (d *Desk) whenFields(board postgres.Board, form publishForm) []page.Field {
	publication := d.now.Publication()
	zone := publication.Location()
	when, usual := cmp.Or(form.When, whenNow), usualTime(board, publication)
	hint := "Empty, it is the usual time: " + clockWords(usual, zone) + "."
	switch {
	case isSet(board): // whoever looks at it publishes nothing early by mistake
		when, hint = cmp.Or(form.When, whenAt), "Empty, it stays as it is: "+clockWords(usual, zone)+"."
	case !usual.After(d.clock()):
		hint = "The usual time, " + clockWords(usual, zone) + ", has passed."
	}
	fields := []page.Field{
		{Name: "when", Label: "When", Type: "radio", Options: page.Choose(when, page.Option{Value: whenNow, Label: "Now"}, page.Option{Value: whenAt, Label: "At a time"})},
		{Name: "at", Label: "Time", Type: "datetime-local", Value: form.At, Hint: fmt.Sprintf("On the clock of %s. %s", publication.TimeZone, hint)},
	}
	clock, err := readClock(form.At)
	if moments := newsletter.Moments(clock, zone); err == nil && len(moments) == 2 {
		fields = append(fields, page.Field{Name: "clock", Label: "Which one", Type: "radio", Options: page.Choose(form.Clock,
			page.Option{Value: firstTime, Label: clockWords(moments[0], zone)}, page.Option{Value: secondTime, Label: clockWords(moments[1], zone)})})
	}
	return fields
}

// schedule has an issue publish itself.
func (d *Desk) schedule(r *http.Request, number int, form publishForm) error {
	board, err := d.store.Board(r.Context(), number) // whether they may is looked at under the lock
	if err != nil {
		return err
	}
	publication := d.now.Publication()
	at, err := form.moment(usualTime(board, publication), publication.Location())
	if err != nil {
		return err
	}
	return publish.ScheduleAt(r.Context(), d.store, page.User(r.Context()), form.request(number), at)
}

// unschedule makes a scheduled issue a draft again.
func (d *Desk) unschedule(w http.ResponseWriter, r *http.Request) error {
	number, err := issueNumber(r)
	if err != nil {
		return err
	}
	if err := publish.Unschedule(r.Context(), d.store, page.User(r.Context()), number); err != nil {
		return d.notPublished(w, r, publishForm{}, err)
	}
	return seeOther(w, r, address.DeskIssue(number))
}
