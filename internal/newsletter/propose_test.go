package newsletter_test

import (
	"testing"
	"time"

	"broadsheet/internal/newsletter"
)

func TestProposeDate(t *testing.T) {
	p := newsletter.Publication{Weekday: time.Sunday}
	date := func(s string) newsletter.Date {
		d, err := newsletter.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, test := range []struct{ today, last, want string }{
		{"2026-11-18", "2026-11-15", "2026-11-22"}, // in mid-week: the coming Sunday
		{"2026-11-22", "2026-11-15", "2026-11-29"}, // on a Sunday: the next one
		{"2026-11-18", "2026-11-22", "2026-11-29"}, // the last issue is dated ahead
		{"2026-11-18", "", "2026-11-22"},
		{"2026-12-30", "2026-12-27", "2027-01-03"},
		{"2024-02-26", "2024-02-25", "2024-03-03"},
	} {
		if got := p.ProposeDate(date(test.today), date(test.last)); got != date(test.want) {
			t.Errorf("on %s after %s: %s, want %s", test.today, test.last, got, test.want)
		}
	}
}

func TestProposeNumber(t *testing.T) {
	for highest, want := range map[int]int{0: 1, 139: 140, newsletter.MaxNumber: newsletter.MaxNumber} {
		if got := newsletter.ProposeNumber(highest); got != want {
			t.Errorf("after %d: %d, want %d", highest, got, want)
		}
	}
}
