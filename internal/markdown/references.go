package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// referenceKeeper prints the definitions of references that nothing refers to.
// "[Update]: https://example.org/" alone would otherwise vanish without a word.
type referenceKeeper struct{}

func (referenceKeeper) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	used := map[string]bool{}
	var definitions []*ast.LinkReferenceDefinition
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // never fails
		switch n := n.(type) {
		case *ast.LinkReferenceDefinition:
			if entering {
				definitions = append(definitions, n)
			}
		case *ast.Link:
			use(used, n.Reference)
		case *ast.Image:
			use(used, n.Reference)
		}
		return ast.WalkContinue, nil
	})
	for _, d := range definitions {
		if !used[util.ToLinkReference(d.Label)] {
			d.Parent().ReplaceChild(d.Parent(), d, definition(d))
		}
	}
}

func use(used map[string]bool, r *ast.ReferenceLink) {
	if r != nil {
		used[util.ToLinkReference(r.Value)] = true
	}
}

// definition returns a paragraph with the label, the address and the title.
func definition(d *ast.LinkReferenceDefinition) ast.Node {
	p := ast.NewParagraph()
	link := ast.NewLink()
	link.Destination = d.Destination
	address := ast.NewString(d.Destination)
	address.SetRaw(true)
	link.AppendChild(link, address)
	p.AppendChild(p, ast.NewString(append([]byte(nil), string(d.Label)+": "...)))
	p.AppendChild(p, link)
	if len(d.Title) > 0 {
		p.AppendChild(p, ast.NewString([]byte(" "+string(d.Title))))
	}
	return p
}
