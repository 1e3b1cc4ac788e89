package postgres

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

// matching makes the query of a search. The language's dictionary forgives case,
// accents and word endings; words that say nothing ("the") are left out of
// account, unless there are no others. The last word may be the beginning of
// one, which finds the word itself as well: of one that it is a form of, or of
// one to the letter ("poly", whose form is "poli"). matched has the words of the
// index that begin so in its place, where they are few: PostgreSQL skips through
// what has a word, but gathers all that has a beginning. written and phrase are
// the same words to the letter, together are their forms in a row; config is what
// marks them in texts. The one row of the publication is read as a value: the
// planner, which has no statistics of so small a table, would take it for hundreds
// of rows.
const matching = `
	WITH words AS MATERIALIZED (
		SELECT config, websearch_to_tsquery(config, @whole) AS meant, websearch_to_tsquery(config, @before) AS before,
		       to_tsquery(config, @beginning) AS form, to_tsquery('folded_simple', @beginning) AS letters,
		       websearch_to_tsquery('folded_simple', @words) AS written, phraseto_tsquery('folded_simple', @words) AS phrase,
		       phraseto_tsquery(config, @words) AS together
		FROM regconfig((SELECT dictionary FROM publication)) AS config),
	begun AS MATERIALIZED (
		SELECT *, CASE WHEN numnode(form) = 0 OR starts_with(letters::text, rtrim(form::text, ''':*')) THEN form ELSE form || letters END AS begun
		FROM words),
	query AS MATERIALIZED (
		SELECT CASE WHEN nothing THEN 'folded_simple' ELSE config END AS config,
		       CASE WHEN nothing THEN written ELSE meant || (before && begun) END AS query,
		       CASE WHEN nothing THEN written ELSE meant || (before && coalesce(completed, begun)) END AS matched,
		       written, phrase, together
		FROM begun, LATERAL (SELECT numnode(meant) = 0 AND numnode(before && begun) = 0) AS said (nothing), LATERAL (
			SELECT CASE WHEN count(*) <= 50 THEN string_agg('''' || replace(replace(word, '\', '\\'), '''', '''''') || '''', '|')::tsquery END
			FROM (SELECT word FROM unnest(string_to_array(begun::text, ' | ')) AS beginning, trim(beginning, ''':*') AS start, printed_words
			      WHERE word >= start AND word < start || chr(1114111) LIMIT 51) AS begins) AS words_with (completed))`

// match returns the arguments of matching.
func (q Query) match() pgx.StrictNamedArgs {
	words := asIndexed(q.Words)
	before, last := lastWord(words)
	switch {
	case last == "":
		return pgx.StrictNamedArgs{"words": words, "whole": words, "before": "", "beginning": ""}
	case hasOr(words):
		return pgx.StrictNamedArgs{"words": words, "whole": words, "before": before, "beginning": last + ":*"}
	}
	return pgx.StrictNamedArgs{"words": words, "whole": "", "before": before, "beginning": last + ":*"}
}

// hasOr reports whether one of a search's words may be the "or" between others.
// Without it, what has the beginning of the last word beside the words before it
// is all that has the last word beside them.
func hasOr(words string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(words, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }),
		func(word string) bool { return strings.EqualFold(word, "or") })
}

// asIndexed returns a search's words apart as the index has them: what a slash,
// dot, hyphen or another sign joins ("CI/CD", "open-source", "node.js", "R&D") as
// words in a row, which find the same words with a space between as well. The star of "infra*"
// goes: a last word is taken for a beginning without it. Printed quotation marks,
// which phones type by themselves, are taken for typed ones. A hyphen that stands
// alone leaves out nothing: it is the dash of a title.
func asIndexed(words string) string {
	parts := strings.Split(straightened.Replace(words), `"`)
	for i, part := range parts {
		if i%2 == 1 { // in quotes
			parts[i] = strings.Join(strings.Fields(apart(part)), " ")
			continue
		}
		given := strings.Split(part, " ")
		for k, word := range given {
			if word == "-" && (k < len(given)-1 || i == len(parts)-1) {
				given[k] = "" // a dash, unless quotes follow
				continue
			}
			given[k] = inRow(word)
		}
		parts[i] = strings.Join(given, " ")
	}
	return strings.Join(parts, `"`)
}

// straightened makes printed quotation marks typed ones, those that PostgreSQL knows.
var straightened = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`)

// inRow returns the words that one is joined of as a phrase. A hyphen before all
// of them leaves them out.
func inRow(word string) string {
	not := ""
	if strings.HasPrefix(word, "-") {
		not = "-"
	}
	joined := strings.Fields(apart(strings.Trim(word, "*")))
	switch {
	case len(joined) > 1:
		return not + `"` + strings.Join(joined, " ") + `"`
	case len(joined) == 0 && word != "-":
		return "" // signs alone, which leave nothing out
	}
	return not + strings.Join(joined, "")
}

// apart returns a text with spaces where words_apart has them: in the place of
// signs that join words to one for PostgreSQL, and around the characters of [Alone].
func apart(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case strings.ContainsRune("/.-<>&+~", c):
			b.WriteByte(' ')
		case Alone(c):
			b.WriteString(" " + string(c) + " ")
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// Alone reports whether a character is a word of the index by itself: those of
// scripts that are written without spaces between words, or with endings that no
// dictionary knows. They are the blocks of Chinese, Japanese and Korean
// (https://www.unicode.org/Public/UNIDATA/Blocks.txt).
func Alone(c rune) bool {
	return c >= '\u2E80' && (c <= '\u9FFF' || '\uAC00' <= c && c <= '\uD7FF' || '\uF900' <= c && c <= '\uFAFF' ||
		'\uFF66' <= c && c <= '\uFFDC' || '\U00020000' <= c && c <= '\U0003FFFF')
}

// shortestBeginning is how many letters a word's beginning has at least. Fewer
// begin too many words to mean any.
const shortestBeginning = 3

// lastWord cuts off the last of a search's words, if it may be one that is not
// typed to its end: it is not in quotes, not excluded and holds only letters
// and digits.
func lastWord(words string) (before, last string) {
	words = strings.TrimSpace(words)
	cut := strings.LastIndexByte(words, ' ') + 1
	before, last = words[:cut], words[cut:]
	odd := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }
	if strings.Count(before, `"`)%2 == 1 || strings.ContainsFunc(last, odd) || utf8.RuneCountInString(last) < shortestBeginning {
		return words, ""
	}
	return before, last
}
