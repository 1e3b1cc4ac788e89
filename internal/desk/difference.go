package desk

import (
	"strings"
	"unicode"
)

// difference is one field of which two people wrote different versions.
type difference struct {
	Field string // name of the form's field, such as "note"
	Label string // as in "Introduction"
	Long  bool   // it is a text of several lines, so that both versions may go into the editor
	Mine  version
	Other version
}

// version is a text cut into pieces where it differs from another.
type version []piece

// piece is a part of a text; Changed when the other text lacks it.
type piece struct {
	Text    string
	Changed bool
}

// compare returns how two versions of a field differ, word by word.
func compare(field, label string, long bool, mine, other string) difference {
	d := difference{Field: field, Label: label, Long: long}
	d.Mine, d.Other = differ(mine, other)
	return d
}

// both puts two versions of a text under each other, for somebody to make one
// of them. Equal ones are not doubled.
func both(mine, other string) string {
	if mine == other || strings.TrimSpace(other) == "" {
		return mine
	}
	if strings.TrimSpace(mine) == "" {
		return other
	}
	return strings.TrimRight(mine, "\n") + "\n\n" + other
}

// differ cuts two texts into the pieces they share and the pieces only one of
// them has. Joined again, the pieces are the texts.
func differ(a, b string) (pieces, pieces2 version) { return differIn(words(a), words(b)) }

// differIn is differ for texts that are cut already, into words or lines.
func differIn(as, bs []string) (pieces, pieces2 version) {
	numbers := map[string]int{}
	na, nb := numbered(as, numbers), numbered(bs, numbers)
	start := 0
	for start < min(len(as), len(bs)) && na[start] == nb[start] {
		start++
	}
	end := 0
	for end < min(len(as), len(bs))-start && na[len(as)-1-end] == nb[len(bs)-1-end] {
		end++
	}
	keptA, keptB := common(na[start:len(as)-end], nb[start:len(bs)-end])
	return join(as, start, end, keptA), join(bs, start, end, keptB)
}

// words cuts a text into words, each with the space that follows it. Space at
// the beginning is a word of its own.
func words(s string) []string {
	var list []string
	start, inSpace := 0, true
	for i, r := range s {
		space := unicode.IsSpace(r)
		if inSpace && !space && i > 0 {
			list = append(list, s[start:i])
			start = i
		}
		inSpace = space
	}
	if start < len(s) {
		list = append(list, s[start:])
	}
	return list
}

// numbered returns a number for each word, the same for equal ones: they are
// compared millions of times. How much space follows does not matter, but
// whether a paragraph ends does.
func numbered(words []string, numbers map[string]int) []int {
	list := make([]int, len(words))
	for k, word := range words {
		key := strings.TrimSpace(word)
		if strings.Contains(word, "\n\n") {
			key += "\n\n"
		}
		if _, known := numbers[key]; !known {
			numbers[key] = len(numbers)
		}
		list[k] = numbers[key]
	}
	return list
}

// maxCells bounds the work and memory of comparing two texts, at some 8 MB.
// Two texts of 2,000 words that share neither beginning nor end stay below it;
// what is larger counts as different from beginning to end.
const maxCells = 4 << 20

// common returns which words of a and of b are part of the longest sequence
// they have in common.
func common(a, b []int) (inA, inB []bool) {
	inA, inB = make([]bool, len(a)), make([]bool, len(b))
	width := len(b) + 1
	if (len(a)+1)*width > maxCells {
		return inA, inB
	}
	longest := make([]uint16, (len(a)+1)*width) // of a[i:] and b[j:]; both are far shorter than 65,536 words
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			inA[i], inB[j] = true, true
			i, j = i+1, j+1
		case longest[(i+1)*width+j] >= longest[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return inA, inB
}

// join makes pieces of words: start words and end words are shared, and of
// those between them the kept ones.
func join(list []string, start, end int, kept []bool) version {
	var v version
	for i, word := range list {
		changed := i >= start && i < len(list)-end && !kept[i-start]
		if last := len(v) - 1; last >= 0 && v[last].Changed == changed {
			v[last].Text += word
		} else {
			v = append(v, piece{word, changed})
		}
	}
	return v
}
