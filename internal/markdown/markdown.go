// Package markdown turns the Markdown of notes and introductions into the HTML
// and the plain text that are printed.
//
// What may be printed is little: paragraphs, line breaks, emphasis, code,
// quotations, lists and links to http, https and mailto addresses. The rest is
// brought down to that and its words stay: a heading becomes a strong
// paragraph, as the headings of a page are its sections; an image becomes a
// link with its description; tags of HTML are dropped, rules across the page
// too. An address is printed letter for letter as it was written, and a link to
// an address that may not be printed is its text alone.
//
// One source always gives the same HTML. It is rendered when saved or
// published, never for a reader: the parser is quadratic on hostile input,
// which the limits on size and nesting hold under a few tens of milliseconds.
package markdown

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
)

// The most bytes a text may have. Twice the size is four times the work in the
// worst case, see BenchmarkHostile.
const (
	NoteLimit  = 8 << 10
	IntroLimit = 16 << 10
)

// The reasons a text is refused. The texts are for the person who wrote it; in
// an [ErrTooLong] from this package the limit is named too.
var (
	ErrTooLong = errors.New("the text is too long; shorten it")
	ErrTooDeep = errors.New("the text has quotations, lists, emphasis or brackets inside each other more than 10 deep; use fewer")
	ErrNotText = errors.New("the text has characters that cannot be printed; type or copy it again as plain text")
)

// Text is a printed text in its two forms.
type Text struct {
	HTML  string // elements and attributes of the package comment's list only
	Plain string // see [Note]
}

// Note renders an item's note of at most [NoteLimit] bytes. In its plain form
// paragraphs stand apart by an empty line and are not wrapped, list items begin
// with "- " or their number, lines of quotations with "> ", and a link is its
// text with the address in parentheses behind it. The errors are [ErrTooLong],
// [ErrTooDeep] and [ErrNotText].
func Note(src string) (Text, error) { return render(src, NoteLimit, editorial) }

// NoteSponsored is [Note] for an item that somebody paid for: its links carry
// rel="sponsored".
func NoteSponsored(src string) (Text, error) { return render(src, NoteLimit, sponsored) }

// Intro is [Note] for an issue's introduction of at most [IntroLimit] bytes.
func Intro(src string) (Text, error) { return render(src, IntroLimit, editorial) }

func render(src string, limit int, r renderer.Renderer) (Text, error) {
	html, err := toHTML(src, limit, r)
	if err != nil {
		return Text{}, err
	}
	return Text{HTML: html, Plain: plain(html)}, nil
}

// Link is a link inside a text.
type Link struct {
	URL  string // as it was written
	Text string // without marks; empty if it is the address itself
}

// Links returns the links of a text to http and https addresses in order of
// appearance, repeated ones too; mail addresses are no site. A text that [Intro]
// refuses has none.
func Links(src string) []Link {
	if !strings.Contains(src, ":") {
		return nil // every address has one
	}
	html, err := toHTML(src, IntroLimit, editorial)
	if err != nil {
		return nil
	}
	return links(html)
}

// toHTML returns the HTML of a text, checked before and after it is made.
func toHTML(src string, limit int, r renderer.Renderer) (string, error) {
	if len(src) > limit {
		return "", fmt.Errorf("%w to %d bytes", ErrTooLong, limit)
	}
	if !isText(src) {
		return "", ErrNotText
	}
	source := []byte(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(src))
	if piled(source) || tangled(source) {
		return "", ErrTooDeep
	}
	reader := parsers.Get().(parser.Parser)
	defer parsers.Put(reader)
	doc := reader.Parse(text.NewReader(source))
	if err := measure(doc, limit); err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := r.Render(&b, source, doc); err != nil {
		return "", fmt.Errorf("render markdown: %w", err)
	}
	return policy.SanitizeReader(&b).String(), nil
}

// isText reports whether s is UTF-8 without control characters other than tabs
// and line ends.
func isText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r'
	})
}
