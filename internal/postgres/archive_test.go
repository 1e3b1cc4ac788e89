package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

// numbers of heads, in order.
func numbers(heads []postgres.Head) []int {
	var list []int
	for _, h := range heads {
		list = append(list, h.Number)
	}
	return list
}

func TestArchive(t *testing.T) {
	draft := newslettertest.Issue(160)
	draft.State, draft.PublishedAt = newsletter.Draft, draft.ScheduledAt
	store := fill(t, newslettertest.Issue(151), newslettertest.Issue(100), newslettertest.Issue(152), newslettertest.Issue(99), draft)
	ctx := t.Context()

	heads, err := store.Heads(ctx)
	if err != nil || !slices.Equal(numbers(heads), []int{152, 151, 100, 99}) {
		t.Errorf("the archive is %v (%v)", numbers(heads), err)
	}
	if got := heads[0]; got.Items != 5 || got.Summary != "What drifted in during week 152" || got.Date != newslettertest.Issue(152).Date {
		t.Errorf("the newest head is %+v", got)
	}
	if heads, err = store.HeadsOfYear(ctx, 2026); err != nil || !slices.Equal(numbers(heads), []int{151, 100}) {
		t.Errorf("2026 has %v (%v)", numbers(heads), err)
	}
	months, err := store.MonthsBefore(ctx, 2027, 2)
	if want := []postgres.Month{{Year: 2026, Month: time.January, Numbers: []int{100}}, {Year: 2026, Month: time.December, Numbers: []int{151}}}; err != nil || !cmp.Equal(months, want) {
		t.Errorf("before 2027 are %+v (%v), want %+v", months, err, want)
	}
	if heads, err = store.Near(ctx, 110, 3); err != nil || !slices.Equal(numbers(heads), []int{100, 99, 151}) {
		t.Errorf("near 110 stand %v (%v)", numbers(heads), err)
	}
	span, err := store.Span(ctx)
	want := postgres.Span{Newest: 152, First: newslettertest.Issue(99).Date, Years: []int{2027, 2026, 2025}}
	if err != nil || !cmp.Equal(span, want) {
		t.Errorf("the span is %+v (%v), want %+v", span, err, want)
	}
	if n, err := store.CountIssues(ctx); err != nil || n != 4 {
		t.Errorf("%d issues are published (%v)", n, err)
	}
	for number, want := range map[int][2]int{151: {100, 152}, 99: {0, 100}, 152: {151, 0}} {
		earlier, later, err := store.Neighbours(ctx, number)
		if err != nil || [2]int{earlier, later} != want {
			t.Errorf("beside %d stand %d and %d (%v), want %v", number, earlier, later, err, want)
		}
	}
}

func TestEmptyArchive(t *testing.T) {
	span, err := fill(t).Span(t.Context())
	if err != nil || span.Newest != 0 || !span.First.IsZero() || len(span.Years) != 0 {
		t.Errorf("an empty archive spans %+v (%v)", span, err)
	}
}

func TestReadersGetTheNewestRevision(t *testing.T) {
	store := fill(t, newslettertest.Issue(100), newslettertest.Issue(101))
	revision, err := store.Revision(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(newslettertest.Printed(newslettertest.Issue(100)), revision); diff != "" {
		t.Error(diff)
	}
	recent, err := store.RecentRevisions(t.Context(), 0, nil)
	if err != nil || len(recent) != 2 || recent[0].Content.Number != 101 {
		t.Errorf("the newest revisions are %v (%v)", recent, err)
	}
	if older, err := store.RecentRevisions(t.Context(), 1, nil); err != nil || len(older) != 1 || older[0].Content.Number != 100 {
		t.Errorf("behind the newest stands %v (%v)", older, err)
	}
	if _, err := store.Revision(t.Context(), 5); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("an issue that is not there returned %v", err)
	}
}

// TestKnownRevisionsAreReadOnce has a revision that is known left unread until its
// words are written anew, as a redaction does.
func TestKnownRevisionsAreReadOnce(t *testing.T) {
	pool := pgtest.New(t)
	store := postgres.New(pool)
	add(t, store, newslettertest.Issue(100))
	add(t, store, newslettertest.Issue(101))
	first, err := store.RecentRevisions(t.Context(), 0, nil)
	if err != nil || len(first) != 2 {
		t.Fatal(first, err)
	}
	if _, err := pool.Exec(t.Context(), fmt.Sprintf(`SET LOCAL broadsheet.redacts = 'on';
		UPDATE revisions SET content = jsonb_set(content, '{summary}', '"written anew"') WHERE issue_id = %d`, first[1].Issue)); err != nil {
		t.Fatal(err)
	}
	again, err := store.RecentRevisions(t.Context(), 0, []postgres.Written{first[0].Written, first[1].Written})
	if err != nil || len(again) != 2 || again[0] != (postgres.Recent{Written: first[0].Written}) || again[1].Content.Summary != "written anew" {
		t.Errorf("with two known that are %+v, read are %+v (%v)", first, again, err)
	}
}

func TestWithdrawnIssueIsNowhere(t *testing.T) {
	issue := newslettertest.Issue(100)
	issue.State = newsletter.Withdrawn
	store := postgres.New(pgtest.New(t))
	if err := store.Unprint(t.Context(), add(t, store, issue)); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Revision(t.Context(), 100); !errors.Is(err, newsletter.ErrGone) {
		t.Errorf("a withdrawn issue returned %v, want ErrGone", err)
	}
	if heads, err := store.Heads(t.Context()); err != nil || len(heads) != 0 {
		t.Errorf("the archive has %v (%v)", heads, err)
	}
	if results, err := store.Search(t.Context(), postgres.Query{Words: "gulls"}); err != nil || results.All != 0 {
		t.Errorf("the search finds %d items (%v)", results.All, err)
	}
	if _, total, err := store.SiteItems(t.Context(), "gulls.example", 1); err != nil || total != 0 {
		t.Errorf("the site has %d items (%v)", total, err)
	}
}
