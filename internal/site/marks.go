package site

import (
	"cmp"
	"html/template"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/postgres"
)

// marks are what a search means in some texts: words of them, and the runs of what
// is written without spaces.
type marks struct {
	words map[string]bool
	runs  []string
}

// add adds a word if it is meant.
func (m marks) add(word string, meant bool) {
	if meant {
		m.words[word] = true
	}
}

// in goes through what is meant in a text, from where to where.
func (m marks) in(text string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		end := 0 // of the run before
		for from, to := range words(text) {
			if m.words[text[from:to]] {
				if !yield(from, to) {
					return
				}
				continue
			}
			for at := max(from, end); at < to && len(m.runs) > 0 && alone(text[from:to]); {
				length := m.run(text[at:])
				if length > 0 && !yield(at, at+length) {
					return
				}
				_, character := utf8.DecodeRuneInString(text[at:])
				at += max(length, character)
				end = at
			}
		}
	}
}

// run returns how many bytes of a text's beginning are a run that is meant, the
// longest, or 0.
func (m marks) run(text string) int {
	longest := 0
	for _, run := range m.runs {
		longest = max(longest, begins(text, run))
	}
	return longest
}

// begins returns how many bytes of a text's beginning are a run, or 0. Between its
// characters may stand signs and blanks, as a line's end: the index has none.
func begins(text, run string) int {
	for at, c := range text {
		next, size := utf8.DecodeRuneInString(run)
		switch {
		case c == next:
			if run = run[size:]; run == "" {
				return at + size
			}
		case at == 0 || unicode.IsLetter(c) || unicode.IsDigit(c):
			return 0
		}
	}
	return 0
}

// words goes through the words of a text, from where to where each stands in
// it: as the index has them, of letters and digits alone. Characters that are words
// by themselves are one as long as they stand together.
func words(text string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		from, aside := -1, false // aside: of characters that are words by themselves
		for at, r := range text {
			within := 'a' <= r && r <= 'z' || r > ' ' && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
			if from >= 0 && (!within || postgres.Alone(r) != aside) {
				if !yield(from, at) {
					return
				}
				from = -1
			}
			if within && from < 0 {
				from, aside = at, postgres.Alone(r)
			}
		}
		if from >= 0 {
			yield(from, len(text))
		}
	}
}

// alone reports whether a word is of characters that are words by themselves.
func alone(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return postgres.Alone(first)
}

// html returns a text with the words marked that are meant.
func (m marks) html(text string) template.HTML {
	var b strings.Builder
	m.write(&b, text)
	return template.HTML(b.String()) // which write has made safe
}

// write writes a text as html returns it.
func (m marks) write(b *strings.Builder, text string) {
	end := 0
	for from, to := range m.in(text) {
		b.WriteString(template.HTMLEscapeString(text[end:from]))
		b.WriteString("<mark>" + template.HTMLEscapeString(text[from:to]) + "</mark>")
		end = to
	}
	b.WriteString(template.HTMLEscapeString(text[end:]))
}

// How a long text is shown: at most so many of its passages, each of so many
// words, some of which stand before the first that is meant.
const (
	longText      = 700 // characters
	passagesShown = 3
	passageWords  = 32
	passageBefore = 8
)

// passages writes a text as write does. Of a long one it keeps the passages with
// most of the words that are meant.
func (m marks) passages(b *strings.Builder, text string) {
	if len(text) < longText || utf8.RuneCountInString(text) < longText {
		m.write(b, text)
		return
	}
	end := 0
	for _, p := range m.best(text) {
		if p.from > end {
			b.WriteString(" … ")
		}
		m.write(b, text[p.from:p.to])
		end = p.to
	}
	if end < len(text) {
		b.WriteString(" …")
	}
}

// part is where something stands in a text: from which byte to which.
type part struct{ from, to int }

// passage is a part of a text that is shown.
type passage struct {
	part
	meant int // different words and runs in it that are meant
}

// best returns the passages that are shown of a long text, in order: its
// beginning, where no word is meant.
func (m marks) best(text string) []passage {
	stand := slices.Collect(pieces(text))
	var found []part
	for from, to := range m.in(text) {
		found = append(found, part{from, to})
	}
	all := []passage{passageOf(text, stand[:min(passageWords, len(stand))], found)}
	k := 0
	for _, at := range found {
		for stand[k].to <= at.from {
			k++
		}
		first := max(0, k-passageBefore)
		all = append(all, passageOf(text, stand[first:min(first+passageWords, len(stand))], found))
	}
	slices.SortStableFunc(all, func(a, b passage) int { return cmp.Compare(b.meant, a.meant) })
	var shown []passage
	for _, p := range all {
		apart := !slices.ContainsFunc(shown, func(other passage) bool { return p.from < other.to && other.from < p.to })
		if apart && len(shown) < passagesShown && (p.meant > 0 || len(shown) == 0) {
			shown = append(shown, p)
		}
	}
	slices.SortFunc(shown, func(a, b passage) int { return cmp.Compare(a.from, b.from) })
	return shown
}

// pieces goes through the words of a text. What is written without spaces counts a
// word for every few characters.
func pieces(text string) iter.Seq[part] {
	const few = 4
	return func(yield func(part) bool) {
		for from, to := range words(text) {
			begin, characters := from, 0
			for at := range text[from:to] {
				if characters++; characters > few && alone(text[from:to]) {
					if !yield(part{begin, from + at}) {
						return
					}
					begin, characters = from+at, 1
				}
			}
			if !yield(part{begin, to}) {
				return
			}
		}
	}
}

// passageOf is the part of a text where some of its words stand.
func passageOf(text string, stand, found []part) passage {
	if len(stand) == 0 {
		return passage{part: part{0, len(text)}}
	}
	p := passage{part: part{stand[0].from, stand[len(stand)-1].to}}
	meant := map[string]bool{}
	first, _ := slices.BinarySearchFunc(found, p.from, func(s part, from int) int { return cmp.Compare(s.from, from) })
	for _, at := range found[first:] {
		if at.to > p.to {
			break
		}
		meant[strings.ToLower(text[at.from:at.to])] = true
	}
	p.meant = len(meant)
	return p
}
