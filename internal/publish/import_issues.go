package publish

import (
	"cmp"
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// together is how many issues and items an import stores at once: enough that
// the statements' own costs vanish beside those of the rows, and few enough that
// they are held in memory twice without anybody noticing.
const together = 2000

// waiting are new issues that are to be stored together.
type waiting struct {
	issues []newsletter.Issue
	size   int
}

// add has a new issue stored with the next ones.
func (i *importer) add(issue newsletter.Issue) {
	i.taken[issue.Number] = true
	i.public = i.public || issue.State.Printed()
	i.issues = append(i.issues, issue)
	i.size += 1 + len(issue.Items())
}

// firstRevisions makes the first revisions of issues, nil for one that is not
// printed.
func firstRevisions(issues []newsletter.Issue) ([]*newsletter.Revision, error) {
	revisions := make([]*newsletter.Revision, len(issues))
	for k, issue := range issues {
		if !issue.State.Printed() {
			continue
		}
		revision, err := firstRevision(issue)
		if err != nil {
			return nil, fmt.Errorf("issue %d: %w", issue.Number, err)
		}
		revisions[k] = &revision
	}
	return revisions, nil
}

// firstRevision makes revision 1 of an imported issue. Its corrections happened
// elsewhere, so the revision is as old as the newest of them.
func firstRevision(issue newsletter.Issue) (newsletter.Revision, error) {
	at := issue.PublishedAt
	for _, c := range issue.Corrections {
		if c.At.After(at) {
			at = c.At
		}
	}
	return Freeze(issue, 1, at)
}

// store stores the issues that wait. Their revisions are made while the database
// takes the issues.
func (i *importer) store(ctx context.Context) error {
	now := i.waiting
	i.waiting = waiting{}
	if len(now.issues) == 0 {
		return nil
	}
	var revisions []*newsletter.Revision
	var freezing errgroup.Group
	freezing.Go(func() (err error) {
		revisions, err = firstRevisions(now.issues)
		return err
	})
	ids, err := i.tx.AddIssues(ctx, now.issues, LinksOf)
	if err := cmp.Or(freezing.Wait(), err); err != nil {
		return err
	}
	var kept, printed []postgres.IssueRevision
	var numbers []string
	for k, issue := range now.issues {
		numbers = append(numbers, fmt.Sprint(issue.Number))
		if revisions[k] == nil {
			continue
		}
		revision := postgres.IssueRevision{IssueID: ids[k], Revision: *revisions[k]}
		kept = append(kept, revision)
		if issue.State == newsletter.Published {
			printed = append(printed, revision)
		}
	}
	if err := i.tx.KeepRevisions(ctx, kept); err != nil {
		return err
	}
	if err := i.tx.PrintAll(ctx, printed, LinksOf); err != nil {
		return err
	}
	return i.tx.Audit(ctx, i.actor, "import issue", numbers...)
}
