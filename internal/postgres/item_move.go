package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Target is where an item is to go.
type Target struct {
	Issue   int    // its number
	Section string // id in decimal, or heading
	After   int64  // id of the item it follows, First or Last
}

// Places in a section that need no neighbour.
const (
	First int64 = 0
	Last  int64 = -1
)

// MoveConflict is the error of a move that today's order has overtaken. It is
// [newsletter.ErrConflict].
type MoveConflict struct {
	What string // "item", "after" or "section": what was moved or is gone
}

// Error says what was moved.
func (c *MoveConflict) Error() string {
	what := map[string]string{"item": "the item", "after": "the item it was to follow", "section": "the section"}[c.What]
	return what + " was moved or removed meanwhile; look at today's order and move again"
}

// Is makes it an ErrConflict.
func (c *MoveConflict) Is(target error) bool { return target == newsletter.ErrConflict }

// MoveItem puts an item where it is to go, in today's order, whatever else
// has moved. seen is the order version that the person saw: it is a
// [MoveConflict] when the item, the one it is to follow or the section was
// moved, renamed or removed after that; 0 is a person who saw none, and runs
// into nothing but what is gone. An item that stands where it is to go is
// there, whoever has put it there: a form that is sent again is no conflict. An issue that is not there is an
// [newsletter.Invalid] of field "issue", an item that is not there
// ErrNotFound.
func (s *Store) MoveItem(ctx context.Context, by newsletter.User, id int64, to Target, seen int64) error {
	seen = orToday(seen)
	return s.reorder(ctx, by, func(m mover) error {
		issue, err := m.lockTarget(ctx, to.Issue, id)
		if err != nil {
			return err
		}
		item, err := m.lockToMove(ctx, id, seen)
		if errors.Is(err, newsletter.ErrConflict) {
			return m.unlessThere(ctx, err, id, issue, to)
		}
		if err != nil {
			return err
		}
		if err := newsletter.Allow(by, newsletter.PlaceItem, issue.object()); err != nil {
			return err
		}
		return m.place(ctx, item, issue, to, seen)
	})
}

// orToday is the order that a person saw, and for one who saw none the newest:
// nothing was moved after it.
func orToday(seen int64) int64 {
	if seen == 0 {
		return math.MaxInt64
	}
	return seen
}

// lockToMove returns an item that may be moved and was not since seen.
func (m mover) lockToMove(ctx context.Context, id, seen int64) (DeskItem, error) {
	item, err := m.lockItem(ctx, id)
	if err != nil {
		return DeskItem{}, err
	}
	if err := newsletter.Allow(m.by, newsletter.PlaceItem, item.Object()); err != nil {
		return DeskItem{}, err
	}
	if item.Moved > seen {
		return DeskItem{}, &MoveConflict{"item"}
	}
	return item, nil
}

// unlessThere is a conflict, or nil when the item stands where it was to go.
func (m mover) unlessThere(ctx context.Context, conflict error, id int64, issue lockedIssue, to Target) error {
	item, err := m.DeskItem(ctx, id)
	if err != nil {
		return err
	}
	section, _, at, err := m.target(ctx, issue, to, math.MaxInt64, id)
	switch {
	case errors.Is(err, newsletter.ErrConflict):
		return conflict
	case err == nil && (item.SectionID != section.ID || item.Position != at+1):
		return conflict
	}
	return err
}

// place puts an item into a section of an issue after a neighbour, if these
// are as they were seen.
func (m mover) place(ctx context.Context, item DeskItem, issue lockedIssue, to Target, seen int64) error {
	section, others, at, err := m.target(ctx, issue, to, seen, item.ID)
	if err != nil {
		return err
	}
	return m.insert(ctx, item, issue, section, others, at)
}

// target returns the section of a target, its items without those that are
// about to move, locked, and the index of the place among them.
func (m mover) target(ctx context.Context, issue lockedIssue, to Target, seen int64, moving ...int64) (section BoardSection, others []standing, at int, err error) {
	sections, err := m.boardSections(ctx, issue.ID)
	if err != nil {
		return section, nil, 0, err
	}
	k := findSection(sections, to.Section)
	if k < 0 || sections[k].Moved > seen {
		return section, nil, 0, &MoveConflict{"section"}
	}
	if others, err = m.itemsIn(ctx, sections[k].ID); err != nil {
		return section, nil, 0, err
	}
	others = slices.DeleteFunc(others, func(i standing) bool { return slices.Contains(moving, i.ID) })
	switch to.After {
	case First:
	case Last:
		at = len(others)
	default:
		after := slices.IndexFunc(others, func(i standing) bool { return i.ID == to.After })
		if after < 0 || others[after].Moved > seen {
			return section, nil, 0, &MoveConflict{"after"}
		}
		at = after + 1
	}
	return sections[k], others, at, nil
}

