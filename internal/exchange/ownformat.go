package exchange

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"broadsheet/internal/newsletter"
)

// Our own Markdown looks like a Jekyll post of the newsletter: front matter, a
// heading that repeats the title, the introduction in italics, underlined
// headings, items between two blank lines, links on lines of their own. What
// that has no place for stands in further lines of front matter and in HTML
// comments, and only where it is not what a reader would expect. A line that
// begins with a backslash is taken as it is, without the backslash.

// ownMarkdown tells our own Markdown from other posts: layout, title and date
// in this order, then the heading or a field that other posts do not have.
var ownMarkdown = regexp.MustCompile(`\A(?:\x{FEFF})?\s*---[ \t]*\r?\nlayout:[^\n]*\ntitle:[ \t]*Issue \d+ - [^\n]*\ndate:[^\n]*\n(?:---[ \t]*\r?\n\s*## Issue \d|(?:state|scheduled_at|working_title|summary|withdrawn|corrections):)`)

// The comments of our own Markdown: JSON behind a word. As the first of an
// item's or a section's lines they are data, elsewhere text that is escaped.
const (
	itemComment    = "<!-- item {"
	sectionComment = "<!-- section {"
	commentEnd     = "} -->"
)

// itemExtras is what an item's comment may say. A missing sponsored is what the
// section's kind says, a missing place the next one.
type itemExtras struct {
	Title      string          `json:"title,omitempty"`
	Sponsored  *bool           `json:"sponsored,omitempty"`
	EventOn    newsletter.Date `json:"event_on,omitzero"`
	EventUntil newsletter.Date `json:"event_until,omitzero"`
	PlaceName  string          `json:"place_name,omitempty"`
	Place      *int            `json:"place,omitempty"`
}

// sectionExtras is what a section's comment may say. A missing kind is what the
// heading's words say, a missing standing section the heading itself.
type sectionExtras struct {
	Kind newsletter.Kind `json:"kind,omitempty"`
	Of   *string         `json:"of,omitempty"`
}

// compact returns v as JSON on one line in which no HTML comment ends.
func compact(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic("exchange: " + err.Error()) // the types above can always be written
	}
	return strings.ReplaceAll(strings.TrimSpace(b.String()), ">", `\u003e`)
}

// comment returns v as an HTML comment, or "" where it says nothing.
func comment(start string, v any) string {
	if text := compact(v); text != "{}" {
		return strings.TrimSuffix(start, "{") + text + strings.TrimPrefix(commentEnd, "}")
	}
	return ""
}

// uncomment reads into v what comment wrote. ok is whether s is such a comment.
func uncomment(s, start string, v any) (ok bool, err error) {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, start) || !strings.HasSuffix(s, commentEnd) {
		return false, nil
	}
	text := strings.TrimSuffix(strings.TrimPrefix(s, strings.TrimSuffix(start, "{")), strings.TrimPrefix(commentEnd, "}"))
	return true, strictJSON([]byte(text), v)
}

// literal returns what stands behind the backslash of an escaped line.
func literal(s string) (string, bool) { return strings.CutPrefix(s, `\`) }

// structural reports whether a line of a text would be read as something else,
// wherever it stands.
func structural(s string) bool {
	trimmed := strings.TrimSpace(s)
	return strings.HasPrefix(s, `\`) || trimmed == "" && s != "" || underline(s, "=") ||
		strings.HasPrefix(trimmed, itemComment) || strings.HasPrefix(trimmed, sectionComment)
}

// ownLink reads a link's line, an address or [text](address), as ownLinkLine
// writes it.
func ownLink(s string) (newsletter.Link, bool) {
	s = strings.TrimSpace(s)
	if isAddress(s) {
		return newsletter.Link{URL: s}, true
	}
	if !strings.HasPrefix(s, "[") || !strings.HasSuffix(s, ")") {
		return newsletter.Link{}, false
	}
	middle := 1
	for ; middle < len(s) && !strings.HasPrefix(s[middle:], "]("); middle++ {
		if s[middle] == '\\' {
			middle++
		}
	}
	if middle >= len(s) {
		return newsletter.Link{}, false
	}
	text, address := s[1:middle], s[middle+len("]("):len(s)-1]
	if text == address {
		text = ""
	}
	return newsletter.Link{URL: address, Text: anyBackslash.ReplaceAllString(text, "$1")}, isAddress(address)
}

var (
	anyBackslash  = regexp.MustCompile(`\\(.)`)
	bracketEscape = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`)
)

// ownLinkLine writes a link. A text that is the address itself begins with a
// backslash, as without one it would be read as no text.
func ownLinkLine(link newsletter.Link) string {
	if link.Text == "" {
		return link.URL
	}
	text := bracketEscape.Replace(link.Text)
	if text == link.URL {
		text = `\` + text
	}
	return "[" + text + "](" + link.URL + ")"
}

// italics are the underscores around an introduction.
const italics = "_"

// withoutItalics returns a text without the underscores around all of it. Where
// an underscore inside could end the italics the text stays as it is.
func withoutItalics(s string) string {
	inner, ok := strings.CutPrefix(strings.TrimSpace(s), italics)
	if !ok {
		return s
	}
	inner, ok = strings.CutSuffix(inner, italics)
	if !ok || blank(inner) || innerMark.MatchString(inner) {
		return s
	}
	return inner
}

// innerMark finds an underscore that does not stand between letters or digits.
var innerMark = regexp.MustCompile(`(?:^|[^\pL\pN])_|_(?:[^\pL\pN]|$)`)
