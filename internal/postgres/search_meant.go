package postgres

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Meant is what the words of a search mean: forms of words in a dictionary.
type Meant struct {
	Dictionary string // by which [Store.Forms] gives the forms of a text's words
	Terms      []Term
	Runs       []string // of characters that are words by themselves, to be found as they are ("東京")
}

// Term is a form of words that a search looks for, or the beginning of such.
type Term struct {
	Form   string
	Begins bool
}

// Has reports whether a search means a word of these forms.
func (m Meant) Has(forms ...string) bool {
	for _, term := range m.Terms {
		for _, form := range forms {
			if form == term.Form || term.Begins && strings.HasPrefix(form, term.Form) {
				return true
			}
		}
	}
	return false
}

// operand is a term as PostgreSQL writes a tsquery ("Text Search Types", 8.11.2):
// in quotes, which are doubled within as backslashes are, with a star behind what
// may go on.
var operand = regexp.MustCompile(`'((?:[^']|'')*)'(:\*)?`)

var unquoted = strings.NewReplacer(`''`, `'`, `\\`, `\`)

// meantBy is what a tsquery is made of.
func meantBy(tsquery string) (terms []Term, runs []string) {
	end := 0 // of the run before
	for _, at := range operand.FindAllStringSubmatchIndex(tsquery, -1) {
		form := unquoted.Replace(tsquery[at[2]:at[3]])
		switch first, _ := utf8.DecodeRuneInString(form); {
		case !Alone(first):
			terms = append(terms, Term{Form: form, Begins: at[4] >= 0})
			continue
		case end > 0 && tsquery[end:at[0]] == " <-> ":
			runs[len(runs)-1] += form
		default:
			runs = append(runs, form)
		}
		end = at[1]
	}
	return terms, runs
}

// Forms returns the forms that words, which consist of letters and digits, have
// in the index: those of a dictionary, of which words that say nothing ("the")
// have none, and the word to the letter, which has beginnings that its form lacks
// ("monitorin").
func (s *Store) Forms(ctx context.Context, dictionary string, words []string) (map[string][]string, error) {
	type entry struct {
		Word  string
		Forms []string
	}
	list, err := collect[entry](ctx, s, "look words up", `
		SELECT word, tsvector_to_array(to_tsvector($1::text::regconfig, word) || to_tsvector('folded_simple', word)) AS forms
		FROM unnest($2::text[]) AS word`, dictionary, words)
	all := make(map[string][]string, len(list))
	for _, entry := range list {
		all[entry.Word] = entry.Forms
	}
	return all, err
}
