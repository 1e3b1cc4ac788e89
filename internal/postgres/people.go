package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"broadsheet/internal/newsletter"
)

// Account is a person with what only the sign-in needs.
type Account struct {
	newsletter.User
	Hash  string // of the password; empty when none has been set
	Epoch int    // sessions that began in an earlier one have ended
}

const accountColumns = `id, email, name, role, disabled_at IS NOT NULL AS disabled, theme, single_keys,
	password_hash AS hash, session_epoch AS epoch`

// Users returns everybody with an account, those who may sign in first, by name.
func (s *Store) Users(ctx context.Context) ([]newsletter.User, error) {
	return collect[newsletter.User](ctx, s, "list the people", `
		SELECT id, email, name, role, disabled_at IS NOT NULL AS disabled, theme, single_keys
		FROM people ORDER BY disabled_at IS NOT NULL, lower(name), id`)
}

// NoPeople reports whether nobody has an account.
func (s *Store) NoPeople(ctx context.Context) (bool, error) {
	var none bool
	err := s.db.QueryRow(ctx, "SELECT NOT EXISTS (SELECT FROM people)").Scan(&none)
	return none, wrap(err, "look whether there are people")
}

// User returns a person, or ErrNotFound.
func (s *Store) User(ctx context.Context, id int64) (Account, error) {
	return one[Account](ctx, s, "read the person", "SELECT "+accountColumns+" FROM people WHERE id = $1", id)
}

// UserByEmail returns the person with a mail address, in whatever case it is
// written, or ErrNotFound.
func (s *Store) UserByEmail(ctx context.Context, email string) (Account, error) {
	return one[Account](ctx, s, "read the person", "SELECT "+accountColumns+" FROM people WHERE lower(email) = lower($1)", email)
}

// AddUser adds a person with the hash of their password, or "", and returns
// their id. A mail address or a name that somebody has already is an
// [newsletter.Invalid].
func (s *Store) AddUser(ctx context.Context, u newsletter.User, hash string) (id int64, err error) {
	err = s.Tx(ctx, func(tx *Store) error {
		err := tx.db.QueryRow(ctx, `
			INSERT INTO people (email, name, role, password_hash) VALUES ($1, $2, $3, $4) RETURNING id`,
			u.Email, u.Name, u.Role, hash).Scan(&id)
		if err != nil {
			return err
		}
		return tx.nameIsFree(ctx, id, u.Name)
	})
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.ConstraintName == "people_email" {
		return 0, newsletter.Invalid{{Field: "email", Message: "belongs to somebody who has an account already; give another, or change theirs"}}
	}
	return id, wrap(err, "add the person")
}

// SaveUser saves what a person says about themselves: name and theme. A name
// that somebody else has is an [newsletter.Invalid].
func (s *Store) SaveUser(ctx context.Context, id int64, name string, theme newsletter.Theme) error {
	return s.Tx(ctx, func(tx *Store) error {
		if err := tx.nameIsFree(ctx, id, name); err != nil {
			return err
		}
		return tx.change(ctx, "save the person", "UPDATE people SET name = $2, theme = $3 WHERE id = $1", id, name, theme)
	})
}

// SaveKeys saves whether single letters are keys of the desk for a person, or
// returns ErrNotFound.
func (s *Store) SaveKeys(ctx context.Context, id int64, single bool) error {
	return s.change(ctx, "save the person's keys", "UPDATE people SET single_keys = $2 WHERE id = $1", id, single)
}

// nameIsFree refuses a name that somebody other than the person has, in
// whatever case: the audit and the desk tell people apart by it. Until the end
// of the transaction nobody else can take one.
func (s *Store) nameIsFree(ctx context.Context, id int64, name string) error {
	if err := s.LockPublication(ctx); err != nil {
		return err
	}
	var taken bool
	err := s.db.QueryRow(ctx, "SELECT EXISTS (SELECT FROM people WHERE lower(name) = lower($2) AND id <> $1)", id, name).Scan(&taken)
	if err != nil {
		return wrap(err, "look whether the name is free")
	}
	if taken {
		return newsletter.Invalid{{Field: "name", Message: "belongs to somebody else here; add something that tells you apart"}}
	}
	return nil
}

// SetPassword stores the hash of a new password. It ends the person's
// sessions and their one-time links, and returns the epoch of new sessions.
func (s *Store) SetPassword(ctx context.Context, id int64, hash string) (epoch int, err error) {
	err = s.db.QueryRow(ctx, `
		WITH links AS (DELETE FROM one_time_links WHERE person_id = $1)
		UPDATE people SET password_hash = $2, session_epoch = session_epoch + 1 WHERE id = $1 RETURNING session_epoch`,
		id, hash).Scan(&epoch)
	return epoch, wrap(err, "set the password")
}

// Rehash replaces the hash of a password by a costlier one of the same. It
// does nothing when the password was changed meanwhile.
func (s *Store) Rehash(ctx context.Context, id int64, old, hash string) error {
	_, err := s.db.Exec(ctx, "UPDATE people SET password_hash = $3 WHERE id = $1 AND password_hash = $2", id, old, hash)
	return wrap(err, "hash the password anew")
}

// SetRole gives a person another role. The last owner keeps theirs: an
// [newsletter.Invalid].
func (s *Store) SetRole(ctx context.Context, id int64, role newsletter.Role) error {
	return s.Tx(ctx, func(tx *Store) error {
		if role != newsletter.Owner {
			if err := tx.keepAnOwner(ctx, id); err != nil {
				return err
			}
		}
		return tx.change(ctx, "change the role", "UPDATE people SET role = $2 WHERE id = $1", id, role)
	})
}

// Disable keeps a person from signing in, and ends their sessions and one-time
// links. The last owner stays: an [newsletter.Invalid].
func (s *Store) Disable(ctx context.Context, id int64) error {
	return s.Tx(ctx, func(tx *Store) error {
		if err := tx.keepAnOwner(ctx, id); err != nil {
			return err
		}
		return tx.change(ctx, "disable the person", `
			WITH links AS (DELETE FROM one_time_links WHERE person_id = $1)
			UPDATE people SET disabled_at = coalesce(disabled_at, now()), session_epoch = session_epoch + 1 WHERE id = $1`, id)
	})
}

// Enable lets a person sign in again.
func (s *Store) Enable(ctx context.Context, id int64) error {
	return s.change(ctx, "enable the person", "UPDATE people SET disabled_at = NULL WHERE id = $1", id)
}

// keepAnOwner refuses to go on when a person is the only owner who may sign
// in. Until the end of the transaction nobody else can stop being one, so that
// two owners cannot demote each other at once.
func (s *Store) keepAnOwner(ctx context.Context, id int64) error {
	rows, err := s.db.Query(ctx, `
		SELECT id FROM people WHERE role = 'owner' AND disabled_at IS NULL ORDER BY id FOR UPDATE`)
	if err != nil {
		return wrap(err, "look for owners")
	}
	owners, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return wrap(err, "look for owners")
	}
	if len(owners) == 1 && owners[0] == id {
		return newsletter.Invalid{{Field: "role", Message: "is the last owner's; make somebody else an owner first"}}
	}
	return nil
}

// change runs an update of one row; no row is ErrNotFound.
func (s *Store) change(ctx context.Context, attempted, sql string, args ...any) error {
	tag, err := s.db.Exec(ctx, sql, args...)
	if err == nil && tag.RowsAffected() == 0 {
		err = newsletter.ErrNotFound
	}
	return wrap(err, attempted)
}
