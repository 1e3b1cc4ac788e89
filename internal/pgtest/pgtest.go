// Package pgtest gives tests databases on a real PostgreSQL server. It is imported
// by tests only.
//
// One server, without regard for crashes and in memory where there is room, serves
// all test binaries that run at the time; the last one to end stops it. Tests get
// copies of a migrated template. A copy costs hundreds of milliseconds, so it is
// handed from test to test, emptied in between: every row is deleted but those that
// the migrations inserted. Identity columns go on counting, so a test must not
// expect the first id to be 1.
//
// TEST_DATABASE_URL names another server to use, as a superuser of it. A server
// that is missing fails the run; it never skips a test.
package pgtest

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// current is the server of this test binary, set by Main.
var current *server

// Main runs the tests of a package with a server to take databases from, and ends
// the process. Call it from TestMain. Without a server it fails at once, saying
// what to do.
func Main(m *testing.M) {
	os.Exit(Run(m))
}

// Run is Main for a package that has more to clear up before the process ends:
// it returns the exit code.
func Run(m *testing.M) int {
	ctx := context.Background()
	s, err := open(ctx, broadsheet())
	if err != nil {
		fmt.Fprintln(os.Stderr, "no database server for the tests:", err)
		return 1
	}
	current = s
	code := m.Run()
	if err := s.close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "closing the tests' database server:", err)
		return max(code, 1)
	}
	return code
}

// New returns a pool on a migrated database that holds only what the migrations
// put there and that no other test uses meanwhile. At the end of the test it goes
// back; after a failure it is kept and the psql line to look at it is logged.
// Its address, for a program to use the same database, is Config().ConnString().
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return connect(t, URL(t))
}

// URL is New for a program of its own: it returns a database's address.
func URL(t testing.TB) string {
	t.Helper()
	s := needServer(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	name, err := s.takeClone(ctx)
	if err != nil {
		t.Fatalf("taking a database: %v", err)
	}
	t.Cleanup(func() { s.giveBack(t, name, false) })
	return s.url(name)
}

// NewBlank returns the address of a new database without any schema, for tests of
// the migrations. It is dropped at the end of the test, unless that failed.
func NewBlank(t testing.TB) string {
	t.Helper()
	s := needServer(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	name, err := s.takeBlank(ctx)
	if err != nil {
		t.Fatalf("making a blank database: %v", err)
	}
	t.Cleanup(func() { s.giveBack(t, name, true) })
	return s.url(name)
}

func needServer(t testing.TB) *server {
	t.Helper()
	if current == nil {
		t.Fatal("no database server: call pgtest.Main from TestMain")
	}
	return current
}

// connections is how many a test's pool opens at most: many tests share the server.
const connections = 8

// leakAfter is how long the end of a test waits for connections to come back.
const leakAfter = 10 * time.Second

// connect opens a pool for the length of a test. Connections that the test does
// not return fail it; waiting for them would hang the run.
func connect(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatalf("reading the database's address: %v", err)
	}
	config.MaxConns = connections
	config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan" // as the program's own
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatalf("opening a pool: %v", err)
	}
	t.Cleanup(func() {
		closed := make(chan struct{})
		go func() { pool.Close(); close(closed) }()
		select {
		case <-closed:
		case <-time.After(leakAfter):
			t.Errorf("the test has not returned %d of its connections", pool.Stat().AcquiredConns())
		}
	})
	return pool
}
