package site

import (
	"cmp"
	"context"
	"html/template"
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/postgres"
)

// lexicon has the forms of words, as dictionaries gave them. The texts of one page
// of results hold a thousand words, most of which stood on another one.
type lexicon struct {
	mu    sync.Mutex
	known map[string]map[string][]string // by dictionary, then by word
}

func newLexicon() *lexicon { return &lexicon{known: map[string]map[string][]string{}} }

// maxForms is how many words' forms are kept of a dictionary, some 6 MB: the
// vocabulary of most letters. With more, all are asked for anew.
const maxForms = 40_000

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

// longestWord is how many bytes a word has that PostgreSQL finds at most
// ("Limitations", 12.11).
const longestWord = 2046

// look tells which words of texts a search means, and which ones the lexicon
// does not know. Every word is a form of itself, and one that was typed has the form
// that is like it and like no other that was typed: each form is of one of these.
func (l *lexicon) look(meant postgres.Meant, typed string, texts iter.Seq[string]) (m marks, unknown []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m = marks{words: map[string]bool{}, runs: meant.Runs}
	settled := settle(meant, typed)
	asked := map[string]bool{}
	known := l.known[meant.Dictionary]
	for text := range texts {
		for from, to := range words(text) {
			word := text[from:to]
			if other(meant, word) || alone(word) || m.words[word] {
				continue
			}
			if small := strings.ToLower(word); meant.Has(small) || slices.Contains(settled, small) {
				m.words[word] = true
			} else if forms, found := known[word]; found {
				m.add(word, meant.Has(forms...))
			} else if !asked[word] && len(word) <= longestWord && !literal(word) {
				asked[word] = true
				unknown = append(unknown, word)
			}
		}
	}
	return m, unknown
}

// settle returns the words of a search, in lower case, whose form is meant for sure.
func settle(meant postgres.Meant, typed string) []string {
	if !byEnds(meant.Dictionary) {
		return nil
	}
	var all, settled []string
	for from, to := range words(typed) {
		if word := strings.ToLower(typed[from:to]); !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	for _, term := range meant.Terms {
		alike := slices.DeleteFunc(slices.Clone(all), func(word string) bool { return !like(term.Form, word) })
		if len(alike) == 1 {
			settled = append(settled, alike[0])
		}
	}
	return settled
}

// other reports whether a word of ASCII letters and digits has no form that is
// meant, whatever its forms are. Of one with a digit they are parts, in lower case.
// Of letters alone they are its beginning, with another letter at the end at most
// ("racing" of "race"), and an i for a y ("dying" of "die"), where a dictionary
// changes words by their ends.
func other(meant postgres.Meant, word string) bool {
	digits := false
	for at := range len(word) {
		switch c := small(word[at]); {
		case '0' <= c && c <= '9':
			digits = true
		case c < 'a' || c > 'z':
			return false
		}
	}
	if digits {
		word = strings.ToLower(word)
		return !slices.ContainsFunc(meant.Terms, func(term postgres.Term) bool { return strings.Contains(word, term.Form) })
	}
	return byEnds(meant.Dictionary) && !slices.ContainsFunc(meant.Terms, func(term postgres.Term) bool { return like(term.Form, word) })
}

// byEnds reports whether a dictionary changes nothing but the ends of words, as most
// stemmers do (https://snowballstem.org/algorithms/). The Finnish one drops one of two
// letters, the Dutch one changes two and since PostgreSQL 18 takes "ge" away, and the
// German one since then an e after another vowel.
func byEnds(dictionary string) bool {
	return dictionary != "folded_dutch" && dictionary != "folded_finnish" && dictionary != "folded_german"
}

// like reports whether a word begins as a form does, but for the form's last letter
// after the first, an i and a y being the same, or might: "ı" is a small I to some.
func like(form, word string) bool {
	for at := range max(len(form)-1, 1) {
		if at == len(word) {
			return false
		}
		a, b := form[at], small(word[at])
		if a >= utf8.RuneSelf {
			return true
		}
		if a != b && (a != 'i' || b != 'y') {
			return false
		}
	}
	return true
}

// small returns an ASCII letter in lower case, digits as they are, and nothing else
// as either.
func small(c byte) byte {
	const difference = 'a' - 'A'
	if c < 'A' {
		return c
	}
	return c | difference
}

// literal reports whether a word has one form in every dictionary, itself in
// lower case: one of ASCII letters and digits with a digit among them, which
// PostgreSQL's parser takes for a uint or numword ("Parsers", 12.5) unless it
// begins like a number with an exponent. Addresses are full of them.
func literal(word string) bool {
	digits, exponent := 0, false
	for at := range len(word) {
		switch c := word[at]; {
		case '0' <= c && c <= '9':
			if exponent {
				return false // 1e5
			}
			digits++
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			exponent = (c == 'e' || c == 'E') && at > 0 && digits == at
		default:
			return false
		}
	}
	return digits > 0
}

// keep keeps the forms of words.
func (l *lexicon) keep(dictionary string, found map[string][]string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.known[dictionary]
	if known == nil || len(known)+len(found) > maxForms {
		known = make(map[string][]string, len(found))
		l.known[dictionary] = known
	}
	for word, forms := range found {
		known[strings.Clone(word)] = forms
	}
}

// marks tells which words of texts a search means, as it was typed, in one query at
// most.
func (s snapshot) marks(ctx context.Context, meant postgres.Meant, typed string, texts iter.Seq[string]) (marks, error) {
	m, unknown := s.site.lexicon.look(meant, typed, texts)
	if len(unknown) == 0 {
		return m, nil
	}
	found, err := s.Forms(ctx, meant.Dictionary, unknown)
	s.site.lexicon.keep(meant.Dictionary, found)
	for word, forms := range found {
		m.add(word, meant.Has(forms...))
	}
	return m, err
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
