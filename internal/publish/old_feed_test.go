package publish_test

import (
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

func TestOldFeed(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	publication := newslettertest.Publication()
	bring := func(doc exchange.Document) publish.Report {
		t.Helper()
		report, err := publish.Import(t.Context(), store, doc, "test")
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	bring(exchange.Document{
		Publication: &publication, Complete: true,
		Issues:    []newsletter.Issue{newslettertest.Issue(100), newslettertest.Issue(101), newslettertest.Issue(102), newslettertest.Issue(103)},
		Redirects: []newsletter.Redirect{{From: "/posts/one-hundred", To: "/issues/100"}},
	})
	on := func(number int) time.Time { return newslettertest.Issue(number).PublishedAt }
	feed := exchange.OldFeed{Kind: "rss", Path: "/index.xml", ID: "urn:feed", Entries: []exchange.OldEntry{
		{ID: "a", Path: "/posts/one-hundred/", Title: "A hundred and 102", Published: on(100)}, // its address is known
		{ID: "b", Path: "/posts/x", Title: "Letter no. 101, in 2026", Published: on(101)},
		{ID: "c", Path: "/posts/y", Title: "Fog", Published: on(102)}, // the only one of its day
		{ID: "d", Path: "/posts/z", Title: "100 years of fog", Published: on(100).AddDate(3, 0, 0)},
		{ID: "e", Path: "/posts/again", Title: "Letter 101 again", Published: on(101)},
		{ID: "f", Path: "/about", Title: "Letter 103", Published: on(103)}, // that page is another one today
	}}
	doc, err := publish.FromOldFeed(t.Context(), store, feed)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]newsletter.FeedID{{ID: "urn:feed"}, {Issue: 100, ID: "a"}, {Issue: 101, ID: "b"}, {Issue: 102, ID: "c"}, {Issue: 103, ID: "f"}}, doc.FeedIDs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]newsletter.Redirect{{From: "/posts/x", To: "/issues/101"}, {From: "/posts/y", To: "/issues/102"}, {From: "/index.xml", To: "/feed.xml"}}, doc.Redirects); diff != "" {
		t.Error(diff)
	}
	if warnings := strings.Join(doc.Warnings, "\n"); len(doc.Warnings) != 3 || !strings.Contains(warnings, "the old address /about is an address of today") || !strings.Contains(warnings, `"100 years of fog" is no issue`) || !strings.Contains(warnings, `"Letter 101 again" is issue 101`) {
		t.Errorf("the warnings are %q", doc.Warnings)
	}
	if report := bring(doc); report.FeedIDs.Added != 5 || report.Redirects.Added != 3 {
		t.Errorf("the first time: %+v", report)
	}
	doc, err = publish.FromOldFeed(t.Context(), store, feed)
	if err != nil {
		t.Fatal(err)
	}
	if report := bring(doc); report.FeedIDs.Unchanged != 5 || report.Redirects.Added != 0 {
		t.Errorf("again: %+v", report)
	}
	report := bring(exchange.Document{Complete: true, FeedIDs: []newsletter.FeedID{{ID: "urn:other"}, {Issue: 100, ID: "other"}, {Issue: 103, ID: "a"}, {Issue: 99, ID: "z"}}})
	if report.FeedIDs.Differs != 4 || len(report.Messages) != 4 || !strings.Contains(report.Messages[0], "the feed is known") {
		t.Errorf("what is taken: %+v", report)
	}
}

// What cannot be kept of an old feed is named entry by entry, and the rest is
// imported.
func TestAnOldFeedWithIDsThatCannotBeKept(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	publication := newslettertest.Publication()
	doc := exchange.Document{Publication: &publication, Complete: true,
		Issues: []newsletter.Issue{newslettertest.Issue(100), newslettertest.Issue(101), newslettertest.Issue(102)}}
	if _, err := publish.Import(t.Context(), store, doc, "test"); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", newsletter.MaxURL+1)
	doc, err := publish.FromOldFeed(t.Context(), store, exchange.OldFeed{Kind: "rss", Path: "/" + long, ID: long, Entries: []exchange.OldEntry{
		{ID: long, Path: "/p/100", Title: "Letter 100"}, {ID: "a\x01b", Path: "/p/101", Title: "Letter 101"}, {ID: "c", Path: "/" + long, Title: "Letter 102"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"the feed's own id has more than 2048 bytes; readers", `the id of the entry "Letter 100", which is issue 100, has more than 2048 bytes`,
		`the id of the entry "Letter 101", which is issue 101, holds control characters`, "the old address of /issues/102, ", "the old address of /feed.xml, ",
	} {
		if !strings.Contains(strings.Join(doc.Warnings, "\n"), want) {
			t.Errorf("the warnings lack %q: %.300q", want, doc.Warnings)
		}
	}
	report, err := publish.Import(t.Context(), store, doc, "test")
	if err != nil || report.FeedIDs.Added != 1 || report.Redirects.Added != 2 {
		t.Errorf("%+v, %v", report, err)
	}
}
