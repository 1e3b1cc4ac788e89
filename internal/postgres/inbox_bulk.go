package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Several items are sorted in one transaction, but not all or nothing: whoever
// sorts fifty items does not start again because somebody else placed one of
// them meanwhile. Such items are left as they are and returned, so that they
// can be named.

// MoveItems puts items that stand outside issues into a section, at the place
// that to says, in the given order. It returns those it left as they are:
// moved after the order version seen (0 as in [Store.MoveItem]), placed, gone,
// or closed to the person. One that the person has put into this section
// already counts as moved. What is wrong with the target is an error as in
// [Store.CreateItem]; then nothing was moved.
func (s *Store) MoveItems(ctx context.Context, by newsletter.User, ids []int64, to Target, seen int64) (left []int64, err error) {
	err = s.reorder(ctx, by, func(m mover) error {
		issue, err := m.lockTarget(ctx, to.Issue, ids...)
		if err != nil {
			return err
		}
		if err := newsletter.Allow(by, newsletter.PlaceItem, issue.object()); err != nil {
			return err
		}
		section, others, at, err := m.target(ctx, issue, to, m.version)
		if err != nil {
			return err
		}
		var movable []DeskItem
		movable, left, err = m.lockLoose(ctx, ids, newsletter.PlaceItem, orToday(seen), func(item DeskItem) bool {
			return item.SectionID == section.ID && item.ChangedBy == by.Name
		})
		if err != nil || len(movable) == 0 {
			return err
		}
		return m.insertAll(ctx, movable, issue, section, others, at)
	})
	if err != nil {
		return nil, inForm(err, to.Issue)
	}
	return left, nil
}

// Triage is what is decided about items: a state outside issues, and with
// [newsletter.Declined] why.
type Triage struct {
	State  newsletter.ItemState
	Reason string
}

// triaged is what the audit calls each decision.
var triaged = map[newsletter.ItemState]string{
	newsletter.Inbox: "restore item", newsletter.Held: "hold item", newsletter.Declined: "decline item",
}

// TriageItems declines, holds or restores items that stand outside issues. It
// returns those it left as they are, as [Store.MoveItems] does.
func (s *Store) TriageItems(ctx context.Context, by newsletter.User, ids []int64, to Triage, seen int64) (left []int64, err error) {
	err = s.reorder(ctx, by, func(m mover) error {
		if err := m.lockIssuesOf(ctx, ids...); err != nil {
			return err
		}
		var items []DeskItem
		items, left, err = m.lockLoose(ctx, ids, newsletter.TriageItem, orToday(seen), func(item DeskItem) bool {
			return item.State == to.State && item.Reason == to.Reason && item.ChangedBy == by.Name
		})
		if err != nil {
			return err
		}
		items = slices.DeleteFunc(items, func(item DeskItem) bool { return item.State == to.State && item.Reason == to.Reason })
		_, err := m.db.Exec(ctx, `
			UPDATE items SET state = @state, reason = @reason, reply = '',
			       moved = @version, changed_by = @name, changed_at = now()
			WHERE id = ANY(@ids)`,
			pgx.StrictNamedArgs{"ids": idsOf(items), "state": to.State, "reason": to.Reason, "version": m.version, "name": by.Name})
		if err != nil {
			return wrap(err, triaged[to.State])
		}
		if err := m.notifyDesk(ctx, by, inboxChanged); err != nil {
			return err
		}
		return m.auditAll(ctx, triaged[to.State], items, "", nil)
	})
	return left, err
}

// lockLoose locks items and returns those that the person may do the action
// to and that stand outside issues since seen, in the order of ids and each
// once, and the ids of the others. Those that are as they are wished to be are
// neither.
func (m mover) lockLoose(ctx context.Context, ids []int64, action newsletter.Action, seen int64, wished func(DeskItem) bool) (items []DeskItem, left []int64, err error) {
	if _, err := m.db.Exec(ctx, "SELECT FROM items WHERE id = ANY($1) ORDER BY id FOR UPDATE", ids); err != nil {
		return nil, nil, wrap(err, "lock the items")
	}
	found, err := m.DeskItems(ctx, ids)
	done := map[int64]bool{}
	for _, id := range ids {
		item, there := found[id]
		switch {
		case done[id] || there && wished(item):
		case !there || item.State == newsletter.Placed || item.Moved > seen || !newsletter.May(m.by, action, item.Object()):
			left = append(left, id)
		default:
			items = append(items, item)
		}
		done[id] = true
	}
	return items, left, err
}

// insertAll puts items from outside issues among the others of a section,
// before the one at index at.
func (m mover) insertAll(ctx context.Context, items []DeskItem, issue lockedIssue, section BoardSection, others []standing, at int) error {
	if err := m.room(ctx, issue, len(items)); err != nil {
		return err
	}
	placed := make([]standing, len(items))
	for k, item := range items {
		placed[k] = standing{ID: item.ID}
	}
	_, err := m.db.Exec(ctx, `
		UPDATE items SET state = 'placed', issue_id = @issue, section_id = @section, position = @last + ordered.position,
		       reason = '', reply = '', moved = @version, changed_by = @name, changed_at = now()
		FROM unnest(@ids::bigint[]) WITH ORDINALITY AS ordered (id, position)
		WHERE items.id = ordered.id`,
		pgx.StrictNamedArgs{
			"ids": idsOf(items), "issue": issue.ID, "section": section.ID, "last": len(others),
			"version": m.version, "name": m.by.Name,
		})
	if err != nil {
		return wrap(err, "place the items")
	}
	if err := m.number(ctx, slices.Insert(others, at, placed...)); err != nil {
		return err
	}
	if err := m.reopen(ctx, issue.ID); err != nil {
		return err
	}
	if err := m.notifyDesk(ctx, m.by, inboxChanged); err != nil {
		return err
	}
	m.did("added %d items to %s", len(items), section.Title)
	return m.auditAll(ctx, "move item", items, fmt.Sprintf(", to %s in %d", section.Title, issue.Number), []int64{issue.ID})
}

// auditAll records the same deed for each of some items, and the issues it
// concerns: those of items that were left as they are have nothing to do with it.
func (m mover) auditAll(ctx context.Context, action string, items []DeskItem, where string, issues []int64) error {
	objects := make([]string, len(items))
	for k, item := range items {
		objects[k] = recorded(item.Item) + where
	}
	_, err := m.db.Exec(ctx, `
		INSERT INTO audit (person_id, actor, action, object, item_id, issue_ids)
		SELECT nullif(@by::bigint, 0), @name, @action, object, item, @issues
		FROM unnest(@objects::text[], @items::bigint[]) WITH ORDINALITY AS done (object, item, position) ORDER BY position`,
		pgx.StrictNamedArgs{
			"by": m.by.ID, "name": m.by.Name, "action": action, "objects": objects, "items": idsOf(items),
			"issues": notNil(issues),
		})
	return wrap(err, "record "+action)
}

// DeskItems returns items by their ids, as far as they are there.
func (s *Store) DeskItems(ctx context.Context, ids []int64) (map[int64]DeskItem, error) {
	items, err := s.deskItems(ctx, "read the items", " WHERE items.id = ANY($1)", ids)
	found := make(map[int64]DeskItem, len(items))
	for _, item := range items {
		found[item.ID] = item
	}
	return found, err
}

func idsOf(items []DeskItem) []int64 {
	ids := make([]int64, len(items))
	for k, item := range items {
		ids[k] = item.ID
	}
	return ids
}
