package markdown

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNote(t *testing.T) {
	tests := []struct{ name, src, html, plain string }{
		{"empty", "", "", ""},
		{"paragraphs", "One *two*\n\nthree **four** `five`", "<p>One <em>two</em></p>\n<p>three <strong>four</strong> <code>five</code></p>\n", "One two\n\nthree four five"},
		{"a line end is no break", "one\ntwo", "<p>one\ntwo</p>\n", "one two"},
		{"line ends of forms", "one\r\n\r\ntwo\rthree", "<p>one</p>\n<p>two\nthree</p>\n", "one\n\ntwo three"},
		{"a break", "one  \ntwo<br>three", "<p>one<br>\ntwo<br>three</p>\n", "one\ntwo\nthree"},
		{"no smart typography", `"a" -- b...`, "<p>&#34;a&#34; -- b...</p>\n", `"a" -- b...`},
		{"heading", "# One *two*\nthree", "<p><strong>One <em>two</em></strong></p>\n<p>three</p>\n", "One two\n\nthree"},
		{"underlined heading", "One\n===", "<p><strong>One</strong></p>\n", "One"},
		{"empty heading", "#\n\none", "<p>one</p>\n", "one"},
		{"rule", "one\n\n* * *\n\ntwo", "<p>one</p>\n<p>two</p>\n", "one\n\ntwo"},
		{"list", "- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n", "- a\n- b"},
		{"numbers go on", "1986. a\n1987. b", "<ol start=\"1986\">\n<li>a</li>\n<li>b</li>\n</ol>\n", "1986. a\n1987. b"},
		{"list in a list", "1. a\n   - b\n2. c", "<ol>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ol>\n", "1. a\n   - b\n2. c"},
		{"list of paragraphs", "- a\n\n  b\n- c", "<ul>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ul>\n", "- a\n\n  b\n\n- c"},
		{"quotation", "> a\n>\n> b", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>\n", "> a\n>\n> b"},
		{"code", "```go\nif a < b {\n\n  c\n```", "<pre><code>if a &lt; b {\n\n  c\n</code></pre>\n", "if a < b {\n\n  c"},
		{"code, open and closed", "``x `a` \\`b `c` ``` y\n\n``d``", "<p>``x <code>a</code> `b <code>c</code> ``` y</p>\n<p><code>d</code></p>\n", "``x a `b c ``` y\n\nd"},
		{"entities", "&copy; &amp; &#65;", "<p>© &amp; A</p>\n", "© & A"},
		{"link", `[a *b*](https://example.org "title")`, `<p><a href="https://example.org">a <em>b</em></a></p>` + "\n", "a b (https://example.org)"},
		{"link without text", "[](https://example.org)", `<p><a href="https://example.org">https://example.org</a></p>` + "\n", "https://example.org"},
		{"mail", "<ada@example.org>", `<p><a href="mailto:ada@example.org">ada@example.org</a></p>` + "\n", "ada@example.org"},
		{"reference", "[a][b]\n\n[b]: https://example.org", `<p><a href="https://example.org">a</a></p>` + "\n", "a (https://example.org)"},
		{"reference nothing uses", "[Update]: https://example.org 'new'", `<p>Update: <a href="https://example.org">https://example.org</a> new</p>` + "\n", "Update: https://example.org new"},
		{"image", "![a b](https://example.org/c.png)", `<p><a href="https://example.org/c.png">a b</a></p>` + "\n", "a b (https://example.org/c.png)"},
		{"image in a link", "[![a](https://example.org/c.png) d](https://example.org)", `<p><a href="https://example.org">a d</a></p>` + "\n", "a d (https://example.org)"},
		{"link in a link", "[a <https://example.com>](https://example.org)", `<p><a href="https://example.org">a https://example.com</a></p>` + "\n", "a https://example.com (https://example.org)"},
		{"tags", "<div class=x>a <b>*b*</b> <!-- c --></div>", "<p>a <em>b</em> </p>\n", "a b"},
		{"words in angles", "Map<String, T> <your-name> a <b", "<p>Map&lt;String, T&gt; &lt;your-name&gt; a &lt;b</p>\n", "Map<String, T> <your-name> a <b"},
		{"script", "<script>alert(1)</script>", "<p>alert(1)</p>\n", "alert(1)"},
		{"open comment keeps its words", "<!-- a\n\nb", "<p>&lt;!-- a</p>\n<p>b</p>\n", "<!-- a\n\nb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Note(tt.src)
			if err != nil {
				t.Fatal(err)
			}
			if got.HTML != tt.html {
				t.Errorf("HTML: %s", cmp.Diff(tt.html, got.HTML))
			}
			if got.Plain != tt.plain {
				t.Errorf("plain: %s", cmp.Diff(tt.plain, got.Plain))
			}
		})
	}
}

