package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"broadsheet/internal/localpg"
)

// bench measures the program against the least that could do the same, side by
// side, and prints ratios: what it serves against a bare net/http server that
// writes the same compressed bytes, a search against the SQL alone, an import
// against COPY, a publication against a bare transaction, a large archive against a small one. Every server is a process of
// its own with one processor, so that neither the load generator nor the other
// one is measured with it. They take turns, first one and then the other leading,
// and what counts is the median of the pairs' ratios.
func bench(ctx context.Context, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "broadsheet-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &measure{dir: dir, out: out, program: filepath.Join(dir, "broadsheet"), served: map[int]*child{}}
	// PostgreSQL may run as another account, which has to get in.
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	if err := execute(ctx, os.Stderr, "go", "build", "-o", b.program, "./cmd/broadsheet"); err != nil {
		return err
	}
	if b.database, err = localpg.Start(ctx, localpg.Options{Dir: dir, Throwaway: true}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	for _, part := range []struct {
		name string
		run  func(context.Context, io.Writer) error
	}{
		{"Import, as seconds beside those of a COPY of the same rows into like tables with the same indexes", b.imports},
		{"Process start until the first page is there, the database being up", b.starts},
		{"Pages beside a bare handler with the same bytes", b.pages},
		{fmt.Sprintf("Pages of %d issues beside those of %d", largeArchive, smallArchive), b.growth},
		{"Pages when they are first asked for, in milliseconds", b.renderings},
		{fmt.Sprintf("New searches in %d items beside ranked SQL with headlines alone, in milliseconds", largeArchive*itemsPerIssue()), b.searches},
		{"Memory after every issue was read, in MiB, without PostgreSQL", b.memory},
		{fmt.Sprintf("Publication of %d items until page, archive, feed and search are new, beside one SQL transaction that stores the same rows, in milliseconds", publishedItems), b.publications},
		{"The issue page as a phone sees it", b.lighthouse},
	} {
		fmt.Fprintf(out, "%s  %s\n", time.Now().Format(time.TimeOnly), part.name)
		table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
		if err := part.run(ctx, table); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		fmt.Fprintln(table)
		if err := table.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// measure is what the parts of the benchmark share.
type measure struct {
	dir      string
	out      io.Writer
	program  string // ours
	database *localpg.Server
	served   map[int]*child // our program, by the number of issues it serves
}

// close stops what runs.
func (b *measure) close() error {
	for _, server := range b.served {
		_ = server.stop() // it was told to end
	}
	return b.database.Close()
}

// url is the address of the database of an archive.
func (b *measure) url(issues int) string { return b.database.URL(databaseName(issues, 0)) }

// databaseName names the database of a round of importing so many issues.
func databaseName(issues, round int) string { return fmt.Sprintf("bench_%d_%d", issues, round) }

// serve returns our program with an archive of so many issues, started when it
// is first asked for.
func (b *measure) serve(ctx context.Context, issues int) (*child, error) {
	if b.served[issues] == nil {
		server, err := b.start(ctx, issues, oneProcessor)
		if err != nil {
			return nil, err
		}
		b.served[issues] = server
	}
	return b.served[issues], nil
}

// median returns the middle one of an odd number of values.
func median(values []float64) float64 { return quantile(values, 0.5) }

// quantile returns the value that a part of all values are not above.
func quantile(values []float64, part float64) float64 {
	return slices.Sorted(slices.Values(values))[int(part*float64(len(values)-1)+0.5)]
}
