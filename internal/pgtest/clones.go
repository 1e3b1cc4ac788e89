package pgtest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// disconnect ends a database's connections, and waits for those that are at work:
// waiting takes PostgreSQL 100 ms, and an idle one does nothing any more.
const disconnect = `SELECT count(pg_terminate_backend(pid, CASE state WHEN 'idle' THEN 0 ELSE 10000 END))
	FROM pg_stat_activity WHERE datname = $1 AND pid <> $2`

// take returns the first database name with the prefix that no test uses, here or
// in another process. It is ours until free, or the end of this process.
func (s *server) take(ctx context.Context, prefix string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s%d", prefix, n)
		if s.taken[name] {
			continue
		}
		const lock = `SELECT pg_try_advisory_lock(hashtextextended($1, 0))`
		var ours bool
		if err := s.admin.QueryRow(ctx, lock, name).Scan(&ours); err != nil {
			return "", err
		}
		if !ours {
			continue
		}
		s.taken[name] = true
		own := uint32(0)
		if conn := s.cleaners[name]; conn != nil {
			own = conn.PgConn().PID()
		}
		_, err := s.admin.Exec(ctx, disconnect, name, own) // those that a test or a killed process left
		return name, err
	}
}

// free lets others take the name.
func (s *server) free(ctx context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.taken, name)
	_, err := s.admin.Exec(ctx, "SELECT pg_advisory_unlock(hashtextextended($1, 0))", name)
	return err
}

// takeClone returns a clone of the template, with what the migrations inserted and
// nothing else. It is cleaned now, not when given back: a killed process gives
// nothing back.
func (s *server) takeClone(ctx context.Context) (string, error) {
	name, err := s.take(ctx, s.schema.clones())
	if err != nil {
		return "", err
	}
	if s.empty(ctx, name) == nil {
		return name, nil
	}
	// It is not there yet, or a test has changed its schema.
	err = s.copyTemplate(ctx, name)
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.Code == "3D000" {
		err = s.copyTemplate(ctx, name) // tests of another schema took the template for outdated: once more
	}
	if err != nil {
		return "", errors.Join(err, s.free(ctx, name))
	}
	return name, nil
}

// empty brings a clone back to the state of the template. Its connection is held
// for the next time: on a new one this takes four times as long.
func (s *server) empty(ctx context.Context, name string) error {
	const restore = "SELECT pristine.restore()"
	conn := s.cleaner(name)
	if conn != nil {
		if _, err := conn.Exec(ctx, restore); err == nil {
			return nil
		}
		s.forgetCleaner(ctx, name) // another process has cut it, or the schema is damaged
	}
	conn, err := pgx.Connect(ctx, s.url(name))
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, restore); err != nil {
		conn.Close(ctx)
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cleaners[name] = conn
	return nil
}

func (s *server) cleaner(name string) *pgx.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cleaners[name]
}

func (s *server) forgetCleaner(ctx context.Context, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if conn := s.cleaners[name]; conn != nil {
		conn.Close(ctx)
	}
	delete(s.cleaners, name)
}

func (s *server) copyTemplate(ctx context.Context, name string) error {
	if err := s.makeTemplate(ctx); err != nil {
		return err
	}
	return s.administer(ctx, func(conn *pgx.Conn) error { return recreate(ctx, conn, name, s.schema.template()) })
}

// administer runs do on a connection of its own: admin would have all tests wait.
func (s *server) administer(ctx context.Context, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, s.url(maintenance))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return do(conn)
}

// takeBlank returns a new database without a schema.
func (s *server) takeBlank(ctx context.Context) (string, error) {
	name, err := s.take(ctx, s.schema.name+"_blank_")
	if err != nil {
		return "", err
	}
	if err := s.administer(ctx, func(conn *pgx.Conn) error { return recreate(ctx, conn, name, "template0") }); err != nil {
		return "", errors.Join(err, s.free(ctx, name))
	}
	return name, nil
}

// giveBack ends a test's use of a database. After a failure it is kept under
// another name.
func (s *server) giveBack(t testing.TB, name string, blank bool) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var err error
	switch {
	case t.Failed():
		err = s.keep(ctx, t, name)
	case blank:
		err = s.administer(ctx, func(conn *pgx.Conn) error { return drop(ctx, conn, name) })
	}
	if err := errors.Join(err, s.free(ctx, name)); err != nil {
		t.Errorf("giving the database %s back: %v", name, err)
	}
}
