package markdown

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	goldmarkhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

var (
	editorial = newRenderer("")
	sponsored = newRenderer(` rel="sponsored"`)
)

// policy stands behind the renderer and lets through what the package comment
// lists, whatever the renderer does. Addresses are matched, not parsed:
// bluemonday prints an address it has parsed in another spelling.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li")
	p.AllowAttrs("href").Matching(regexp.MustCompile(`^(?i:https?://|mailto:)[^\s[:cntrl:]]+$`)).OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^sponsored$`)).OnElements("a")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	return p
}()

func newRenderer(rel string) renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(noteRenderer{rel}, 100),
		util.Prioritized(goldmarkhtml.NewRenderer(), 1000),
	))
}

// noteRenderer prints what a note prints otherwise than CommonMark says.
type noteRenderer struct {
	rel string // attributes of every link
}

func (r noteRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindHeading, heading)
	reg.Register(ast.KindThematicBreak, nothing)
	reg.Register(ast.KindLink, r.link)
	reg.Register(ast.KindImage, r.link)
	reg.Register(ast.KindAutoLink, r.autoLink)
}

func nothing(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkSkipChildren, nil
}

func heading(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch {
	case !n.HasChildren():
	case entering:
		_, _ = w.WriteString("<p><strong>")
	default:
		_, _ = w.WriteString("</strong></p>\n")
	}
	return ast.WalkContinue, nil
}

// link prints links and, as links with their description, images. A link
// without a text shows its address.
func (r noteRenderer) link(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	address := destination(n)
	if !linkable(address) || inLink(n) {
		return ast.WalkContinue, nil
	}
	if !entering {
		_, _ = w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	r.open(w, address)
	if blank(n, source) {
		_, _ = w.WriteString(html.EscapeString(address))
	}
	return ast.WalkContinue, nil
}

func (r noteRenderer) autoLink(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	a := n.(*ast.AutoLink)
	address, label := string(a.URL(source)), html.EscapeString(string(a.Label(source)))
	if a.AutoLinkType == ast.AutoLinkEmail {
		address = "mailto:" + string(a.Label(source))
	}
	if !linkable(address) || inLink(n) {
		_, _ = w.WriteString(label)
		return ast.WalkContinue, nil
	}
	r.open(w, address)
	_, _ = w.WriteString(label + "</a>")
	return ast.WalkContinue, nil
}

func (r noteRenderer) open(w util.BufWriter, address string) {
	_, _ = w.WriteString(`<a href="` + html.EscapeString(address) + `"` + r.rel + `>`)
}

// destination returns the address of a link or image as it was written, less
// the backslashes Markdown needs before some characters; for other nodes "".
// References like "&amp;" stay: "&copy;" in an address is no copyright sign.
func destination(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Link:
		return string(util.UnescapePunctuations(n.Destination))
	case *ast.Image:
		return string(util.UnescapePunctuations(n.Destination))
	}
	return ""
}

// linkable reports whether an address may be linked: of one of three schemes,
// with something behind it, without spaces and control characters.
func linkable(address string) bool {
	scheme, rest, _ := strings.Cut(address, ":")
	switch strings.ToLower(scheme) {
	case "http", "https":
		var found bool
		if rest, found = strings.CutPrefix(rest, "//"); !found || rest == "" || strings.ContainsRune(`/\?#`, rune(rest[0])) {
			return false
		}
	case "mailto":
	default:
		return false
	}
	return rest != "" && !strings.ContainsFunc(rest, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// inLink reports whether a node stands in a link that is printed as one.
func inLink(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if linkable(destination(p)) {
			return true
		}
	}
	return false
}

// blank reports whether a node has nothing to read in it.
func blank(n ast.Node, source []byte) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			if !util.IsBlank(c.Value(source)) {
				return false
			}
		case *ast.String:
			if !util.IsBlank(c.Value) && !c.IsCode() {
				return false
			}
		case *ast.AutoLink:
			return false
		default:
			if !blank(c, source) {
				return false
			}
		}
	}
	return true
}
