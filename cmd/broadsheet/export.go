package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/migrations"
)

type exportCommand struct {
	databaseSettings
	logSettings
	Format string `help:"jsonl: everything, one object per line; markdown or text: a file per issue." enum:"jsonl,markdown,text" required:""`
	Issue  int    `help:"This issue only." placeholder:"N"`
	Out    string `help:"The file to write, or - for standard output; a folder for several issues as markdown or text." required:"" placeholder:"PATH"`
}

// Run exports from one unchanging view of the database.
func (c exportCommand) Run(ctx context.Context, out *output) error {
	if c.Issue == 0 && c.Format != "jsonl" && c.Out == "-" {
		return wrongWords("several issues need a folder; give --out a folder, or name one with --issue")
	}
	db, err := c.open(ctx, ownDatabase, 0, c.logger(out.stderr, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer db.close()
	if err := migrations.Check(ctx, db.Pool); err != nil {
		return err
	}
	return postgres.New(db.Pool).View(ctx, func(view *postgres.Store) error {
		switch {
		case c.Format == "jsonl" && c.Issue == 0:
			return c.write(out, func(w io.Writer) error { return exportAll(ctx, view, w) })
		case c.Issue != 0:
			return c.write(out, func(w io.Writer) error { return c.exportOne(ctx, view, c.Issue, w) })
		}
		return c.exportFolder(ctx, view)
	})
}

// write hands do the file or standard output.
func (c exportCommand) write(out *output, do func(io.Writer) error) error {
	if c.Out == "-" {
		w := bufio.NewWriter(out.stdout)
		return errors.Join(do(w), w.Flush())
	}
	return writeFile(c.Out, do)
}

// exportAll writes the publication, the issues in number order, the items
// outside issues, the redirects and the ids of entries in another feed.
func exportAll(ctx context.Context, view *postgres.Store, w io.Writer) error {
	to := exchange.NewJSONL(w)
	publication, err := view.Publication(ctx)
	if err != nil {
		return err
	}
	if err := to.Publication(publication); err != nil {
		return err
	}
	numbers, err := view.Numbers(ctx)
	if err != nil {
		return err
	}
	for _, number := range numbers {
		issue, err := view.Issue(ctx, number)
		if err != nil {
			return err
		}
		if err := to.Issue(issue); err != nil {
			return err
		}
	}
	items, err := view.LooseItems(ctx)
	if err := errors.Join(err, each(items, to.Item)); err != nil {
		return err
	}
	redirects, err := view.Redirects(ctx)
	if err := errors.Join(err, each(redirects, to.Redirect)); err != nil {
		return err
	}
	ids, err := view.FeedIDs(ctx)
	return errors.Join(err, each(ids, to.FeedID))
}

// each calls do for every element until one fails.
func each[T any](list []T, do func(T) error) error {
	for _, element := range list {
		if err := do(element); err != nil {
			return err
		}
	}
	return nil
}

// exportOne writes one issue.
func (c exportCommand) exportOne(ctx context.Context, view *postgres.Store, number int, w io.Writer) error {
	issue, err := view.Issue(ctx, number)
	if errors.Is(err, newsletter.ErrNotFound) {
		return fmt.Errorf("there is no issue %d; export everything to see which there are", number)
	}
	if err != nil {
		return err
	}
	switch c.Format {
	case "markdown":
		_, err = w.Write(exchange.Markdown(issue))
	case "text":
		err = exportLetter(ctx, view, number, w)
	default:
		err = exchange.NewJSONL(w).Issue(issue)
	}
	return err
}

// exportLetter writes the plain-text letter of what was printed.
func exportLetter(ctx context.Context, view *postgres.Store, number int, w io.Writer) error {
	publication, err := view.Publication(ctx)
	if err != nil {
		return err
	}
	revision, err := view.Revision(ctx, number)
	if errors.Is(err, newsletter.ErrNotFound) || errors.Is(err, newsletter.ErrGone) {
		return fmt.Errorf("issue %d is not published, and a letter is what was printed; export it as markdown or jsonl", number)
	}
	if err != nil {
		return err
	}
	_, err = w.Write(exchange.Text(revision, publication))
	return err
}

// exportFolder writes a file per issue, named by its number.
func (c exportCommand) exportFolder(ctx context.Context, view *postgres.Store) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return fmt.Errorf("cannot make the folder %s: %w; choose another with --out", c.Out, cause(err))
	}
	numbers, extension, err := c.folderContents(ctx, view)
	if err != nil {
		return err
	}
	for _, number := range numbers {
		path := filepath.Join(c.Out, fmt.Sprintf("%d.%s", number, extension))
		if err := writeFile(path, func(w io.Writer) error { return c.exportOne(ctx, view, number, w) }); err != nil {
			return err
		}
	}
	return nil
}

// folderContents lists the issues that the format can show: all as Markdown,
// the published ones as letters.
func (c exportCommand) folderContents(ctx context.Context, view *postgres.Store) (numbers []int, extension string, err error) {
	if c.Format == "markdown" {
		numbers, err = view.Numbers(ctx)
		return numbers, "md", err
	}
	heads, err := view.Heads(ctx)
	for _, head := range heads {
		numbers = append(numbers, head.Number)
	}
	return numbers, "txt", err
}
