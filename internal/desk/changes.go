package desk

import "strings"

// change is a field that a version of a text changed, as one text with what
// was taken out and what was put in.
type change struct {
	Label string
	Parts []part
}

// part is a piece of a change. Kind is "gone", "new" or, for what both
// versions have, "".
type part struct{ Text, Kind string }

// changes writes differences, of which Mine is the newer version, each as one
// text.
func changes(differences []difference) []change {
	list := make([]change, len(differences))
	for k, d := range differences {
		list[k] = change{d.Label, shorten(merge(d.Other, d.Mine))}
	}
	return list
}

// merge puts two versions, cut where they differ, into one text: what is gone
// stands before what came for it. Both have the same words in their shared
// pieces, but not cut at the same places.
func merge(older, newer version) []part {
	var parts []part
	add := func(text, kind string) {
		last := len(parts) - 1
		if last >= 0 && parts[last].Kind == kind {
			parts[last].Text += text
			return
		}
		if last >= 0 && strings.TrimSpace(parts[last].Text[len(parts[last].Text)-1:]) != "" {
			parts[last].Text += " " // the last word of one version, before more of the other
		}
		parts = append(parts, part{text, kind})
	}
	gone := func() {
		for len(older) > 0 && older[0].Changed {
			add(older[0].Text, "gone")
			older = older[1:]
		}
	}
	left := 0 // words of older's next piece, a shared one, that do not stand in the text yet
	for _, p := range newer {
		if left == 0 {
			gone()
		}
		if p.Changed {
			add(p.Text, "new")
			continue
		}
		for _, word := range words(p.Text) {
			if left == 0 {
				gone()
				left = len(words(older[0].Text))
			}
			add(word, "")
			if left--; left == 0 {
				older = older[1:]
			}
		}
	}
	gone()
	return parts
}

// Before and after a change this many words are shown; a shared piece that is not much
// longer is shown whole.
const (
	kept  = 25
	whole = 3 * kept
)

// shorten leaves out the middle of long pieces that both versions have.
func shorten(parts []part) []part {
	for k, p := range parts {
		list := words(p.Text)
		if p.Kind != "" || len(list) <= whole || len(parts) == 1 {
			continue
		}
		before, after := strings.Join(list[:kept], ""), strings.Join(list[len(list)-kept:], "")
		if k == 0 {
			before = ""
		}
		if k == len(parts)-1 {
			after = ""
		}
		parts[k].Text = before + "… " + after
	}
	return parts
}
