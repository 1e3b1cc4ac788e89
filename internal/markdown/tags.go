package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// tagParser drops tags and comments of HTML from a line and makes a break of
// <br>. Only the elements that HTML has, in lower case: "Map<String>" and
// "<your-name>" are words.
type tagParser struct{}

func (tagParser) Trigger() []byte { return []byte{'<'} }

var tag = regexp.MustCompile(`^</?([a-z][a-z0-9]*)(?:\s[^<>]*)?/?>`)

func (tagParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if rest, found := bytes.CutPrefix(line, []byte("<!--")); found {
		end := bytes.Index(rest, []byte("-->"))
		if end < 0 {
			return nil
		}
		block.Advance(len("<!---->") + end)
		return ast.NewString(nil)
	}
	m := tag.FindSubmatch(line)
	if m == nil || !elements[string(m[1])] {
		return nil
	}
	block.Advance(len(m[0]))
	s := ast.NewString(nil)
	if string(m[1]) == "br" {
		s.Value = []byte("<br>")
		s.SetCode(true) // written as it is
	}
	return s
}

// elements are the names of HTML's elements, those it once had and those of
// scripts and drawings included.
var elements = func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.FieldsSeq(`a abbr acronym address applet area article aside audio b base basefont bdi bdo
		big blink blockquote body br button canvas caption center cite code col colgroup data datalist dd del details dfn
		dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head
		header hgroup hr html i iframe img input ins kbd label legend li link main map mark marquee math menu meta meter
		nav nobr noembed noframes noscript object ol optgroup option output p param picture plaintext pre progress q rp rt
		ruby s samp script search section select slot small source span strike strong style sub summary sup svg table
		tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp`) {
		names[name] = true
	}
	return names
}()
