package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

// sameContent compares what was stored, without ids, nil and empty alike.
var sameContent = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(newsletter.Issue{}, "ID"), cmpopts.IgnoreFields(newsletter.Item{}, "ID"),
}

func TestIssueComesBackAsItWasStored(t *testing.T) {
	draft := newslettertest.Issue(102)
	draft.State, draft.PublishedAt, draft.Corrections, draft.Withdrawn = newsletter.Draft, time.Time{}, nil, nil
	for s := range draft.Sections {
		for k := range draft.Sections[s].Items {
			draft.Sections[s].Items[k].Place = 0
		}
	}
	scheduled := newsletter.Issue{Number: 103, Date: draft.Date, State: newsletter.Scheduled, ScheduledAt: time.Unix(1_800_000_000, 0).UTC()}
	issues := []newsletter.Issue{newslettertest.Issue(100), draft, scheduled}
	store := fill(t, issues...)
	for _, want := range issues {
		got, err := store.Issue(t.Context(), want.Number)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, sameContent); diff != "" {
			t.Errorf("issue %d:\n%s", want.Number, diff)
		}
	}
	numbers, err := store.Numbers(t.Context())
	if err != nil || !cmp.Equal(numbers, []int{100, 102, 103}) {
		t.Errorf("numbers are %v (%v)", numbers, err)
	}
}

func TestNumberIsTakenOnce(t *testing.T) {
	store := fill(t, newslettertest.Issue(100))
	_, err := store.AddIssues(t.Context(), []newsletter.Issue{newslettertest.Issue(100)}, noLinks)
	if !errors.Is(err, newsletter.ErrConflict) {
		t.Errorf("taking a number twice returned %v, want ErrConflict", err)
	}
}

func TestLooseItemsComeInTheirOrder(t *testing.T) {
	store := fill(t, newslettertest.Issue(100))
	at := time.Date(2026, 2, 1, 9, 30, 0, 0, time.UTC)
	items := []newsletter.Item{
		{Note: "first", State: newsletter.Declined, Reason: "ran before", SubmittedBy: "Wren", SubmittedAt: at},
		{Note: "second", State: newsletter.Inbox, SubmittedAt: at.Add(time.Second),
			Links: []newsletter.Link{{URL: "https://a.example/?x=1#y", Text: "A"}, {URL: "HTTP://B.example"}}},
		{Note: "third", State: newsletter.Held, SubmittedAt: at.Add(time.Second)},
	}
	for _, k := range []int{1, 2, 0} {
		if err := store.AddLooseItem(t.Context(), items[k], noLinks); err != nil {
			t.Fatal(err)
		}
	}
	got, err := store.LooseItems(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(items, got, sameContent); diff != "" {
		t.Error(diff)
	}
}

// TestInvariantsAreConstraints tries in SQL what no program of ours should do.
func TestInvariantsAreConstraints(t *testing.T) {
	pool := pgtest.New(t)
	add(t, postgres.New(pool), newslettertest.Issue(100))
	for name, statement := range map[string]string{
		"issues_number_key":              `INSERT INTO issues (number, date) VALUES (100, '2026-01-01')`,
		"issues_number_check":            `INSERT INTO issues (number, date) VALUES (0, '2026-01-01')`,
		"issues_scheduled_has_time":      `INSERT INTO issues (number, date, state) VALUES (7, '2026-01-01', 'scheduled')`,
		"issues_published_has_revision":  `INSERT INTO issues (number, date, state, published_at) VALUES (7, '2026-01-01', 'published', now())`,
		"issues_published_has_time":      `INSERT INTO issues (number, date, state, revision) VALUES (7, '2026-01-01', 'published', 1)`,
		"issues_revision":                `INSERT INTO issues (number, date, state, published_at, revision) VALUES (7, '2026-01-01', 'published', now(), 1)`,
		"items_section_id_position_key":  `UPDATE items SET position = 1`,
		"items_issue_id_place_key":       `UPDATE items SET place = 1`,
		"items_placed_in_one_section":    `UPDATE items SET state = 'inbox'`,
		"items_place_only_in_issue":      `INSERT INTO items (state, place) VALUES ('inbox', 1)`,
		"items_section_id_issue_id_fkey": `INSERT INTO issues (number, date) VALUES (8, '2026-01-01'); UPDATE items SET issue_id = (SELECT id FROM issues WHERE number = 8)`,
		"links_url_check":                `UPDATE links SET url = 'javascript:alert(1)'`,
		"redirects_check":                `INSERT INTO redirects VALUES ('/old', '//evil.example')`,
		"publication_id_check":           `INSERT INTO publication (id) VALUES (2)`,
		"people_email":                   `INSERT INTO people (email, name, role) VALUES ('a@b.example', 'A', 'owner'), ('A@B.example', 'B', 'editor')`,
		"cannot be changed":              `UPDATE revisions SET content = '{}'`,
	} {
		_, err := pool.Exec(t.Context(), "BEGIN; "+statement+"; SET CONSTRAINTS ALL IMMEDIATE; COMMIT")
		if err == nil {
			t.Errorf("%s: nothing refuses %s", name, statement)
		} else if !contains(err, name) {
			t.Errorf("%s: refused for another reason: %v", name, err)
		}
		if _, err := pool.Exec(t.Context(), "ROLLBACK"); err != nil {
			t.Fatal(err)
		}
	}
}
