package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Publication returns the publication with its default sections in order.
// Retired ones are not among them.
func (s *Store) Publication(ctx context.Context) (newsletter.Publication, error) {
	type row struct {
		Name, Tagline, Description, About, Closing, Contact, Subscribe, Language string
		AccentLight, AccentDark                                                  string
		AboutHTML                                                                string `db:"about_html"`
		ClosingHTML                                                              string `db:"closing_html"`
		TimeZone                                                                 string
		Weekday, Hour                                                            int
		Blockers                                                                 []newsletter.FindingKind
		Sections                                                                 []newsletter.StandingSection
	}
	r, err := one[row](ctx, s, "read the publication", `
		SELECT name, tagline, accent_light, accent_dark, description, about, about_html, closing, closing_html,
		       contact, subscribe, language, time_zone, weekday, hour, blockers,
		       coalesce((SELECT jsonb_agg(jsonb_build_object('ID', id, 'Title', title, 'Kind', kind) ORDER BY position)
		                 FROM standing_sections WHERE NOT retired), '[]') AS sections
		FROM publication`)
	if err != nil {
		return newsletter.Publication{}, err
	}
	return newsletter.Publication{
		Name: r.Name, Tagline: r.Tagline, Accent: newsletter.Accent{Light: r.AccentLight, Dark: r.AccentDark}, Description: r.Description,
		About: r.About, AboutHTML: r.AboutHTML, Closing: r.Closing, ClosingHTML: r.ClosingHTML,
		Contact: r.Contact, Subscribe: r.Subscribe, Language: r.Language, TimeZone: r.TimeZone,
		Weekday: time.Weekday(r.Weekday), Hour: r.Hour, Blockers: r.Blockers, Sections: r.Sections,
	}, nil
}

// Untouched reports whether the publication is as it was made: nobody has
// saved its settings, and there is no issue.
func (s *Store) Untouched(ctx context.Context) (bool, error) {
	var untouched bool
	err := s.db.QueryRow(ctx, `
		SELECT version = 1 AND NOT EXISTS (SELECT FROM issues) FROM publication`).Scan(&untouched)
	return untouched, wrap(err, "look whether the publication was set up")
}

// SavePublication replaces the publication's settings and its default
// sections, and changes no issue: see [Store.saveStandingSections]. The search
// index follows the language.
func (s *Store) SavePublication(ctx context.Context, p newsletter.Publication) error {
	return s.Tx(ctx, func(s *Store) error {
		var reindex bool
		err := s.db.QueryRow(ctx, `
			UPDATE publication SET name = @name, tagline = @tagline, accent_light = @accent_light, accent_dark = @accent_dark,
			       description = @description,
			       about = @about, about_html = @about_html, closing = @closing, closing_html = @closing_html,
			       contact = @contact, subscribe = @subscribe, language = @language,
			       time_zone = @time_zone, weekday = @weekday, hour = @hour, blockers = @blockers,
			       version = publication.version + 1
			FROM (SELECT language FROM publication FOR UPDATE) AS before
			RETURNING search_config(before.language) <> search_config(@language)`,
			pgx.StrictNamedArgs{
				"name": p.Name, "tagline": p.Tagline, "accent_light": p.Accent.Light, "accent_dark": p.Accent.Dark, "description": p.Description,
				"about": p.About, "about_html": p.AboutHTML, "closing": p.Closing, "closing_html": p.ClosingHTML,
				"contact": p.Contact, "subscribe": p.Subscribe, "language": p.Language,
				"time_zone": p.TimeZone, "weekday": int(p.Weekday), "hour": p.Hour, "blockers": p.Blockers,
			}).Scan(&reindex)
		if err != nil {
			return wrap(err, "save the publication")
		}
		if err := s.saveStandingSections(ctx, p.Sections); err != nil {
			return err
		}
		if reindex {
			return s.reindex(ctx)
		}
		return nil
	})
}

// Demo reports whether the database holds the demo publication.
func (s *Store) Demo(ctx context.Context) (bool, error) {
	var demo bool
	err := s.db.QueryRow(ctx, "SELECT demo FROM publication").Scan(&demo)
	return demo, wrap(err, "look whether this is the demo")
}

// MarkDemo records that the database holds the demo publication.
func (s *Store) MarkDemo(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "UPDATE publication SET demo = true")
	return wrap(err, "mark the demo")
}

// Audit records a deed for each object that it was done to; call it in the
// deed's own transaction. actor is a person's name or the command that acted.
func (s *Store) Audit(ctx context.Context, actor, action string, objects ...string) error {
	_, err := s.db.Exec(ctx, "INSERT INTO audit (actor, action, object) SELECT $1, $2, unnest($3::text[])", actor, action, objects)
	return wrap(err, fmt.Sprintf("record %s", action))
}

// LockPublication makes others that call it wait until this transaction ends.
func (s *Store) LockPublication(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "SELECT FROM publication FOR UPDATE")
	return wrap(err, "lock the publication")
}
