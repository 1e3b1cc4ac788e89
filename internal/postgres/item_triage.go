package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Decline takes an item out of inbox or issue for good: reason stays on the
// desk, reply is what the one who suggested it will read. Declining it again
// changes these two only.
func (s *Store) Decline(ctx context.Context, by newsletter.User, id int64, reason, reply string) error {
	return s.triage(ctx, by, "decline item", id, newsletter.Declined, reason, reply)
}

// Hold puts an item aside until the next issue. Holding it again changes
// nothing.
func (s *Store) Hold(ctx context.Context, by newsletter.User, id int64) error {
	return s.triage(ctx, by, "hold item", id, newsletter.Held, "", "")
}

// Restore brings an item back to the inbox from wherever it is. Restoring it
// again changes nothing.
func (s *Store) Restore(ctx context.Context, by newsletter.User, id int64) error {
	return s.triage(ctx, by, "restore item", id, newsletter.Inbox, "", "")
}

// takenOut says what was done to an item that has a state outside issues now,
// its label left out.
var takenOut = map[newsletter.ItemState]string{
	newsletter.Declined: "declined %s", newsletter.Held: "held %s", newsletter.Inbox: "returned %s to the inbox",
}

// triage takes an item out of its section, if it stands in one, and gives it a
// state outside issues.
func (s *Store) triage(ctx context.Context, by newsletter.User, action string, id int64, state newsletter.ItemState, reason, reply string) error {
	return s.reorder(ctx, by, func(m mover) error {
		if err := m.lockIssuesOf(ctx, id); err != nil {
			return err
		}
		item, err := m.lockItem(ctx, id)
		if err != nil {
			return err
		}
		if err := newsletter.Allow(by, newsletter.TriageItem, item.Object()); err != nil {
			return err
		}
		if item.State == state && item.Reason == reason && item.Reply == reply {
			return nil
		}
		_, err = m.db.Exec(ctx, `
			UPDATE items SET state = @state, reason = @reason, reply = @reply,
			       issue_id = NULL, section_id = NULL, position = NULL, place = NULL,
			       moved = @version, changed_by = @name, changed_at = now()
			WHERE id = @id`,
			pgx.StrictNamedArgs{
				"id": id, "state": state, "reason": reason, "reply": reply, "version": m.version, "name": by.Name,
			})
		if err != nil {
			return wrap(err, action)
		}
		if err := m.closeGap(ctx, item.SectionID); err != nil {
			return err
		}
		if err := m.notifyDesk(ctx, by, inboxChanged); err != nil {
			return err
		}
		m.did(takenOut[state], quoted(item.Item))
		return m.AuditOf(ctx, by, action, recorded(item.Item), Ref{Issues: m.made.issues, Item: id})
	})
}
