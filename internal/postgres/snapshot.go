package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// View runs do on one unchanging snapshot of the database, read only: that of what
// do asks first. Nobody waits for it to be given back.
func (s *Store) View(ctx context.Context, do func(*Store) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	view := &snapshot{Conn: conn}
	defer func() { go view.giveBack(context.WithoutCancel(ctx)) }()
	return do(&Store{db: view, pool: s.pool})
}

// snapshot is a transaction that only reads. It begins with what is asked first: a
// batch takes the beginning along, which saves a round trip.
type snapshot struct {
	*pgxpool.Conn
	begun bool
}

const beginSnapshot = "begin isolation level repeatable read read only"

func (v *snapshot) begin(ctx context.Context) error {
	if v.begun {
		return nil
	}
	v.begun = true
	_, err := v.Conn.Exec(ctx, beginSnapshot)
	return err
}

// Begin fails: what needs a transaction of its own writes.
func (v *snapshot) Begin(context.Context) (pgx.Tx, error) {
	return nil, errors.New("a view only reads")
}

func (v *snapshot) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if err := v.begin(ctx); err != nil {
		return pgconn.CommandTag{}, err
	}
	return v.Conn.Exec(ctx, sql, args...)
}

func (v *snapshot) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if err := v.begin(ctx); err != nil {
		return nil, err
	}
	return v.Conn.Query(ctx, sql, args...)
}

func (v *snapshot) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if err := v.begin(ctx); err != nil {
		return unasked{err}
	}
	return v.Conn.QueryRow(ctx, sql, args...)
}

// unasked is the row of a query that could not be asked.
type unasked struct{ err error }

func (u unasked) Scan(...any) error { return u.err }

func (v *snapshot) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	if v.begun {
		return v.Conn.SendBatch(ctx, b)
	}
	v.begun = true
	whole := &pgx.Batch{}
	whole.Queue(beginSnapshot)
	whole.QueuedQueries = append(whole.QueuedQueries, b.QueuedQueries...)
	return v.Conn.SendBatch(ctx, whole)
}

// giveBack ends the transaction. A connection on which that fails is closed.
func (v *snapshot) giveBack(ctx context.Context) {
	defer v.Release()
	if !v.begun {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, _ = v.Conn.Exec(ctx, "rollback")
}
