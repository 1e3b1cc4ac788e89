package publish_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// whole is a document that says everything about its issues.
func whole(issues ...newsletter.Issue) exchange.Document {
	return exchange.Document{Issues: issues, Complete: true}
}

// mustImport imports a document and returns the report.
func mustImport(t *testing.T, store *postgres.Store, doc exchange.Document) publish.Report {
	t.Helper()
	report, err := publish.Import(t.Context(), store, doc, "test")
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func generation(t *testing.T, store *postgres.Store) int64 {
	t.Helper()
	n, err := store.Generation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFreezeRendersAndMarks(t *testing.T) {
	issue := newslettertest.Issue(100)
	issue.Sections[0].Items[0].Note = "Rope by [Ropeworks](https://ropeworks.example/?a=1&b=2)."
	at := issue.PublishedAt.Add(time.Hour)
	revision, err := publish.Freeze(issue, 2, at)
	if err != nil {
		t.Fatal(err)
	}
	if revision.Number != 100 || revision.Ordinal != 2 || !revision.RevisedAt.Equal(at) || !revision.PublishedAt.Equal(issue.PublishedAt) {
		t.Errorf("the revision's own data are %+v", revision)
	}
	if want := "<p>Fog all week, and <em>100</em> letters.</p>"; strings.TrimSpace(revision.Intro.HTML) != want {
		t.Errorf("the introduction is %q, want %q", revision.Intro.HTML, want)
	}
	if note := revision.Sections[0].Items[0].Note.HTML; !strings.Contains(note, `rel="sponsored"`) {
		t.Errorf("a link in a paid note is %q, without rel=sponsored", note)
	}
	if note := revision.Sections[1].Items[2].Note.HTML; strings.Contains(note, "sponsored") {
		t.Errorf("a link in a note that nobody paid for is %q", note)
	}
	var shape []string
	for _, section := range revision.Sections {
		shape = append(shape, section.Title)
		for _, item := range section.Items {
			mark := revision.Mark(item).String()
			if item.Withdrawn {
				mark += " withdrawn"
			}
			shape = append(shape, mark)
		}
	}
	want := []string{"Ropeworks sponsors the letter", "100.1", "News", "100.2", "100.3", "100.4 withdrawn", "100.5", "Regatta", "100.6"}
	if diff := cmp.Diff(want, shape); diff != "" {
		t.Errorf("order and marks (an empty section vanishes):\n%s", diff)
	}
}

func TestFreezeSummarises(t *testing.T) {
	issue := newsletter.Issue{Number: 1, Intro: "Three *readers* wrote. More follows."}
	revision, err := publish.Freeze(issue, 1, time.Time{})
	if err != nil || revision.Summary != "Three readers wrote." {
		t.Errorf("the summary is %q (%v), want the introduction's first sentence", revision.Summary, err)
	}
}

func TestFreezeNamesTheTextThatCannotBePrinted(t *testing.T) {
	issue := newslettertest.Issue(100)
	issue.Sections[1].Items[1].Note = strings.Repeat(">", 5000)
	_, err := publish.Freeze(issue, 1, issue.PublishedAt)
	invalid, ok := errors.AsType[newsletter.Invalid](err)
	if !ok || len(invalid) != 1 || invalid[0].Field != "100.3" {
		t.Errorf("the error is %v, want one about 100.3", err)
	}
}

func TestImportPublishes(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	before := generation(t, store)
	issue := newslettertest.Issue(100)
	report := mustImport(t, store, whole(issue))
	if diff := cmp.Diff([]publish.IssueOutcome{{Number: 100, Items: 5, Links: 5, Outcome: publish.Added}}, report.Issues); diff != "" {
		t.Error(diff)
	}
	revision, err := store.Revision(t.Context(), 100)
	if err != nil || revision.Ordinal != 1 || !revision.PublishedAt.Equal(issue.PublishedAt) || !revision.RevisedAt.Equal(issue.Corrections[0].At) {
		t.Errorf("revision %+v (%v)", revision, err)
	}
	if generation(t, store) == before {
		t.Error("the generation was not raised")
	}
	if _, total, err := store.SiteItems(t.Context(), "thoughts.example", 1); err != nil || total != 1 {
		t.Errorf("a link inside a note counts %d times for its site (%v), want once", total, err)
	}
}

func TestImportingAgainChangesNothing(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	p := newslettertest.Publication()
	twice := newsletter.Item{Note: "twice", State: newsletter.Inbox, SubmittedAt: time.Unix(1e9, 0).UTC()}
	doc := whole(newslettertest.Issue(100))
	doc.Publication, doc.Items, doc.Redirects = &p, []newsletter.Item{twice, twice}, []newsletter.Redirect{{From: "/old", To: "/issues/100"}}
	mustImport(t, store, doc)
	before := generation(t, store)

	report := mustImport(t, store, doc)

	if report.Issues[0].Outcome != publish.Unchanged || report.Publication != publish.Unchanged ||
		report.Items != (publish.Tally{Unchanged: 2}) || report.Redirects != (publish.Tally{Unchanged: 1}) || len(report.Messages) != 0 {
		t.Errorf("the report is %+v", report)
	}
	if generation(t, store) != before {
		t.Error("the generation was raised though nothing changed")
	}
	if items, err := store.LooseItems(t.Context()); err != nil || len(items) != 2 {
		t.Errorf("%d items outside issues (%v), want 2", len(items), err)
	}
}

func TestImportLeavesAloneWhatDiffers(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	mustImport(t, store, whole(newslettertest.Issue(100)))
	other := newslettertest.Issue(100)
	other.Sections[1].Items[0].Note += " Really."
	report := mustImport(t, store, whole(other, newslettertest.Issue(101)))
	got := []publish.Outcome{report.Issues[0].Outcome, report.Issues[1].Outcome}
	if !slices.Equal(got, []publish.Outcome{publish.Differs, publish.Added}) || len(report.Messages) != 1 || !strings.Contains(report.Messages[0], "issue 100 exists") {
		t.Errorf("the report is %+v", report)
	}
	if issue, err := store.Issue(t.Context(), 100); err != nil || strings.Contains(issue.Sections[1].Items[0].Note, "Really") {
		t.Errorf("the issue was changed (%v)", err)
	}
}

func TestImportIsWholeOrNotAtAll(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	bad := newslettertest.Issue(101)
	bad.Sections[1].Items[0].Note = strings.Repeat(">", 5000)
	if _, err := publish.Import(t.Context(), store, whole(newslettertest.Issue(100), bad), "test"); err == nil {
		t.Fatal("a note that cannot be printed was imported")
	}
	if numbers, err := store.Numbers(t.Context()); err != nil || len(numbers) != 0 {
		t.Errorf("issues %v (%v) of a file that failed are there", numbers, err)
	}
}

func TestImportCompletesWhatTheSourceLeavesOpen(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	p := newslettertest.Publication()
	mustImport(t, store, exchange.Document{Publication: &p})
	source := newsletter.Issue{
		Number: 7, Date: newsletter.Date{Year: 2026, Month: 7, Day: 5}, State: newsletter.Published,
		Sections: []newsletter.Section{
			{Title: "Acme sponsors us", Kind: newsletter.KindSponsor, Items: []newsletter.Item{{Note: "a", Sponsored: true}}},
			{Title: "Books", Kind: newsletter.KindLinks, Items: []newsletter.Item{{Note: "b"}, {Note: "c"}}},
		},
	}
	doc := exchange.Document{Issues: []newsletter.Issue{source}}
	mustImport(t, store, doc)
	got, err := store.Issue(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2026, 7, 5, 6, 0, 0, 0, time.UTC); !got.PublishedAt.Equal(want) {
		t.Errorf("published at %s, want eight in Oslo, %s", got.PublishedAt, want)
	}
	if got.Sections[0].Of != "Sponsor" || got.Sections[1].Of != "" {
		t.Errorf("sections are of %q and %q, want Sponsor and none", got.Sections[0].Of, got.Sections[1].Of)
	}
	for k, item := range got.Items() {
		if item.Place != k+1 {
			t.Errorf("item %d has place %d", k+1, item.Place)
		}
	}

	p.Hour = 20 // the source is the same, whatever the publication's habits are by now
	if err := store.SavePublication(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if report := mustImport(t, store, doc); report.Issues[0].Outcome != publish.Unchanged {
		t.Errorf("the same file again is %+v", report)
	}
}

// TestImportOfOurMarkdownWithoutATime gives our own Markdown as a person writes
// it: with a date alone.
func TestImportOfOurMarkdownWithoutATime(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	issue := newslettertest.Issue(7)
	issue.PublishedAt, issue.Corrections = time.Time{}, nil
	for _, want := range []publish.Outcome{publish.Added, publish.Unchanged} {
		if report := mustImport(t, store, whole(issue)); report.Issues[0].Outcome != want {
			t.Errorf("the report is %+v, want %s", report, want)
		}
	}
	got, err := store.Issue(t.Context(), 7)
	if err != nil || !got.PublishedAt.Equal(got.Date.At(8, time.UTC)) {
		t.Errorf("published at %s (%v), want the usual hour of %s", got.PublishedAt, err, got.Date)
	}
}

func TestImportOfSettingsOnlyWhereThereAreNone(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	mine, theirs := newslettertest.Publication(), newslettertest.Publication()
	theirs.Name = "Another Letter"
	mustImport(t, store, exchange.Document{Publication: &mine})
	report := mustImport(t, store, exchange.Document{Publication: &theirs})
	if report.Publication != publish.Differs || len(report.Messages) != 1 {
		t.Errorf("the report is %+v", report)
	}
	p, err := store.Publication(t.Context())
	if err != nil || p.Name != mine.Name || !strings.Contains(p.AboutHTML, "<strong>boathouse</strong>") {
		t.Errorf("the publication is %+v (%v)", p, err)
	}
}

func TestImportOfEveryState(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	withdrawn, draft, scheduled := newslettertest.Issue(100), newslettertest.Issue(101), newslettertest.Issue(102)
	withdrawn.State = newsletter.Withdrawn
	draft.State, draft.PublishedAt, draft.Corrections = newsletter.Draft, time.Time{}, nil
	scheduled.State, scheduled.ScheduledAt, scheduled.PublishedAt, scheduled.Corrections = newsletter.Scheduled, draft.PublishedAt.AddDate(2000, 0, 0), time.Time{}, nil
	mustImport(t, store, whole(withdrawn, draft, scheduled))
	if heads, err := store.Heads(t.Context()); err != nil || len(heads) != 0 {
		t.Errorf("the archive shows %v (%v)", heads, err)
	}
	for number, want := range map[int]error{100: newsletter.ErrGone, 101: newsletter.ErrNotFound, 102: newsletter.ErrNotFound} {
		if _, err := store.Revision(t.Context(), number); !errors.Is(err, want) {
			t.Errorf("readers of %d get %v, want %v", number, err, want)
		}
	}
}

// TestLinesComeBackAsTheSameBytes exports a database and imports the lines
// into an empty one.
func TestLinesComeBackAsTheSameBytes(t *testing.T) {
	p := newslettertest.Publication()
	doc := whole(newslettertest.Issue(100), newslettertest.Issue(101))
	doc.Publication = &p
	first := postgres.New(pgtest.New(t))
	mustImport(t, first, doc)
	lines := export(t, first)
	doc, err := exchange.Read(bytes.NewReader(lines), exchange.FormatJSONL)
	if err != nil {
		t.Fatal(err)
	}
	second := postgres.New(pgtest.New(t))
	mustImport(t, second, doc)
	if diff := cmp.Diff(string(lines), string(export(t, second))); diff != "" {
		t.Error(diff)
	}
}

func export(t *testing.T, store *postgres.Store) []byte {
	t.Helper()
	var out bytes.Buffer
	to := exchange.NewJSONL(&out)
	p, err := store.Publication(t.Context())
	if err := errors.Join(err, to.Publication(p)); err != nil {
		t.Fatal(err)
	}
	for number := 100; number <= 101; number++ {
		issue, err := store.Issue(t.Context(), number)
		if err := errors.Join(err, to.Issue(issue)); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func TestNothingWasPublishedInTheFuture(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	issue := newslettertest.Issue(100)
	issue.PublishedAt = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	issue.Corrections[0].At = issue.PublishedAt
	report := mustImport(t, store, whole(issue))
	if len(report.Messages) != 1 || !strings.Contains(report.Messages[0], "in the future") {
		t.Errorf("the report is %+v", report)
	}
	now, err := store.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	revision, err := store.Revision(t.Context(), 100)
	if err != nil || revision.PublishedAt.After(now) || revision.RevisedAt.After(now) || revision.Corrections[0].At.After(now) {
		t.Errorf("the revision is of %s, %s (%v)", revision.PublishedAt, revision.RevisedAt, err)
	}
	if again := mustImport(t, store, whole(issue)); again.Issues[0].Outcome != publish.Unchanged {
		t.Errorf("the same file again is %+v", again)
	}
}

// TestRenamedAndRemovedSectionsComeBackAsTheSameBytes does the same with
// default sections that are no longer those the issues were made from.
func TestRenamedAndRemovedSectionsComeBackAsTheSameBytes(t *testing.T) {
	p := newslettertest.Publication()
	doc := whole(newslettertest.Issue(100), newslettertest.Issue(101))
	doc.Publication = &p
	first := postgres.New(pgtest.New(t))
	mustImport(t, first, doc)
	p, err := first.Publication(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.Sections = p.Sections[:4] // without Jobs
	p.Sections[1].Title = "Tidings"
	if err := first.SavePublication(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	lines := export(t, first)
	if strings.Count(string(lines), `"of":"Tidings"`) != 2 || strings.Count(string(lines), `"of":"Jobs"`) != 2 {
		t.Fatalf("the issues' sections have come off:\n%s", lines)
	}
	if doc, err = exchange.Read(bytes.NewReader(lines), exchange.FormatJSONL); err != nil {
		t.Fatal(err)
	}
	second := postgres.New(pgtest.New(t))
	mustImport(t, second, doc)
	if diff := cmp.Diff(string(lines), string(export(t, second))); diff != "" {
		t.Error(diff)
	}
	if report := mustImport(t, second, doc); report.Issues[0].Outcome != publish.Unchanged {
		t.Errorf("the same lines again are %+v", report.Issues[0])
	}
}
