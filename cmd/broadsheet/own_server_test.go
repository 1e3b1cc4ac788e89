package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/localpg"
	"broadsheet/internal/postgres"
	"broadsheet/migrations"
)

// ownServer is a PostgreSQL of one test alone, to restart and to read the log
// of.
type ownServer struct {
	options localpg.Options
	running *localpg.Server
}

// newOwnServer starts a server for the length of a test, with a migrated
// database. A throwaway server may forget what it acknowledged when it is
// killed.
func newOwnServer(t *testing.T, throwaway bool) *ownServer {
	t.Helper()
	s := &ownServer{options: localpg.Options{Dir: dataFolder(t), Throwaway: throwaway}}
	s.start(t)
	t.Cleanup(func() {
		if err := s.running.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.running.EnsureDatabase(t.Context(), ownDatabase); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Up(t.Context(), s.pool(t)); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *ownServer) start(t *testing.T) {
	t.Helper()
	var err error
	if s.running, err = localpg.Start(t.Context(), s.options); err != nil {
		t.Fatal(err)
	}
}

// restart ends the server, in order or as a crash does, and starts it again.
func (s *ownServer) restart(t *testing.T, crash bool) {
	t.Helper()
	if crash {
		if err := syscall.Kill(postmaster(t, s.options.Dir), syscall.SIGQUIT); err != nil {
			t.Fatal(err)
		}
		eventually(t, "PostgreSQL has ended", func() bool { return postmaster(t, s.options.Dir) == 0 })
	}
	if err := s.running.Close(); err != nil {
		t.Fatal(err)
	}
	s.start(t)
}

// url is the address of the database.
func (s *ownServer) url() string { return s.running.URL(ownDatabase) }

// pool opens connections for the length of the test.
func (s *ownServer) pool(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := postgres.Open(t.Context(), s.url(), postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// logLines are the lines of the server's log that hold some words.
func (s *ownServer) logLines(t *testing.T, words string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.options.Dir, "postgres/server.log"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, words) {
			found = append(found, line)
		}
	}
	return found
}
