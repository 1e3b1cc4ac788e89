package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

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
	return s.AuditOf(ctx, actor, action, object, Ref{})
}

// Ref is what a deed concerns, by id.
type Ref struct {
	Issues []int64 // those whose activity shows it
	Item   int64   // or 0; the issue it stands in after the deed need not be named
	Fields Fields  // that it changed
}

// Fields are what a deed changed beside the words and orders that have versions
// of their own: what each said before and says since, by its name.
type Fields map[string]Changed[string]

// The names of such fields. They are kept with every deed and stay as they are.
const (
	FieldHeading  = "heading"
	FieldKind     = "kind"     // of a section
	FieldProgress = "progress" // of a section
	FieldOwner    = "owner"    // the name of whoever looks after a section
	FieldTime     = "time"     // for which an issue is scheduled, in RFC 3339
	FieldOverride = "override" // why an issue publishes itself in spite of what stood in the way
)

// changed leaves out what is as it was.
func (f Fields) changed() Fields {
	changed := Fields{}
	for name, values := range f {
		if values.Before != values.After {
			changed[name] = values
		}
	}
	return changed
}

// AuditOf records what a person did to issues or to an item; call it in the
// deed's own transaction.
func (s *Store) AuditOf(ctx context.Context, actor newsletter.User, action, object string, of Ref) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO audit (person_id, actor, action, object, detail, item_id, issue_ids)
		VALUES (nullif(@by::bigint, 0), @name, @action, @object, @detail, nullif(@item::bigint, 0),
		        array(SELECT unnest(@issues::bigint[])
		              UNION SELECT issue_id FROM items WHERE id = @item AND issue_id IS NOT NULL))`,
		pgx.StrictNamedArgs{
			"by": actor.ID, "name": actor.Name, "action": action, "object": object,
			"detail": of.Fields.changed(), "item": of.Item, "issues": notNil(of.Issues),
		})
	return wrap(err, fmt.Sprintf("record %s", action))
}

// PublishedBy returns the name of whoever published an issue; "" for one that
// was imported.
func (s *Store) PublishedBy(ctx context.Context, issueID int64) (string, error) {
	var name string
	err := s.db.QueryRow(ctx, `
		SELECT coalesce((SELECT actor FROM audit WHERE issue_ids @> ARRAY[$1::bigint] AND action = 'publish issue' ORDER BY id DESC LIMIT 1), '')`,
		issueID).Scan(&name)
	return name, wrap(err, "read who published the issue")
}

// IssueDeeds returns one page (from 1) of what was done to an issue and, while
// they stood in it, to its items, newest first, and one more where there is
// one.
func (s *Store) IssueDeeds(ctx context.Context, issueID int64, page int) ([]Deed, error) {
	return collect[Deed](ctx, s, "list what was done to the issue", `
		SELECT at, actor, action, object FROM audit WHERE issue_ids @> ARRAY[$1::bigint]
		ORDER BY id DESC LIMIT $2 OFFSET $3`, issueID, DeskPerPage+1, offset(page, DeskPerPage))
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
