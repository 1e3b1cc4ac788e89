package feed

import (
	"bytes"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"broadsheet/internal/newsletter"
)

// calendarOf reads a document as calendars do: the properties of its events by
// name, with their texts as they were before.
func calendarOf(t interface {
	Helper()
	Fatalf(string, ...any)
}, document []byte) (events []map[string]string) {
	t.Helper()
	read, err := ics.ParseCalendar(bytes.NewReader(document))
	if err != nil {
		t.Fatalf("an independent reader refuses it: %v\n%s", err, document)
	}
	for _, event := range read.Events() {
		properties := map[string]string{}
		for _, p := range event.Properties {
			properties[p.IANAToken] = p.Value
		}
		events = append(events, properties)
	}
	return events
}

func date(month time.Month, day int) newsletter.Date {
	return newsletter.Date{Year: 2013, Month: month, Day: day}
}

func TestCalendarAsAReaderSeesIt(t *testing.T) {
	gather := newsletter.PrintedItem{
		Note: printed("A gathering; bring rope, wax."), PlaceName: "Ghent, Belgium", EventOn: date(10, 28), EventUntil: date(10, 31),
		Links: []newsletter.Link{{URL: "https://gather.example/2013?a=1", Text: "Programme"}},
	}
	again := gather
	again.Note = printed("Last seats.")
	got := calendarOf(t, source().Calendar([]Item{
		item(140, 2, moment(9), again),
		item(139, 4, moment(2), gather),
		item(139, 5, moment(2), newsletter.PrintedItem{Title: "Rope day", Note: printed("Paid."), Sponsored: true, EventOn: date(9, 30)}),
		item(139, 6, moment(2), newsletter.PrintedItem{Note: printed("No event.")}),
		item(139, 7, moment(2), newsletter.PrintedItem{Withdrawn: true}),
	}))
	want := []map[string]string{
		{
			"UID": "tag:weekly.example,2013-09-02:139.5", "DTSTAMP": "20130902T070000Z", "DTSTART": "20130930", "DTEND": "20131001",
			"SUMMARY": "Rope day (paid placement)", "DESCRIPTION": "Paid.\n\nhttps://weekly.example/issues/139#5",
		},
		{
			"UID": "tag:weekly.example,2013-09-02:139.4", "DTSTAMP": "20130909T070000Z", "DTSTART": "20131028", "DTEND": "20131101",
			"SUMMARY": "Programme", "DESCRIPTION": "Last seats.\n\nhttps://weekly.example/issues/140#2",
			"LOCATION": "Ghent, Belgium", "URL": "https://gather.example/2013?a=1",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if document := source().Calendar(nil); len(calendarOf(t, document)) != 0 {
		t.Errorf("no events are\n%s", document)
	}
}

// TestHostileTextsStayInTheirEvent puts what breaks lines and properties into
// every text.
func TestHostileTextsStayInTheirEvent(t *testing.T) {
	pieces := rapid.SampledFrom([]string{
		"\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n", "\n", "\r", ";", ",", `\`, `\n`, ":", `"`, "\x00", "\x7f", "\xff", "é", "界", "😀", " ", strings.Repeat("long", 30),
	})
	draw := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(pieces, 1, 9).Draw(t, "pieces"), "") })
	rapid.Check(t, func(t *rapid.T) {
		title, place := "x"+draw.Draw(t, "title"), "y"+draw.Draw(t, "place")
		document := source().Calendar([]Item{item(1, 2, moment(1), newsletter.PrintedItem{
			Title: title, PlaceName: place, Note: printed(draw.Draw(t, "note")), EventOn: date(10, 28),
			Links: []newsletter.Link{{URL: "https://a.example/" + draw.Draw(t, "path")}},
		})})
		for line := range strings.SplitSeq(strings.TrimSuffix(string(document), "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n\x00") {
				t.Errorf("the line %q is not one", line)
			}
		}
		events := calendarOf(t, document)
		if len(events) != 1 {
			t.Fatalf("%d events in\n%s", len(events), document)
		}
		newlines := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x7f", "")
		for property, want := range map[string]string{"SUMMARY": title, "LOCATION": place} {
			if want = newlines.Replace(kept(want)); events[0][property] != want {
				t.Errorf("%s is %q, want %q", property, events[0][property], want)
			}
		}
	})
}