// insert puts an item among the others of a section, before the one at index
// at.
func (m mover) insert(ctx context.Context, item DeskItem, issue lockedIssue, section BoardSection, others []standing, at int) error {
	if item.Issue != issue.Number {
		if err := m.room(ctx, issue, 1); err != nil {
			return err
		}
	}
	items := slices.Insert(others, at, standing{ID: item.ID})
	_, err := m.db.Exec(ctx, `
		UPDATE items SET state = 'placed', place = CASE WHEN issue_id = @issue THEN place END,
		       issue_id = @issue, section_id = @section, position = @last, reason = '', reply = '',
		       moved = @version, changed_by = @name, changed_at = now()
		WHERE id = @id`,
		pgx.StrictNamedArgs{
			"id": item.ID, "issue": issue.ID, "section": section.ID, "last": len(items),
			"version": m.version, "name": m.by.Name,
		})
	if err != nil {
		return wrap(err, "place the item")
	}
	if err := m.number(ctx, items); err != nil {
		return err
	}
	if item.SectionID != section.ID {
		if err := m.closeGap(ctx, item.SectionID); err != nil {
			return err
		}
	}
	if item.State == newsletter.Inbox || item.State == newsletter.Held { // both stand beside boards
		if err := m.notifyDesk(ctx, m.by, inboxChanged); err != nil {
			return err
		}
	}
	if err := m.reopen(ctx, issue.ID); err != nil {
		return err
	}
	m.did("%s", moved(item, issue.Number, section))
	return m.AuditOf(ctx, m.by, "move item", fmt.Sprintf("%s, to %s in %d", recorded(item.Item), section.Title, issue.Number), Ref{Issues: m.made.issues, Item: item.ID})
}

// moved says what was done to an item that goes to a section of an issue.
func moved(item DeskItem, issue int, section BoardSection) string {
	switch {
	case item.SectionID == section.ID:
		return "moved " + quoted(item.Item) + " within " + section.Title
	case item.Issue == issue:
		return "moved " + quoted(item.Item) + " to " + section.Title
	case item.Issue == 0:
		return "added " + quoted(item.Item) + " to " + section.Title
	}
	return fmt.Sprintf("moved %s from %d to %s in %d", quoted(item.Item), item.Issue, section.Title, issue)
}

// room refuses more items to an issue than it can hold.
func (m mover) room(ctx context.Context, issue lockedIssue, more int) error {
	var items int
	err := m.db.QueryRow(ctx, "SELECT count(*) FROM items WHERE issue_id = $1", issue.ID).Scan(&items)
	if err == nil && items+more > newsletter.MaxItems {
		return newsletter.Invalid{{Field: "issue", Message: fmt.Sprintf("%d holds %d items, and %d is the most; choose another", issue.Number, items, newsletter.MaxItems)}}
	}
	return wrap(err, "count the items")
}

// StepItem moves an item one place up or down in its issue. At the edge of its
// section it goes to the last place of the section above or the first of the
// one below; at the issue's edge nothing happens. It is a [MoveConflict] when
// the item was moved after seen, which may be 0 as in MoveItem, or stands in no
// issue.
func (s *Store) StepItem(ctx context.Context, by newsletter.User, id int64, up bool, seen int64) error {
	seen = orToday(seen)
	return s.reorder(ctx, by, func(m mover) error {
		issues, err := m.lockIssues(ctx, 0, []int64{id})
		if err != nil {
			return err
		}
		item, err := m.lockToMove(ctx, id, seen)
		if err != nil {
			return err
		}
		if len(issues) == 0 {
			return &MoveConflict{"item"}
		}
		return m.step(ctx, item, issues[0], up)
	})
}

func (m mover) step(ctx context.Context, item DeskItem, issue lockedIssue, up bool) error {
	sections, err := m.boardSections(ctx, issue.ID)
	if err != nil {
		return err
	}
	others, err := m.othersIn(ctx, item.SectionID, item.ID)
	if err != nil {
		return err
	}
	here := findID(sections, item.SectionID)
	switch {
	case up && item.Position > 1:
		return m.insert(ctx, item, issue, sections[here], others, item.Position-2)
	case !up && item.Position <= len(others):
		return m.insert(ctx, item, issue, sections[here], others, item.Position)
	case up && here > 0:
		here--
	case !up && here < len(sections)-1:
		here++
	default:
		return nil
	}
	at := 0
	if others, err = m.itemsIn(ctx, sections[here].ID); up {
		at = len(others)
	}
	if err != nil {
		return err
	}
	return m.insert(ctx, item, issue, sections[here], others, at)
}
