package postgres

import (
	"context"
	"time"
)

// Attempt counts one more attempt under a key and returns how many there were
// in the window of time that began with the first, and how long it still
// lasts. All processes count together, by the database's clock.
func (s *Store) Attempt(ctx context.Context, key string, window time.Duration) (count int, rest time.Duration, err error) {
	err = s.db.QueryRow(ctx, `
		INSERT INTO attempts AS a (key, count, expires_at) VALUES ($1, 1, now() + $2)
		ON CONFLICT (key) DO UPDATE SET
			count      = CASE WHEN a.expires_at > now() THEN a.count + 1 ELSE 1 END,
			expires_at = CASE WHEN a.expires_at > now() THEN a.expires_at ELSE now() + $2 END
		RETURNING count, expires_at - now()`, key, window).Scan(&count, &rest)
	return count, rest, wrap(err, "count the attempt")
}

// ForgetAttempts ends the count under one key and takes back one attempt under
// another. On the way it deletes the counts whose time is over.
func (s *Store) ForgetAttempts(ctx context.Context, all, one string) error {
	_, err := s.db.Exec(ctx, `
		WITH one AS (UPDATE attempts SET count = count - 1 WHERE key = $2 AND count > 0)
		DELETE FROM attempts WHERE key IN (
			SELECT key FROM attempts WHERE key <> $2 AND (key = $1 OR expires_at <= now()) FOR UPDATE SKIP LOCKED)`, all, one)
	return wrap(err, "forget the attempts")
}
