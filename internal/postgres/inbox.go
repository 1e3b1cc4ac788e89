package postgres

import (
	"cmp"
	"context"
	"maps"
	"strings"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// InboxFilter says which items outside issues to list. Zero values do not
// narrow it.
type InboxFilter struct {
	Words     string               // found in note, title, or a link's address or text, in any case
	By        string               // name of somebody who sent it
	Site      string               // that one of its links leads to
	State     newsletter.ItemState // "" is the inbox
	Submitter int64                // account that submitted it
	Page      int                  // from 1
}

// DeskPerPage is how many lines a page of the inbox or of the activity holds.
const DeskPerPage = 50

const passing = `
	WHERE items.state = @state
	  AND (@submitter::bigint = 0 OR submitter_id = @submitter)
	  AND (@by::text = '' OR submitted_by = @by OR @by = ANY(also_by))
	  AND (@site::text = '' OR EXISTS (SELECT FROM links WHERE item_id = items.id AND site = @site))
	  AND (@words::text = '%%' OR items.title ILIKE @words OR note ILIKE @words OR EXISTS (
	          SELECT FROM links WHERE item_id = items.id AND (url ILIKE @words OR text ILIKE @words)))`

// literally escapes what has a meaning in a pattern of LIKE.
var literally = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Inbox returns one page of the items that pass a filter, newest first, and
// how many pass in all.
func (s *Store) Inbox(ctx context.Context, f InboxFilter) (items []DeskItem, total int, err error) {
	args := pgx.StrictNamedArgs{
		"state": cmp.Or(f.State, newsletter.Inbox), "submitter": f.Submitter, "by": f.By, "site": f.Site,
		"words": "%" + literally.Replace(f.Words) + "%",
	}
	if err := s.db.QueryRow(ctx, "SELECT count(*) FROM items"+passing, args).Scan(&total); err != nil {
		return nil, 0, wrap(err, "count the inbox")
	}
	page := maps.Clone(args)
	page["limit"], page["offset"] = DeskPerPage, offset(f.Page, DeskPerPage)
	items, err = s.deskItems(ctx, "list the inbox", passing+`
		ORDER BY submitted_at DESC, items.id DESC LIMIT @limit OFFSET @offset`, page)
	return items, total, err
}

// InboxCount returns how many items wait in the inbox.
func (s *Store) InboxCount(ctx context.Context) (int, error) {
	var n int
	err := s.db.QueryRow(ctx, "SELECT count(*) FROM items WHERE state = 'inbox'").Scan(&n)
	return n, wrap(err, "count the inbox")
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
