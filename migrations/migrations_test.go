package migrations_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"golang.org/x/sync/errgroup"

	"broadsheet/internal/localpg"
	"broadsheet/internal/pgtest"
	"broadsheet/migrations"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func open(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// dump returns the schema as PostgreSQL's own program writes it, without the
// lines that differ from run to run.
func dump(t *testing.T, url string) []string {
	t.Helper()
	programs, err := localpg.Find()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(programs.Bin, "pg_dump"), "--schema-only", url).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := slices.Collect(strings.Lines(string(out)))
	return slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, `\`) })
}

func TestUpDownUpIsTheSameSchema(t *testing.T) {
	url := pgtest.NewBlank(t)
	pool := open(t, url)
	if err := migrations.Check(t.Context(), pool); !errors.Is(err, migrations.ErrOlder) {
		t.Errorf("an empty database is %v, want ErrOlder", err)
	}
	applied, err := migrations.Up(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	first := dump(t, url)
	if again, err := migrations.Up(t.Context(), pool); err != nil || len(again) != 0 {
		t.Errorf("migrating again applied %v (%v)", again, err)
	}
	if err := migrations.Down(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	if left := strings.Join(dump(t, url), ""); strings.Count(left, "CREATE TABLE") != 1 || strings.Contains(left, "CREATE FUNCTION") {
		t.Errorf("more than goose's own table is left:\n%s", left)
	}
	again, err := migrations.Up(t.Context(), pool)
	if err != nil || !slices.Equal(again, applied) {
		t.Errorf("up again applied %v (%v), want %v", again, err, applied)
	}
	if diff := cmp.Diff(first, dump(t, url)); diff != "" {
		t.Error(diff)
	}
	if err := migrations.Check(t.Context(), pool); err != nil {
		t.Errorf("a migrated database is %v", err)
	}
}

func TestFourAtOnceMigrateOnce(t *testing.T) {
	url := pgtest.NewBlank(t)
	pools := []*pgxpool.Pool{open(t, url), open(t, url), open(t, url), open(t, url)}
	applied := make([][]string, len(pools))
	group, ctx := errgroup.WithContext(t.Context())
	for k, pool := range pools {
		group.Go(func() (err error) {
			applied[k], err = migrations.Up(ctx, pool)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	steps, err := migrations.Status(t.Context(), pools[0])
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, step := range steps {
		if !step.Applied {
			t.Errorf("%s is missing", step.Name)
		}
		all = append(all, step.Name)
	}
	if got := slices.Concat(applied...); !slices.Equal(got, all) {
		t.Errorf("together they applied %v, want %v once each, by one of them", got, all)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	pool := open(t, pgtest.NewBlank(t))
	if _, err := migrations.Up(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)"); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Up(t.Context(), pool); !errors.Is(err, migrations.ErrNewer) {
		t.Errorf("Up returned %v, want ErrNewer", err)
	}
	if err := migrations.Check(t.Context(), pool); !errors.Is(err, migrations.ErrNewer) {
		t.Errorf("Check returned %v, want ErrNewer", err)
	}
}

// TestRiverHasAllItsSteps fails for a River that needs tables which no step of
// ours makes.
func TestRiverHasAllItsSteps(t *testing.T) {
	pool := open(t, pgtest.NewBlank(t))
	if _, err := migrations.Up(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		t.Fatal(err)
	}
	if found, err := migrator.Validate(t.Context(), nil); err != nil || !found.OK {
		t.Errorf("%v (%v)", found.Messages, err)
	}
}
