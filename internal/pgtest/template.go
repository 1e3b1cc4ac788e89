package pgtest

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/migrations"
)

// schema is what the template holds.
type schema struct {
	name    string // begins the names of its databases
	hash    string // changes with the schema
	migrate func(context.Context, *pgxpool.Pool) error
}

// broadsheet is the schema of the program.
func broadsheet() schema {
	return schema{name: "broadsheet", hash: hashFiles(migrations.FS), migrate: func(ctx context.Context, pool *pgxpool.Pool) error {
		_, err := migrations.Up(ctx, pool)
		return err
	}}
}

//go:embed pristine.sql
var pristine string

// hashFiles is ten hex digits that change with any of the files, or with how a
// template is made.
func hashFiles(files fs.FS) string {
	sum := sha256.New()
	io.WriteString(sum, pristine)
	fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			text, _ := fs.ReadFile(files, path) // embedded: cannot fail
			fmt.Fprintf(sum, "%s\x00%d\x00%s", path, len(text), text)
		}
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:5])
}

// template and clones are the names of this schema's databases, the latter without
// their number.
func (s schema) template() string { return s.name + "_template_" + s.hash }
func (s schema) clones() string   { return s.name + "_clone_" + s.hash + "_" }

// makeTemplate makes the template unless it is there. Of several processes one does.
func (s *server) makeTemplate(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.url(maintenance))
	if err != nil {
		return err
	}
	defer conn.Close(ctx) // and with it goes the lock
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtextextended($1, 0))", s.schema.template()); err != nil {
		return err
	}
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", s.schema.template()).Scan(&there)
	if err != nil || there {
		return err
	}
	unfinished := s.schema.template() + "_new"
	if err := recreate(ctx, conn, unfinished, "template0"); err != nil {
		return err
	}
	if err := s.fill(ctx, unfinished); err != nil {
		return fmt.Errorf("migrating the template of the tests' databases: %w", err)
	}
	if err := rename(ctx, conn, unfinished, s.schema.template()); err != nil {
		return err
	}
	return s.schema.dropOutdated(ctx, conn)
}

// fill migrates a new database and prepares it for being emptied.
func (s *server) fill(ctx context.Context, database string) error {
	pool, err := pgxpool.New(ctx, s.url(database))
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := s.schema.migrate(ctx, pool); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, pristine)
	return err
}

// dropOutdated removes templates and clones of the schema's former states, those
// that nobody uses.
func (s schema) dropOutdated(ctx context.Context, conn *pgx.Conn) error {
	const unused = `SELECT datname FROM pg_database
		WHERE (starts_with(datname, $1 || '_template_') OR starts_with(datname, $1 || '_clone_'))
		AND strpos(datname, $2) = 0 AND pg_try_advisory_lock(hashtextextended(datname, 0))`
	rows, _ := conn.Query(ctx, unused, s.name, s.hash)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := drop(ctx, conn, name); err != nil {
			return err
		}
	}
	return nil
}

// recreate makes a database as a copy of a template, anew if it is there.
func recreate(ctx context.Context, conn *pgx.Conn, name, template string) error {
	if err := drop(ctx, conn, name); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(template))
	return err
}

// drop removes a database if it is there, and whoever is connected to it.
func drop(ctx context.Context, conn *pgx.Conn, name string) error {
	_, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
	return err
}

func rename(ctx context.Context, conn *pgx.Conn, from, to string) error {
	_, err := conn.Exec(ctx, "ALTER DATABASE "+quote(from)+" RENAME TO "+quote(to))
	return err
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
