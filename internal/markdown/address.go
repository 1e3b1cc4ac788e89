package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// addressParser makes a link of an http or https address in a sentence. It
// looks back from the colon, so any character may stand before the address.
type addressParser struct{}

func (addressParser) Trigger() []byte { return []byte{':'} }

var scheme = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(https?)$`)

func (addressParser) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	rest, segment := block.PeekLine()
	before, ok := parent.LastChild().(*ast.Text)
	if !ok || before.Segment.Stop != segment.Start || !bytes.HasPrefix(rest, []byte("://")) {
		return nil
	}
	tail := before.Segment.WithStart(max(before.Segment.Start, segment.Start-len(" https")))
	m := scheme.FindSubmatch(tail.Value(block.Source()))
	if m == nil {
		return nil
	}
	start := segment.Start - len(m[1])
	length := len("://") + addressLen(string(rest[len("://"):]))
	if length == len("://") {
		return nil
	}
	block.Advance(length)
	if before.Segment = before.Segment.WithStop(start); before.Segment.IsEmpty() {
		parent.RemoveChild(parent, before)
	}
	return ast.NewAutoLink(ast.AutoLinkURL, ast.NewTextSegment(text.NewSegment(start, segment.Start+length)))
}

// Characters that no address goes on behind, and those that rather belong to
// the sentence when an address ends with them.
const (
	outside  = " \t\n<>\"`“”„«»「」『』（）。、，！？；："
	sentence = "?!.,:;*_~'’…"
)

// addressLen returns how many bytes at the beginning of s, which follows
// "https://", belong to the address. A closing bracket does if it was opened in
// the address. It reads no further than the address.
func addressLen(s string) int {
	if s == "" || strings.IndexByte("/?#:@([", s[0]) >= 0 {
		return 0
	}
	end := len(s)
	var round, square int
	for i, r := range s {
		switch r {
		case '(':
			round++
		case '[':
			square++
		case ')':
			round--
		case ']':
			square--
		}
		if round < 0 || square < 0 || strings.ContainsRune(outside, r) {
			end = i
			break
		}
	}
	return len(strings.TrimRight(s[:end], sentence))
}
