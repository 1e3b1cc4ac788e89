package publish

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// Outcome is what became of one thing in an imported file.
type Outcome string

// The outcomes. Differs: it exists with other content and was left as it is.
const (
	Added     Outcome = "added"
	Unchanged Outcome = "unchanged"
	Differs   Outcome = "differs"
)

// Report says what an import did with one file.
type Report struct {
	Publication Outcome        `json:"publication,omitempty"`
	Issues      []IssueOutcome `json:"issues"`
	Items       Tally          `json:"items"`     // outside issues
	Redirects   Tally          `json:"redirects"` // of old addresses
	FeedIDs     Tally          `json:"feed_ids"`  // of entries in another feed
	Messages    []string       `json:"messages"`  // what a person should know, in plain words
}

// IssueOutcome is what became of one issue.
type IssueOutcome struct {
	Number  int     `json:"number"`
	Items   int     `json:"items"`
	Links   int     `json:"links"`
	Outcome Outcome `json:"outcome"`
}

// Tally counts outcomes.
type Tally struct {
	Added     int `json:"added"`
	Unchanged int `json:"unchanged"`
	Differs   int `json:"differs"`
}

func (t *Tally) count(o Outcome) {
	switch o {
	case Added:
		t.Added++
	case Unchanged:
		t.Unchanged++
	case Differs:
		t.Differs++
	}
}

// Import stores everything one file holds in one transaction. Published issues
// go through the same freezing as publishing. Importing a file again changes
// nothing. actor stands in the audit.
func Import(ctx context.Context, store *postgres.Store, doc exchange.Document, actor string) (Report, error) {
	var report Report
	err := store.Tx(ctx, func(tx *postgres.Store) error {
		report = Report{Messages: doc.Warnings}
		i := importer{tx: tx, actor: actor, report: &report}
		if err := i.everything(ctx, doc); err != nil {
			return err
		}
		if i.public {
			if err := tx.RaiseGeneration(ctx); err != nil {
				return err
			}
		}
		return tx.CheckNow(ctx)
	})
	return report, err
}

// importer carries one import through its steps.
type importer struct {
	tx     *postgres.Store
	actor  string
	report *Report
	public bool // something that readers see has changed

	now   time.Time    // by the database's clock, which stands still in a transaction
	taken map[int]bool // numbers of issues
	waiting
}

func (i *importer) everything(ctx context.Context, doc exchange.Document) error {
	if doc.Publication != nil {
		if err := i.publication(ctx, *doc.Publication); err != nil {
			return err
		}
	}
	publication, err := i.tx.Publication(ctx)
	if err != nil {
		return err
	}
	if err := i.lookAround(ctx); err != nil {
		return err
	}
	for _, issue := range doc.Issues {
		if i.size >= together || i.taken[issue.Number] { // with one of that number, perhaps
			if err := i.store(ctx); err != nil {
				return err
			}
		}
		if err := i.issue(ctx, doc, issue, publication); err != nil {
			return fmt.Errorf("issue %d: %w", issue.Number, err)
		}
	}
	if err := i.store(ctx); err != nil {
		return err
	}
	if err := i.items(ctx, doc.Items); err != nil {
		return err
	}
	if err := i.feedIDs(ctx, doc.FeedIDs); err != nil {
		return err
	}
	if err := i.redirects(ctx, doc.Redirects); err != nil {
		return err
	}
	return i.oldAddresses(ctx, doc.OldAddresses)
}

// lookAround reads once what every issue is compared with.
func (i *importer) lookAround(ctx context.Context) (err error) {
	if i.now, err = i.tx.Now(ctx); err != nil {
		return err
	}
	numbers, err := i.tx.Numbers(ctx)
	i.taken = map[int]bool{}
	for _, number := range numbers {
		i.taken[number] = true
	}
	return err
}

// publication takes over the settings where nobody has made any yet.
func (i *importer) publication(ctx context.Context, p newsletter.Publication) error {
	if err := p.Validate(); err != nil {
		return err
	}
	existing, err := i.tx.Publication(ctx)
	if err != nil {
		return err
	}
	if exported(func(to *exchange.JSONL) error { return to.Publication(existing) }) ==
		exported(func(to *exchange.JSONL) error { return to.Publication(p) }) {
		i.report.Publication = Unchanged
		return nil
	}
	untouched, err := i.tx.Untouched(ctx)
	if err != nil {
		return err
	}
	if !untouched {
		i.report.Publication = Differs
		i.report.Messages = append(i.report.Messages, "the publication's settings differ and were left as they are; change them on the desk")
		return nil
	}
	if p, err = RenderPublication(p); err != nil {
		return err
	}
	i.report.Publication, i.public = Added, true
	if err := i.tx.SavePublication(ctx, p); err != nil {
		return err
	}
	return i.tx.Audit(ctx, i.actor, "import publication", p.Name)
}

