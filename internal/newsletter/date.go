package newsletter

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// DateLayout is how dates are written in forms, files and the database
// (ISO 8601, "2013-09-01").
const DateLayout = time.DateOnly

// Date is a day in the calendar, without time or zone: the date printed on an
// issue, the day an event begins. The zero Date is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day t falls on in t's own location.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// ParseDate reads "2013-09-01". An empty string is the zero Date; a day that
// does not exist, or a year outside 1000 to 9999, is an error.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(DateLayout, s)
	if err != nil || t.Year() < 1000 {
		return Date{}, fmt.Errorf("%q is not a date such as 2013-09-01", s)
	}
	return DateOf(t), nil
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String returns d as "2013-09-01", or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// At returns the moment of d at the given full hour in loc. Where the clock
// jumps over that hour, it is the moment after the jump (see [time.Date]).
func (d Date) At(hour int, loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, hour, 0, 0, 0, loc)
}

// Compare orders dates by the calendar: -1 when d is before other, 1 after.
func (d Date) Compare(other Date) int {
	return d.At(0, time.UTC).Compare(other.At(0, time.UTC))
}

// MarshalText writes d as [Date.String] does, so that JSON holds "" for no date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Scan reads a date column; NULL is the zero Date.
func (d *Date) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		*d = DateOf(v)
	default:
		return fmt.Errorf("a date cannot be read from %T", value)
	}
	return nil
}

// Value writes a date column; the zero Date is NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.At(0, time.UTC), nil
}
