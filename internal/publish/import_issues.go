package publish

import (
	"context"
	"fmt"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// together is how many issues and items an import stores at once: enough that
// the statements' own costs vanish beside those of the rows, and few enough that
// they are held in memory twice without anybody noticing.
const together = 2000

// waiting are new issues that are to be stored together, with their revisions,
// nil for one that was not printed.
type waiting struct {
	issues    []newsletter.Issue
	revisions []*newsletter.Revision
	size      int
}

// add has a new issue stored with the next ones.
func (i *importer) add(issue newsletter.Issue) error {
	i.taken[issue.Number] = true
	var revision *newsletter.Revision
	if issue.State.Printed() {
		i.public = true
		frozen, err := firstRevision(issue)
		if err != nil {
			return err
		}
		revision = &frozen
	}
	i.issues, i.revisions = append(i.issues, issue), append(i.revisions, revision)
	i.size += 1 + len(issue.Items())
	return nil
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

// store stores the issues that wait.
func (i *importer) store(ctx context.Context) error {
	now := i.waiting
	i.waiting = waiting{}
	if len(now.issues) == 0 {
		return nil
	}
	ids, err := i.tx.AddIssues(ctx, now.issues, LinksOf)
	if err != nil {
		return err
	}
	var kept, printed []postgres.IssueRevision
	var numbers []string
	for k, issue := range now.issues {
		numbers = append(numbers, fmt.Sprint(issue.Number))
		if now.revisions[k] == nil {
			continue
		}
		revision := postgres.IssueRevision{IssueID: ids[k], Revision: *now.revisions[k]}
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
