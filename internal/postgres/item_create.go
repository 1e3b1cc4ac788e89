package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// CreateItem stores a new item, submitted by by, and returns its id: in the
// inbox, or with a target in a section of an issue. The item must be valid.
// The same key of the same person again returns the first item's id and
// changes nothing; with other words than that item has by now the error is an
// [ItemConflict]. An empty key is never the same. An issue, section or
// neighbour that is not there is an [newsletter.Invalid] of field "issue",
// "section" or "after".
func (s *Store) CreateItem(ctx context.Context, by newsletter.User, item newsletter.Item, to *Target, key string, linksOf LinksOf) (id int64, err error) {
	ids, err := s.create(ctx, by, []newsletter.Item{item}, to, []string{key}, linksOf)
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// CreateItems stores several items of one form, in their order, or none: see
// [Store.CreateItem]. Each is told from the others by its number.
func (s *Store) CreateItems(ctx context.Context, by newsletter.User, items []newsletter.Item, to *Target, key string, linksOf LinksOf) (ids []int64, err error) {
	keys := make([]string, len(items))
	for k := range items {
		if key != "" {
			keys[k] = fmt.Sprintf("%s %d", key, k+1)
		}
	}
	return s.create(ctx, by, items, to, keys, linksOf)
}

// create stores items with the keys of their forms.
func (s *Store) create(ctx context.Context, by newsletter.User, items []newsletter.Item, to *Target, keys []string, linksOf LinksOf) (ids []int64, err error) {
	if err := newsletter.Allow(by, newsletter.SubmitItem, newsletter.Object{}); err != nil {
		return nil, err
	}
	ids = make([]int64, len(items))
	if to == nil {
		return ids, s.Tx(ctx, func(s *Store) error {
			fresh := false
			for k, item := range items {
				id, added, err := s.submit(ctx, by, item, keys[k], linksOf)
				if err != nil {
					return err
				}
				ids[k], fresh = id, fresh || added
			}
			if !fresh {
				return nil
			}
			return s.notifyDesk(ctx, by, inboxChanged)
		})
	}
	err = s.reorder(ctx, by, func(m mover) error {
		issue, err := m.lockTarget(ctx, to.Issue)
		if err != nil {
			return err
		}
		if err := newsletter.Allow(by, newsletter.PlaceItem, issue.object()); err != nil {
			return err
		}
		at := *to
		for k, item := range items {
			var added bool
			if ids[k], added, err = m.submit(ctx, by, item, keys[k], linksOf); err != nil {
				return err
			}
			if item.ID = ids[k]; !added {
				continue
			}
			if err := m.place(ctx, DeskItem{Item: item}, issue, at, m.version); err != nil {
				return err
			}
			at.After = item.ID
		}
		return nil
	})
	return ids, inForm(err, to.Issue)
}

// inForm turns a conflict into what is wrong with the form of a new item: what
// it names was never there, or is no more.
func inForm(err error, issue int) error {
	conflict, is := errors.AsType[*MoveConflict](err)
	if !is {
		return err
	}
	return newsletter.Invalid{{Field: conflict.What, Message: fmt.Sprintf("does not stand in issue %d; choose another", issue)}}
}

// submit adds an item to the inbox, unless the key was used before, for the
// same words.
func (s *Store) submit(ctx context.Context, by newsletter.User, item newsletter.Item, key string, linksOf LinksOf) (id int64, added bool, err error) {
	err = s.db.QueryRow(ctx, `
		INSERT INTO items (title, note, sponsored, event_on, event_until, place_name,
		                   submitter_id, submitted_by, changed_by, form_key)
		VALUES (@title, @note, @sponsored, @event_on, @event_until, @place_name, @by, @name, @name, @key)
		ON CONFLICT (form_key) DO NOTHING RETURNING id`,
		pgx.StrictNamedArgs{
			"title": item.Title, "note": item.Note, "sponsored": item.Sponsored, "event_on": item.EventOn,
			"event_until": item.EventUntil, "place_name": item.PlaceName,
			"by": by.ID, "name": by.Name, "key": formKey(by, key),
		}).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) { // whoever was first has committed by now
		id, err = s.submitted(ctx, item, formKey(by, key))
		return id, false, err
	}
	if err != nil {
		return 0, false, wrap(err, "add the item")
	}
	item.ID = id
	if err := s.linkItem(ctx, item, linksOf); err != nil {
		return 0, false, err
	}
	if err := s.keepItem(ctx, by, id); err != nil {
		return 0, false, err
	}
	return id, true, s.AuditOf(ctx, by, "submit item", recorded(item), Ref{Item: id})
}

// submitted returns the id of the item that a form made, if the form said the
// same then.
func (s *Store) submitted(ctx context.Context, item newsletter.Item, key *string) (id int64, err error) {
	if err := s.db.QueryRow(ctx, "SELECT id FROM items WHERE form_key = $1", key).Scan(&id); err != nil {
		return 0, wrap(err, "find the item of the form")
	}
	now, err := s.DeskItem(ctx, id)
	if err == nil && !sameWords(now.Item, item) {
		err = &ItemConflict{now}
	}
	return id, err
}

// linkItem stores an item's links, listed and inside its note, for those it
// had.
func (s *Store) linkItem(ctx context.Context, item newsletter.Item, linksOf LinksOf) error {
	if _, err := s.db.Exec(ctx, "DELETE FROM links WHERE item_id = $1", item.ID); err != nil {
		return wrap(err, "remove links")
	}
	var links linkRows
	links.add(item.ID, false, item.Links)
	links.add(item.ID, true, linksOf(item.Note))
	return s.addLinks(ctx, links)
}

// formKey is a form's key as it is stored, NULL for none. It is the person's
// own: nobody gets at another's things by their key. It is hashed, as keys
// come in any length and an index holds short ones only.
func formKey(by newsletter.User, key string) *string {
	if key == "" {
		return nil
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", by.ID, key))
	return new(hex.EncodeToString(sum[:]))
}
