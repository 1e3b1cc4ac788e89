package postgres

import (
	"context"
	"fmt"
	"time"

	"broadsheet/internal/newsletter"
)

// Deed is a line of the audit.
type Deed struct {
	At     time.Time
	Actor  string // name of a person, or the command that acted
	Action string // such as "decline item"
	Object string // what it was done to
}

// AuditBy records what a person did; call it in the deed's own transaction.
func (s *Store) AuditBy(ctx context.Context, actor newsletter.User, action, object string) error {
	_, err := s.db.Exec(ctx, "INSERT INTO audit (person_id, actor, action, object) VALUES (nullif($1::bigint, 0), $2, $3, $4)",
		actor.ID, actor.Name, action, object)
	return wrap(err, fmt.Sprintf("record %s", action))
}

// Deeds returns one page (from 1) of the audit, newest first.
func (s *Store) Deeds(ctx context.Context, page int) ([]Deed, error) {
	return collect[Deed](ctx, s, "list what was done", "SELECT at, actor, action, object FROM audit ORDER BY id DESC LIMIT $1 OFFSET $2",
		DeskPerPage, offset(page, DeskPerPage))
}

// LastDeed returns the newest deed of a kind; the zero Deed when there is none.
func (s *Store) LastDeed(ctx context.Context, action string) (Deed, error) {
	deeds, err := collect[Deed](ctx, s, "find who acted last", "SELECT at, actor, action, object FROM audit WHERE action = $1 ORDER BY id DESC LIMIT 1", action)
	if err != nil || len(deeds) == 0 {
		return Deed{}, err
	}
	return deeds[0], nil
}
