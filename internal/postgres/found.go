package postgres

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Found is a printed item in a list of items from many issues.
type Found struct {
	Number      int
	Date        newsletter.Date
	PublishedAt time.Time
	RevisedAt   time.Time
	Heading     string                 // of its section, as printed
	Section     string                 // title of the standing section, or ""
	Item        newsletter.PrintedItem `db:"content"`
}

// Mark returns the item's citation.
func (f Found) Mark() newsletter.Mark { return newsletter.Mark{Issue: f.Number, Place: f.Item.Place} }

// foundColumns are the columns of Found, over printed_items joined by joinFound.
const (
	foundColumns = "printed.number, date, published_at, revised_at, heading, coalesce(standing.title, '') AS section, content"
	joinFound    = `
		JOIN printed_issues ON printed_issues.number = printed.number
		LEFT JOIN standing_sections standing ON standing.id = printed.standing_id`
)

// ItemsPerPage is how many items a page of a list holds.
const ItemsPerPage = 30

// itemsLimit is ItemsPerPage in a statement. As an argument it would have the
// planner expect a tenth of all items.
var itemsLimit = strconv.Itoa(ItemsPerPage)

// MaxPage is the last page of a list that is served. It bounds what an odd
// request can cost.
const MaxPage = 10_000

// Section returns the standing section of a slug with the number of its
// printed items, or ErrNotFound.
func (s *Store) Section(ctx context.Context, slug string) (section newsletter.StandingSection, items int, err error) {
	err = s.db.QueryRow(ctx, `
		SELECT title, kind, (SELECT count(*) FROM printed_items WHERE standing_id = standing_sections.id)
		FROM standing_sections WHERE slug = $1`, slug).Scan(&section.Title, &section.Kind, &items)
	return section, items, wrap(err, "read the section")
}

// SectionItems returns one page (from 1) of a standing section's items, newest
// issue first, in print order within an issue.
func (s *Store) SectionItems(ctx context.Context, slug string, page int) ([]Found, error) {
	return collect[Found](ctx, s, "list the section", `
		SELECT `+foundColumns+`
		FROM (SELECT number, place FROM printed_items WHERE standing_id = (SELECT id FROM standing_sections WHERE slug = @slug)
		      ORDER BY number DESC, place LIMIT `+itemsLimit+` OFFSET @offset) page
		JOIN printed_items printed USING (number, place)`+joinFound+`
		ORDER BY printed.number DESC, printed.place`,
		pgx.StrictNamedArgs{"slug": slug, "offset": offset(page, ItemsPerPage)})
}

// SiteItems returns one page (from 1) of the items that link to a site, newest
// issue first, and how many there are in all.
func (s *Store) SiteItems(ctx context.Context, site string, page int) (items []Found, total int, err error) {
	err = s.db.QueryRow(ctx, "SELECT count(DISTINCT (number, place)) FROM printed_links WHERE site = $1", site).Scan(&total)
	if err != nil {
		return nil, 0, wrap(err, "count the site's items")
	}
	items, err = collect[Found](ctx, s, "list the site", `
		SELECT `+foundColumns+`
		FROM (SELECT DISTINCT number, place FROM printed_links WHERE site = @site
		      ORDER BY number DESC, place LIMIT `+itemsLimit+` OFFSET @offset) hits
		JOIN printed_items printed USING (number, place)`+joinFound+`
		ORDER BY printed.number DESC, printed.place`,
		pgx.StrictNamedArgs{"site": site, "offset": offset(page, ItemsPerPage)})
	return items, total, err
}

// PrintedAt returns the mark of the newest printed item that links to an
// address, in whatever spelling; the zero Mark when there is none.
func (s *Store) PrintedAt(ctx context.Context, url string) (newsletter.Mark, error) {
	normal, _ := normalise(url)
	found, err := collect[newsletter.Mark](ctx, s, "look where the link was printed", `
		SELECT number AS issue, place FROM printed_links WHERE canonical = $1
		ORDER BY number DESC, place LIMIT 1`, normal)
	if err != nil || len(found) == 0 {
		return newsletter.Mark{}, err
	}
	return found[0], nil
}

// maxEvents bounds the calendar: more than four years of three events a week.
const maxEvents = 700

// EventItems returns the printed items that have a day, those of the latest
// days first.
func (s *Store) EventItems(ctx context.Context) ([]Found, error) {
	return collect[Found](ctx, s, "list the events", `
		SELECT `+foundColumns+` FROM printed_items printed`+joinFound+`
		WHERE content->>'event_on' <> ''
		ORDER BY content->>'event_on' DESC, printed.number, printed.place LIMIT $1`, maxEvents)
}

// offset is how many lines stand before a page.
func offset(page, perPage int) int { return (min(max(page, 1), MaxPage) - 1) * perPage }

// recentIssues are the newest issues that tell which sites are linked to most:
// four years of a weekly.
const recentIssues = 200

// MostLinked returns the sites of the newest issues' links with the number of
// items that lead there, the most linked first, at most limit.
func (s *Store) MostLinked(ctx context.Context, limit int) ([]Count, error) {
	return collect[Count](ctx, s, "list the sites most linked to", `
		SELECT site AS name, count(*) AS items
		FROM (SELECT number FROM printed_issues ORDER BY number DESC LIMIT $2) AS recent,
		     LATERAL (SELECT DISTINCT place, site FROM printed_links WHERE number = recent.number AND site <> '') AS linked
		GROUP BY site ORDER BY items DESC, name LIMIT $1`, limit, recentIssues)
}

// SiteHead is a site that is linked to.
type SiteHead struct {
	Name      string
	RevisedAt time.Time // of the newest issue that leads there
}

// Sites returns every site that a printed link leads to, by name. It looks up
// one after the other in the index and reads no link that is between.
func (s *Store) Sites(ctx context.Context) ([]SiteHead, error) {
	return collect[SiteHead](ctx, s, "list the sites", `
		WITH RECURSIVE sites AS (
			(SELECT site, number FROM printed_links WHERE site > '' ORDER BY site, number DESC LIMIT 1)
			UNION ALL
			SELECT next.site, next.number
			FROM sites, LATERAL (SELECT site, number FROM printed_links WHERE site > sites.site ORDER BY site, number DESC LIMIT 1) AS next)
		SELECT site AS name, revised_at FROM sites JOIN printed_issues USING (number) ORDER BY site`)
}

// Count is a name with the number of items that stand under it.
type Count struct {
	Name  string
	Items int
}
