package publish

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
)

// Redacted stands where words were taken out. Its brackets are round, as square
// ones mean something in Markdown and may not stand in addresses.
const Redacted = "(redacted)"

// minRedacted is the fewest characters of words that can be taken out. Fewer
// stand inside too many others.
const minRedacted = 3

// Words are words that are to be taken out of everything.
type Words struct {
	pattern *regexp.Regexp
	parts   []string // that every text with the words has in it, whatever stands between
}

// NewWords returns words to be taken out, to the letter; one space stands for
// any. It is a [newsletter.Invalid] of field "words" when they cannot be.
func NewWords(given string) (Words, error) {
	given = strings.Join(strings.Fields(given), " ")
	complaint := ""
	switch {
	case utf8.RuneCountInString(given) < minRedacted:
		complaint = fmt.Sprintf("are too few; give at least %d characters", minRedacted)
	case utf8.RuneCountInString(given) > newsletter.MaxTitle:
		complaint = fmt.Sprintf("have %d characters; give at most %d, and the rest by itself", utf8.RuneCountInString(given), newsletter.MaxTitle)
	case strings.Contains(Redacted, given):
		complaint = "stand in “" + Redacted + "”, which is put in their place; give others"
	}
	if complaint != "" {
		return Words{}, newsletter.Invalid{{Field: "words", Message: complaint}}
	}
	return Words{pattern: wordsPattern(given), parts: plainPart.FindAllString(given, -1)}, nil
}

// plainPart is what is written the same in every form of a text.
var plainPart = regexp.MustCompile(`[A-Za-z0-9]+`)

// The patterns between the letters of words: marks of Markdown, and between two
// words whatever reads as a space in Markdown, in HTML and in an address.
const (
	noiseBetween = "[*_`\\\\]*"
	spaceBetween = "(?:[*_`\\\\>]*(?:\\s|\\x{a0}|&nbsp;|&#160;|%20|\\+)[\\s*_`\\\\>]*)"
)

// wordsPattern finds words as they are written, in Markdown, HTML and addresses.
func wordsPattern(given string) *regexp.Regexp {
	var words []string
	for word := range strings.FieldsSeq(given) {
		var letters []string
		for _, letter := range word {
			letters = append(letters, letterPattern(string(letter)))
		}
		words = append(words, strings.Join(letters, noiseBetween))
	}
	return regexp.MustCompile(strings.Join(words, spaceBetween))
}

// letterPattern finds a character as it stands, or escaped as HTML and addresses
// have it.
func letterPattern(letter string) string {
	if plainPart.MatchString(letter) {
		return letter
	}
	forms := []string{regexp.QuoteMeta(letter), "(?i:" + regexp.QuoteMeta(url.QueryEscape(letter)) + ")", fmt.Sprintf("&#%d;", []rune(letter)[0])}
	if named := html.EscapeString(letter); named != letter {
		forms = append(forms, named)
	}
	if letter == `"` {
		forms = append(forms, "&quot;")
	}
	return "(?:" + strings.Join(forms, "|") + ")"
}

// in counts how often the words stand in a text without Markdown.
func (w Words) in(text string) int { return len(w.pattern.FindAllString(text, -1)) }

// out returns a text of at most some characters without the words; what would
// become longer is taken out whole.
func (w Words) out(text string, most int) string {
	text = w.pattern.ReplaceAllLiteralString(text, Redacted)
	if utf8.RuneCountInString(text) > most {
		return Redacted
	}
	return text
}

// tags are the tags of the HTML that we print, which has none in its attributes.
var tags = regexp.MustCompile(`<[^<>]*>`)

// inText counts how often the words stand in a text in its three forms: more
// often in one of them where its Markdown hides them.
func (w Words) inText(t newsletter.Text) int {
	shown := html.UnescapeString(tags.ReplaceAllString(t.HTML, ""))
	return max(w.in(t.Markdown), w.in(t.HTML), w.in(shown), w.in(t.Plain))
}

// outOfText returns a text without the words, rendered anew. One in which they
// cannot be told from its Markdown, or that becomes too long, is taken out whole.
func (w Words) outOfText(t newsletter.Text, render func(string) (markdown.Text, error)) newsletter.Text {
	if w.inText(t) == 0 {
		return t
	}
	source := w.pattern.ReplaceAllLiteralString(t.Markdown, Redacted)
	text, err := render(source)
	redacted := newsletter.Text{Markdown: source, HTML: text.HTML, Plain: text.Plain}
	if err != nil || w.inText(redacted) > 0 {
		text, _ = render(Redacted) // which is always a text
		return newsletter.Text{Markdown: Redacted, HTML: text.HTML, Plain: text.Plain}
	}
	return redacted
}

// textOf returns a Markdown text in its three forms, as far as it has them.
func textOf(source string, render func(string) (markdown.Text, error)) newsletter.Text {
	text, _ := render(source) // what cannot be printed is looked through as it is
	return newsletter.Text{Markdown: source, HTML: text.HTML, Plain: text.Plain}
}

// inLinks counts how often the words stand in links.
func (w Words) inLinks(links []newsletter.Link) int {
	n := 0
	for _, link := range links {
		n += w.in(link.URL) + w.in(link.Text)
	}
	return n
}

// outOfLinks returns links without the words. A link of whose address not even
// the site may stay goes whole.
func (w Words) outOfLinks(links []newsletter.Link) []newsletter.Link {
	links = slices.Clone(links)
	for k, link := range links {
		links[k] = newsletter.Link{URL: w.outOfAddress(link.URL), Text: w.out(link.Text, newsletter.MaxTitle)}
	}
	return slices.DeleteFunc(links, func(l newsletter.Link) bool { return l.URL == "" })
}

// outOfAddress returns an address without the words, or "" when they stand in
// its scheme or host.
func (w Words) outOfAddress(address string) string {
	redacted := w.pattern.ReplaceAllLiteralString(address, Redacted)
	if redacted == address {
		return address
	}
	before, err := url.Parse(address)
	after, err2 := url.Parse(redacted)
	if err != nil || err2 != nil || before.Scheme != after.Scheme || before.Host != after.Host || len(redacted) > newsletter.MaxURL {
		return ""
	}
	return redacted
}

// inItem counts how often the words stand in an item.
func (w Words) inItem(item newsletter.Item) int {
	return w.in(item.Title) + w.in(item.PlaceName) + w.inLinks(item.Links) + w.inText(textOf(item.Note, markdown.Note))
}

// outOfItem returns an item without the words. It never becomes empty.
func (w Words) outOfItem(item newsletter.Item) newsletter.Item {
	item.Title, item.PlaceName = w.out(item.Title, newsletter.MaxTitle), w.out(item.PlaceName, newsletter.MaxTitle)
	item.Note, item.Links = w.outOfText(textOf(item.Note, markdown.Note), markdown.Note).Markdown, w.outOfLinks(item.Links)
	if item.Title == "" && item.Note == "" && len(item.Links) == 0 {
		item.Note = Redacted
	}
	return item
}
