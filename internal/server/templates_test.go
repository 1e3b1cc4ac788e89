package server

import (
	"html/template"
	"testing"

	"github.com/jba/templatecheck"
)

func TestTemplatesFitTheirViews(t *testing.T) {
	for name, check := range map[string]struct {
		template func() (*template.Template, error)
		view     any
	}{"kept": {keptPage.Template, keptView{}}, "unkept": {unkeptPage.Template, unkeptView{}}} {
		template, err := check.template()
		if err != nil {
			t.Fatal(err)
		}
		if err := templatecheck.CheckHTMLStrict(template, check.view); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
