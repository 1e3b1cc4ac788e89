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

// has reports whether a word, or a run within it, is meant.
func (m marks) has(word string) bool {
	return m.words[word] || slices.ContainsFunc(m.runs, func(run string) bool { return strings.Contains(word, run) })
}

// in goes through what is meant in a text, from where to where.
func (m marks) in(text string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for from, to := range words(text) {
			if m.words[text[from:to]] && !yield(from, to) {
				return
			}
			for at := from; at < to && len(m.runs) > 0 && alone(text[from:to]); {
				length := 0
				for _, run := range m.runs {
					if strings.HasPrefix(text[at:to], run) {
						length = max(length, len(run))
					}
				}
				if length > 0 && !yield(at, at+length) {
					return
				}
				_, character := utf8.DecodeRuneInString(text[at:])
				at += max(length, character)
			}
		}
	}
}

// longestWord is how many bytes a word has that PostgreSQL finds at most
// ("Limitations", 12.11).
const longestWord = 2046

// look tells which words of texts a search means, and which ones the lexicon
// does not know. Every word is a form of itself, and one that was typed has the form
// that is like it. Words that are not to be found were typed, too, but do not stand
// in what was found.
func (l *lexicon) look(meant postgres.Meant, typed string, texts iter.Seq[string]) (m marks, unknown []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m = marks{words: map[string]bool{}, runs: meant.Runs}
	var settled []string
	for from, to := range words(typed) {
		if word := typed[from:to]; likely(meant, word) {
			settled = append(settled, strings.ToLower(word))
		}
	}
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

// other reports whether a word of ASCII letters and digits has no form that is
// meant, whatever its forms are. Of one with a digit they are parts, in lower case.
// Of letters alone they are its beginning, with another letter at the end at most
// ("racing" of "race"), and an i for a y ("dying" of "die"): the stemmers of
// PostgreSQL's languages change the ends of words (https://snowballstem.org/algorithms/).
// But the Finnish one drops one of two letters, the Dutch one changes two and since
// PostgreSQL 18 takes "ge" away, and the German one since then an e after another vowel.
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
	switch meant.Dictionary {
	case "folded_dutch", "folded_finnish", "folded_german":
		return false
	}
	return !likely(meant, word)
}

// likely reports whether a form that is meant is like a word.
func likely(meant postgres.Meant, word string) bool {
	return slices.ContainsFunc(meant.Terms, func(term postgres.Term) bool { return like(term.Form, word) })
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
		b.WriteString("<mark>" + text[from:to] + "</mark>") // letters and digits
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

// passage is a part of a text.
type passage struct {
	from, to int // bytes
	meant    int // different words in it that are meant
}

// best returns the passages that are shown of a long text, in order: its
// beginning, where no word is meant.
func (m marks) best(text string) []passage {
	var stand [][2]int
	for from, to := range words(text) {
		stand = append(stand, [2]int{from, to})
	}
	all := []passage{m.passage(text, stand[:min(passageWords, len(stand))])}
	for k, at := range stand {
		if m.has(text[at[0]:at[1]]) {
			first := max(0, k-passageBefore)
			all = append(all, m.passage(text, stand[first:min(first+passageWords, len(stand))]))
		}
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

// passage is the part of a text where some of its words stand.
func (m marks) passage(text string, stand [][2]int) passage {
	if len(stand) == 0 {
		return passage{to: len(text)}
	}
	meant := map[string]bool{}
	for _, at := range stand {
		if word := text[at[0]:at[1]]; m.has(word) {
			meant[strings.ToLower(word)] = true
		}
	}
	return passage{stand[0][0], stand[len(stand)-1][1], len(meant)}
}
