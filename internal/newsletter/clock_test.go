package newsletter_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"broadsheet/internal/newsletter"
)

func clock(t *testing.T, written string) time.Time {
	t.Helper()
	at, err := time.Parse(newsletter.ClockLayout, written)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestMoments(t *testing.T) {
	for _, test := range []struct {
		zone, clock string
		want        []string // in UTC
	}{
		{"Europe/London", "2026-11-29T08:00", []string{"2026-11-29T08:00"}},
		{"Europe/London", "2026-06-07T08:00", []string{"2026-06-07T07:00"}},
		{"Europe/London", "2026-10-25T01:30", []string{"2026-10-25T00:30", "2026-10-25T01:30"}},
		{"Europe/London", "2026-10-25T02:00", []string{"2026-10-25T02:00"}},
		{"Europe/London", "2026-03-29T01:30", nil},
		{"Europe/London", "2026-03-29T02:00", []string{"2026-03-29T01:00"}},
		{"Australia/Lord_Howe", "2026-04-05T01:45", []string{"2026-04-04T14:45", "2026-04-04T15:15"}}, // by half an hour
		{"Australia/Lord_Howe", "2026-10-04T02:15", nil},
		{"Pacific/Apia", "2011-12-30T12:00", nil}, // a day that was left out
		{"America/New_York", "2028-02-29T23:59", []string{"2028-03-01T04:59"}},
		{"Asia/Kolkata", "2027-01-01T00:00", []string{"2026-12-31T18:30"}},
	} {
		var got []string
		for _, at := range newsletter.Moments(clock(t, test.clock), zone(t, test.zone)) {
			got = append(got, at.UTC().Format(newsletter.ClockLayout))
		}
		if len(got) != len(test.want) || len(got) > 0 && (got[0] != test.want[0] || got[len(got)-1] != test.want[len(got)-1]) {
			t.Errorf("%s in %s is %v, want %v", test.clock, test.zone, got, test.want)
		}
	}
}

func TestSkipped(t *testing.T) {
	for _, test := range []struct{ zone, clock, before, after string }{
		{"Europe/London", "2026-03-29T01:30", "2026-03-29T00:59", "2026-03-29T02:00"},
		{"Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T01:59", "2026-10-04T02:30"},
		{"Pacific/Apia", "2011-12-30T12:00", "2011-12-29T23:59", "2011-12-31T00:00"},
	} {
		before, after := newsletter.Skipped(clock(t, test.clock), zone(t, test.zone))
		if got := [2]string{before.Format(newsletter.ClockLayout), after.Format(newsletter.ClockLayout)}; got != [2]string{test.before, test.after} {
			t.Errorf("around %s in %s there are %v, want %s and %s", test.clock, test.zone, got, test.before, test.after)
		}
	}
}

// TestEveryMomentIsOneOfItsClock goes the other way round: what a clock shows
// at any moment leads back to that moment.
func TestEveryMomentIsOneOfItsClock(t *testing.T) {
	zones := []*time.Location{time.UTC}
	for _, name := range []string{"Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago", "Asia/Kathmandu"} {
		zones = append(zones, zone(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SampledFrom(zones).Draw(t, "zone")
		at := time.Unix(60*rapid.Int64Range(0, 60*365*24*60).Draw(t, "minute"), 0).In(in)
		found := 0
		for _, m := range newsletter.Moments(at, in) {
			if m.Equal(at) {
				found++
			}
			if m.Format(newsletter.ClockLayout) != at.Format(newsletter.ClockLayout) {
				t.Errorf("%s is no moment of %s", m, at)
			}
		}
		if found != 1 {
			t.Errorf("%s is found %d times", at, found)
		}
	})
}
