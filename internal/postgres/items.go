package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/canonical"
	"broadsheet/internal/newsletter"
)

// LinksOf returns the links inside a note. It is given to the store because
// reading Markdown is not the store's business.
type LinksOf func(note string) []newsletter.Link

// selectItem reads items with their links in one query.
const selectItem = `
	SELECT id, state, section_id, coalesce(place, 0) AS place, title, note, sponsored, event_on, event_until,
	       place_name, reason, submitted_by, submitted_at, ` + listedLinks + `
	FROM items`

// listedLinks is a column with an item's listed links, NULL for none.
const listedLinks = linksInOrder + " AS links"

const linksInOrder = `(
	SELECT jsonb_agg(jsonb_build_object('url', url, 'text', text) ORDER BY position)
	FROM links WHERE item_id = items.id AND NOT in_note)`

type itemRow struct {
	ID                             int64
	State                          newsletter.ItemState
	SectionID                      *int64
	Place                          int
	Title, Note                    string
	Sponsored                      bool
	EventOn, EventUntil            newsletter.Date
	PlaceName, Reason, SubmittedBy string
	SubmittedAt                    time.Time
	Links                          []newsletter.Link
}

func (r itemRow) item() newsletter.Item {
	item := newsletter.Item{
		ID: r.ID, Place: r.Place, Title: r.Title, Note: r.Note, Links: r.Links, Sponsored: r.Sponsored,
		EventOn: r.EventOn, EventUntil: r.EventUntil, PlaceName: r.PlaceName, State: r.State,
	}
	if r.State.Loose() {
		item.Reason, item.SubmittedBy, item.SubmittedAt = r.Reason, r.SubmittedBy, r.SubmittedAt.UTC()
	}
	return item
}

// LooseItems returns the items outside issues, by the time they were
// submitted, then in the order they came.
func (s *Store) LooseItems(ctx context.Context) ([]newsletter.Item, error) {
	rows, err := collect[itemRow](ctx, s, "read the items outside issues", selectItem+`
		WHERE state <> 'placed' ORDER BY submitted_at, id`)
	if err != nil {
		return nil, err
	}
	items := make([]newsletter.Item, len(rows))
	for i, r := range rows {
		items[i] = r.item()
	}
	return items, nil
}

// AddLooseItem stores an item outside every issue. It is a person's own where
// exactly one has the name it was submitted by.
func (s *Store) AddLooseItem(ctx context.Context, item newsletter.Item, linksOf LinksOf) error {
	if err := s.addItems(ctx, []addedItem{{Item: item}}, linksOf); err != nil {
		return err
	}
	return s.notifyDesk(ctx, newsletter.User{}, inboxChanged)
}

// addedItem is an item to be stored and where it goes.
type addedItem struct {
	newsletter.Item
	placement
}

// placement is a place in a section of an issue, or all nil for outside every
// issue.
type placement struct {
	issueID, sectionID *int64
	position           *int
}

// storedState is the state that an item of an import gets.
func (i addedItem) storedState() newsletter.ItemState {
	if i.issueID == nil {
		return i.State
	}
	return newsletter.Placed
}

