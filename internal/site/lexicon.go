package site

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"
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
