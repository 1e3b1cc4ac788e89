package migrations

import (
	"context"
	"database/sql"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// riverVersion is how far River's own steps go. A River that needs more gets a
// further step of ours.
const riverVersion = 8

// river makes the tables of background work by River's own steps. It runs on a
// connection of its own, which the lock that goose holds keeps to one program;
// River notes each of its steps in the step's transaction, so that one that was
// killed between two goes on there.
func river(pool *pgxpool.Pool) *goose.Migration {
	to := func(direction rivermigrate.Direction, version int) *goose.GoFunc {
		return &goose.GoFunc{RunDB: func(ctx context.Context, _ *sql.DB) error {
			migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				return err
			}
			_, err = migrator.Migrate(ctx, direction, &rivermigrate.MigrateOpts{TargetVersion: version})
			return err
		}}
	}
	const nothing = -1
	return goose.NewGoMigration(19, to(rivermigrate.DirectionUp, riverVersion), to(rivermigrate.DirectionDown, nothing))
}
