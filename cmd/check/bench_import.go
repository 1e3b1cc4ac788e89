package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// importRounds is how often an archive is imported: of the large one, which
// takes minutes, a single time.
var importRounds = map[int]int{smallArchive: 5, middleArchive: 1, largeArchive: 1}

// imported are the tables that an import fills.
var imported = []string{"issues", "issue_sections", "items", "links", "revisions", "printed_issues", "printed_intros", "printed_items", "printed_links", "printed_words", "audit"}

// imports makes the archives, imports them, and compares that with COPY. The
// first round's databases are what everything else is measured with.
func (b *measure) imports(ctx context.Context, table io.Writer) error {
	fmt.Fprintln(table, "\tseconds\tms/issue\tCOPY\tratio\tgoal (must)\t")
	for _, issues := range []int{smallArchive, middleArchive, largeArchive} {
		file := filepath.Join(b.dir, fmt.Sprintf("%d.jsonl", issues))
		if err := writeArchive(file, issues); err != nil {
			return err
		}
		var us, them, ratios []float64
		for round := range importRounds[issues] {
			mine, raw, err := b.importAndCopy(ctx, databaseName(issues, round), file)
			if err != nil {
				return err
			}
			us, them, ratios = append(us, mine), append(them, raw), append(ratios, mine/raw)
		}
		fmt.Fprintf(table, "%d issues\t%.1f\t%.1f\t%.1f\t%.2f\t1.50 (3.00)\t\n", issues, median(us), median(us)*1000/float64(issues), median(them), median(ratios))
	}
	return nil
}

// importAndCopy imports a file into a new database, then copies what came of it
// there, and returns the seconds of both. What autovacuum does within minutes of
// an import is done at the end.
func (b *measure) importAndCopy(ctx context.Context, database, file string) (mine, raw float64, err error) {
	if err := b.database.EnsureDatabase(ctx, database); err != nil {
		return 0, 0, err
	}
	url := "--database-url=" + b.database.URL(database)
	var said bytes.Buffer
	if err := execute(ctx, &said, b.program, "migrate", "up", url); err != nil {
		return 0, 0, fmt.Errorf("%w: %s", err, &said)
	}
	began := time.Now()
	if err := execute(ctx, &said, b.program, "import", url, file); err != nil {
		return 0, 0, fmt.Errorf("%w: %s", err, &said)
	}
	mine = time.Since(began).Seconds()
	conn, err := pgx.Connect(ctx, b.database.URL(database))
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close(ctx)
	if raw, err = b.copyAgain(ctx, conn); err != nil {
		return 0, 0, err
	}
	_, err = conn.Exec(ctx, "VACUUM (ANALYZE)")
	return mine, raw, err
}

// copyAgain copies the imported rows, as they are, into like tables in one
// transaction, and returns the seconds.
func (b *measure) copyAgain(ctx context.Context, conn *pgx.Conn) (seconds float64, err error) {
	if _, err := conn.Exec(ctx, "CREATE SCHEMA raw"); err != nil {
		return 0, err
	}
	for _, table := range imported {
		if _, err := conn.Exec(ctx, fmt.Sprintf("CREATE TABLE raw.%[1]s (LIKE public.%[1]s INCLUDING ALL)", table)); err != nil {
			return 0, err
		}
		if err := b.withFile(table, os.Create, func(f *os.File) error {
			_, err := conn.PgConn().CopyTo(ctx, f, "COPY "+table+" TO STDOUT (FORMAT binary)")
			return err
		}); err != nil {
			return 0, err
		}
	}
	began := time.Now()
	err = pgx.BeginFunc(ctx, conn, func(pgx.Tx) error {
		for _, table := range imported {
			if err := b.withFile(table, os.Open, func(f *os.File) error {
				_, err := conn.PgConn().CopyFrom(ctx, f, "COPY raw."+table+" FROM STDIN (FORMAT binary)")
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	})
	seconds = time.Since(began).Seconds()
	if err == nil {
		_, err = conn.Exec(ctx, "DROP SCHEMA raw CASCADE")
	}
	return seconds, err
}

// withFile opens the file of a table's rows for do.
func (b *measure) withFile(table string, open func(string) (*os.File, error), do func(*os.File) error) error {
	f, err := open(filepath.Join(b.dir, table+".rows"))
	if err != nil {
		return err
	}
	defer f.Close()
	return do(f)
}
