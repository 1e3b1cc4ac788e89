package markdown

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// body returns the nodes of a text's HTML under one element. The renderer nests
// far less deeply than the parser allows, and reading a string does not fail.
func body(src string) *html.Node {
	root := &html.Node{Type: html.ElementNode, DataAtom: atom.Body, Data: "body"}
	nodes, _ := html.ParseFragment(strings.NewReader(src), root)
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root
}

// plain returns the plain form of a text's HTML, see [Note].
func plain(src string) string { return blocks(body(src), "\n\n") }

// links returns the links of a text's HTML, see [Links].
func links(src string) []Link {
	var found []Link
	for n := range body(src).Descendants() {
		url := attr(n, "href")
		if n.DataAtom != atom.A || strings.HasPrefix(strings.ToLower(url), "mailto:") {
			continue
		}
		link := Link{URL: url, Text: strings.Join(strings.Fields(words(n)), " ")}
		if link.Text == url {
			link.Text = ""
		}
		found = append(found, link)
	}
	return found
}

// blocks returns the blocks in n with sep between them. Words outside a
// paragraph, as in a list without empty lines, are a block of their own.
func blocks(n *html.Node, sep string) string {
	var all []string
	var loose strings.Builder
	flush := func() {
		if s := collapse(loose.String()); s != "" {
			all = append(all, s)
		}
		loose.Reset()
	}
	for c := range n.ChildNodes() {
		if s, ok := block(c); ok {
			flush()
			if s != "" {
				all = append(all, s)
			}
			continue
		}
		loose.WriteString(inline(c))
	}
	flush()
	return strings.Join(all, sep)
}

// block returns the text of n and true if n is a block.
func block(n *html.Node) (string, bool) {
	switch n.DataAtom {
	case atom.P:
		return blocks(n, ""), true
	case atom.Pre:
		return strings.TrimRight(words(n), "\n"), true
	case atom.Blockquote:
		return indent("> ", "> ", blocks(n, "\n\n")), true
	case atom.Ul, atom.Ol:
		return list(n), true
	}
	return "", false
}

func list(n *html.Node) string {
	number, err := strconv.Atoi(attr(n, "start"))
	if err != nil {
		number = 1
	}
	var items []string
	sep := "\n"
	for li := range n.ChildNodes() {
		if li.DataAtom != atom.Li {
			continue
		}
		between := "\n"
		if li.FirstChild != nil && hasParagraph(li) {
			between, sep = "\n\n", "\n\n"
		}
		mark := "- "
		if n.DataAtom == atom.Ol {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		items = append(items, indent(mark, strings.Repeat(" ", len(mark)), blocks(li, between)))
	}
	return strings.Join(items, sep)
}

func hasParagraph(li *html.Node) bool {
	for c := range li.ChildNodes() {
		if c.DataAtom == atom.P {
			return true
		}
	}
	return false
}

// indent puts first before the first line of s and next before the others, and
// leaves no space at the end of a line.
func indent(first, next, s string) string {
	var b strings.Builder
	prefix := first
	for line := range strings.Lines(s + "\n") {
		b.WriteString(strings.TrimRight(prefix+strings.TrimSuffix(line, "\n"), " ") + "\n")
		prefix = next
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// inline returns the text of n, with its line ends as spaces and line breaks as
// line ends.
func inline(n *html.Node) string {
	switch {
	case n.Type == html.TextNode:
		return strings.ReplaceAll(n.Data, "\n", " ")
	case n.DataAtom == atom.Br:
		return "\n"
	}
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(inline(c))
	}
	if n.DataAtom == atom.A {
		return withAddress(b.String(), attr(n, "href"))
	}
	return b.String()
}

func withAddress(text, url string) string {
	if t := strings.TrimSpace(text); t == url || "mailto:"+t == url {
		return text
	}
	return text + " (" + url + ")"
}

// collapse makes one space of several and takes those at line ends away.
func collapse(s string) string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		lines = append(lines, strings.Join(strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' }), " "))
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// words returns all text in n as it stands.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
