package publish_test

import (
	"testing"

	"broadsheet/internal/publish"
)

// TestLinesStayInTheirSection withdraws all there is, section by section: a line
// never goes into another section, and a heading is corrected as any other.
func TestLinesStayInTheirSection(t *testing.T) {
	store, by := printed(t)
	first := board(t, store, 7).Sections[0]
	withdraw := func(place int) {
		t.Helper()
		if err := publish.WithdrawItem(t.Context(), store, by, publish.Wish{Number: 7, Place: place}); err != nil {
			t.Fatal(err)
		}
	}
	withdraw(1)
	r := revision(t, store)
	if got := marks(r); got != "[[-1] [2 3] [4]]" || r.Sections[0].Title != first.Title || r.Sections[0].Kind != first.Kind || r.Sections[0].Of != first.Of {
		t.Errorf("the marks are %s under %+v", got, r.Sections[0])
	}
	if sections := r.Issue().Sections; len(sections) != 2 {
		t.Errorf("exports have %+v", sections)
	}
	if err := publish.CorrectHeading(t.Context(), store, by, publish.Wish{Number: 7}, first.ID, first.Title, "Letters"); err != nil {
		t.Fatal(err)
	}
	if r := revision(t, store); marks(r) != "[[-1] [2 3] [4]]" || r.Sections[0].Title != "Letters" {
		t.Errorf("under a corrected heading the marks are %s: %+v", marks(r), r.Sections[0])
	}
	for place := 2; place <= 4; place++ {
		withdraw(place)
	}
	if got := marks(revision(t, store)); got != "[[-1] [-2 -3] [-4]]" {
		t.Errorf("with nothing left the marks are %s", got)
	}
}
