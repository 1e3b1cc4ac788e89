package postgres

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// ItemConflict is the error of saving an item's words over newer ones. It is
// [newsletter.ErrConflict].
type ItemConflict struct {
	Theirs DeskItem // as it is now
}

// Error says that somebody was faster.
func (c *ItemConflict) Error() string {
	return cmp.Or(c.Theirs.ChangedBy, "somebody") + " changed the item meanwhile; compare both texts and save again"
}

// Is makes it an ErrConflict.
func (c *ItemConflict) Is(target error) bool { return target == newsletter.ErrConflict }

// SaveItem replaces an item's title, note, links, flag and event, and returns
// the version of its words afterwards. version is the one the new words were
// based on: with an older one nothing is saved and the error is an
// [ItemConflict]. The same words again are no conflict and no new version.
// The item must be valid.
func (s *Store) SaveItem(ctx context.Context, by newsletter.User, id int64, version int, item newsletter.Item, linksOf LinksOf) (saved int, err error) {
	err = s.Tx(ctx, func(s *Store) error {
		now, err := s.lockItem(ctx, id)
		if err != nil {
			return err
		}
		if err := newsletter.Allow(by, newsletter.EditItem, now.Object()); err != nil {
			return err
		}
		if sameWords(now.Item, item) {
			saved = now.Version
			return nil
		}
		if now.Version != version {
			return &ItemConflict{now}
		}
		item.ID = id
		if saved, err = s.writeItem(ctx, by, item, linksOf); err != nil {
			return err
		}
		return s.AuditOf(ctx, by, "edit item", recorded(item), Ref{Item: id})
	})
	return saved, err
}

// sameWords reports whether two items say the same, wherever they stand.
func sameWords(a, b newsletter.Item) bool {
	return a.Title == b.Title && a.Note == b.Note && slices.Equal(a.Links, b.Links) && a.Sponsored == b.Sponsored &&
		a.EventOn == b.EventOn && a.EventUntil == b.EventUntil && a.PlaceName == b.PlaceName
}

// writeItem replaces the words of a locked item, tells every process, and
// returns their version. What it said before and what it says now are kept.
func (s *Store) writeItem(ctx context.Context, by newsletter.User, item newsletter.Item, linksOf LinksOf) (version int, err error) {
	notice := Notice{Kind: NoticeItem, Item: item.ID}
	err = s.db.QueryRow(ctx, `
		WITH first AS (`+keepFirst+`)
		UPDATE items SET title = @title, note = @note, sponsored = @sponsored, event_on = @event_on,
		       event_until = @event_until, place_name = @place_name, version = version + 1,
		       changed_by = @name, changed_at = now()
		WHERE id = @id RETURNING version, coalesce(issue_id, 0)`,
		pgx.StrictNamedArgs{
			"id": item.ID, "title": item.Title, "note": item.Note, "sponsored": item.Sponsored, "event_on": item.EventOn,
			"event_until": item.EventUntil, "place_name": item.PlaceName, "name": by.Name,
		}).Scan(&notice.Version, &notice.Issue)
	if err != nil {
		return 0, wrap(err, "save the item")
	}
	if err := s.notifyDesk(ctx, by, notice); err != nil {
		return 0, err
	}
	if err := s.linkItem(ctx, item, linksOf); err != nil {
		return 0, err
	}
	return notice.Version, s.keepItem(ctx, by, item.ID)
}
