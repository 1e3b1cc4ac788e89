package pgtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A kept database is named broadsheet_failed_PACKAGE_TIME_NUMBER_TEST.
const keptPrefix = "broadsheet_failed_"

// keptFor is how long a database is kept whose package is never tested again.
const keptFor = 24 * time.Hour

// keptTime is the layout of the time in its name.
const keptTime = "060102150405"

// keep puts the database of a failed test aside and logs how to look at it.
func (s *server) keep(ctx context.Context, t testing.TB, name string) error {
	kept := keptName(time.Now(), t.Name(), name)
	s.forgetCleaner(ctx, name)
	err := s.administer(ctx, func(conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, disconnect, name, 0); err != nil {
			return err
		}
		return rename(ctx, conn, name, kept)
	})
	if err == nil {
		t.Logf("the test's database is kept until this package is tested again: psql '%s'", s.url(kept))
	}
	return err
}

// thisPackage is the package under test: its folder, as the start of kept names has it.
func thisPackage() string {
	here, err := os.Getwd()
	if err != nil {
		return "unknown"
	}
	return strings.ReplaceAll(plain(filepath.Base(here)), "_", "")
}

// keptName is the name to keep a test's clone under, at most 63 bytes long as
// PostgreSQL allows.
func keptName(now time.Time, test, clone string) string {
	number := clone[strings.LastIndexByte(clone, '_')+1:]
	name := fmt.Sprintf("%s%s_%s_%s_%s", keptPrefix, thisPackage(), now.UTC().Format(keptTime), number, plain(test))
	return name[:min(len(name), 63)]
}

var unnamed = regexp.MustCompile(`[^a-z0-9]+`)

// plain is a name in small letters, digits and underscores.
func plain(name string) string { return unnamed.ReplaceAllString(strings.ToLower(name), "_") }

// kept lists the databases of failed tests.
func (s *server) kept(ctx context.Context) ([]string, error) {
	rows, _ := s.admin.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", keptPrefix)
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// forgetKept drops what earlier runs of this package's tests have kept, and what
// is too old.
func (s *server) forgetKept(ctx context.Context) error {
	kept, err := s.kept(ctx)
	if err != nil {
		return err
	}
	oldest := time.Now().Add(-keptFor).UTC().Format(keptTime)
	for _, name := range kept {
		from, rest, _ := strings.Cut(strings.TrimPrefix(name, keptPrefix), "_")
		if from != thisPackage() && rest > oldest {
			continue
		}
		if err := drop(ctx, s.admin, name); err != nil {
			return err
		}
	}
	return nil
}
