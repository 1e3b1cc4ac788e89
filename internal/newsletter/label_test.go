package newsletter_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

func TestLabel(t *testing.T) {
	link := []newsletter.Link{{URL: "https://gulls.example/", Text: ""}, {URL: "https://terns.example/", Text: "Terns"}}
	for name, c := range map[string]struct {
		item newsletter.Item
		want string
	}{
		"a title":              {newsletter.Item{Title: " Gulls ", Note: "A note.", Links: link}, "Gulls"},
		"a note on two lines":  {newsletter.Item{Note: "A note\n  of two lines.", Links: link}, "A note of two lines."},
		"a link":               {newsletter.Item{Note: " \n", Links: link}, "https://gulls.example/"},
		"a link with a text":   {newsletter.Item{Links: link[1:]}, "Terns"},
		"nothing":              {newsletter.Item{}, ""},
		"many words":           {newsletter.Item{Note: strings.Repeat("seagull ", 20)}, "seagull seagull seagull seagull seagull seagull seagull…"},
		"one very long word":   {newsletter.Item{Note: strings.Repeat("ø", 80)}, strings.Repeat("ø", 59) + "…"},
		"just what fits":       {newsletter.Item{Title: strings.Repeat("é", 60)}, strings.Repeat("é", 60)},
		"a long word in front": {newsletter.Item{Title: "a " + strings.Repeat("x", 70)}, "a " + strings.Repeat("x", 57) + "…"},
	} {
		got := c.item.Label()
		if got != c.want {
			t.Errorf("%s: the label is %q, want %q", name, got, c.want)
		}
		if n := utf8.RuneCountInString(got); n > 60 {
			t.Errorf("%s: the label has %d characters", name, n)
		}
	}
}
