package markdown

import (
	"bytes"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// parsers read CommonMark without HTML, whose tags are dropped instead, and with
// addresses in a sentence made links. A block of HTML is a paragraph like any
// other, so the Markdown in it is read and no word is lost. A parser serves one
// text at a time; it is kept for another one afterwards, because setting it up
// takes a third of the time of a note.
var parsers = sync.Pool{New: func() any { return newParser() }}

func newParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(codeParser{parser.NewCodeSpanParser()}, 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(tagParser{}, 400),
			util.Prioritized(parser.NewEmphasisParser(), 500),
			util.Prioritized(addressParser{}, 600),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
		parser.WithASTTransformers(util.Prioritized(referenceKeeper{}, 100)),
	)
}

// codeParser is goldmark's parser of code in a line, which looks for the end of
// each from its beginning on, but looks in vain only once for each length of
// backticks in a paragraph.
type codeParser struct{ parser.InlineParser }

// unclosed is what a paragraph has no end for.
type unclosed struct {
	paragraph ast.Node
	lengths   map[int]bool
}

var unclosedKey = parser.NewContextKey()

func (p codeParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	u, ok := pc.Get(unclosedKey).(*unclosed)
	if !ok || u.paragraph != parent {
		u = &unclosed{parent, map[int]bool{}}
		pc.Set(unclosedKey, u)
	}
	line, segment := block.PeekLine()
	length := len(line) - len(bytes.TrimLeft(line, "`"))
	if u.lengths[length] {
		block.Advance(length)
		return ast.NewTextSegment(segment.WithStop(segment.Start + length))
	}
	n := p.InlineParser.Parse(parent, block, pc)
	_, failed := n.(*ast.Text)
	u.lengths[length] = failed
	return n
}
