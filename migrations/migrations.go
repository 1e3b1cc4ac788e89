// Package migrations holds the database's schema as a sequence of steps and
// applies them.
package migrations

import (
	"context"
	"embed"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// FS holds the steps, one file each, named by their order. Those in Go are here
// for their names.
//
//go:embed *.sql 00019_river.go
var FS embed.FS

// ErrNewer says that the database was migrated by a newer program. Writing to
// it could harm what this program does not know of.
var ErrNewer = errors.New("the database's schema is newer than this program; use the newer program, or restore a backup made before the upgrade")

// ErrOlder says that steps are missing.
var ErrOlder = errors.New("the database's schema is older than this program; run: broadsheet migrate up")

// Up applies every step that is missing, under a lock that makes programs
// starting at once take turns. It returns the names of the steps it applied,
// and ErrNewer where the schema is ahead of this program.
func Up(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	var applied []string
	err := with(pool, func(provider *goose.Provider) error {
		results, err := provider.Up(ctx)
		if err != nil {
			return err
		}
		for _, r := range results {
			applied = append(applied, r.Source.Path)
		}
		return checkNewer(ctx, provider)
	})
	return applied, err
}

// Down takes every step back. All data is lost; it serves the tests of the
// steps themselves.
func Down(ctx context.Context, pool *pgxpool.Pool) error {
	return with(pool, func(provider *goose.Provider) error {
		_, err := provider.DownTo(ctx, 0)
		return err
	})
}

// Step is one step of the schema and whether the database has it.
type Step struct {
	Name    string
	Applied bool
}

// Status lists all steps in order.
func Status(ctx context.Context, pool *pgxpool.Pool) ([]Step, error) {
	var steps []Step
	err := with(pool, func(provider *goose.Provider) error {
		status, err := provider.Status(ctx)
		for _, s := range status {
			steps = append(steps, Step{s.Source.Path, s.State == goose.StateApplied})
		}
		return err
	})
	return steps, err
}

// Check returns nil when the schema is exactly this program's, else ErrOlder
// or ErrNewer.
func Check(ctx context.Context, pool *pgxpool.Pool) error {
	return with(pool, func(provider *goose.Provider) error {
		if err := checkNewer(ctx, provider); err != nil {
			return err
		}
		missing, err := provider.HasPending(ctx)
		if err == nil && missing {
			err = ErrOlder
		}
		return err
	})
}

func checkNewer(ctx context.Context, provider *goose.Provider) error {
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	if version > sources[len(sources)-1].Version {
		return ErrNewer
	}
	return nil
}

// with gives a provider on the pool to do and closes it.
func with(pool *pgxpool.Pool, do func(*goose.Provider) error) error {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120)) // tries each second, for two minutes
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, FS, goose.WithSessionLocker(locker), goose.WithGoMigrations(river(pool)))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := do(provider); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
