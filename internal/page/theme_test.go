package page

import (
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

func TestTheme(t *testing.T) {
	if sheet, path := Theme(newsletter.Accent{}); sheet != "" || path != "" {
		t.Errorf("without an accent there is %q at %q", sheet, path)
	}
	sheet, path := Theme(newsletter.Accent{Light: "#7A1F5C"})
	for _, want := range []string{"--blue: #7A1F5C;", "--blue: light-dark(#7A1F5C, #86C5EE);", "45%, var(--sheet)"} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the style sheet lacks %q:\n%s", want, sheet)
		}
	}
	if strings.Index(sheet, "--blue: #7A1F5C;") > strings.Index(sheet, "@supports") || strings.Count(sheet, "{") != strings.Count(sheet, "}") {
		t.Errorf("the plain value is not first, or the braces do not match:\n%s", sheet)
	}
	if _, other := Theme(newsletter.Accent{Light: "#7A1F5D"}); other == path || !strings.HasPrefix(path, "/theme/") {
		t.Errorf("two accents are at %q and %q", path, other)
	}
}

func TestPagesWearTheThemeAfterTheSitesStyle(t *testing.T) {
	frame := Frame{Publication: newslettertest.Publication()}
	sheets := func() []string {
		body, err := testPage.Bytes(Issue{Frame: frame})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(string(body), `<link rel="stylesheet" href="`)[1:]
	}
	if plain := sheets(); len(plain) != 1 {
		t.Errorf("a page without a theme has %d style sheets", len(plain))
	}
	frame.Publication.Accent = newsletter.Accent{Light: "#7A1F5C", Dark: "#F0A8D0"}
	if themed := sheets(); len(themed) != 2 || !strings.HasPrefix(themed[0], "/static/site.") || !strings.HasPrefix(themed[1], frame.Theme()+`">`) {
		t.Errorf("the style sheets are %q", themed)
	}
}
