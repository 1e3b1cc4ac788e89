package postgres

import (
	"context"
	"errors"
	"time"

	"broadsheet/internal/newsletter"
)

// Sessions keeps sessions for the session library, which hands over the hash
// of each token as its token.
type Sessions struct{ store *Store }

// Sessions returns the store of sessions.
func (s *Store) Sessions() Sessions { return Sessions{s} }

// FindCtx returns what a session holds; found is false when there is none or
// it has expired by the database's clock.
func (s Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.store.db.QueryRow(ctx, "SELECT data FROM sessions WHERE token = $1 AND expiry > now()", token).Scan(&data)
	if err = wrap(err, "find the session"); errors.Is(err, newsletter.ErrNotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx stores a session. On the way it deletes a few that have expired,
// so that they do not pile up.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := s.store.db.Exec(ctx, `
		WITH expired AS (
			DELETE FROM sessions WHERE token IN (
				SELECT token FROM sessions WHERE expiry <= now() AND token <> $1
				ORDER BY expiry LIMIT 10 FOR UPDATE SKIP LOCKED))
		INSERT INTO sessions (token, data, expiry) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry`, token, data, expiry)
	return wrap(err, "store the session")
}

// UpdateCtx stores a session that is there already. It reports false when it
// has been deleted meanwhile.
func (s Sessions) UpdateCtx(ctx context.Context, token string, data []byte, expiry time.Time) (found bool, err error) {
	tag, err := s.store.db.Exec(ctx, "UPDATE sessions SET data = $2, expiry = $3 WHERE token = $1", token, data, expiry)
	return tag.RowsAffected() > 0, wrap(err, "store the session")
}

// DeleteCtx deletes a session; one that is not there is no error.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.store.db.Exec(ctx, "DELETE FROM sessions WHERE token = $1", token)
	return wrap(err, "delete the session")
}

// Find is FindCtx for callers without a context. The library asks for it.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context. The library asks for it.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context. The library asks for it.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
