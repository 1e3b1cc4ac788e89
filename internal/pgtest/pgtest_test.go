package pgtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func TestMain(m *testing.M) { Main(m) }

// zoo is a small schema with what makes emptying hard: rows from the start,
// references in a circle, triggers, generated and identity columns.
const zoo = `
	CREATE TABLE goose_db_version (id int);
	INSERT INTO goose_db_version VALUES (1);
	CREATE TABLE "Kinds" (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		name text NOT NULL, place int UNIQUE DEFERRABLE INITIALLY DEFERRED,
		loud text GENERATED ALWAYS AS (upper(name)) STORED);
	INSERT INTO "Kinds" (name, place) VALUES ('cat', 1), ('dog', 2);
	CREATE TABLE beasts (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		kind bigint NOT NULL REFERENCES "Kinds", friend bigint REFERENCES beasts);
	ALTER TABLE "Kinds" ADD COLUMN chief bigint REFERENCES beasts;
	CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'beasts are for ever'; END $$;
	CREATE TRIGGER never BEFORE DELETE ON beasts FOR EACH ROW EXECUTE FUNCTION never();`

const kinds = `SELECT string_agg(concat_ws(' ', id, name, place, loud, chief), ', ' ORDER BY id) FROM "Kinds"`

// zooServer is the shared server with the zoo's schema, whose databases are gone
// after the test. hash tells apart tests that must not share clones.
func zooServer(t *testing.T, hash string) *server {
	t.Helper()
	s, err := open(t.Context(), schema{name: "pgtest", hash: hash, migrate: func(ctx context.Context, pool *pgxpool.Pool) error {
		_, err := pool.Exec(ctx, zoo)
		return err
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.Background()
		rows, _ := s.admin.Query(ctx, "SELECT datname FROM pg_database WHERE strpos(datname, $1) > 0", hash)
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Error(err)
		}
		for _, name := range names {
			if err := drop(ctx, s.admin, name); err != nil {
				t.Error(err)
			}
		}
		if err := s.close(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

// clone takes one of the zoo and returns its name and a connection.
func clone(t *testing.T, s *server) (string, *pgx.Conn) {
	t.Helper()
	name, err := s.takeClone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), s.url(name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return name, conn
}

func text(t *testing.T, conn *pgx.Conn, sql string) string {
	t.Helper()
	var got string
	if err := conn.QueryRow(t.Context(), sql).Scan(&got); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return got
}

func exec(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func free(t *testing.T, s *server, name string) {
	t.Helper()
	if err := s.free(t.Context(), name); err != nil {
		t.Fatal(err)
	}
}

func TestAUsedCloneIsLikeNew(t *testing.T) {
	s := zooServer(t, "aa01")
	name, conn := clone(t, s)
	const fresh = "1 cat 1 CAT, 2 dog 2 DOG"
	if got := text(t, conn, kinds); got != fresh {
		t.Fatalf("a new clone holds %q", got)
	}
	exec(t, conn, `INSERT INTO beasts (kind) VALUES (1);
		UPDATE "Kinds" SET chief = 1, name = 'tiger' WHERE id = 1;
		DELETE FROM "Kinds" WHERE id = 2;
		INSERT INTO "Kinds" (name, place) VALUES ('owl', 2)`)
	free(t, s, name)

	again, conn := clone(t, s) // the first connection is still open, as a killed process would leave it
	if again != name {
		t.Errorf("got %s, not %s again", again, name)
	}
	if got := text(t, conn, kinds); got != fresh {
		t.Errorf("the used clone holds %q", got)
	}
	if got := text(t, conn, "SELECT count(*)::text FROM beasts"); got != "0" {
		t.Errorf("the used clone holds %s beasts", got)
	}
	if got := text(t, conn, "SELECT count(*)::text FROM goose_db_version"); got != "1" {
		t.Errorf("the schema's version is gone")
	}
	// Triggers work again, and identity columns go on counting.
	exec(t, conn, "INSERT INTO beasts (kind) VALUES (2)")
	if got := text(t, conn, "SELECT max(id)::text FROM beasts"); got != "2" {
		t.Errorf("the next beast has id %s", got)
	}
	if _, err := conn.Exec(t.Context(), "DELETE FROM beasts"); err == nil {
		t.Error("the trigger is off")
	}
}

func TestAChangedSchemaIsThrownAway(t *testing.T) {
	s := zooServer(t, "aa02")
	for _, change := range []string{
		"DROP TABLE beasts CASCADE",
		"CREATE TABLE more (id int)",
		`ALTER TABLE "Kinds" ADD COLUMN tail int`,
		`ALTER TABLE "Kinds" DROP CONSTRAINT "Kinds_place_key"`,
		"ALTER TABLE beasts DISABLE TRIGGER never",
		"CREATE OR REPLACE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
		"DROP SCHEMA pristine CASCADE",
	} {
		name, conn := clone(t, s)
		exec(t, conn, `CREATE SCHEMA marked; `+change)
		conn.Close(t.Context())
		free(t, s, name)
		name, conn = clone(t, s)
		if got := text(t, conn, "SELECT count(*)::text FROM pg_namespace WHERE nspname = 'marked'"); got != "0" {
			t.Errorf("after %s the clone is used again", change)
		}
		conn.Close(t.Context())
		free(t, s, name)
	}
}

// Two servers stand for two test binaries.
func TestClonesAreExclusive(t *testing.T) {
	one, other := zooServer(t, "aa03"), zooServer(t, "aa03")
	names := make(chan string)
	for _, s := range []*server{one, other, one, other, one} {
		go func() {
			name, err := s.takeClone(t.Context())
			if err != nil {
				t.Error(err)
			}
			names <- name
		}()
	}
	seen := map[string]bool{}
	for range 5 {
		name := <-names
		if seen[name] {
			t.Errorf("%s was given twice", name)
		}
		seen[name] = true
	}
}

func TestOutdatedDatabasesGo(t *testing.T) {
	old := zooServer(t, "aa04")
	used, _ := clone(t, old)
	idle, conn := clone(t, old)
	conn.Close(t.Context())
	free(t, old, idle)

	s := zooServer(t, "aa05")
	clone(t, s)
	rows, _ := s.admin.Query(t.Context(), "SELECT datname FROM pg_database WHERE datname LIKE 'pgtest%' ORDER BY 1")
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	want := []string{used, "pgtest_clone_aa05_1", "pgtest_template_aa05"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("databases (-want +got):\n%s", diff)
	}
	clone(t, old) // makes its template anew
}

func TestNewHoldsTheMigratedSchema(t *testing.T) {
	t.Parallel()
	pool := New(t)
	var publications int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM publication").Scan(&publications); err != nil {
		t.Fatal(err)
	}
	if publications != 1 {
		t.Errorf("%d publications", publications)
	}
	other, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(t.Context())
	if got, want := other.Config().Database, pool.Config().ConnConfig.Database; got != want {
		t.Errorf("the pool's address leads to %s, not %s", got, want)
	}
	if URL(t) == pool.Config().ConnString() {
		t.Error("two databases of one test are the same")
	}
}

func TestNewBlank(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("use", func(t *testing.T) {
		url = NewBlank(t)
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		if got := text(t, conn, "SELECT count(*)::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"); got != "0" {
			t.Errorf("it holds %s relations", got)
		}
		exec(t, conn, "CREATE TABLE x (); CREATE SCHEMA y")
	})
	if conn, err := pgx.Connect(t.Context(), url); err == nil {
		conn.Close(t.Context())
		t.Error("it is still there after the test")
	}
}

// failing is a test that has failed, as far as the database's end is concerned.
type failing struct {
	testing.TB
	log strings.Builder
}

func (f *failing) Failed() bool               { return true }
func (f *failing) Name() string               { return "TestItem/with a Very long name, or so it seems" }
func (f *failing) Logf(s string, args ...any) { fmt.Fprintf(&f.log, s, args...) }

func TestAFailedTestKeepsItsDatabase(t *testing.T) {
	s := zooServer(t, "aa06")
	name, conn := clone(t, s)
	exec(t, conn, "INSERT INTO beasts (kind) VALUES (2)")
	f := &failing{TB: t}
	s.giveBack(f, name, false)

	_, line, _ := strings.Cut(f.log.String(), "psql '")
	url := strings.TrimSuffix(line, "'")
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatalf("%s: %v", f.log.String(), err)
	}
	if got := text(t, conn, "SELECT count(*)::text FROM beasts"); got != "1" {
		t.Errorf("the kept database holds %s beasts", got)
	}
	conn.Close(t.Context())
	if kept := conn.Config().Database; !strings.HasPrefix(kept, "broadsheet_failed_pgtest_") || !strings.Contains(kept, "_1_testitem") {
		t.Errorf("it is kept as %s", kept)
	}
	if again, conn := clone(t, s); again != name || text(t, conn, "SELECT count(*)::text FROM beasts") != "0" {
		t.Errorf("the next test gets %s", again)
	}
	if err := s.forgetKept(t.Context()); err != nil { // as the next run does
		t.Fatal(err)
	}
	if kept := keptOf(t, s, "pgtest"); len(kept) > 0 {
		t.Errorf("%v are kept for ever", kept)
	}
}

// keptOf returns the databases kept for a package. Others may have failed before
// on the same server, and theirs are kept, too.
func keptOf(t *testing.T, s *server, pkg string) []string {
	t.Helper()
	kept, err := s.kept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(kept, func(name string) bool { return !strings.HasPrefix(name, "broadsheet_failed_"+pkg+"_") })
}

func TestKeptDatabasesOfOtherPackages(t *testing.T) {
	s := zooServer(t, "aa07")
	for _, name := range []string{"broadsheet_failed_other_200101000000_1_testx", "broadsheet_failed_other_990101000000_1_testx"} {
		if err := recreate(t.Context(), s.admin, name, "template0"); err != nil {
			t.Fatal(err)
		}
		defer drop(context.Background(), s.admin, name)
	}
	if err := s.forgetKept(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"broadsheet_failed_other_990101000000_1_testx"}, keptOf(t, s, "other")); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

func TestHashFiles(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	seen := map[string]string{}
	for name, files := range map[string]fstest.MapFS{
		"one":     {"1.sql": file("a")},
		"changed": {"1.sql": file("b")},
		"renamed": {"2.sql": file("a")},
		"two":     {"1.sql": file("a"), "2.sql": file("a")},
	} {
		hash := hashFiles(files)
		if seen[hash] != "" || len(hash) != 10 || hash != hashFiles(files) {
			t.Errorf("%s and %q have hash %q", name, seen[hash], hash)
		}
		seen[hash] = name
	}
}

// A given server is used as it is, the private one is not started.
func TestAGivenServer(t *testing.T) {
	url := current.url("whatever")
	t.Setenv("TEST_DATABASE_URL", url)
	s := zooServer(t, "aa08")
	if s.local != nil {
		t.Error("the private server was started")
	}
	_, conn := clone(t, s)
	if got := text(t, conn, kinds); got != "1 cat 1 CAT, 2 dog 2 DOG" {
		t.Errorf("got %q", got)
	}
}

func TestNoServer(t *testing.T) {
	for name, test := range map[string]struct{ url, want string }{
		"no address": {"host=localhost", "TEST_DATABASE_URL is not an address like"},
		"nobody":     {"postgres://x@127.0.0.1:1/x", "does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TEST_DATABASE_URL", test.url)
			_, err := open(t.Context(), broadsheet())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A clone per test is what every test of the store pays.
func BenchmarkTakeAndGiveBack(b *testing.B) {
	for b.Loop() {
		name, err := current.takeClone(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if err := current.free(b.Context(), name); err != nil {
			b.Fatal(err)
		}
	}
}
