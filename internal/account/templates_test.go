package account

import (
	"html/template"
	"testing"

	"github.com/jba/templatecheck"

	"broadsheet/internal/page"
)

func TestTemplatesFitTheirViews(t *testing.T) {
	for name, check := range map[string]struct {
		template func() (*template.Template, error)
		view     any
	}{
		"sign in": {signInPage.Template, formView{}}, "link": {linkPage.Template, formView{}}, "set up": {setUpPage.Template, formView{}},
		"ended": {endedPage.Template, page.DeskFrame{}}, "me": {mePage.Template, meView{}},
		"people": {peoplePage.Template, peopleView{}}, "secret": {secretPage.Template, secretView{}},
	} {
		template, err := check.template()
		if err != nil {
			t.Fatal(err)
		}
		if err := templatecheck.CheckHTMLStrict(template, check.view); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
