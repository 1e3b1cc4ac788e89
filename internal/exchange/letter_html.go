package exchange

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// Styles of a letter in HTML. They stand at the elements, as mail programs take
// style sheets away.
const (
	letterPaper   = "margin:0 auto;max-width:36em;padding:16px;font-family:Georgia,'Times New Roman',serif;font-size:17px;line-height:1.6;color:#17191e;background:#fefefd"
	letterNumber  = "margin:0;font-size:44px;line-height:1"
	letterHeading = "margin:40px 0 0;padding-bottom:2px;border-bottom:3px double #17191e;font-size:22px;line-height:1.4"
	letterTitle   = "margin:28px 0 0;font-size:18px;line-height:1.4"
	letterBlock   = "margin:28px 0 0"
	letterUnder   = "margin:8px 0 0"
	letterPaid    = "margin:28px 0 0;font-size:14px;color:#50555f"
	letterSmall   = "margin:4px 0 0;font-size:14px;color:#50555f"
)

// Subject is what a mail with an issue is called: "The Quiet Pager 413: The
// alert that everybody was afraid to delete", or without a summary "The Quiet
// Pager 413".
func Subject(revision newsletter.Revision, p newsletter.Publication) string {
	subject := fmt.Sprintf("%s %d", p.Name, revision.Number)
	if revision.Summary != "" {
		subject += ": " + revision.Summary
	}
	return subject
}

// LetterHTML returns what was printed of an issue as HTML for a mail: the words
// of [Text] with their emphasis and links, the mark of every item, and where
// the issue is read on the web. It needs nothing but itself: every address is
// absolute, every style stands at its element, there are neither tables nor
// pictures nor scripts. Addresses are printed letter for letter.
func LetterHTML(revision newsletter.Revision, p newsletter.Publication, base address.Base) []byte {
	l := htmlLetter{base: base, number: revision.Number}
	l.write(`<!DOCTYPE html>
<html lang="%s">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title></head>
<body style="margin:0;background:#fefefd">
<div role="main" style="`+letterPaper+`">
<p style="margin:0"><bdi>%s</bdi></p>
<h1 style="`+letterNumber+`">%s</h1>
<p style="margin:8px 0 24px">%s. <a href="%s">Read it on the web</a></p>
`, p.Language, Subject(revision, p), p.Name, fmt.Sprint(revision.Number), longDate(revision.Date), base.Absolute(address.Issue(revision.Number)))
	l.words("margin:0", revision.Intro.HTML)
	for _, section := range revision.Sections {
		l.section(section)
	}
	if len(revision.Corrections) > 0 {
		l.write("<h2 style=\"" + letterHeading + "\">Corrections</h2>\n")
		for _, c := range revision.Corrections {
			l.write("<p style=\""+letterUnder+"\" dir=\"auto\">%s</p>\n", correctionLine(revision.Number, c))
		}
	}
	l.words("margin:40px 0 0;padding-top:12px;border-top:1px solid #d5dce1", p.ClosingHTML)
	l.WriteString("</div>\n</body>\n</html>\n")
	return l.Bytes()
}

// htmlLetter collects a letter. It escapes by hand, because html/template
// rewrites characters of addresses.
type htmlLetter struct {
	bytes.Buffer
	base   address.Base
	number int
}

// write writes HTML with texts put into it; each text is escaped.
func (l *htmlLetter) write(format string, texts ...string) {
	escaped := make([]any, len(texts))
	for i, t := range texts {
		escaped[i] = html.EscapeString(t)
	}
	fmt.Fprintf(l, format, escaped...)
}

// words writes rendered words, which have passed the allow-list, as a block.
func (l *htmlLetter) words(style, rendered string) {
	if rendered != "" {
		l.WriteString(`<div style="` + style + `" dir="auto">` + strings.TrimSpace(rendered) + "</div>\n")
	}
}

// section writes a section, unless all that stood in it was withdrawn.
func (l *htmlLetter) section(section newsletter.PrintedSection) {
	first := true
	for _, item := range section.Items {
		if item.Withdrawn {
			continue
		}
		if first {
			l.write("<h2 style=\""+letterHeading+"\" dir=\"auto\">%s</h2>\n", section.Title)
			first = false
		}
		l.item(item)
	}
}

// item writes an item, the paid label before everything else.
func (l *htmlLetter) item(item newsletter.PrintedItem) {
	if item.Sponsored {
		l.write("<p style=\""+letterPaid+"\"><strong>%s</strong></p>\n", paidLabel)
	}
	if item.Title != "" {
		l.WriteString(`<h3 style="` + letterTitle + `" dir="auto">`)
		if len(item.Links) > 0 {
			l.link(item.Links[0].URL, item.Title)
		} else {
			l.write("%s", item.Title)
		}
		l.WriteString("</h3>\n")
	}
	style := letterBlock
	if item.Sponsored || item.Title != "" {
		style = letterUnder
	}
	l.words(style, item.Note.HTML)
	if event := occasion(item); event != "" {
		l.write("<p style=\""+letterUnder+"\" dir=\"auto\">%s</p>\n", event)
	}
	for _, link := range item.Links {
		l.WriteString(`<p style="` + letterUnder + `;overflow-wrap:anywhere">`)
		if link.Text == "" {
			l.link(link.URL, link.URL)
		} else {
			l.link(link.URL, link.Text)
			l.write(" %s", webHost(link.URL))
		}
		l.WriteString("</p>\n")
	}
	mark := newsletter.Mark{Issue: l.number, Place: item.Place}
	l.write("<p style=\""+letterSmall+"\"><a href=\"%s\">%s</a></p>\n", l.base.Absolute(address.Item(mark)), mark.String())
}

// link writes words as a link. An address that is not of the web is not linked.
func (l *htmlLetter) link(target, words string) {
	if webHost(target) == "" {
		l.write("%s", words)
		return
	}
	l.write(`<a href="%s">%s</a>`, target, words)
}

// webHost returns the host of an http or https address, and "" for every other.
func webHost(target string) string {
	scheme, rest, _ := strings.Cut(target, "://")
	if scheme = strings.ToLower(scheme); scheme != "http" && scheme != "https" {
		return ""
	}
	if end := strings.IndexAny(rest, `/?#\`); end >= 0 {
		rest = rest[:end]
	}
	return rest[strings.LastIndexByte(rest, '@')+1:]
}
