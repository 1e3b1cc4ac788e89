package localpg

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// EnsureDatabase makes the database unless it is there. Several processes may ask
// for the same one at once.
func (s *Server) EnsureDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connecting to PostgreSQL in %s: %w", s.home.dir, err)
	}
	defer conn.Close(ctx)
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil {
		return fmt.Errorf("looking for the database %s: %w", name, err)
	}
	if there {
		return nil
	}
	// template0: nobody can be connected to it, which would fail the copy.
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()+" TEMPLATE template0")
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && (pgErr.Code == "42P04" || pgErr.Code == "23505") {
		return nil // another process was faster: duplicate_database, or unique_violation if by a hair
	}
	if err != nil {
		return fmt.Errorf("making the database %s: %w", name, err)
	}
	return nil
}