func TestOnlyThreeSchemes(t *testing.T) {
	for _, address := range []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript&colon;alert(1)", "javascript&#58;alert(1)", "java&Tab;script:alert(1)",
		"&#106;avascript:alert(1)", "data:text/html,x", "vbscript:x", "blob:https://example.org/x", "intent://example.org#Intent;end",
		"jar:https://example.org!/x", "file:///etc/passwd", "ftp://example.org", "//example.org", "/about", "#a", "about:blank",
		"view-source:https://example.org", "https:example.org", "https:///a", "https://", "mailto:", "",
	} {
		for _, src := range []string{
			"[words](" + address + ")", "[words](<" + address + ">)", "![words](" + address + ")",
			"[words][a]\n\n[a]: " + address, "words <" + address + ">", "words " + strings.Replace(address, "https:", "x:", 1),
		} {
			got, err := Note(src)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(got.HTML, "<a") && !strings.Contains(src, "<https://") {
				t.Errorf("Note(%q) links: %s", src, got.HTML)
			}
			if !strings.Contains(got.Plain, "words") {
				t.Errorf("Note(%q) lost its words: %q", src, got.Plain)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	if _, err := Note(strings.Repeat("a", NoteLimit)); err != nil {
		t.Errorf("a note of the limit: %v", err)
	}
	if _, err := Intro(strings.Repeat("a", IntroLimit)); err != nil {
		t.Errorf("an introduction of the limit: %v", err)
	}
	quotes := func(n int) string { return strings.Repeat("> ", n) + "a" }
	tests := []struct {
		name, src string
		want      error
	}{
		{"long", strings.Repeat("a", NoteLimit+1), ErrTooLong},
		{"million of quotation marks", strings.Repeat(">", 1_000_000), ErrTooLong},
		{"long address repeated", "[a]: https://example.org/" + strings.Repeat("b", 4000) + "\n\n" + strings.Repeat("[a]", 1000), ErrTooLong},
		{"ten quotations", quotes(10), nil},
		{"eleven quotations", quotes(11), ErrTooDeep},
		{"quotations to the limit", strings.Repeat(">", NoteLimit), ErrTooDeep},
		{"lists in a line", strings.Repeat("- ", 40) + "a", ErrTooDeep},
		{"numbers in a line", strings.Repeat("1. ", 40) + "a", ErrTooDeep},
		{"lists by indentation", nestedList(11), ErrTooDeep},
		{"ten lists", nestedList(10), nil},
		{"long rule", strings.Repeat("- ", 60) + "\n", nil},
		{"merge conflict in code", "```\n" + strings.Repeat(">", 20) + " theirs\n```", nil},
		{"emphasis", strings.Repeat("*a **b ", 12) + strings.Repeat("** c*", 12), ErrTooDeep},
		{"emphasis without end", strings.Repeat("_a*", NoteLimit/3), ErrTooDeep},
		{"links without end", strings.Repeat("[a](", NoteLimit/4), ErrTooDeep},
		{"addresses without end", strings.Repeat("[a](<b)", NoteLimit/7), ErrTooDeep},
		{"many links", strings.Repeat("[a](https://example.org/a_(b)) ", 200), nil},
		{"NUL", "a\x00b", ErrNotText},
		{"escape", "a\x1b[31mb", ErrNotText},
		{"C1 control", "a\u0085b", ErrNotText},
		{"Latin-1", "caf\xe9", ErrNotText},
		{"tab", "a\tb", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Note(tt.src); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func nestedList(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}

// BenchmarkHostile renders the worst known introductions of the limit's size:
// for each what the parser is slowest at, found by trying pairs of tokens.
func BenchmarkHostile(b *testing.B) {
	for _, unit := range []string{
		">", "> - ", "_a*", "*a **a ", "[", "[[a]", "![", "](((", "[a](b", "[a](<b)", "\\```\n", "`a``", "<!--", "</a", "<a ", "http://(", "http://a)", "*\n- ", "\n- -", "&\n\n", "[a]: b\n",
	} {
		src := strings.Repeat(unit, IntroLimit/len(unit))
		b.Run(unit, func(b *testing.B) {
			for b.Loop() {
				_, _ = Intro(src)
			}
		})
	}
}
