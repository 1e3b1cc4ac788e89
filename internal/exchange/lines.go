package exchange

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// line is one line of a file, without its end.
type line struct {
	no   int // counted from 1
	text string
}

// maxLines is how many lines of one issue are looked at: 500 items of 400
// lines each.
const maxLines = 200_000

// splitLines returns the lines of a text whose lines may end in LF, CRLF or
// CR. Of more than two blank lines in a row it returns two, as no shape tells
// them from more. It refuses what is not text.
func (d *draft) splitLines(data []byte) ([]line, error) {
	data = bytes.TrimPrefix(data, byteOrderMark)
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, errBinary
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
	var lines []line
	no, blanks := 0, 0
	for s := range strings.SplitSeq(text, "\n") {
		no++
		if !utf8.ValidString(s) {
			return nil, d.errorf(no, "the text is not UTF-8; save it as UTF-8 (if the file was cut here, give the whole)")
		}
		if blanks++; !blank(s) {
			blanks = 0
		}
		if blanks > 2 {
			continue
		}
		if lines = append(lines, line{no, s}); len(lines) > maxLines {
			return nil, d.errorf(no, "the file has more than %d lines; that is not one issue, so split it", maxLines)
		}
	}
	return lines, nil
}

// blank reports whether nothing but white space is in s.
func blank(s string) bool { return strings.TrimSpace(s) == "" }

// trimBlank returns lines without the blank ones at both ends.
func trimBlank(lines []line) []line {
	for len(lines) > 0 && blank(lines[0].text) {
		lines = lines[1:]
	}
	for len(lines) > 0 && blank(lines[len(lines)-1].text) {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// blocks splits lines where two blank ones or more stand, into pieces that
// neither begin nor end with a blank line.
func blocks(lines []line) [][]line {
	var all [][]line
	start := 0
	for i := 1; i <= len(lines); i++ {
		atBreak := i == len(lines) || blank(lines[i].text) && blank(lines[i-1].text)
		if !atBreak {
			continue
		}
		if block := trimBlank(lines[start:i]); len(block) > 0 {
			all = append(all, block)
		}
		start = i
	}
	return all
}

// chapter is a heading with the lines under it. The one before the first
// heading has no title and no line number.
type chapter struct {
	no    int
	title string
	lines []line
}

// chapters splits an issue's lines at its headings. heading returns the title
// that stands at lines[i] and how many lines that takes, or 0.
// There is always a first chapter, that of the introduction.
func chapters(lines []line, heading func(lines []line, i int) (title string, n int)) []chapter {
	all := []chapter{{}}
	for i := 0; i < len(lines); {
		if title, n := heading(lines, i); n > 0 {
			all = append(all, chapter{no: lines[i].no, title: title})
			i += n
			continue
		}
		last := &all[len(all)-1]
		last.lines = append(last.lines, lines[i])
		i++
	}
	for i := range all {
		all[i].lines = trimBlank(all[i].lines)
	}
	return all
}

// underline reports whether a line is a row of c, at least three, such as
// stands under a heading.
func underline(s string, c string) bool {
	s = strings.TrimSpace(s)
	return len(s) >= 3 && strings.Trim(s, c) == ""
}

// firstLine returns the number of the first line, or 1.
func firstLine(lines []line) int {
	if len(lines) == 0 {
		return 1
	}
	return lines[0].no
}

// noteLines collects the lines of a text. Blank lines between them become one.
type noteLines struct {
	lines  []string
	parted bool // blank lines stand behind the last line
}

func (n *noteLines) add(s string) {
	if n.parted {
		n.lines = append(n.lines, "")
	}
	n.lines, n.parted = append(n.lines, s), false
}

func (n *noteLines) blank() { n.parted = len(n.lines) > 0 }

// open reports whether a paragraph has begun that the next line continues.
func (n *noteLines) open() bool { return len(n.lines) > 0 && !n.parted }

func (n *noteLines) String() string { return strings.Join(n.lines, "\n") }
