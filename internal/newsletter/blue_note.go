package newsletter

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxBlueNote is how many characters a blue note may have.
const MaxBlueNote = 2000

// CheckBlueNote looks over the text of a blue note, a remark that never
// prints. Its error is an [Invalid] of field "text".
func CheckBlueNote(text string) error {
	var wrong Invalid
	switch n := utf8.RuneCountInString(text); {
	case strings.TrimSpace(text) == "":
		wrong.Add("text", "is empty; say what is to be known or done")
	case n > MaxBlueNote:
		wrong.Add("text", fmt.Sprintf("has %d characters; at most %d", n, MaxBlueNote))
	case !printable(text):
		wrong.Add("text", "holds control characters or is not UTF-8; take them out")
	}
	return wrong.Err()
}

// Mention is a place in a text that names people: text[From:To] is "@Wren".
type Mention struct {
	From, To int
	People   []User // several when the name does not tell them apart
}

// Mentions finds where a text names people by an @ and their first or full
// name, in whatever case: the longest name that fits, and everybody who has it.
// Those who are disabled are not named, nor is anybody by what stands in a mail
// address.
func Mentions(text string, people []User) []Mention {
	var found []Mention
	before := ' '
	end := 0 // of the last mention
	for at, r := range text {
		if r == '@' && at >= end && !inWord(before) {
			if named, length := namedAt(text[at+1:], people); length > 0 {
				end = at + 1 + length
				found = append(found, Mention{at, end, named})
			}
		}
		before = r
	}
	return found
}

// namedAt returns who is named at the beginning of a text, and how many bytes
// of it their name takes.
func namedAt(text string, people []User) (named []User, longest int) {
	for _, person := range people {
		if person.Disabled {
			continue
		}
		first, _, _ := strings.Cut(person.Name, " ")
		length := max(beginsWith(text, first), beginsWith(text, person.Name))
		if length > longest {
			named, longest = nil, length
		}
		if length > 0 && length == longest {
			named = append(named, person)
		}
	}
	return named, longest
}

// beginsWith returns how many bytes of a text are a name in whatever case, or
// 0 when it does not begin with it or its word goes on.
func beginsWith(text, name string) int {
	rest := text
	for _, want := range name {
		r, size := utf8.DecodeRuneInString(rest)
		if size == 0 || !strings.EqualFold(string(r), string(want)) {
			return 0
		}
		rest = rest[size:]
	}
	if next, _ := utf8.DecodeRuneInString(rest); inWord(next) {
		return 0
	}
	return len(text) - len(rest)
}

// inWord reports whether a character is part of a word.
func inWord(r rune) bool {
	return r != utf8.RuneError && unicode.In(r, unicode.L, unicode.M, unicode.N)
}

// Mentioned returns the people that a text names, each once, in its order.
func Mentioned(text string, people []User) []User {
	var all []User
	for _, mention := range Mentions(text, people) {
		for _, person := range mention.People {
			if !slices.ContainsFunc(all, func(u User) bool { return u.ID == person.ID }) {
				all = append(all, person)
			}
		}
	}
	return all
}
