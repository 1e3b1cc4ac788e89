package exchange

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/canonical"
	"broadsheet/internal/newsletter"
)

// readDevopsWeekly reads an issue of Devops Weekly: a post with front matter, a
// mail, or the mail's text alone. Headings are underlined, an item is the text
// between two or more blank lines, and its links stand on lines of their own,
// see [linkLine]. Items under a sponsor's heading are sponsored.
func readDevopsWeekly(data []byte, d *draft) error {
	lines, err := d.open(data)
	if err != nil {
		return err
	}
	parts := chapters(lines, d.heading)
	if err := d.addIntro(firstLine(parts[0].lines), intro(parts[0].lines)); err != nil {
		return err
	}
	for _, part := range parts[1:] {
		kind := newsletter.KindOfHeading(part.title)
		d.section(part.no, newsletter.Section{Title: part.title, Kind: kind})
		for _, block := range blocks(part.lines) {
			if d.inMail && notice.MatchString(block[0].text) {
				d.warn(block[0].no, "the notice to subscribers at the end of the mail was left out")
				continue
			}
			item := d.foreignItem(block)
			item.Sponsored = kind == newsletter.KindSponsor
			if err := d.addItem(block[0].no, item); err != nil {
				return err
			}
		}
	}
	return nil
}

// open returns the lines of an issue's text, from its introduction on, having
// read number, date and time from what stands above.
func (d *draft) open(data []byte) ([]line, error) {
	if isMail(data) {
		return d.openMail(data)
	}
	lines, err := d.splitLines(data)
	if err != nil {
		return nil, err
	}
	d.warnCut(lines)
	front, lines, err := d.frontMatter(lines)
	if err != nil {
		return nil, err
	}
	if front == nil {
		head, rest, ok := letterhead(lines)
		if !ok {
			return nil, d.errorf(firstLine(lines), "the file has no front matter and no line such as \"Issue 139 - 1st September 2013\"; add one at its start")
		}
		return rest, d.identify(head.no, parseMasthead(head.text), line{})
	}
	d.warnUnknown(front, "title", "date", "layout")
	if err := d.identify(front["title"].no, parseMasthead(front["title"].text), front["date"]); err != nil {
		return nil, err
	}
	return dropRepeated(lines, d.issue.Number), nil
}

// identify sets number, date and time of the issue: the date line's where there
// is one, else the title's.
func (d *draft) identify(no int, head masthead, date line) error {
	d.lines["number"], d.lines["date"], d.lines["title"] = no, no, no
	no = max(no, 1)
	if head.number == 0 {
		return d.errorf(no, "the title names no issue number that can be; write it like \"Issue 139 - 1st September 2013\"")
	}
	d.issue.Number, d.issue.State, d.issue.Title = head.number, newsletter.Published, head.rest
	d.issue.Date = head.date
	if date.text != "" {
		day, moment, err := d.moment(date)
		if err != nil {
			return err
		}
		if head.wrong != "" || !head.date.IsZero() && head.date != day {
			d.warn(no, "the title gives another date than the date line; the issue is of %s", day)
		}
		d.issue.Date, d.issue.PublishedAt = day, moment
		return nil
	}
	switch {
	case head.wrong != "":
		return d.errorf(no, "%q is a date that does not exist; correct it", head.wrong)
	case head.date.IsZero():
		return d.errorf(no, "the issue has no date; write the title like \"Issue 139 - 1st September 2013\" or add a line \"date: 2013-09-01\"")
	}
	return nil
}

// warnCut warns when the last line has no end, as when a file was cut.
func (d *draft) warnCut(lines []line) {
	if last := lines[len(lines)-1]; last.text != "" {
		d.warn(last.no, "the last line has no end; if the file was cut, give the whole")
	}
}

// letterhead finds the line with number and date at the start of a mail's text,
// which the newsletter's name may precede.
func letterhead(lines []line) (head line, rest []line, ok bool) {
	lines = trimBlank(lines)
	for i, l := range lines[:min(len(lines), 3)] {
		if i == 2 && !blank(lines[1].text) {
			break // more than a name stands above
		}
		if found := parseMasthead(l.text); found.number > 0 && found.rest == "" &&
			(!found.date.IsZero() || found.wrong != "") {
			return l, lines[i+1:], true
		}
	}
	return line{}, lines, false
}

