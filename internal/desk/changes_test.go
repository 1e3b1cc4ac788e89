package desk

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// marked writes a change as text: [-gone-] and [+new+].
func marked(parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		switch p.Kind {
		case "gone":
			b.WriteString("[-" + p.Text + "-]")
		case "new":
			b.WriteString("[+" + p.Text + "+]")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestChangesAreOneText(t *testing.T) {
	long := strings.Repeat("word ", 200)
	for _, test := range []struct{ older, newer, want string }{
		{"a small ferry", "a big ferry", "a [-small -][+big +]ferry"},
		{"", "all new", "[+all new+]"},
		{"all gone", "", "[-all gone-]"},
		{"one two", "one two three", "one two [+three+]"},
		{"b a c", "a b c", "[+a +]b [-a -]c"},
		{"x y z", "x z y z", "x [+z +]y z"},
		{"same", "same", "same"},
		{long + "old", long + "new", "… " + strings.Repeat("word ", 25) + "[-old -][+new+]"},
		{"old " + long + "old", "new " + long + "new", "[-old -][+new +]" + strings.Repeat("word ", 25) + "… " + strings.Repeat("word ", 25) + "[-old -][+new+]"},
	} {
		got := marked(changes([]difference{compare("note", "Note", true, test.newer, test.older)})[0].Parts)
		if got != test.want {
			t.Errorf("from %q to %q: %q, want %q", test.older, test.newer, got, test.want)
		}
	}
}

// TestChangesHoldBothTexts reads both versions back out of the one text.
func TestChangesHoldBothTexts(t *testing.T) {
	text := rapid.StringMatching(`([abc]{0,2}[ \n]{0,2}){0,12}`)
	rapid.Check(t, func(rt *rapid.T) {
		older, newer := text.Draw(rt, "older"), text.Draw(rt, "newer")
		mine, other := differ(newer, older)
		var before, after string
		for _, p := range merge(other, mine) {
			if p.Kind != "new" {
				before += p.Text
			}
			if p.Kind != "gone" {
				after += p.Text
			}
		}
		if !sameWords(after, newer) || !sameWords(before, older) {
			rt.Errorf("from %q to %q it says %q and %q", older, newer, before, after)
		}
	})
}

// sameWords reports whether two texts differ in spaces alone.
func sameWords(a, b string) bool { return slices.Equal(strings.Fields(a), strings.Fields(b)) }
