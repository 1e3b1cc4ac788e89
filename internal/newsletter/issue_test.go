package newsletter_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"broadsheet/internal/newsletter"
)

func goodIssue() newsletter.Issue {
	return newsletter.Issue{
		Number: 12, Date: newsletter.Date{Year: 2026, Month: 3, Day: 1}, State: newsletter.Draft,
		Sections: []newsletter.Section{{Title: "News", Kind: newsletter.KindLinks, Items: []newsletter.Item{
			{Note: "A note.", Links: []newsletter.Link{{URL: "https://a.example/x"}}},
			{Note: "Another."},
		}}},
	}
}

// wantOnly fails unless err names exactly the one field.
func wantOnly(t *testing.T, err error, field string) {
	t.Helper()
	var invalid newsletter.Invalid
	if !errors.As(err, &invalid) || len(invalid) != 1 || invalid[0].Field != field {
		t.Errorf("got %v; want an error about %s alone", err, field)
	}
}

func TestIssueValidate(t *testing.T) {
	if err := goodIssue().Validate(); err != nil {
		t.Fatalf("a good issue is refused: %v", err)
	}
	item := func(i *newsletter.Issue) *newsletter.Item { return &i.Sections[0].Items[0] }
	for _, test := range []struct {
		field string
		spoil func(*newsletter.Issue)
	}{
		{"number", func(i *newsletter.Issue) { i.Number = 0 }},
		{"number", func(i *newsletter.Issue) { i.Number = newsletter.MaxNumber + 1 }},
		{"date", func(i *newsletter.Issue) { i.Date = newsletter.Date{} }},
		{"state", func(i *newsletter.Issue) { i.State = "lost" }},
		{"summary", func(i *newsletter.Issue) { i.Summary = strings.Repeat("ä", newsletter.MaxTitle+1) }},
		{"intro", func(i *newsletter.Issue) { i.Intro = strings.Repeat("a", newsletter.MaxIntro+1) }},
		{"intro", func(i *newsletter.Issue) { i.Intro = "\xff" }},
		{"sections[0].title", func(i *newsletter.Issue) { i.Sections[0].Title = "" }},
		{"sections[0].kind", func(i *newsletter.Issue) { i.Sections[0].Kind = "poems" }},
		{"items", func(i *newsletter.Issue) {
			i.Sections[0].Items = slices.Repeat(i.Sections[0].Items[1:], newsletter.MaxItems+1)
		}},
		{"sections[0].items[0].note", func(i *newsletter.Issue) { item(i).Note = strings.Repeat("a", newsletter.MaxNote+1) }},
		{"sections[0].items[0].note", func(i *newsletter.Issue) { item(i).Note = "nul \x00" }},
		{"sections[0].items[0]", func(i *newsletter.Issue) { *item(i) = newsletter.Item{Note: " \n"} }},
		{"sections[0].items[0].links[0].url", func(i *newsletter.Issue) { item(i).Links[0].URL = "javascript:alert(1)" }},
		{"sections[0].items[0].links[0].url", func(i *newsletter.Issue) { item(i).Links[0].URL = "https:///path" }},
		{"sections[0].items[0].links[0].url", func(i *newsletter.Issue) { item(i).Links[0].URL = "https://a.example/a b" }},
		{"sections[0].items[0].links[0].url", func(i *newsletter.Issue) {
			item(i).Links[0].URL = "https://a.example/" + strings.Repeat("a", newsletter.MaxURL)
		}},
		{"sections[0].items[0].links", func(i *newsletter.Issue) {
			item(i).Links = slices.Repeat(item(i).Links, newsletter.MaxLinks+1)
		}},
		{"sections[0].items[0].event_until", func(i *newsletter.Issue) {
			item(i).EventOn, item(i).EventUntil = newsletter.Date{Year: 2026, Month: 3, Day: 2}, newsletter.Date{Year: 2026, Month: 3, Day: 1}
		}},
		{"mark", func(i *newsletter.Issue) { i.Sections[0].Items[0].Place, i.Sections[0].Items[1].Place = 3, 3 }},
		{"mark", func(i *newsletter.Issue) { i.Withdrawn, i.Sections[0].Items[1].Place = []int{2}, 2 }},
		{"corrections[0].sentence", func(i *newsletter.Issue) { i.Corrections = []newsletter.Correction{{At: time.Unix(1, 0)}} }},
		{"corrections[0].at", func(i *newsletter.Issue) { i.Corrections = []newsletter.Correction{{Sentence: "Gulls."}} }},
		{"withdrawn", func(i *newsletter.Issue) { i.Withdrawn = []int{2, 2} }},
	} {
		spoilt := goodIssue()
		test.spoil(&spoilt)
		wantOnly(t, spoilt.Validate(), test.field)
	}
}

func TestNumberPlacesNeverReusesAPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		issue := newsletter.Issue{Number: 1}
		taken := rapid.SliceOfNDistinct(rapid.IntRange(1, 40), 0, 12, rapid.ID).Draw(t, "taken")
		cut := rapid.IntRange(0, len(taken)).Draw(t, "withdrawn")
		issue.Withdrawn = taken[:cut]
		var items []newsletter.Item
		for _, place := range taken[cut:] {
			items = append(items, newsletter.Item{Place: place}, newsletter.Item{})
		}
		half := len(items) / 2
		issue.Sections = []newsletter.Section{{Items: items[:half]}, {Items: slices.Clone(items[half:])}}
		before := slices.Clone(issue.Items())

		issue.NumberPlaces()

		used := map[int]bool{}
		for _, place := range issue.Withdrawn {
			used[place] = true
		}
		for k, item := range issue.Items() {
			if item.Place < 1 || used[item.Place] {
				t.Fatalf("place %d is used twice or is none", item.Place)
			}
			used[item.Place] = true
			if before[k].Place != 0 && before[k].Place != item.Place {
				t.Fatalf("place %d became %d", before[k].Place, item.Place)
			}
		}
	})
}

func TestNumberPlacesFollowsPrintOrder(t *testing.T) {
	issue := newsletter.Issue{Sections: []newsletter.Section{{Items: make([]newsletter.Item, 2)}, {}, {Items: make([]newsletter.Item, 1)}}}
	issue.NumberPlaces()
	var places []int
	for _, item := range issue.Items() {
		places = append(places, item.Place)
	}
	if !slices.Equal(places, []int{1, 2, 3}) {
		t.Errorf("places are %v, want 1 2 3", places)
	}
}

func TestParseMark(t *testing.T) {
	if got, err := newsletter.ParseMark("139.4"); err != nil || got != (newsletter.Mark{Issue: 139, Place: 4}) || got.String() != "139.4" {
		t.Errorf("139.4 is read as %v, %v", got, err)
	}
	for _, s := range []string{"", "139", "139.", ".4", "0139.4", "139.04", "139.0", "-1.4", "+1.4", "139.4.1", "1e3.4", "139.4 ", "9999999999.1", "١٣٩.٤"} {
		if got, err := newsletter.ParseMark(s); err == nil {
			t.Errorf("%q is read as %v; it should be refused", s, got)
		}
	}
}

func TestRevisionAsIssue(t *testing.T) {
	revision := newsletter.Revision{
		Number: 7, Date: newsletter.Date{Year: 2026, Month: 3, Day: 1}, Summary: "s", PublishedAt: time.Unix(1, 0).UTC(),
		Intro: newsletter.Text{Markdown: "*in*", HTML: "<p><em>in</em></p>"},
		Sections: []newsletter.PrintedSection{{Title: "News", Kind: newsletter.KindLinks, Of: "News", Items: []newsletter.PrintedItem{
			{Place: 3, Withdrawn: true}, {Place: 1, Note: newsletter.Text{Markdown: "note"}, Sponsored: true}, {Place: 2, Withdrawn: true},
		}}},
	}
	want := newsletter.Issue{
		Number: 7, Date: revision.Date, Summary: "s", State: newsletter.Published, PublishedAt: revision.PublishedAt, Intro: "*in*",
		Sections: []newsletter.Section{{Title: "News", Kind: newsletter.KindLinks, Of: "News", Items: []newsletter.Item{
			{Place: 1, Note: "note", Sponsored: true, State: newsletter.Placed},
		}}},
		Withdrawn: []int{2, 3},
	}
	if diff := cmp.Diff(want, revision.Issue()); diff != "" {
		t.Error(diff)
	}
}
