package postgres

import (
	"context"
	"time"

	"broadsheet/internal/newsletter"
)

// IssueChange is a deed in an issue, with what it left otherwise than it was.
type IssueChange struct {
	Deed
	Item  *Changed[newsletter.Item] // words of an item, or nil
	Words *Changed[IssueVersion]    // the issue's own words, or nil
	Order *Changed[Layout]          // or nil; of several deeds at once the last one has it
	Fields
}

// Changed is something before a deed and after it.
type Changed[T any] struct{ Before, After T }

// changing is a deed whose differences are looked for.
type changing struct {
	ID                    int64
	At                    time.Time
	Actor, Action, Object string
	Detail                Fields
	ItemID                int64
}

// SinceScheduled returns a page (from 1) of what was done to a scheduled issue
// and to its items since it was scheduled as a draft, newest first, and one deed
// more where there is one. A deed and the versions it kept
// are of one transaction, and so of one moment, by which they are found. It
// takes four queries, however many deeds there are.
func (s *Store) SinceScheduled(ctx context.Context, issueID int64, page int) ([]IssueChange, error) {
	deeds, err := collect[changing](ctx, s, "list what was done since it was scheduled", `
		SELECT id, at, actor, action, object, detail, coalesce(item_id, 0) AS item_id FROM audit
		WHERE issue_ids @> ARRAY[$1::bigint] AND id > coalesce((
		    SELECT min(id) FROM audit WHERE issue_ids @> ARRAY[$1::bigint] AND action = 'schedule issue' AND id > coalesce((
		        SELECT max(id) FROM audit WHERE issue_ids @> ARRAY[$1::bigint] AND action = 'unschedule issue'), 0)), 0)
		ORDER BY id DESC LIMIT $2 OFFSET $3`, issueID, DeskPerPage+1, offset(page, DeskPerPage))
	if err != nil || len(deeds) == 0 {
		return nil, err
	}
	ids, moments := make([]int64, len(deeds)), make([]time.Time, len(deeds))
	for k, deed := range deeds {
		ids[k], moments[k] = deed.ID, deed.At
	}
	items, err := s.itemsChanged(ctx, ids)
	if err != nil {
		return nil, err
	}
	words, err := s.wordsChanged(ctx, issueID, moments)
	if err != nil {
		return nil, err
	}
	orders, err := s.ordersChanged(ctx, issueID, moments)
	if err != nil {
		return nil, err
	}
	list := make([]IssueChange, len(deeds))
	for k, deed := range deeds {
		moment := deed.At.UnixMicro()
		list[k] = IssueChange{
			Deed: Deed{deed.At, deed.Actor, deed.Action, deed.Object},
			Item: items[itemMoment{deed.ItemID, moment}], Words: words[moment], Order: orders[moment], Fields: deed.Detail,
		}
		delete(orders, moment)
	}
	return list, nil
}

// itemMoment is an item at a moment, in microseconds, in which some deed was
// done to it.
type itemMoment struct{ item, moment int64 }

// itemsChanged returns the words of items before and after the deeds of the
// audit with the given ids.
func (s *Store) itemsChanged(ctx context.Context, deeds []int64) (map[itemMoment]*Changed[newsletter.Item], error) {
	versions, err := s.itemVersions(ctx, `(item_id, version) IN (
		SELECT v.item_id, v.version - back FROM audit JOIN item_versions v ON v.item_id = audit.item_id AND v.at = audit.at, generate_series(0, 1) AS back
		WHERE audit.id = ANY($1)) ORDER BY item_id, version`, deeds)
	changes := map[itemMoment]*Changed[newsletter.Item]{}
	for k, v := range versions {
		if k > 0 && versions[k-1].Item == v.Item && versions[k-1].Number == v.Number-1 {
			changes[itemMoment{v.Item, v.At.UnixMicro()}] = &Changed[newsletter.Item]{versions[k-1].Words, v.Words}
		}
	}
	return changes, err
}

// wordsChanged returns an issue's own words before and after moments, in
// microseconds.
func (s *Store) wordsChanged(ctx context.Context, issueID int64, moments []time.Time) (map[int64]*Changed[IssueVersion], error) {
	versions, err := collect[IssueVersion](ctx, s, "list the words that were changed", selectIssueVersion+` AND version IN (
		SELECT version - back FROM issue_versions, generate_series(0, 1) AS back WHERE issue_id = $1 AND at = ANY($2)) ORDER BY version`, issueID, moments)
	changes := map[int64]*Changed[IssueVersion]{}
	for k, v := range versions {
		if k > 0 && versions[k-1].Version == v.Version-1 {
			changes[v.At.UnixMicro()] = &Changed[IssueVersion]{versions[k-1], v}
		}
	}
	return changes, err
}

// ordersChanged returns an issue's order before and after moments, in
// microseconds.
func (s *Store) ordersChanged(ctx context.Context, issueID int64, moments []time.Time) (map[int64]*Changed[Layout], error) {
	type row struct {
		At     time.Time
		Layout Layout
		Before *Layout
	}
	rows, err := collect[row](ctx, s, "list the orders that were changed", `
		SELECT at, layout, (SELECT layout FROM issue_orders before WHERE before.issue_id = $1 AND before.version < issue_orders.version
		                    ORDER BY version DESC LIMIT 1) AS before
		FROM issue_orders WHERE issue_id = $1 AND at = ANY($2) ORDER BY version`, issueID, moments)
	changes := map[int64]*Changed[Layout]{}
	for _, r := range rows {
		if r.Before != nil { // the first order that is known changed nothing
			changes[r.At.UnixMicro()] = &Changed[Layout]{*r.Before, r.Layout}
		}
	}
	return changes, err
}
