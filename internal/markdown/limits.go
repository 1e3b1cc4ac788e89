package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
)

// maxDepth is how many quotations and lists may stand inside each other, and
// how many kinds of emphasis. Nobody reads deeper.
const maxDepth = 10

// maxPiled is how many quotation and list marks a line may begin with. Before
// parsing they are only guessed, so it is wider than maxDepth: a row of ">" in
// a piece of code is no quotation.
const maxPiled = 3 * maxDepth

// piled reports whether a line begins with so many quotation and list marks
// that parsing it would take too long. It looks at each byte once.
func piled(source []byte) bool {
	for line := range bytes.Lines(source) {
		if !rule(line) && marks(line) > maxPiled {
			return true
		}
	}
	return false
}

// rule reports whether a line is a rule across the page ("* * *").
func rule(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) > 0 && len(bytes.Trim(line, string(line[0])+" \t")) == 0 && line[0] != '>' && line[0] != '+'
}

// marks counts the quotation and list marks a line begins with.
func marks(line []byte) int {
	n := 0
	for i, c := range line {
		switch {
		case c == '>':
			n++
		case c == '-' || c == '+' || c == '*' || c == '.' || c == ')':
			if i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t') {
				n++
			}
		case c != ' ' && c != '\t' && (c < '0' || c > '9'):
			return n
		}
	}
	return n
}

// maxSteps is how many bytes per byte of the text the parser may look at in
// search of the ends of links. Well-formed links take one.
const maxSteps = 32

// maxRuns is how many runs of "*" and "_" a text may have. The parser looks for
// the beginning of each emphasis through all runs before it; 16 KiB of them in
// turns take it 90 ms, 4,000 take 10.
const maxRuns = 4000

// tangled reports whether a text opens so much without an end that parsing it
// would take too long: emphasis, or links, whose end the parser looks for
// through all that follow. It looks at each byte at most maxSteps times.
func tangled(source []byte) bool {
	runs, steps := 0, maxSteps*len(source)
	for i, c := range source {
		if (c == '*' || c == '_') && (i == 0 || source[i-1] != c) {
			runs++
		}
	}
	if runs > maxRuns {
		return true
	}
	for i := 0; ; {
		next := bytes.Index(source[i:], []byte("]("))
		if next < 0 {
			return false
		}
		i += next + len("](")
		if steps -= linkLen(source[i:]); steps < 0 {
			return true
		}
	}
}

// linkLen returns how far the parser looks for the end of a link's address and
// title: up to a bracket that closes none of the address, or once a space came
// any bracket; with "<" before the address, at least up to ">".
func linkLen(s []byte) int {
	if bytes.HasPrefix(s, []byte("<")) {
		if i := bytes.IndexAny(s, ">\n"); i >= 0 {
			return i
		}
		return len(s)
	}
	depth, title := 0, false
	for i, c := range s {
		switch {
		case c == ')' && (depth == 0 || title):
			return i
		case c == ')':
			depth--
		case c == '(':
			depth++
		case c == ' ' || c == '\t' || c == '\n':
			title = true
		}
	}
	return len(s)
}

// measure returns [ErrTooDeep] for a text nested too deeply, and [ErrTooLong]
// for one that repeats a long address by reference until the addresses alone
// are many times the limit.
func measure(doc ast.Node, limit int) error {
	var blocks, spans, repeated int
	return ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		step := 1
		if !entering {
			step = -1
		}
		switch n := n.(type) {
		case *ast.Blockquote, *ast.List:
			blocks += step
		case *ast.Emphasis, *ast.Link, *ast.Image:
			spans += step
			if entering {
				repeated += reference(n)
			}
		}
		if blocks > maxDepth || spans > maxDepth {
			return ast.WalkStop, ErrTooDeep
		}
		if repeated > 4*limit {
			return ast.WalkStop, ErrTooLong
		}
		return ast.WalkContinue, nil
	})
}

// reference returns the length of the address a node has by reference, else 0.
func reference(n ast.Node) int {
	switch n := n.(type) {
	case *ast.Link:
		if n.Reference != nil {
			return len(n.Destination)
		}
	case *ast.Image:
		if n.Reference != nil {
			return len(n.Destination)
		}
	}
	return 0
}
