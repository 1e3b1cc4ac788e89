package postgres

import (
	"cmp"
	"context"
	"maps"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// InboxFilter says which items outside issues to list. Zero values do not
// narrow it.
type InboxFilter struct {
	Words     string               // found in note, title, a link's address or text, or a sender's name, in any case
	By        string               // name of somebody who sent it
	Site      string               // that one of its links leads to, or an address there
	After     time.Time            // it was sent then or later
	Before    time.Time            // it was sent earlier
	State     newsletter.ItemState // "" is the inbox
	Submitter int64                // account that submitted it
	Page      int                  // from 1
}

// DeskPerPage is how many lines a page of the inbox or of the activity holds.
const DeskPerPage = 50

const passing = `
	WHERE (@submitter::bigint = 0 OR submitter_id = @submitter)
	  AND (@by::text = '' OR submitted_by = @by OR @by = ANY(also_by))
	  AND (@after::timestamptz IS NULL OR submitted_at >= @after)
	  AND (@before::timestamptz IS NULL OR submitted_at < @before)
	  AND (@site::text = '' OR EXISTS (SELECT FROM links WHERE item_id = items.id AND site = @site))
	  AND (@words::text = '%%' OR items.title ILIKE @words OR note ILIKE @words OR submitted_by ILIKE @words OR EXISTS (
	          SELECT FROM unnest(also_by) AS name WHERE name ILIKE @words) OR EXISTS (
	          SELECT FROM links WHERE item_id = items.id AND (url ILIKE @words OR text ILIKE @words)))`

// literally escapes what has a meaning in a pattern of LIKE.
var literally = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// args are what the text of passing asks for.
func (f InboxFilter) args() pgx.StrictNamedArgs {
	site := f.Site
	if !strings.Contains(site, "://") {
		site = "https://" + site
	}
	if _, site = normalise(site); site == "" {
		site = f.Site // which no link leads to, unless it is ""
	}
	return pgx.StrictNamedArgs{
		"submitter": f.Submitter, "by": f.By, "site": site, "after": orNull(f.After), "before": orNull(f.Before),
		"words": "%" + literally.Replace(f.Words) + "%",
	}
}

// Inbox returns one page of the items that pass a filter, newest first, and
// how many pass in all.
func (s *Store) Inbox(ctx context.Context, f InboxFilter) (items []DeskItem, total int, err error) {
	args := f.args()
	args["state"] = cmp.Or(f.State, newsletter.Inbox)
	const ofState = passing + " AND items.state = @state"
	if err := s.db.QueryRow(ctx, "SELECT count(*) FROM items"+ofState, args).Scan(&total); err != nil {
		return nil, 0, wrap(err, "count the inbox")
	}
	page := maps.Clone(args)
	page["limit"], page["offset"] = DeskPerPage, offset(f.Page, DeskPerPage)
	items, err = s.deskItems(ctx, "list the inbox", ofState+`
		ORDER BY submitted_at DESC, items.id DESC LIMIT @limit OFFSET @offset`, page)
	return items, total, err
}

// InboxCounts returns how many items outside issues pass a filter, by their
// states, whatever state the filter says.
func (s *Store) InboxCounts(ctx context.Context, f InboxFilter) (map[newsletter.ItemState]int, error) {
	type row struct {
		State newsletter.ItemState
		Items int
	}
	rows, err := collect[row](ctx, s, "count the items outside issues",
		"SELECT state, count(*) AS items FROM items"+passing+" AND state <> 'placed' GROUP BY state", f.args())
	counts := map[newsletter.ItemState]int{}
	for _, r := range rows {
		counts[r.State] = r.Items
	}
	return counts, err
}

// Senders returns the names of those who sent the items outside issues, in
// order.
func (s *Store) Senders(ctx context.Context) ([]string, error) {
	rows, err := s.db.Query(ctx, `
		SELECT DISTINCT name FROM items, unnest(submitted_by || also_by) AS name
		WHERE state <> 'placed' AND name <> '' ORDER BY name`)
	if err != nil {
		return nil, wrap(err, "list the senders")
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return names, wrap(err, "list the senders")
}
