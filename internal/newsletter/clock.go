package newsletter

import (
	"slices"
	"time"
)

// ClockLayout is how a time on the clock is written in forms, as browsers send
// it (HTML, section 2.3.5.5, "2026-11-29T08:00").
const ClockLayout = "2006-01-02T15:04"

// Moments returns when the clocks of a zone show the date and time of day of
// clock, whose own zone means nothing: once, twice in the night in which they
// are put back, never in the hour that they skip. The earlier moment comes first.
func Moments(clock time.Time, zone *time.Location) []time.Time {
	wall := time.Date(clock.Year(), clock.Month(), clock.Day(), clock.Hour(), clock.Minute(), clock.Second(), 0, time.UTC)
	var moments []time.Time
	for _, near := range []time.Duration{-day, day} { // no zone changes its clocks twice in two days
		_, offset := wall.Add(near).In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		shows := at.Format(time.DateTime) == wall.Format(time.DateTime)
		if shows && !slices.ContainsFunc(moments, at.Equal) {
			moments = append(moments, at)
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	return moments
}

const day = 24 * time.Hour

// Skipped returns the last minute before and the first moment after the hour
// that the clocks of a zone skip at clock, for which [Moments] are none.
func Skipped(clock time.Time, zone *time.Location) (before, after time.Time) {
	wall := time.Date(clock.Year(), clock.Month(), clock.Day(), clock.Hour(), clock.Minute(), clock.Second(), 0, time.UTC)
	_, offset := wall.Add(-day).In(zone).Zone()
	after, _ = wall.Add(-time.Duration(offset) * time.Second).In(zone).ZoneBounds()
	return after.Add(-time.Minute), after
}
