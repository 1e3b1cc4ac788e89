// Package postgres keeps everything in PostgreSQL: all SQL of the program
// stands here, a file per subject.
package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/newsletter"
)

// Store reads and writes the database, outside or inside a transaction.
type Store struct {
	db        conn
	pool      *pgxpool.Pool
	rehearses bool // nothing will be kept
}

// conn is what a pool and a transaction have in common.
type conn interface {
	Begin(ctx context.Context) (pgx.Tx, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// New returns a store on a pool. The pool stays the caller's to close.
func New(pool *pgxpool.Pool) *Store { return &Store{db: pool, pool: pool} }

// Options bound what one statement may cost. Zero values mean no bound.
type Options struct {
	StatementTimeout time.Duration
	MaxConns         int32
}

// Open connects to the database at url and makes sure that it answers.
// Settings of the environment's PGOPTIONS have no effect; those of the URL's own
// options have.
func Open(ctx context.Context, url string, o Options) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the database URL cannot be read; it looks like postgres://user:password@host:5432/database")
	}
	params := config.ConnConfig.RuntimeParams
	if !strings.Contains(url, "options=") { // they are the environment's
		delete(params, "options")
	}
	params["application_name"] = "broadsheet"
	params["timezone"] = "UTC"
	// Each statement's plan is made once in a connection and kept. PostgreSQL would
	// plan many of ours anew each time, for less than planning takes: a millisecond
	// for the longest.
	params["plan_cache_mode"] = "force_generic_plan"
	params["jit"] = "off"                     // compiling a statement takes longer than any of ours may
	params["client_min_messages"] = "warning" // nobody reads that an empty search is empty
	if o.StatementTimeout > 0 {
		params["statement_timeout"] = fmt.Sprint(o.StatementTimeout.Milliseconds())
		params["idle_in_transaction_session_timeout"] = "60000"
	}
	if o.MaxConns > 0 {
		config.MaxConns = o.MaxConns
	}
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return pool, nil
}

// Tx runs do in one transaction: all of it happens, or, when do returns an
// error or panics, none of it. Inside another Tx it is a savepoint.
func (s *Store) Tx(ctx context.Context, do func(*Store) error) error {
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error { return do(&Store{tx, s.pool, s.rehearses}) })
}

// errRehearsed takes a rehearsal's transaction back.
var errRehearsed = errors.New("rehearsed")

// Rehearse runs do in one transaction that is taken back in any case, and
// returns do's error. What do does is seen by do alone, and does not keep others
// from publishing meanwhile.
func (s *Store) Rehearse(ctx context.Context, do func(*Store) error) error {
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		return cmp.Or(do(&Store{tx, s.pool, true}), errRehearsed)
	})
	if errors.Is(err, errRehearsed) {
		return nil
	}
	return err
}

// CheckNow has all constraints that wait for the end of the transaction
// checked at once, and so their errors where they belong. What comes after in
// the same transaction is checked at its end again.
func (s *Store) CheckNow(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
	return wrap(err, "check constraints")
}

// Now returns the database's clock, the only one that counts.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	var now time.Time
	err := s.db.QueryRow(ctx, "SELECT date_trunc('second', now())").Scan(&now)
	return now.UTC(), wrap(err, "read the clock")
}

// wrap says what was attempted; no row is [newsletter.ErrNotFound].
func wrap(err error, attempted string) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		err = newsletter.ErrNotFound
	}
	return fmt.Errorf("%s: %w", attempted, err)
}

// Refuses reports whether PostgreSQL has refused what it was given, and would again:
// data and constraint errors, limits, and errors of our own functions, by the classes
// of https://www.postgresql.org/docs/current/errcodes-appendix.html.
func Refuses(err error) bool {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && len(refused.Code) == 5 && slices.Contains([]string{"22", "23", "54", "P0"}, refused.Code[:2])
}

// collect runs a query and returns its rows as structs, columns matched to
// fields by name.
func collect[T any](ctx context.Context, s *Store, attempted, sql string, args ...any) ([]T, error) {
	rows, err := s.db.Query(ctx, sql, args...)
	if err != nil {
		return nil, wrap(err, attempted)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	return list, wrap(err, attempted)
}

// one runs a query and returns its only row as a struct.
func one[T any](ctx context.Context, s *Store, attempted, sql string, args ...any) (T, error) {
	rows, err := s.db.Query(ctx, sql, args...)
	if err != nil {
		var zero T
		return zero, wrap(err, attempted)
	}
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	return row, wrap(err, attempted)
}

// IsDatabaseError reports whether an error came from PostgreSQL, so that its
// words are for the log and not for people.
func IsDatabaseError(err error) bool {
	var fromServer *pgconn.PgError
	var connecting *pgconn.ConnectError
	return errors.As(err, &fromServer) || errors.As(err, &connecting)
}
