package desk

import (
	"testing"
	"time"
)

func TestMomentsAreSaidTheCoarserTheOlder(t *testing.T) {
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, time.November, 15, 14, 2, 0, 0, oslo) // a Sunday
	for _, test := range []struct {
		at   time.Time
		want string
	}{
		{now.Add(time.Second), "just now"},
		{now.Add(-59 * time.Second), "just now"},
		{now.Add(-time.Minute), "1 minute ago"},
		{now.Add(-59 * time.Minute), "59 minutes ago"},
		{now.Add(-time.Hour), "1 hour ago"},
		{now.Add(-14 * time.Hour), "14 hours ago"},
		{now.Add(-15 * time.Hour), "yesterday"},
		{time.Date(2026, time.November, 14, 0, 0, 0, 0, oslo), "yesterday"},
		{time.Date(2026, time.November, 13, 23, 0, 0, 0, oslo), "Friday"},
		{time.Date(2026, time.November, 13, 22, 30, 0, 0, time.UTC), "Friday"}, // half past eleven in Oslo
		{time.Date(2026, time.November, 13, 23, 30, 0, 0, time.UTC), "yesterday"},
		{time.Date(2026, time.November, 9, 12, 0, 0, 0, oslo), "Monday"},
		{time.Date(2026, time.November, 8, 12, 0, 0, 0, oslo), "8 November"},
		{time.Date(2025, time.November, 15, 12, 0, 0, 0, oslo), "15 November 2025"},
	} {
		if got := momentOf(test.at, now, oslo).Words; got != test.want {
			t.Errorf("%s: %q, want %q", test.at, got, test.want)
		}
	}
	got := momentOf(time.Date(2026, time.November, 15, 23, 30, 0, 0, time.UTC), now, oslo)
	if got.Exact != "Monday, 16 November 2026, 00:30" || got.Stamp != "2026-11-15T23:30:00Z" {
		t.Errorf("%+v", got)
	}
	if zero := momentOf(time.Time{}, now, oslo); zero != (moment{}) {
		t.Errorf("no time is said as %+v", zero)
	}
}
