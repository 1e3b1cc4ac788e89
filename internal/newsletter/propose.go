package newsletter

import "time"

// ProposeNumber returns the number proposed for the next issue: the highest
// that was ever taken plus one.
func ProposeNumber(highest int) int { return min(highest+1, MaxNumber) }

// ProposeDate returns the date proposed for the next issue: the first of the
// publication's usual days after today and after the last issue. It is only
// ever a proposal; no date is computed from the calendar afterwards.
func (p Publication) ProposeDate(today, last Date) Date {
	after := today
	if last.Compare(after) > 0 {
		after = last
	}
	day := after.At(12, time.UTC).AddDate(0, 0, 1)
	for day.Weekday() != p.Weekday {
		day = day.AddDate(0, 0, 1)
	}
	return DateOf(day)
}
