package page

import (
	"html"
	"html/template"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestHref(t *testing.T) {
	for url, want := range map[string]string{
		"https://docks.example/a?b=c&d=%20#e": "https://docks.example/a?b=c&amp;d=%20#e", "mailto:ines@letter.example": "mailto:ines@letter.example",
		"HTTP://x.example": "HTTP://x.example", "/archive": "/archive", "/a:b": "/a:b", "": "",
		"javascript:alert(1)": "#", "data:text/html,x": "#", " javascript:x": "#", "vbscript:x": "#",
		`https://x.example/"><b>'`: "https://x.example/%22%3e%3cb%3e%27", "https://x.example/ü 100%": "https://x.example/%c3%bc%20100%25",
	} {
		if got := Href(url); got != want {
			t.Errorf("%q is written %q, want %q", url, got, want)
		}
	}
}

// TestHrefIsWhatATemplateWrites compares with html/template, which knows what is
// dangerous.
func TestHrefIsWhatATemplateWrites(t *testing.T) {
	anchor := template.Must(template.New("").Parse(`<a href="{{.}}">`))
	rapid.Check(t, func(t *rapid.T) {
		url := rapid.OneOf(rapid.String(), rapid.StringMatching(`(https?:|mailto:|javascript:|/)[ -~]{0,20}`), rapid.StringMatching(`[a-zA-Z:/%&"'<> ]{0,12}`)).Draw(t, "url")
		var b strings.Builder
		if err := anchor.Execute(&b, url); err != nil {
			t.Fatal(err)
		}
		want := strings.ReplaceAll(b.String(), "#ZgotmplZ", "#")
		if got := `<a href="` + Href(url) + `">`; html.UnescapeString(got) != html.UnescapeString(want) {
			t.Errorf("%q is written %s, want %s", url, got, want)
		}
	})
}
