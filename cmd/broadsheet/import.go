package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
	"broadsheet/migrations"
)

type importCommand struct {
	databaseSettings
	logSettings
	Format string   `help:"The files' shape: auto, devops-weekly, markdown or jsonl. auto tells them apart by content, file by file." enum:"auto,devops-weekly,markdown,jsonl" default:"auto"`
	DryRun bool     `help:"Do everything and keep nothing; the report says what would be."`
	JSON   bool     `name:"json" help:"Write the report as JSON."`
	Paths  []string `arg:"" name:"path" help:"Files, or folders to read every file of."`
}

// Run imports file by file. A file that fails is named and does not stop the
// others.
func (c importCommand) Run(ctx context.Context, out *output) error {
	log := c.logger(out.stderr, slog.LevelWarn)
	db, err := c.open(ctx, ownDatabase, 0, log)
	if err != nil {
		return err
	}
	defer db.close()
	if err := c.prepare(ctx, db, log); err != nil {
		return err
	}
	files := listFiles(c.Paths)
	reports, err := c.files(ctx, postgres.New(db.Pool), files, log)
	if err != nil {
		return err
	}
	if err := writeReports(out.stdout, reports, c.JSON, c.DryRun); err != nil {
		return err
	}
	if len(reports) < len(files) {
		return fmt.Errorf("stopped after %d of %s; type the same command to go on", len(reports), count(len(files), "file"))
	}
	if failed := countFailed(reports); failed > 0 {
		return fmt.Errorf("%d of %s could not be imported; the report says why, the others are in", failed, count(len(files), "file"))
	}
	return nil
}

// prepare migrates; a dry run, which changes nothing, makes sure that nothing
// is to be migrated.
func (c importCommand) prepare(ctx context.Context, db *database, log *slog.Logger) error {
	if c.DryRun {
		return migrations.Check(ctx, db.Pool)
	}
	return migrate(ctx, db, log)
}

// files imports the files and returns a report for each, or for those that were
// done when ctx ended. In a dry run they share one rehearsal, so that the report
// is what a real run would do.
func (c importCommand) files(ctx context.Context, store *postgres.Store, files []found, log *slog.Logger) ([]fileReport, error) {
	var reports []fileReport
	everything := func(store *postgres.Store) error {
		for _, file := range files {
			report := c.file(ctx, store, file, log)
			if ctx.Err() != nil && report.Error != "" {
				break // it failed because it was stopped
			}
			reports = append(reports, report)
		}
		return nil
	}
	if !c.DryRun {
		err := everything(store)
		return reports, err
	}
	err := store.Rehearse(ctx, everything)
	if ctx.Err() != nil {
		err = nil // the connection broke off, which takes everything back as well
	}
	return reports, err
}

func (c importCommand) file(ctx context.Context, store *postgres.Store, file found, log *slog.Logger) fileReport {
	report := fileReport{File: file.name}
	doc, err := file.read(exchange.Format(c.Format))
	report.Format = cmp.Or(doc.Format, exchange.Format(c.Format))
	if err == nil {
		report.Report, err = publish.Import(ctx, store, doc, "import command")
	}
	if err != nil {
		if postgres.IsDatabaseError(err) && ctx.Err() == nil {
			log.Warn("the database did not take a file", "file", file.name, "error", err)
		}
		report.Report = publish.Report{}
		report.Error = importError(err)
	}
	return report
}

// importError puts in one line why a file failed. What the database said is
// not for the report; it is for the log.
func importError(err error) string {
	var invalid newsletter.Invalid
	if errors.As(err, &invalid) || !postgres.IsDatabaseError(err) {
		return strings.Join(strings.Fields(err.Error()), " ")
	}
	return "the database did not take it; nothing of this file was kept"
}
