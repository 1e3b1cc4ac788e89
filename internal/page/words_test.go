package page

import (
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
)

func date(s string) newsletter.Date {
	d, err := newsletter.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestCount(t *testing.T) {
	for want, got := range map[string]string{
		"no links": Count(0, "link"), "one link": Count(1, "link"), "thirteen links": Count(13, "link"),
		"twenty links": Count(20, "link"), "21 links": Count(21, "link"), "-1 links": Count(-1, "link"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestDays(t *testing.T) {
	if got, want := LongDay(date("2026-11-15")), "Sunday, 15 November 2026"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSpan(t *testing.T) {
	tests := []struct{ from, until, want string }{
		{"2026-11-11", "", "11 November 2026"},
		{"2026-11-11", "2026-11-11", "11 November 2026"},
		{"2026-11-11", "2026-11-12", "11 to 12 November 2026"},
		{"2026-11-30", "2026-12-02", "30 November to 2 December 2026"},
		{"2026-12-31", "2027-01-02", "31 December 2026 to 2 January 2027"},
		{"2026-11-11", "2027-11-12", "11 November 2026 to 12 November 2027"},
	}
	for _, test := range tests {
		if got := SpanOf(date(test.from), date(test.until)).String(); got != test.want {
			t.Errorf("%s until %s: %q, want %q", test.from, test.until, got, test.want)
		}
	}
}

func TestMinutes(t *testing.T) {
	revision := func(word string, times int) newsletter.Revision {
		text := newsletter.Text{Plain: strings.Repeat(word, times)}
		return newsletter.Revision{Sections: []newsletter.PrintedSection{{Items: []newsletter.PrintedItem{{Note: text}}}}}
	}
	for words, want := range map[int]int{0: 1, 1: 1, 344: 1, 345: 2, 1150: 5} {
		if got := Minutes(revision("word ", words)); got != want {
			t.Errorf("%d words: %d minutes, want %d", words, got, want)
		}
	}
	for words, want := range map[string]int{"灯台守の日誌、": 6, "灯台守の 日誌、": 6, "항구에 작은 ": 3, "البحر هادئ ": 3} { // 300 times
		if got := Minutes(revision(words, 300)); got != want {
			t.Errorf("300 times %s: %d minutes, want %d", words, got, want)
		}
	}
}

func TestCorrectionDatesAreReadable(t *testing.T) {
	r := revision()
	r.Corrections = []newsletter.Correction{{At: time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC), Place: 6, Sentence: "It was a <tern>."}}
	body := articleOf(t, r)
	for _, want := range []string{`<time datetime="2026-11-16T09:00:00Z">16 November 2026</time>`, `href="/issues/413#6"`, "It was a &lt;tern&gt;."} {
		if !strings.Contains(body, want) {
			t.Errorf("the corrections lack %q", want)
		}
	}
}