func (i *importer) issue(ctx context.Context, doc exchange.Document, issue newsletter.Issue, p newsletter.Publication) error {
	known, taken, err := i.known(ctx, issue.Number)
	if err != nil {
		return err
	}
	if issue.State.Printed() && issue.PublishedAt.IsZero() {
		issue.PublishedAt = cmp.Or(known.PublishedAt, publishedAt(issue, p))
	}
	i.notInTheFuture(&issue, known)
	if !doc.Complete {
		complete(&issue, p, known)
	}
	if err := issue.Validate(); err != nil {
		return err
	}
	outcome := Added
	switch {
	case !taken:
		i.add(issue)
	case sameIssue(known, issue):
		outcome = Unchanged
	default:
		outcome = Differs
		i.report.Messages = append(i.report.Messages, fmt.Sprintf("issue %d exists with other content and was left as it is; correct it on the desk", issue.Number))
	}
	links := 0
	for _, item := range issue.Items() {
		links += len(item.Links)
	}
	i.report.Issues = append(i.report.Issues, IssueOutcome{issue.Number, len(issue.Items()), links, outcome})
	return nil
}

// known returns the issue that has a number already, if one has.
func (i *importer) known(ctx context.Context, number int) (issue newsletter.Issue, taken bool, err error) {
	if !i.taken[number] {
		return newsletter.Issue{}, false, nil
	}
	issue, err = i.tx.Issue(ctx, number)
	return issue, true, err
}

// notInTheFuture takes the present, by the database's clock, for times that a
// source puts after it: feeds never carry a date that has not come.
func (i *importer) notInTheFuture(issue *newsletter.Issue, known newsletter.Issue) {
	if issue.PublishedAt.After(i.now) {
		issue.PublishedAt = cmp.Or(known.PublishedAt, i.now)
		i.report.Messages = append(i.report.Messages, fmt.Sprintf("issue %d says that it was published in the future; the present was taken instead", issue.Number))
	}
	corrections := slices.Clone(issue.Corrections)
	for k := range corrections {
		if corrections[k].At.After(i.now) {
			corrections[k].At = i.now
			if k < len(known.Corrections) {
				corrections[k].At = known.Corrections[k].At
			}
		}
	}
	issue.Corrections = corrections
}

// sameIssue reports whether two issues have the same content: whether an
// export would write them alike.
func sameIssue(a, b newsletter.Issue) bool {
	return exported(func(to *exchange.JSONL) error { return to.Issue(a) }) == exported(func(to *exchange.JSONL) error { return to.Issue(b) })
}

// exported returns what an export would write.
func exported(write func(*exchange.JSONL) error) string {
	var line strings.Builder
	if err := write(exchange.NewJSONL(&line)); err != nil {
		return err.Error() // equal to nothing that was written
	}
	return line.String()
}

// complete fills in what an incomplete source left to the publication: where
// its sections come from, and the places of items.
// What the desk already knows of an issue stays as it is there.
func complete(issue *newsletter.Issue, p newsletter.Publication, known newsletter.Issue) {
	issue.NumberPlaces()
	for s := range issue.Sections {
		section := &issue.Sections[s]
		section.Of = p.StandingFor(section.Title, section.Kind)
		if s < len(known.Sections) && known.Sections[s].Title == section.Title {
			section.Of = known.Sections[s].Of
		}
	}
}

// items adds the items outside issues that are not there yet. An item that
// stands twice in the file stands twice afterwards, however often it is read.
func (i *importer) items(ctx context.Context, items []newsletter.Item) error {
	if len(items) == 0 {
		return nil
	}
	existing, err := i.tx.LooseItems(ctx)
	if err != nil {
		return err
	}
	there := map[string]int{}
	for _, item := range existing {
		there[exportedItem(item)]++
	}
	for _, item := range items {
		if err := item.Validate(); err != nil {
			return err
		}
		line := exportedItem(item)
		if there[line] > 0 {
			there[line]--
			i.report.Items.count(Unchanged)
			continue
		}
		if err := i.tx.AddLooseItem(ctx, item, LinksOf); err != nil {
			return err
		}
		i.report.Items.count(Added)
	}
	return nil
}

func exportedItem(item newsletter.Item) string {
	return exported(func(to *exchange.JSONL) error { return to.Item(item) })
}

// Sentence lists what was counted, for a report: one of them and several have
// different names.
func (t Tally) Sentence(single, several string) []string {
	var parts []string
	for _, c := range []struct {
		n    int
		word Outcome
	}{{t.Added, Added}, {t.Unchanged, Unchanged}, {t.Differs, Differs}} {
		what := several
		if c.n == 1 {
			what = single
		}
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s %s", c.n, what, c.word))
		}
	}
	return parts
}
