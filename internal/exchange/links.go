package exchange

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// isAddress reports whether s, all of it, is an address that a link may have.
// Length is left to validation, which says more.
func isAddress(s string) bool {
	scheme, rest, found := strings.Cut(s, "://")
	if !found || rest == "" || strings.ContainsAny(rest[:1], "/?#") {
		return false
	}
	return (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")) &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

// foundLink is a link at the end of a line.
type foundLink struct {
	before string // words before it on the line
	newsletter.Link
}

// linkLine recognises the links of a Devops Weekly post: a line that is only an
// address, or that ends in [text](address). With bare, as in mails, it may also
// end in an address behind words.
func linkLine(s string, bare bool) (foundLink, bool) {
	s = strings.TrimSpace(s)
	if address := strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">"); isAddress(address) {
		return foundLink{"", newsletter.Link{URL: address}}, true
	}
	if strings.HasSuffix(s, ")") {
		return markdownLink(s)
	}
	space := strings.LastIndexFunc(s, unicode.IsSpace)
	if address := s[space+1:]; bare && isAddress(address) {
		return foundLink{words(s[:space+1]), newsletter.Link{URL: address}}, true
	}
	return foundLink{}, false
}

// markdownLink recognises [text](address) at the end of s. The address may hold
// brackets of its own as long as they are closed in it; as the text repeats it,
// it may hold any.
func markdownLink(s string) (foundLink, bool) {
	for _, middle := range middles(s) {
		address := s[middle+len("](") : len(s)-1]
		if before, ok := strings.CutSuffix(s[:middle], "["+address); ok && isAddress(address) {
			return foundLink{words(before), newsletter.Link{URL: address}}, true
		}
		open := openBracket(s[:middle])
		address = unescape(strings.TrimSuffix(strings.TrimPrefix(address, "<"), ">"))
		if open < 0 || !isAddress(address) || !closed(address) || strings.HasSuffix(s[:open], "!") {
			continue
		}
		text := strings.TrimSpace(unescape(s[open+1 : middle]))
		if text == address {
			text = ""
		}
		return foundLink{words(s[:open]), newsletter.Link{URL: address, Text: text}}, true
	}
	return foundLink{}, false
}

// middles returns where "](" stands in the last word of s, the first ones
// first. It gives up after a few, which keeps hostile lines linear: an address
// that holds the two characters itself is hardly ever seen.
func middles(s string) []int {
	const most = 4
	var at []int
	end := len(s)
	for len(at) < most {
		i := strings.LastIndex(s[:end], "](")
		if i < 0 || strings.ContainsFunc(s[i:end], unicode.IsSpace) {
			break
		}
		at = append([]int{i}, at...)
		end = i
	}
	return at
}

// openBracket returns where the bracket opens that is closed at the end of s.
func openBracket(s string) int {
	depth := 1
	for i := len(s) - 1; i >= 0; i-- {
		switch {
		case i > 0 && s[i-1] == '\\':
		case s[i] == ']':
			depth++
		case s[i] == '[':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// closed reports whether all round brackets in s are pairs.
func closed(s string) bool {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

var (
	listMark  = regexp.MustCompile(`^(?:[-*+]|\d{1,9}[.)])(?:\s+|$)`)
	backslash = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")
)

// words returns the words before a link without the colon that leads to it and
// the mark of a list they stand in.
func words(s string) string {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), ":"))
	return listMark.ReplaceAllString(s, "")
}

// unescape takes the backslashes off that Markdown allows before punctuation.
func unescape(s string) string { return backslash.ReplaceAllString(s, "$1") }

// label returns the link with the words before it as its text. Words that are
// no text for a link, being too long or holding links themselves, come back as
// kept: they stay in the note.
func (f foundLink) label() (link newsletter.Link, kept string) {
	long := func(s string) bool { return utf8.RuneCountInString(s) > newsletter.MaxTitle }
	joined := strings.TrimPrefix(f.before+": "+f.Text, ": ")
	if f.Text == "" {
		joined = f.before
	}
	switch {
	case long(f.Text):
		return newsletter.Link{URL: f.URL}, strings.TrimSpace(f.before + " " + f.Text)
	case long(joined), strings.Contains(f.before, "]("), strings.Contains(f.before, "://"):
		return f.Link, f.before
	}
	return newsletter.Link{URL: f.URL, Text: joined}, ""
}
