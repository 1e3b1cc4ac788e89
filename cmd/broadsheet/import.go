package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

type importCommand struct {
	databaseSettings
	logSettings
	Format string   `help:"The files' shape: auto, devops-weekly, markdown or jsonl. auto tells them apart by content, file by file." enum:"auto,devops-weekly,markdown,jsonl" default:"auto"`
	DryRun bool     `help:"Do everything and keep nothing; the report says what would be."`
	JSON   bool     `name:"json" help:"Write the report as JSON."`
	Paths  []string `arg:"" name:"path" help:"Files, or folders to read every file of."`
}

// fileReport is what became of one file.
type fileReport struct {
	File   string          `json:"file"`
	Format exchange.Format `json:"format"`
	Error  string          `json:"error"` // empty when the file is in
	publish.Report
}

// errDryRun takes a dry run's transaction back.
var errDryRun = errors.New("dry run")

// Run imports file by file. A file that fails is named and does not stop the
// others.
func (c importCommand) Run(ctx context.Context, out *output) error {
	log := c.logger(out.stderr, slog.LevelWarn)
	db, err := c.open(ctx, ownDatabase, 0, log)
	if err != nil {
		return err
	}
	defer db.close()
	if err := migrate(ctx, db, log); err != nil {
		return err
	}
	reports, err := c.files(ctx, postgres.New(db.Pool), log)
	if err != nil {
		return err
	}
	if err := writeReports(out.stdout, reports, c.JSON, c.DryRun); err != nil {
		return err
	}
	if failed := countFailed(reports); failed > 0 {
		return fmt.Errorf("%d of %d files could not be imported; the report says why, the others are in", failed, len(reports))
	}
	return nil
}

// files imports all files. In a dry run they share one transaction that is
// taken back at the end, so that the report is what a real run would do.
func (c importCommand) files(ctx context.Context, store *postgres.Store, log *slog.Logger) ([]fileReport, error) {
	var reports []fileReport
	everything := func(store *postgres.Store) error {
		for _, file := range listFiles(c.Paths) {
			reports = append(reports, c.file(ctx, store, file, log))
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("stopped at %s: %w", file.name, err)
			}
		}
		return nil
	}
	if !c.DryRun {
		err := everything(store)
		return reports, err
	}
	err := store.Tx(ctx, func(tx *postgres.Store) error {
		return errors.Join(everything(tx), errDryRun)
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return nil, err
	}
	return reports, ctx.Err()
}

func (c importCommand) file(ctx context.Context, store *postgres.Store, file found, log *slog.Logger) fileReport {
	report := fileReport{File: file.name}
	doc, err := file.read(exchange.Format(c.Format))
	report.Format = doc.Format
	if err == nil {
		report.Report, err = publish.Import(ctx, store, doc, "import command")
	}
	if err != nil {
		if postgres.IsDatabaseError(err) {
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

// found is a file to import, or a place where none can be read.
type found struct {
	name string
	err  error
}

// read reads and parses the file.
func (f found) read(format exchange.Format) (exchange.Document, error) {
	if f.err != nil {
		return exchange.Document{}, f.err
	}
	file, err := os.Open(f.name)
	if err != nil {
		return exchange.Document{}, fmt.Errorf("cannot be opened: %w; check the path", cause(err))
	}
	defer file.Close()
	return exchange.Read(file, format)
}

// listFiles returns the named files and every file in the named folders, in
// order of their names. Hidden ones in folders are left out.
func listFiles(paths []string) []found {
	var files []found
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			files = append(files, found{name: path})
			continue
		}
		inside := walk(path)
		slices.SortFunc(inside, func(a, b found) int { return strings.Compare(a.name, b.name) })
		files = append(files, inside...)
	}
	return files
}

// walk returns everything in a folder that is to be read: files, and what
// looks like one and is named as a failure.
func walk(folder string) []found {
	var inside []found
	folder += string(filepath.Separator) // a link to a folder is followed
	_ = filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		switch hidden := name != folder && strings.HasPrefix(entry.Name(), "."); {
		case err != nil:
			inside = append(inside, found{name, fmt.Errorf("cannot be read: %w; check the folder", cause(err))})
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || entry.IsDir():
		case entry.Type().IsRegular():
			inside = append(inside, found{name: name})
		default:
			inside = append(inside, notRegular(name))
		}
		return nil // what cannot be read does not stop the others
	})
	return inside
}

// notRegular tells links to files, which are read, from pipes and the like,
// which could keep a reader waiting for ever.
func notRegular(name string) found {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return found{name, fmt.Errorf("cannot be opened: %w; check the link", cause(err))}
	case !info.Mode().IsRegular():
		return found{name, errors.New("is not a file; name the files or folders to read")}
	}
	return found{name: name}
}

func countFailed(reports []fileReport) int {
	failed := 0
	for _, r := range reports {
		if r.Error != "" {
			failed++
		}
	}
	return failed
}

// writeReports writes what became of every file, for people or for programs.
func writeReports(w io.Writer, reports []fileReport, asJSON, dryRun bool) error {
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(struct {
			DryRun bool         `json:"dry_run"`
			Files  []fileReport `json:"files"`
			Failed int          `json:"failed"`
		}{dryRun, append([]fileReport{}, reports...), countFailed(reports)})
	}
	outcomes := map[publish.Outcome]int{}
	for _, r := range reports {
		fmt.Fprintf(w, "%s: %s\n", r.File, r.sentence())
		for _, message := range r.Messages {
			fmt.Fprintf(w, "    %s\n", message)
		}
		for _, issue := range r.Issues {
			outcomes[issue.Outcome]++
		}
	}
	verb := "added"
	if dryRun {
		verb = "would be added"
	}
	_, err := fmt.Fprintf(w, "%d files: %d issues %s, %d unchanged, %d different and left alone, %d files failed\n", len(reports),
		outcomes[publish.Added], verb, outcomes[publish.Unchanged], outcomes[publish.Differs], countFailed(reports))
	return err
}

// sentence says in a line what became of the file.
func (r fileReport) sentence() string {
	if r.Error != "" {
		return "failed: " + r.Error
	}
	var parts []string
	for _, issue := range r.Issues {
		parts = append(parts, fmt.Sprintf("issue %d %s (%d items, %d links)", issue.Number, issue.Outcome, issue.Items, issue.Links))
	}
	if r.Publication != "" {
		parts = append(parts, fmt.Sprintf("publication %s", r.Publication))
	}
	parts = append(parts, r.Items.Sentence("items outside issues")...)
	parts = append(parts, r.Redirects.Sentence("redirects")...)
	if len(parts) == 0 {
		return "holds nothing to import"
	}
	return strings.Join(parts, ", ")
}
