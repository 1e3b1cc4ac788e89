package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Layout is the order of an issue: its sections and the items in each.
type Layout []LayoutSection

// LayoutSection is a section with the items in it, by id and in order.
type LayoutSection struct {
	Section int64   `json:"section"`
	Items   []int64 `json:"items"`
}

// EarlierOrder is an order that an issue has had.
type EarlierOrder struct {
	Version int64  // of the desk's order
	Name    string // who made it; "" for the first one known
	At      time.Time
	What    string // as it goes on after the name: "moved “Gulls” to Events"; "" when not known
	Layout  Layout
}

// OrderConflict is the error of going back to an earlier order when somebody
// has changed the order since the page was made. It is
// [newsletter.ErrConflict].
type OrderConflict struct {
	Last EarlierOrder // what was done last
}

// Error says that somebody was faster.
func (c *OrderConflict) Error() string {
	return "the order was changed meanwhile; look at today's order and choose again"
}

// Is makes it an ErrConflict.
func (c *OrderConflict) Is(target error) bool { return target == newsletter.ErrConflict }

// Layout returns the order that the board shows.
func (b Board) Layout() Layout {
	layout := make(Layout, len(b.Sections))
	for k, section := range b.Sections {
		layout[k].Section = section.ID
		for _, item := range section.Items {
			layout[k].Items = append(layout[k].Items, item.ID)
		}
	}
	return layout
}

// Left returns the items of an earlier order that stand nowhere in today's.
func (l Layout) Left(today Layout) []int64 {
	var left []int64
	for _, section := range l {
		for _, id := range section.Items {
			if !today.holds(id) {
				left = append(left, id)
			}
		}
	}
	return left
}

func (l Layout) holds(item int64) bool {
	return slices.ContainsFunc(l, func(s LayoutSection) bool { return slices.Contains(s.Items, item) })
}

func (l Layout) equal(other Layout) bool {
	return slices.EqualFunc(l, other, func(a, b LayoutSection) bool { return a.Section == b.Section && slices.Equal(a.Items, b.Items) })
}

func (l Layout) find(section int64) int {
	return slices.IndexFunc(l, func(s LayoutSection) bool { return s.Section == section })
}

// Onto puts an earlier order onto today's: sections and items that are still
// in the issue get their old order. What came since stays at the end, items at
// the end of the section they stand in. Items that left stay away; a section
// that was removed is not made again, its items stay in their section of today.
// The result holds exactly the sections and items of today.
func (l Layout) Onto(today Layout) Layout {
	var order Layout
	for _, section := range l {
		if today.find(section.Section) >= 0 {
			gone := func(id int64) bool { return !today.holds(id) }
			order = append(order, LayoutSection{section.Section, slices.DeleteFunc(slices.Clone(section.Items), gone)})
		}
	}
	for _, section := range today {
		k := order.find(section.Section)
		if k < 0 {
			k, order = len(order), append(order, LayoutSection{Section: section.Section})
		}
		for _, id := range section.Items {
			if !order.holds(id) {
				order[k].Items = append(order[k].Items, id)
			}
		}
	}
	return order
}

// layoutOf is a column with the order of the issue whose id is issues.id.
const layoutOf = `coalesce((
	SELECT jsonb_agg(jsonb_build_object('section', sections.id, 'items',
	           coalesce((SELECT jsonb_agg(items.id ORDER BY items.position) FROM items WHERE section_id = sections.id), '[]'))
	       ORDER BY sections.position)
	FROM issue_sections sections WHERE issue_id = issues.id), '[]')`

// change is what a mover does: to which issues, and in words.
type change struct {
	issues []int64
	what   string
}

// did says what the mover has done, as it goes on after the person's name.
func (m mover) did(format string, args ...any) { m.made.what = fmt.Sprintf(format, args...) }

// touch names issues whose order is about to change. They must be locked. One
// of which no order is kept yet, as it was imported, has today's kept first.
func (m mover) touch(ctx context.Context, issues ...int64) error {
	if len(issues) == 0 {
		return nil
	}
	m.made.issues = append(m.made.issues, issues...)
	_, err := m.db.Exec(ctx, `
		INSERT INTO issue_orders (issue_id, version, name, what, layout)
		SELECT id, $2, '', '', `+layoutOf+` FROM issues
		WHERE id = ANY($1) AND NOT EXISTS (SELECT FROM issue_orders WHERE issue_id = issues.id)`, issues, m.version-1)
	return wrap(err, "keep the first order")
}

