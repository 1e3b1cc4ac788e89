package publish_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// TestImportOfManyIssues has more issues than are stored at once, of every
// printed state, each with what is its own; one comes again at once and another
// one much later, the same and with other words.
func TestImportOfManyIssues(t *testing.T) {
	const many = 450 // of six things each: more than two thousand
	pool := pgtest.New(t)
	store := postgres.New(pool)
	var issues []newsletter.Issue
	for k := range many {
		issue := newslettertest.Issue(100 + k)
		issue.Sections[1].Items[0].Note = fmt.Sprintf("This is told in unheard%d alone.", issue.Number)
		if k%50 == 7 {
			issue.State = newsletter.Withdrawn
		}
		issues = append(issues, issue)
	}
	other := newslettertest.Issue(101)
	doc := whole(slices.Insert(slices.Clone(issues), 1, issues[0])...)
	doc.Issues = append(doc.Issues, issues[3], other)
	report := mustImport(t, store, doc)

	outcomes := map[publish.Outcome]int{}
	for _, o := range report.Issues {
		outcomes[o.Outcome]++
	}
	if diff := cmp.Diff(map[publish.Outcome]int{publish.Added: many, publish.Unchanged: 2, publish.Differs: 1}, outcomes); diff != "" {
		t.Errorf("the outcomes:\n%s", diff)
	}
	for _, k := range []int{0, 1, 7, 249, 330, many - 1} {
		got, err := store.Issue(t.Context(), issues[k].Number)
		if err != nil || got.State != issues[k].State || len(got.Items()) != len(issues[k].Items()) ||
			got.Sections[1].Items[0].Note != issues[k].Sections[1].Items[0].Note || len(got.Sections[1].Items[0].Links) != len(issues[k].Sections[1].Items[0].Links) {
			t.Errorf("issue %d came in as %+v (%v)", issues[k].Number, got, err)
		}
		results, err := store.Search(t.Context(), postgres.Query{Words: fmt.Sprintf("unheard%d", issues[k].Number)})
		if want := issues[k].State == newsletter.Published; err != nil || (results.Total == 1) != want {
			t.Errorf("issue %d is found %d times (%v)", issues[k].Number, results.Total, err)
		}
	}
	var revisions, told int
	if err := pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM revisions),
		(SELECT count(DISTINCT object) FROM audit WHERE action = 'import issue')`).Scan(&revisions, &told); err != nil || revisions != many || told != many {
		t.Errorf("%d revisions and %d deeds (%v), want %d of each", revisions, told, err, many)
	}
}