// addItems stores items and then their links: two round trips for any number of
// items.
func (s *Store) addItems(ctx context.Context, items []addedItem, linksOf LinksOf) error {
	if len(items) == 0 {
		return nil
	}
	ids, err := s.added(ctx, "add items", `
		INSERT INTO items (state, issue_id, section_id, position, place, title, note, sponsored,
		                   event_on, event_until, place_name, reason, submitted_by, submitter_id, submitted_at)
		SELECT state, issue, section, position, nullif(place, 0), title, note, sponsored, event_on, event_until, place_name, reason, submitted_by,
		       (SELECT min(id) FROM people WHERE name = submitted_by HAVING count(*) = 1), coalesce(submitted_at, now())
		FROM unnest(@states::text[], @issues::bigint[], @sections::bigint[], @positions::int[], @places::int[], @titles::text[], @notes::text[],
		            @sponsored::boolean[], @event_on::date[], @event_until::date[], @place_names::text[], @reasons::text[],
		            @submitted_by::text[], @submitted_at::timestamptz[])
		     WITH ORDINALITY AS item (state, issue, section, position, place, title, note, sponsored, event_on, event_until,
		                              place_name, reason, submitted_by, submitted_at, nth)
		ORDER BY nth RETURNING id`, pgx.StrictNamedArgs{
		"states":       column(items, addedItem.storedState),
		"issues":       column(items, func(i addedItem) *int64 { return i.issueID }),
		"sections":     column(items, func(i addedItem) *int64 { return i.sectionID }),
		"positions":    column(items, func(i addedItem) *int { return i.position }),
		"places":       column(items, func(i addedItem) int { return i.Place }),
		"titles":       column(items, func(i addedItem) string { return i.Title }),
		"notes":        column(items, func(i addedItem) string { return i.Note }),
		"sponsored":    column(items, func(i addedItem) bool { return i.Sponsored }),
		"event_on":     column(items, func(i addedItem) newsletter.Date { return i.EventOn }),
		"event_until":  column(items, func(i addedItem) newsletter.Date { return i.EventUntil }),
		"place_names":  column(items, func(i addedItem) string { return i.PlaceName }),
		"reasons":      column(items, func(i addedItem) string { return i.Reason }),
		"submitted_by": column(items, func(i addedItem) string { return i.SubmittedBy }),
		"submitted_at": column(items, func(i addedItem) *time.Time { return orNull(i.SubmittedAt) }),
	})
	if err != nil {
		return err
	}
	var links linkRows
	for k, item := range items {
		links.add(ids[k], false, item.Links)
		links.add(ids[k], true, linksOf(item.Note))
	}
	return s.addLinks(ctx, links)
}

// added runs an INSERT of rows in their order, and returns their ids in the same:
// identities are given in the order of the rows, lowest first.
func (s *Store) added(ctx context.Context, attempted, sql string, args pgx.StrictNamedArgs) ([]int64, error) {
	rows, err := s.db.Query(ctx, sql, args)
	if err != nil {
		return nil, wrap(err, attempted)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	slices.Sort(ids)
	return ids, wrap(err, attempted)
}

// column returns what of says of each row, as a column of a statement that
// stores all of them.
func column[R, V any](rows []R, of func(R) V) []V {
	values := make([]V, len(rows))
	for k, row := range rows {
		values[k] = of(row)
	}
	return values
}

func (s *Store) addLinks(ctx context.Context, links linkRows) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO links (item_id, in_note, position, url, text, canonical, site)
		SELECT * FROM unnest(@item::bigint[], @in_note::boolean[], @position::int[], @url::text[],
		                     @text::text[], @canonical::text[], @site::text[])`, links.args())
	return wrap(err, "add links")
}

// linkRows collects rows of the links table, column by column.
type linkRows struct {
	items                        []int64
	inNote                       []bool
	positions                    []int
	urls, texts, canonical, site []string
}

// add appends the links of one item. What has no normal form is compared as it
// was written.
func (r *linkRows) add(item int64, inNote bool, links []newsletter.Link) {
	for k, link := range links {
		normal, site := normalise(link.URL)
		r.items, r.inNote, r.positions = append(r.items, item), append(r.inNote, inNote), append(r.positions, k+1)
		r.urls, r.texts = append(r.urls, link.URL), append(r.texts, link.Text)
		r.canonical, r.site = append(r.canonical, normal), append(r.site, site)
	}
}

func (r *linkRows) args() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"item": r.items, "in_note": r.inNote, "position": r.positions, "url": r.urls,
		"text": r.texts, "canonical": r.canonical, "site": r.site,
	}
}

// normalise returns a URL's normal form and its site.
func normalise(raw string) (normal, site string) {
	normal, site, err := canonical.Page(raw)
	if err != nil {
		normal = raw
	}
	return normal, site
}
