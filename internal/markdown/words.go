package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviations are the words that end in a full stop within a sentence. Others
// are told by what follows: a sentence does not begin in lower case.
var abbreviations = map[string]bool{
	"e.g": true, "i.e": true, "vs": true, "cf": true, "approx": true,
	"mr": true, "mrs": true, "ms": true, "dr": true, "prof": true, "st": true, "fig": true, "vol": true,
}

// FirstSentence returns the first sentence of a plain text, for a summary, or,
// if it is longer than limit characters, its beginning up to a word and "…",
// limit characters in all. It never reaches over the end of a paragraph.
func FirstSentence(plain string, limit int) string {
	paragraph, _, _ := strings.Cut(strings.TrimSpace(plain), "\n\n")
	s := strings.Join(strings.Fields(paragraph), " ")
	s = s[:sentenceLen(s)]
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return shorten(s, limit)
}

// sentenceLen returns the length in bytes of the sentence s begins with.
func sentenceLen(s string) int {
	for i, r := range s {
		end := i + utf8.RuneLen(r)
		switch r {
		case '。', '！', '？':
			return end + closing(s[end:])
		case '.', '!', '?', '…':
			end += closing(s[end:])
			if ends(s[:i], r, s[end:]) {
				return end
			}
		}
	}
	return len(s)
}

// closing returns the length of the quotes and brackets that s begins with, and
// of further marks ("?!").
func closing(s string) int {
	return len(s) - len(strings.TrimLeft(s, `"'”’»)].!?…」』）`))
}

// ends reports whether a mark between two pieces of text ends a sentence.
func ends(before string, mark rune, after string) bool {
	if after == "" {
		return true
	}
	next, found := strings.CutPrefix(after, " ")
	if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(next, `"'“‘«([`)); !found || unicode.IsLower(first) {
		return false
	}
	if mark != '.' {
		return true
	}
	word := strings.TrimLeft(before[strings.LastIndexByte(before, ' ')+1:], `"'“‘«([`)
	switch {
	case abbreviations[strings.ToLower(word)]:
		return false
	case utf8.RuneCountInString(word) == 1 && unicode.IsUpper([]rune(word)[0]) && word != "I": // "J. Smith"
		return false
	case len(word) == len(before) && strings.Trim(word, "0123456789") == "": // "1. First"
		return false
	}
	return true
}

// shorten cuts s, which is longer, to limit characters with "…" at the end:
// after a word, or anywhere if there is no space.
func shorten(s string, limit int) string {
	if limit < 1 {
		return ""
	}
	runes := []rune(s)
	end := limit - 1
	for end > 0 && unicode.Is(unicode.M, runes[end]) {
		end--
	}
	cut := string(runes[:end])
	if i := strings.LastIndexByte(cut, ' '); i > 0 && runes[end] != ' ' {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:–—-(") + "…"
}

// Words returns how many words a text has. A word is what stands between spaces
// and has a letter or a digit in it; in Chinese and Japanese, which put no
// spaces, each character is one.
func Words(plain string) int {
	n, inWord := 0, false
	for _, r := range plain {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			n++
			inWord = false
		case unicode.IsSpace(r):
			inWord = false
		case !inWord && (unicode.IsLetter(r) || unicode.IsNumber(r)):
			n++
			inWord = true
		}
	}
	return n
}
