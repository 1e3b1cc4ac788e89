package main

import (
	"context"
	"fmt"
	"log/slog"

	"broadsheet/migrations"
)

// ownDatabase is the database in the private PostgreSQL.
const ownDatabase = "broadsheet"

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Apply every step that is missing."`
	Status migrateStatus `cmd:"" help:"List the steps and which are applied."`
}

type migrateUp struct {
	databaseSettings
	logSettings
}

// Run applies the missing steps and names them.
func (c migrateUp) Run(ctx context.Context, out *output) error {
	db, err := c.open(ctx, ownDatabase, 0, c.logger(out.stderr, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer db.close()
	applied, err := migrations.Up(ctx, db.Pool)
	if err != nil {
		return err
	}
	for _, step := range applied {
		fmt.Fprintln(out.stdout, "applied", step)
	}
	fmt.Fprintln(out.stdout, "the schema is up to date")
	return nil
}

type migrateStatus struct {
	databaseSettings
	logSettings
}

// Run lists the steps.
func (c migrateStatus) Run(ctx context.Context, out *output) error {
	db, err := c.open(ctx, ownDatabase, 0, c.logger(out.stderr, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer db.close()
	steps, err := migrations.Status(ctx, db.Pool)
	if err != nil {
		return err
	}
	for _, step := range steps {
		state := "missing"
		if step.Applied {
			state = "applied"
		}
		fmt.Fprintln(out.stdout, state, step.Name)
	}
	return nil
}
