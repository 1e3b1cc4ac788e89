package migrations_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"

	"broadsheet/internal/pgtest"
	"broadsheet/migrations"
)

// upTo applies the steps until one.
func upTo(t *testing.T, pool *pgxpool.Pool, version int64) {
	t.Helper()
	if err := migrations.With(pool, func(provider *goose.Provider) error {
		_, err := provider.UpTo(t.Context(), version)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestHistoryBeginsWithWhatIsOpen brings a database up in which people have
// worked before there was a history.
func TestHistoryBeginsWithWhatIsOpen(t *testing.T) {
	pool := open(t, pgtest.NewBlank(t))
	upTo(t, pool, 4)
	if _, err := pool.Exec(t.Context(), `
		BEGIN;
		INSERT INTO issues (id, number, date, intro, state, published_at, revision, version, changed_by) OVERRIDING SYSTEM VALUE VALUES
			(1, 138, '2026-01-01', 'out', 'published', now(), 1, 1, 'Ines'), (2, 139, '2026-01-08', 'open', 'draft', NULL, NULL, 3, 'Ines');
		INSERT INTO revisions (issue_id, ordinal, made_at, content) VALUES (1, 1, now(), '{}');
		INSERT INTO issue_sections (id, issue_id, title, kind, position) OVERRIDING SYSTEM VALUE VALUES
			(1, 1, 'News', 'links', 1), (2, 2, 'Tools', 'links', 2), (3, 2, 'News', 'links', 1);
		INSERT INTO items (id, state, issue_id, section_id, position, note, version, submitted_by, changed_by) OVERRIDING SYSTEM VALUE VALUES
			(1, 'placed', 1, 1, 1, 'printed', 1, 'Tove', 'Tove'), (2, 'placed', 2, 3, 2, 'second', 2, 'Tove', 'Emil'),
			(3, 'placed', 2, 3, 1, 'first', 1, 'Tove', 'Emil'), (4, 'inbox', NULL, NULL, NULL, 'loose', 1, 'Tove', 'Emil');
		INSERT INTO links (item_id, in_note, position, url, text, canonical, site) VALUES
			(2, false, 1, 'https://a.example/', 'A', 'a', 'a'), (2, true, 1, 'https://b.example/', 'B', 'b', 'b');
		UPDATE desk_order SET version = 7;
		COMMIT`); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Up(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	beginsHere(t, pool)
	// Down with all that may stand in the newer tables by then, and up again.
	if _, err := pool.Exec(t.Context(), `
		INSERT INTO people (id, email, name, role) OVERRIDING SYSTEM VALUE VALUES (1, 'emil@letter.example', 'Emil', 'editor');
		INSERT INTO blue_notes (id, item_id, text, by_id, by_name) OVERRIDING SYSTEM VALUE VALUES (1, 2, '@Emil', 1, 'Emil');
		INSERT INTO blue_note_mentions (note_id, person_id) VALUES (1, 1);
		UPDATE issue_sections SET owner_id = 1, progress = 'ready' WHERE id = 3;
		INSERT INTO audit (person_id, actor, action, object, item_id, issue_ids) VALUES (1, 'Emil', 'edit item', '2', 2, '{2}');
		UPDATE publication SET blockers = '{no-note}', accent_light = '#7A1F5C', accent_dark = '#f0a8d0'`); err != nil {
		t.Fatal(err)
	}
	if err := migrations.With(pool, func(provider *goose.Provider) error {
		_, err := provider.DownTo(t.Context(), 4)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Up(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	beginsHere(t, pool)
}

// beginsHere holds what the history of what is open begins with.
func beginsHere(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for sql, want := range map[string]string{
		"SELECT string_agg(item_id || ' ' || version || ' ' || name || ': ' || note || ' ' || links, '; ' ORDER BY item_id) FROM item_versions": `2 2 Emil: second [{"url": "https://a.example/", "text": "A"}]; 3 1 Tove: first []; 4 1 Tove: loose []`,
		"SELECT string_agg(number || ' ' || version || ' ' || name || ': ' || intro, '; ') FROM issue_versions":                                 "139 3 Ines: open",
		"SELECT string_agg(issue_id || ' ' || version || ': ' || layout, '; ') FROM issue_orders":                                               `2 7: [{"items": [3, 2], "section": 3}, {"items": [], "section": 2}]`,
	} {
		var got string
		if err := pool.QueryRow(t.Context(), sql).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q (%v), want %q", sql, got, err, want)
		}
	}
}
