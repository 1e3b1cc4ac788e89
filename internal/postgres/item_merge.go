package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// MergeItems makes one item of two: into gets the merged words, from
// disappears, and who sent it is kept among into's AlsoBy. version and
// fromVersion are the versions of their words that the merged ones were based
// on; an older one of either is an [ItemConflict] with the newer words. The
// merged item must be valid.
func (s *Store) MergeItems(ctx context.Context, by newsletter.User, into, from int64, version, fromVersion int, merged newsletter.Item, linksOf LinksOf) error {
	if into == from {
		return newsletter.Invalid{{Field: "from", Message: "is the same item; choose another"}}
	}
	return s.reorder(ctx, by, func(m mover) error {
		if err := m.lockIssuesOf(ctx, into, from); err != nil {
			return err
		}
		kept, err := m.lockToMerge(ctx, into, version)
		if err != nil {
			return err
		}
		gone, err := m.lockToMerge(ctx, from, fromVersion)
		if err != nil {
			return err
		}
		if err := m.absorb(ctx, kept, gone); err != nil {
			return err
		}
		merged.ID = into
		if _, err := m.writeItem(ctx, by, merged, linksOf); err != nil {
			return err
		}
		if err := m.notifyDesk(ctx, by, inboxChanged); err != nil {
			return err
		}
		m.did("merged %s into %s", quoted(gone.Item), quoted(merged))
		return m.AuditOf(ctx, by, "merge items", recorded(gone.Item)+" into "+recorded(merged), Ref{Issues: m.made.issues, Item: into})
	})
}

// lockToMerge returns an item that may be merged and still says what the
// merged words were made from.
func (m mover) lockToMerge(ctx context.Context, id int64, version int) (DeskItem, error) {
	item, err := m.lockItem(ctx, id)
	if err != nil {
		return DeskItem{}, err
	}
	if err := newsletter.Allow(m.by, newsletter.TriageItem, item.Object()); err != nil {
		return DeskItem{}, err
	}
	if item.Version != version {
		return DeskItem{}, &ItemConflict{item}
	}
	return item, nil
}

// absorb deletes an item. The kept one names who sent it and has its blue
// notes and all that it said.
func (m mover) absorb(ctx context.Context, kept, gone DeskItem) error {
	also := kept.AlsoBy
	for _, name := range append([]string{gone.SubmittedBy}, gone.AlsoBy...) {
		if name != "" && name != kept.SubmittedBy && !slices.Contains(also, name) {
			also = append(also, name)
		}
	}
	if _, err := m.db.Exec(ctx, "UPDATE items SET also_by = $2 WHERE id = $1", kept.ID, notNil(also)); err != nil {
		return wrap(err, "keep the senders")
	}
	if _, err := m.db.Exec(ctx, "UPDATE blue_notes SET item_id = $2 WHERE item_id = $1", gone.ID, kept.ID); err != nil {
		return wrap(err, "keep the blue notes")
	}
	if err := m.inherit(ctx, kept.ID, gone.ID); err != nil {
		return err
	}
	if _, err := m.db.Exec(ctx, "DELETE FROM items WHERE id = $1", gone.ID); err != nil {
		return wrap(err, "remove the merged item")
	}
	return m.closeGap(ctx, gone.SectionID)
}

// inherit puts every version of an item that goes behind those of the one that
// is kept, with who wrote it and when: what was left out of the merged words is
// still found in its history, and can be brought back.
func (m mover) inherit(ctx context.Context, kept, gone int64) error {
	batch := &pgx.Batch{}
	for _, id := range []int64{kept, gone} {
		batch.Queue(keepFirst, pgx.StrictNamedArgs{"id": id})
	}
	batch.Queue(`
		WITH said AS (
		    INSERT INTO item_versions (item_id, version, person_id, name, at, title, note, links, sponsored, event_on, event_until, place_name)
		    SELECT $1, (SELECT version FROM items WHERE id = $1) + row_number() OVER (ORDER BY version),
		           person_id, name, at, title, note, links, sponsored, event_on, event_until, place_name
		    FROM item_versions WHERE item_id = $2 RETURNING version)
		UPDATE items SET version = (SELECT max(version) FROM said) WHERE id = $1`, kept, gone)
	return wrap(m.db.SendBatch(ctx, batch).Close(), "keep what the item said")
}
