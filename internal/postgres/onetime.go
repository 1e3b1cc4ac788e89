package postgres

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"time"

	"broadsheet/internal/newsletter"
)

// LinkLifetime is how long a one-time link works.
const LinkLifetime = 24 * time.Hour

// A one-time link's secret has 130 random bits. The database holds its hash
// alone, so that whoever reads a backup cannot sign in with it.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// NewSetUpLink returns the secret of a new one-time link for the first owner;
// older ones end. It returns "" when there are people.
func (s *Store) NewSetUpLink(ctx context.Context) (secret string, err error) {
	err = s.Tx(ctx, func(tx *Store) error {
		if err := tx.LockPublication(ctx); err != nil {
			return err
		}
		if none, err := tx.NoPeople(ctx); err != nil || !none {
			return err
		}
		if _, err := tx.db.Exec(ctx, "DELETE FROM one_time_links WHERE purpose = 'set-up'"); err != nil {
			return wrap(err, "end older set-up links")
		}
		secret = rand.Text()
		_, err := tx.db.Exec(ctx, "INSERT INTO one_time_links (hash, purpose, expires_at) VALUES ($1, 'set-up', now() + $2)",
			hashOf(secret), LinkLifetime)
		return wrap(err, "make a set-up link")
	})
	return secret, err
}

// SetUpLink returns ErrNotFound when the secret is not that of a set-up link
// that still works.
func (s *Store) SetUpLink(ctx context.Context, secret string) error {
	var works bool
	err := s.db.QueryRow(ctx, `
		SELECT true FROM one_time_links WHERE hash = $1 AND purpose = 'set-up' AND expires_at > now()`, hashOf(secret)).Scan(&works)
	return wrap(err, "look up the set-up link")
}

// UseSetUpLink adds the first owner, once: ErrNotFound when the link does not
// work any more or there are people.
func (s *Store) UseSetUpLink(ctx context.Context, secret string, owner newsletter.User, hash string) (Account, error) {
	var account Account
	err := s.Tx(ctx, func(tx *Store) error {
		if err := tx.LockPublication(ctx); err != nil {
			return err
		}
		err := tx.change(ctx, "use the set-up link", `
			DELETE FROM one_time_links WHERE hash = $1 AND purpose = 'set-up' AND expires_at > now()
			AND NOT EXISTS (SELECT FROM people)`, hashOf(secret))
		if err != nil {
			return err
		}
		owner.Role = newsletter.Owner
		id, err := tx.AddUser(ctx, owner, hash)
		if err != nil {
			return err
		}
		account, err = tx.User(ctx, id)
		return err
	})
	return account, err
}

// NewSignInLink returns the secret of a new one-time link with which a person
// signs in without a password; their older one ends. For somebody who is
// disabled or does not exist it returns ErrNotFound.
func (s *Store) NewSignInLink(ctx context.Context, person int64) (secret string, err error) {
	secret = rand.Text()
	err = s.Tx(ctx, func(tx *Store) error {
		// The person's row is held, so that two new links cannot stand side by side.
		err := tx.change(ctx, "look up the person", "SELECT FROM people WHERE id = $1 AND disabled_at IS NULL FOR UPDATE", person)
		if err != nil {
			return err
		}
		if _, err := tx.db.Exec(ctx, "DELETE FROM one_time_links WHERE person_id = $1 OR expires_at <= now()", person); err != nil {
			return wrap(err, "end older sign-in links")
		}
		_, err = tx.db.Exec(ctx, `
			INSERT INTO one_time_links (hash, purpose, person_id, expires_at) VALUES ($1, 'sign-in', $2, now() + $3)`,
			hashOf(secret), person, LinkLifetime)
		return wrap(err, "make a sign-in link")
	})
	return secret, err
}

// SignInLink returns whose sign-in link a secret is, without using it, or
// ErrNotFound when it does not work any more.
func (s *Store) SignInLink(ctx context.Context, secret string) (Account, error) {
	return one[Account](ctx, s, "look up the sign-in link", `
		SELECT `+accountColumns+` FROM people WHERE disabled_at IS NULL AND id = (
			SELECT person_id FROM one_time_links WHERE hash = $1 AND purpose = 'sign-in' AND expires_at > now())`, hashOf(secret))
}

// UseSignInLink returns whose sign-in link a secret is, once: of two at the
// same time one gets ErrNotFound.
func (s *Store) UseSignInLink(ctx context.Context, secret string) (Account, error) {
	return one[Account](ctx, s, "use the sign-in link", `
		WITH used AS (
			DELETE FROM one_time_links WHERE hash = $1 AND purpose = 'sign-in' AND expires_at > now() RETURNING person_id)
		SELECT `+accountColumns+` FROM people WHERE disabled_at IS NULL AND id = (SELECT person_id FROM used)`, hashOf(secret))
}
