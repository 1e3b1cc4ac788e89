package postgres

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
)

// Forgotten is an item that is to be added to a printed issue.
type Forgotten struct {
	Item    newsletter.Item // with the ID of one that stands outside every issue, or a new one
	Version int             // of the words that it was made from, where it has an ID
	To      Target
	Section *NewSection // that it goes to instead, or nil
	Place   int         // that its mark will name
	Key     string      // of the form, where it is new
}

// NewSection is a section that an issue does not have yet.
type NewSection struct {
	Title string
	Kind  newsletter.Kind
}

// AddToPrinted adds an item to a locked printed issue and returns it as it stands
// there; fresh is false where it does since the same form was sent before. The caller has taken the
// turn to change orders before locking the issue, see [Store.TakeTurn]; the
// revision is the caller's to make. Errors are an [ItemConflict] when the item
// has other words by now, or was added with others by the same form, and a
// [MoveConflict] when it or the one that it is to follow stands elsewhere. A new
// section whose heading stands there already, or that is one too many, is a
// [newsletter.Invalid] of field "heading".
func (s *Store) AddToPrinted(ctx context.Context, by newsletter.User, board Board, forgotten Forgotten, linksOf LinksOf) (added DeskItem, fresh bool, err error) {
	err = s.reorder(ctx, by, func(m mover) error {
		added, fresh, err = m.forgotten(ctx, board, forgotten, linksOf)
		if err != nil || !fresh {
			return err
		}
		if err := m.touch(ctx, board.ID); err != nil {
			return err
		}
		if forgotten.Section != nil {
			id, err := m.newSection(ctx, board, *forgotten.Section)
			if err != nil {
				return err
			}
			forgotten.To.Section, forgotten.To.After = strconv.FormatInt(id, 10), First
		}
		if err := m.place(ctx, added, lockedIssue{board.ID, board.Number, board.State}, forgotten.To, m.version); err != nil {
			return err
		}
		if _, err := m.db.Exec(ctx, "UPDATE items SET place = $2 WHERE id = $1", added.ID, forgotten.Place); err != nil {
			return wrap(err, "mark the item")
		}
		added, err = m.DeskItem(ctx, added.ID)
		return err
	})
	return added, fresh, err
}

// newSection adds a section to a printed issue: one of the name of a default
// section where it stands among those, another at the end.
func (m mover) newSection(ctx context.Context, board Board, section NewSection) (int64, error) {
	publication, err := m.Publication(ctx)
	if err != nil {
		return 0, err
	}
	rank := func(title string) int {
		return slices.IndexFunc(publication.Sections, func(s newsletter.StandingSection) bool { return strings.EqualFold(s.Title, title) })
	}
	at, here := len(board.Sections), rank(section.Title)
	if k := slices.IndexFunc(board.Sections, func(s BoardSection) bool { return here >= 0 && rank(s.Of) > here }); k >= 0 {
		at = k
	}
	id, err := m.insertSection(ctx, board, section, publication.StandingFor(section.Title, section.Kind), at)
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		wrong[0].Field = "heading" // beside the item's own title
	}
	return id, err
}

// forgotten returns the item that is to be added, with its words; fresh is false
// when the form was sent before.
func (m mover) forgotten(ctx context.Context, board Board, f Forgotten, linksOf LinksOf) (item DeskItem, fresh bool, err error) {
	if f.Item.ID == 0 {
		id, added, err := m.submit(ctx, m.by, f.Item, f.Key, linksOf)
		if err != nil {
			return DeskItem{}, false, err
		}
		item, err = m.DeskItem(ctx, id)
		if item.IssueID != board.ID {
			item.Place = 0
		}
		return item, added, err
	}
	now, err := m.lockItem(ctx, f.Item.ID)
	switch same := sameWords(now.Item, f.Item); {
	case err != nil:
		return DeskItem{}, false, err
	case now.IssueID == board.ID && same:
		return now, false, nil
	case !now.State.Loose():
		return DeskItem{}, false, &MoveConflict{"item"}
	case same:
		return now, true, nil
	case now.Version != f.Version:
		return DeskItem{}, false, &ItemConflict{now}
	}
	_, err = m.writeItem(ctx, m.by, f.Item, linksOf)
	now.Item.Title, now.Item.Note = f.Item.Title, f.Item.Note // by which deeds name it
	return now, true, err
}