// keepOrders keeps the order of every issue in which it has changed.
func (m mover) keepOrders(ctx context.Context) error {
	if len(m.made.issues) == 0 {
		return nil
	}
	_, err := m.db.Exec(ctx, `
		WITH today AS MATERIALIZED (SELECT id, `+layoutOf+` AS layout FROM issues WHERE id = ANY(@issues))
		INSERT INTO issue_orders (issue_id, version, person_id, name, what, layout)
		SELECT id, @version, nullif(@by::bigint, 0), @name, @what, layout FROM today
		WHERE layout IS DISTINCT FROM (SELECT layout FROM issue_orders WHERE issue_id = today.id ORDER BY version DESC LIMIT 1)`,
		pgx.StrictNamedArgs{
			"version": m.version, "by": m.by.ID, "name": m.by.Name, "what": m.made.what, "issues": m.made.issues,
		})
	return wrap(err, "keep the order")
}

const selectOrder = "SELECT version, name, at, what, layout FROM issue_orders WHERE issue_id = $1"

// EarlierOrders returns a page (from 1) of DeskPerPage orders that an issue has
// had, newest (today's) first, and one more where there is one.
func (s *Store) EarlierOrders(ctx context.Context, issueID int64, page int) ([]EarlierOrder, error) {
	return collect[EarlierOrder](ctx, s, "list the orders", selectOrder+" ORDER BY version DESC LIMIT $2 OFFSET $3",
		issueID, DeskPerPage+1, offset(page, DeskPerPage))
}

// EarlierOrder returns one order that an issue has had, or ErrNotFound.
func (s *Store) EarlierOrder(ctx context.Context, issueID, version int64) (EarlierOrder, error) {
	return one[EarlierOrder](ctx, s, "read the order", selectOrder+" AND version = $2", issueID, version)
}

// RestoreOrder puts an earlier order of an issue onto what stands in it today,
// as [Layout.Onto] says. It is a move like others and can be undone by going
// back to the order before it, and does nothing where things stand so already. With an order changed after seen nothing
// happens and the error is an [OrderConflict]; a version that the issue never
// had is ErrNotFound.
func (s *Store) RestoreOrder(ctx context.Context, by newsletter.User, number int, version, seen int64) error {
	return s.arrange(ctx, by, number, func(m mover, board Board) error {
		old, err := m.EarlierOrder(ctx, board.ID, version)
		if err != nil {
			return err
		}
		last, err := one[EarlierOrder](ctx, m.Store, "read the newest order", selectOrder+" ORDER BY version DESC LIMIT 1", board.ID)
		if err != nil {
			return err
		}
		order := old.Layout.Onto(board.Layout())
		switch {
		case order.equal(board.Layout()): // the form was sent before
			return nil
		case last.Version > seen:
			return &OrderConflict{last}
		}
		m.did("went back to an earlier order")
		if err := m.rearrange(ctx, board.ID, order); err != nil {
			return err
		}
		return m.AuditOf(ctx, by, "restore order", fmt.Sprint(number), Ref{Issues: m.made.issues})
	})
}

// rearrange gives all sections and items of an issue the places of a layout.
// What it moves keeps the version of this move.
func (m mover) rearrange(ctx context.Context, issueID int64, order Layout) error {
	var sections, in, items, positions []int64
	for _, section := range order {
		sections = append(sections, section.Section)
		for k, id := range section.Items {
			in, items, positions = append(in, section.Section), append(items, id), append(positions, int64(k+1))
		}
	}
	batch := &pgx.Batch{}
	batch.Queue("SELECT FROM items WHERE issue_id = $1 ORDER BY id FOR UPDATE", issueID) // see itemsIn
	batch.Queue(`
		UPDATE issue_sections SET position = ordered.position, moved = $3
		FROM unnest($2::bigint[]) WITH ORDINALITY AS ordered (id, position)
		WHERE issue_id = $1 AND issue_sections.id = ordered.id AND issue_sections.position <> ordered.position`,
		issueID, notNil(sections), m.version)
	batch.Queue(`
		UPDATE items SET section_id = ordered.section, position = ordered.position,
		       moved = @version, changed_by = @name, changed_at = now()
		FROM unnest(@items::bigint[], @sections::bigint[], @positions::int[]) AS ordered (id, section, position)
		WHERE issue_id = @issue AND items.id = ordered.id AND (section_id, items.position) <> (ordered.section, ordered.position)`,
		pgx.StrictNamedArgs{
			"issue": issueID, "items": notNil(items), "sections": notNil(in), "positions": notNil(positions),
			"version": m.version, "name": m.by.Name,
		})
	if err := m.db.SendBatch(ctx, batch).Close(); err != nil {
		return wrap(err, "restore the order")
	}
	return m.reopen(ctx, issueID)
}
