package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
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
	Format  string   `help:"The files' shape: auto, devops-weekly, markdown or jsonl. auto tells them apart by content, file by file." enum:"auto,devops-weekly,markdown,jsonl" default:"auto"`
	DryRun  bool     `help:"Do everything and keep nothing; the report says what would be."`
	JSON    bool     `name:"json" help:"Write the report as JSON."`
	OldFeed string   `help:"The feed that readers had before, as a file. Its entries keep their ids and its addresses lead here, so that nobody sees an old issue as new."`
	Paths   []string `arg:"" optional:"" name:"path" help:"Files, or folders to read every file of."`
}

// Run imports file by file. A file that fails is named and does not stop the
// others.
func (c importCommand) Run(ctx context.Context, out *output) error {
	if len(c.Paths) == 0 && c.OldFeed == "" {
		return wrongWords("nothing to import was named; give files, folders or --old-feed")
	}
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
	total := len(files)
	if c.OldFeed != "" {
		total++
	}
	if len(reports) < total {
		return fmt.Errorf("stopped after %d of %s; type the same command to go on", len(reports), count(total, "file"))
	}
	if failed := countFailed(reports); failed > 0 {
		return fmt.Errorf("%d of %s could not be imported; the report says why, the others are in", failed, count(total, "file"))
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
		if c.OldFeed != "" && ctx.Err() == nil {
			reports = append(reports, c.oldFeed(ctx, store, log))
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
	return report.store(ctx, store, doc, err, log)
}

// oldFeed imports the ids and addresses of the feed that readers had before.
func (c importCommand) oldFeed(ctx context.Context, store *postgres.Store, log *slog.Logger) fileReport {
	report := fileReport{File: c.OldFeed, Format: "old-feed"}
	doc, err := readOldFeed(ctx, store, c.OldFeed)
	return report.store(ctx, store, doc, err, log)
}

func readOldFeed(ctx context.Context, store *postgres.Store, path string) (exchange.Document, error) {
	info, err := os.Stat(path)
	file, err := checked(path, info, err).open()
	if err != nil {
		return exchange.Document{}, err
	}
	defer file.Close()
	feed, err := exchange.ReadOldFeed(file)
	if err != nil {
		return exchange.Document{}, err
	}
	return publish.FromOldFeed(ctx, store, feed)
}

// store stores what a file holds, if it could be read, and reports it.
func (report fileReport) store(ctx context.Context, store *postgres.Store, doc exchange.Document, err error, log *slog.Logger) fileReport {
	if err == nil {
		report.Report, err = publish.Import(ctx, store, doc, "import command")
	}
	if err != nil {
		if postgres.IsDatabaseError(err) && ctx.Err() == nil {
			log.Warn("the database did not take a file", "file", report.File, "error", err)
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
