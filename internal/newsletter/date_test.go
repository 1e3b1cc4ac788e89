package newsletter_test

import (
	"encoding/json"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
)

func TestParseDate(t *testing.T) {
	for s, want := range map[string]newsletter.Date{
		"2013-09-01": {Year: 2013, Month: time.September, Day: 1},
		"2024-02-29": {Year: 2024, Month: time.February, Day: 29},
		"":           {},
	} {
		if got, err := newsletter.ParseDate(s); err != nil || got != want {
			t.Errorf("ParseDate(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"2023-02-29", "2013-13-01", "2013-9-1", "01.09.2013", "0999-01-01", "2013-09-01T00:00:00Z", " 2013-09-01"} {
		if got, err := newsletter.ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %v; it should be refused", s, got)
		}
	}
}

func TestDateOutlivesJSONAndTheDatabase(t *testing.T) {
	for _, want := range []newsletter.Date{{}, {Year: 2013, Month: 9, Day: 1}, {Year: 2026, Month: 12, Day: 31}} {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got newsletter.Date
		if err := json.Unmarshal(text, &got); err != nil || got != want {
			t.Errorf("JSON %s became %v, %v; want %v", text, got, err, want)
		}
		value, err := want.Value()
		if err != nil {
			t.Fatal(err)
		}
		if err := got.Scan(value); err != nil || got != want {
			t.Errorf("column %v became %v, %v; want %v", value, got, err, want)
		}
	}
}

func TestDateAtFollowsTheZone(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	summer := newsletter.Date{Year: 2013, Month: 9, Day: 1}.At(8, london)
	if got := summer.UTC().Format(time.RFC3339); got != "2013-09-01T07:00:00Z" {
		t.Errorf("8:00 in a London summer is %s, want 07:00 UTC", got)
	}
}

func TestDateCompare(t *testing.T) {
	early, late := newsletter.Date{Year: 2012, Month: 12, Day: 31}, newsletter.Date{Year: 2013, Month: 1, Day: 1}
	if early.Compare(late) != -1 || late.Compare(early) != 1 || early.Compare(early) != 0 {
		t.Error("dates are not ordered by the calendar")
	}
}
