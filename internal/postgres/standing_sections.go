package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// standingRow is a standing section as the database has it, retired or not.
type standingRow struct {
	ID   int64
	Slug string
	Used bool // something stands under it
}

// saveStandingSections replaces the default sections. One with the id of a
// section is that section, whatever its title is now, and its old address
// leads to the new one. One without, or with an id that is no more, is the
// section of the same address, or a new one. Those that are left out go,
// unless something stands under them: then they are retired, which keeps them
// for what exists. A retired section that is named again comes back.
//
// It is an [newsletter.Invalid] of field "sections[k].title" when a section
// gets the address of another one that is retired: two cannot become one.
func (s *Store) saveStandingSections(ctx context.Context, sections []newsletter.StandingSection) error {
	if _, err := s.db.Exec(ctx, "SELECT FROM standing_sections FOR UPDATE"); err != nil { // nothing comes to stand under one meanwhile
		return wrap(err, "lock the default sections")
	}
	before, err := collect[standingRow](ctx, s, "read the default sections", `
		SELECT id, slug, EXISTS (SELECT FROM issue_sections WHERE standing_id = standing.id)
		                 OR EXISTS (SELECT FROM printed_items WHERE standing_id = standing.id) AS used
		FROM standing_sections standing ORDER BY id`)
	if err != nil {
		return err
	}
	rows, rest := matchSections(before, sections)
	batch := &pgx.Batch{}
	for _, row := range rest {
		if !row.Used {
			batch.Queue("DELETE FROM standing_sections WHERE id = $1", row.ID)
			continue
		}
		k := slices.IndexFunc(sections, func(s newsletter.StandingSection) bool { return s.Slug() == row.Slug })
		if k >= 0 {
			return newsletter.Invalid{{Field: fmt.Sprintf("sections[%d].title", k),
				Message: fmt.Sprintf("%q is the name of a section that was taken out, and issues have it still; choose another title", sections[k].Title)}}
		}
		batch.Queue("UPDATE standing_sections SET retired = true, position = NULL WHERE id = $1", row.ID)
	}
	for k, section := range sections {
		queueSection(batch, rows[k], section, k+1)
	}
	for k, section := range sections { // when all have their addresses
		if rows[k].ID != 0 && rows[k].Slug != section.Slug() {
			queueRedirects(batch, rows[k].Slug, section.Slug())
		}
	}
	return wrap(s.db.SendBatch(ctx, batch).Close(), "save the default sections")
}

// matchSections returns the row that each section is, one with the id 0 where
// it is new, and the rows that are none of them.
func matchSections(before []standingRow, sections []newsletter.StandingSection) (rows, rest []standingRow) {
	rows, rest = make([]standingRow, len(sections)), slices.Clone(before)
	take := func(k int, is func(standingRow) bool) {
		if i := slices.IndexFunc(rest, is); i >= 0 && rows[k].ID == 0 {
			rows[k] = rest[i]
			rest = slices.Delete(rest, i, i+1)
		}
	}
	for k, section := range sections {
		take(k, func(row standingRow) bool { return row.ID == section.ID })
	}
	for k, section := range sections {
		take(k, func(row standingRow) bool { return row.Slug == section.Slug() })
	}
	return rows, rest
}

// queueSection saves a default section at its place.
func queueSection(batch *pgx.Batch, row standingRow, section newsletter.StandingSection, place int) {
	slug := section.Slug()
	if row.ID == 0 {
		batch.Queue("INSERT INTO standing_sections (title, slug, kind, position) VALUES ($1, $2, $3, $4)", section.Title, slug, section.Kind, place)
		return
	}
	batch.Queue("UPDATE standing_sections SET title = $2, slug = $3, kind = $4, position = $5, retired = false WHERE id = $1",
		row.ID, section.Title, slug, section.Kind, place)
}

// queueRedirects has a section's old page and feeds lead to its new ones,
// unless another section has the old address now, or it led elsewhere before.
func queueRedirects(batch *pgx.Batch, before, now string) {
	for _, feed := range []string{"", "/feed.xml", "/atom.xml"} {
		from, to := newsletter.OldAddress("/sections/"+before+feed), newsletter.OldAddress("/sections/"+now+feed)
		batch.Queue("DELETE FROM redirects WHERE from_path = $1", to) // a section is there now: a circle would begin with it
		batch.Queue(`
			INSERT INTO redirects (from_path, to_path)
			SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM standing_sections WHERE slug = $3) ON CONFLICT DO NOTHING`, from, to, before)
	}
}

// queueStanding makes sure of the standing section that an issue from elsewhere
// names: where there is none, it is one that was retired there, and is retired
// here too. One whose address is taken, or that has none, is left out.
func queueStanding(batch *pgx.Batch, title string, kind newsletter.Kind) {
	slug := newsletter.Slug(title)
	if slug == "" {
		return
	}
	batch.Queue(`
		INSERT INTO standing_sections (title, slug, kind, retired)
		SELECT $1, $2, $3, true WHERE NOT EXISTS (SELECT FROM standing_sections WHERE slug = $2)`, title, slug, kind)
}
