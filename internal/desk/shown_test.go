package desk

import (
	"testing"

	"broadsheet/internal/newsletter"
)

func TestLabel(t *testing.T) {
	links := []newsletter.Link{{URL: "https://gulls.example/count"}}
	for _, test := range []struct {
		item newsletter.Item
		want string
	}{
		{newsletter.Item{Title: "Gulls", Note: "Other words.", Links: links}, "Gulls"},
		{newsletter.Item{Note: "A *keeper* counts\ngulls.", Links: links}, "A keeper counts gulls."},
		{newsletter.Item{Links: links}, "gulls.example/count"},
		{newsletter.Item{}, "An item without words"},
		{newsletter.Item{Note: "A lighthouse keeper counts gulls every morning, and writes them down."},
			"A lighthouse keeper counts gulls every morning, and writes…"},
	} {
		if got := label(test.item); got != test.want {
			t.Errorf("the label is %q, want %q", got, test.want)
		}
	}
}

func TestRowNoteHasNothingToFollow(t *testing.T) {
	for note, want := range map[string]string{
		"See **the** [log](https://ferry.example/?a=1&b=2 \"a > b\").": "<p>See <strong>the</strong> log.</p>\n",
		"<b>bold</b> & plain": "<p>bold &amp; plain</p>\n",
		"\x00<i>":             "\uFFFD&lt;i&gt;",
	} {
		if got := string(rowNote(newsletter.Item{Note: note})); got != want {
			t.Errorf("%q is shown as %q, want %q", note, got, want)
		}
	}
}
