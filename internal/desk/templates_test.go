package desk

import (
	"testing"

	"github.com/jba/templatecheck"

	"broadsheet/internal/page"
)

func TestTemplatesOfIssuesFitTheirViews(t *testing.T) {
	fits(t, issuesPage)
	fits(t, boardPage)
	fits(t, conflictPage)
	fits(t, discardPage)
	fits(t, sectionConflictPage)
	fits(t, movePage)
	fits(t, previewPage)
	fits(t, publishPage)
	fits(t, publishedPage)
	fits(t, standingPage)
	fits(t, settingsPage)
	fits(t, activityPage)
	fits(t, historyPage)
	fits(t, itemHistoryPage)
	fits(t, orderPage)
	fits(t, editorPage)
	fits(t, shortcutsPage)
}

// fits type-checks a page's template against its view.
func fits[T any](t *testing.T, p page.Page[T]) {
	t.Helper()
	var view T
	template, err := p.Template()
	if err != nil {
		t.Fatal(err)
	}
	if err := templatecheck.CheckHTMLStrict(template, view); err != nil {
		t.Errorf("%T: %v", view, err)
	}
}
