package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Who locks what, so that nobody waits in a circle: whatever changes the order
// or place of anything takes the order's row first, then issues by id, then
// items. Publishing takes an issue, then its items. Saving words takes its
// item or its issue alone; in one transaction with a move it comes after that.

// mover is a transaction that changes the order of things on the desk.
type mover struct {
	*Store
	by      newsletter.User
	version int64 // of the order it makes
	made    *change
}

// Order returns the version of today's order, for a form that moves something
// to send back as what its page showed.
func (s *Store) Order(ctx context.Context) (int64, error) {
	var version int64
	err := s.db.QueryRow(ctx, "SELECT version FROM desk_order").Scan(&version)
	return version, wrap(err, "read the order's version")
}

// TakeTurn waits until nobody else changes the order of anything, and keeps it so
// until the end of the transaction. Whoever locks an issue and changes its order
// later takes the turn before.
func (s *Store) TakeTurn(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "SELECT FROM desk_order FOR UPDATE")
	return wrap(err, "wait for one's turn to move")
}

// reorder runs do in a transaction, one at a time: whatever changes order or
// place stands still meanwhile, but for what do changes. The orders it makes
// are kept, and every process hears of them.
func (s *Store) reorder(ctx context.Context, by newsletter.User, do func(mover) error) error {
	return s.Tx(ctx, func(s *Store) error {
		m := mover{Store: s, by: by, made: &change{}}
		err := s.db.QueryRow(ctx, "UPDATE desk_order SET version = version + 1 RETURNING version").Scan(&m.version)
		if err != nil {
			return wrap(err, "wait for one's turn to move")
		}
		if err := do(m); err != nil {
			return err
		}
		if err := m.keepOrders(ctx); err != nil {
			return err
		}
		return m.notifyOrder(ctx)
	})
}

// lockedIssue is an issue that nobody else changes, publishes or discards
// until the transaction ends.
type lockedIssue struct {
	ID     int64
	Number int
	State  newsletter.IssueState
}

func (i lockedIssue) object() newsletter.Object { return newsletter.Object{Issue: i.State} }

// lockTarget locks the issue that something is to go to and those that the
// given items stand in, and returns the first. It is an Invalid when there is
// none of that number.
func (m mover) lockTarget(ctx context.Context, number int, items ...int64) (lockedIssue, error) {
	issues, err := m.lockIssues(ctx, number, items)
	for _, issue := range issues {
		if issue.Number == number {
			return issue, nil
		}
	}
	if err == nil {
		err = newsletter.Invalid{{Field: "issue", Message: fmt.Sprintf("%d does not exist; choose another", number)}}
	}
	return lockedIssue{}, err
}

// lockIssuesOf locks the issues that the given items stand in.
func (m mover) lockIssuesOf(ctx context.Context, items ...int64) error {
	_, err := m.lockIssues(ctx, 0, items)
	return err
}

// lockIssues locks issues whose order is about to change.
func (m mover) lockIssues(ctx context.Context, number int, items []int64) ([]lockedIssue, error) {
	issues, err := collect[lockedIssue](ctx, m.Store, "lock the issues", `
		SELECT id, number, state FROM issues
		WHERE number = @number OR id IN (SELECT issue_id FROM items WHERE id = ANY(@items))
		ORDER BY id FOR UPDATE`, pgx.StrictNamedArgs{"number": number, "items": notNil(items)})
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(issues))
	for k, issue := range issues {
		ids[k] = issue.ID
	}
	return issues, m.touch(ctx, ids...)
}

// standing is an item in a section's order.
type standing struct{ ID, Moved int64 }

// itemsIn returns a section's items in order, locked. All of them are locked
// before any gets another position: positions are checked for being unique
// when a transaction ends, and one that saves an item's words may then wait
// for whoever is just giving its position away.
func (m mover) itemsIn(ctx context.Context, sectionID int64) ([]standing, error) {
	return collect[standing](ctx, m.Store, "read the section's order",
		"SELECT id, moved FROM items WHERE section_id = $1 ORDER BY position FOR UPDATE", sectionID)
}

// othersIn returns a section's items in order, locked, without the given one.
func (m mover) othersIn(ctx context.Context, sectionID, item int64) ([]standing, error) {
	items, err := m.itemsIn(ctx, sectionID)
	return slices.DeleteFunc(items, func(i standing) bool { return i.ID == item }), err
}

// number gives items the positions 1, 2, 3 and so on.
func (m mover) number(ctx context.Context, items []standing) error {
	ids := make([]int64, len(items))
	for k, item := range items {
		ids[k] = item.ID
	}
	_, err := m.db.Exec(ctx, `
		UPDATE items SET position = ordered.position
		FROM unnest($1::bigint[]) WITH ORDINALITY AS ordered (id, position)
		WHERE items.id = ordered.id AND items.position <> ordered.position`, ids)
	return wrap(err, "number the items")
}

// closeGap numbers a section anew after an item has left it; 0 is no section.
func (m mover) closeGap(ctx context.Context, sectionID int64) error {
	items, err := m.itemsIn(ctx, sectionID)
	if err != nil {
		return err
	}
	return m.number(ctx, items)
}
