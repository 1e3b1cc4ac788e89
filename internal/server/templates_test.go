package server

import (
	"testing"

	"github.com/jba/templatecheck"
)

func TestKeptTemplateFitsItsView(t *testing.T) {
	template, err := keptPage.Template()
	if err != nil {
		t.Fatal(err)
	}
	if err := templatecheck.CheckHTMLStrict(template, keptView{}); err != nil {
		t.Error(err)
	}
}