// isLetter reports whether a file is the text of a mail without its headers.
func isLetter(head []byte) bool {
	head = bytes.TrimSpace(bytes.TrimPrefix(head, byteOrderMark))
	var lines []line
	for s := range bytes.Lines(head[:min(len(head), maxMasthead)]) {
		lines = append(lines, line{text: strings.TrimSpace(string(s))})
	}
	_, _, ok := letterhead(lines)
	return ok
}

// dropRepeated drops a first heading that repeats the title, as in the seed.
func dropRepeated(lines []line, number int) []line {
	lines = trimBlank(lines)
	if len(lines) == 0 {
		return lines
	}
	if found := hashHeading.FindStringSubmatch(lines[0].text); found != nil && parseMasthead(found[1]).number == number {
		return lines[1:]
	}
	return lines
}

var (
	hashHeading = regexp.MustCompile(`^#{1,3}[ \t]+(.*?)[ \t]*#*[ \t]*$`)
	lineBreak   = regexp.MustCompile(`(?i)<br\s*/?>`)
	notice      = regexp.MustCompile(`(?i)^\s*if you received this e-?mail`)
)

// heading recognises a section's heading at lines[i]: a line over a row of "=",
// or standing alone over a row of "-" or behind "#". One that is too long for a
// heading is text.
func (d *draft) heading(lines []line, i int) (title string, n int) {
	title = strings.TrimSpace(lines[i].text)
	alone := i == 0 || blank(lines[i-1].text)
	below := ""
	if i+1 < len(lines) {
		below = lines[i+1].text
	}
	found := hashHeading.FindStringSubmatch(title)
	switch {
	case title == "":
		return "", 0
	case underline(below, "="), alone && underline(below, "-"):
		n = 2
	case alone && found != nil && found[1] != "":
		title, n = found[1], 1
	default:
		return "", 0
	}
	if strings.HasPrefix(title, ">From") {
		title = title[1:] // a mail program's quoting, see RFC 4155
	}
	title = unescape(title)
	if utf8.RuneCountInString(title) > newsletter.MaxTitle {
		d.warn(lines[i].no, "a heading is longer than %d characters; it was kept as text", newsletter.MaxTitle)
		return "", 0
	}
	return title, n
}

// intro returns an introduction's text, its paragraphs without the underscores
// that set them in italics.
func intro(lines []line) string {
	var texts []string
	var paragraph noteLines
	for i := 0; i <= len(lines); i++ {
		if i < len(lines) && !blank(lines[i].text) {
			paragraph.add(strings.TrimRight(lines[i].text, " \t"))
			continue
		}
		if paragraph.open() {
			texts = append(texts, withoutItalics(strings.TrimSpace(paragraph.String())))
		}
		paragraph = noteLines{}
	}
	return strings.Join(texts, "\n\n")
}

// foreignItem reads an item between blank lines.
func (d *draft) foreignItem(block []line) newsletter.Item {
	var item newsletter.Item
	var note noteLines
	for _, l := range block {
		if blank(l.text) {
			note.blank()
		}
		for i, piece := range lineBreak.Split(l.text, -1) {
			found, ok := linkLine(piece, d.inMail)
			if ok && canonical.Check(found.URL) != nil {
				d.warn(l.no, "the address %q is not one that can be linked to; it was kept as text", clip(found.URL))
				ok = false
			}
			switch {
			case blank(piece):
			case !ok && i > 0 && note.open():
				note.add("<br>" + strings.TrimSpace(piece))
			case !ok:
				note.add(strings.TrimRight(piece, " \t"))
			default:
				link, kept := found.label()
				if kept != "" {
					note.add(kept)
				}
				item.Links = append(item.Links, link)
			}
		}
	}
	item.Note = strings.TrimSpace(note.String())
	return item
}
