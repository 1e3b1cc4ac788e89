package postgres_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

// rewritten are the columns whose words a redaction takes out otherwise than by
// [postgres.KeptIns]: those of items, issues and revisions, what is printed from these,
// and forms in sessions.
const rewritten = `
	items.title items.note items.place_name links.url links.text links.canonical links.site
	issues.title issues.summary issues.intro revisions.content
	printed_issues.summary printed_items.heading printed_items.content printed_items.note printed_items.search printed_items.sites
	printed_links.url printed_links.canonical printed_links.site printed_intros.intro printed_intros.search printed_words.word sessions.data`

// wordless are the columns with text that is no word of the desk: states, names
// of people, hashes and keys, and what is made of [postgres.ChangedByHand].
const wordless = `
	publication.about_html publication.closing_html publication.language publication.dictionary publication.time_zone publication.blockers
	publication.accent_light publication.accent_dark people.role people.theme people.password_hash standing_sections.slug standing_sections.kind feed_ids.* attempts.* one_time_links.* preview_links.* webhook.* webhook_old_secrets.*
	sessions.token audit.actor audit.action blue_notes.by_name blue_notes.done_by blue_notes.form_key
	issues.state issues.overridden issues.changed_by issues.form_key
	items.state items.submitted_by items.changed_by items.also_by items.form_key
	issue_sections.kind issue_sections.progress item_versions.name issue_versions.name issue_orders.name issue_orders.layout`

// TestEveryWordCanBeRedacted holds that whoever adds a column says how words are
// taken out of it.
func TestEveryWordCanBeRedacted(t *testing.T) {
	pool := pgtest.New(t)
	known := strings.Fields(rewritten + wordless)
	for _, in := range slices.Concat(postgres.KeptIns, postgres.ChangedByHand) {
		known = append(known, in.Column())
	}
	rows, err := pool.Query(t.Context(), `
		SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name !~ '^(river_|goose_)' AND data_type IN ('text', 'ARRAY', 'jsonb', 'bytea', 'tsvector')
		      AND udt_name !~ '^_int'`)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(columns) < 50 {
		t.Fatalf("%d columns (%v)", len(columns), err)
	}
	for _, column := range columns {
		table, _, _ := strings.Cut(column, ".")
		if !slices.Contains(known, column) && !slices.Contains(known, table+".*") {
			t.Errorf("nobody says how words are taken out of %s: add it to KeptIns, or to those here that have none", column)
		}
	}
}

// TestATextIsReplacedOnce: nobody's later words are written over.
func TestATextIsReplacedOnce(t *testing.T) {
	s := postgres.New(pgtest.New(t))
	ctx := t.Context()
	by := newsletter.User{Name: "Osman"}
	for _, object := range []string{"7: By J*an*e", "8: by somebody"} {
		if err := s.AuditBy(ctx, by, "edit item", object); err != nil {
			t.Fatal(err)
		}
	}
	in := postgres.KeptIns[len(postgres.KeptIns)-1]
	found, err := s.KeptTexts(ctx, in, []string{"Jane"})
	if err != nil || len(found) != 1 || found[0].Text != "7: By J*an*e" {
		t.Fatalf("in %s stands %+v (%v)", in.What, found, err)
	}
	if err := s.ReplaceKept(ctx, in, found[0], "7: By nobody"); err != nil {
		t.Fatal(err)
	}
	if err := s.ReplaceKept(ctx, in, found[0], "another"); err == nil {
		t.Error("a text is replaced that somebody has changed since")
	}
	if all, err := s.KeptTexts(ctx, in, nil); err != nil || len(all) != 2 {
		t.Errorf("all texts are %+v (%v)", all, err)
	}
}
