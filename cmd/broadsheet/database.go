package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/localpg"
	"broadsheet/internal/postgres"
)

// databaseSettings say which database a command works on.
type databaseSettings struct {
	DatabaseURL string `name:"database-url" help:"The PostgreSQL database. Without one a private PostgreSQL is used." env:"BROADSHEET_DATABASE_URL,DATABASE_URL" placeholder:"URL"`
	DataDir     string `name:"data-dir" help:"Where the private PostgreSQL keeps its data. Default: .data here; as root a folder of /var/lib/broadsheet." env:"BROADSHEET_DATA_DIR" placeholder:"DIR"`
}

// database is an open database and what has to be closed after it.
type database struct {
	*pgxpool.Pool
	dir    string // data folder of the private PostgreSQL, or ""
	server *localpg.Server
}

// open opens the database: the one of the URL, which is never replaced by
// another, or the named one of the private PostgreSQL. statementTimeout bounds
// each statement; 0 does not.
func (s databaseSettings) open(ctx context.Context, name string, statementTimeout time.Duration, log *slog.Logger) (*database, error) {
	options := postgres.Options{StatementTimeout: statementTimeout}
	if s.DatabaseURL != "" {
		pool, err := postgres.Open(ctx, s.DatabaseURL, options)
		if err != nil {
			return nil, unreachable(s.DatabaseURL, err)
		}
		return &database{Pool: pool}, nil
	}
	dir := s.DataDir
	if dir == "" {
		dir = localpg.DefaultDir()
	}
	server, err := localpg.Start(ctx, localpg.Options{Dir: dir, Logger: log})
	if err != nil {
		return nil, err
	}
	pool, err := openIn(ctx, server, name, options)
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return &database{pool, dir, server}, nil
}

func openIn(ctx context.Context, server *localpg.Server, name string, options postgres.Options) (*pgxpool.Pool, error) {
	if err := server.EnsureDatabase(ctx, name); err != nil {
		return nil, err
	}
	return postgres.Open(ctx, server.URL(name), options)
}

// close closes the connections and, as the last process using it, the private
// PostgreSQL.
func (d *database) close() {
	d.Pool.Close()
	if d.server != nil {
		_ = d.server.Close() // its log says why
	}
}

// unreachable says in one line why the database of a URL is of no use, without
// its password.
func unreachable(raw string, err error) error {
	where := "the database URL"
	if u, parseErr := url.Parse(raw); parseErr == nil && u.Host != "" {
		where = "the database at " + u.Host + u.Path
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return fmt.Errorf("%s refused the connection (%s); check user, password and database name in the database URL", where, refused.Message)
	}
	if u, parseErr := url.Parse(raw); parseErr != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return errors.New("the database URL cannot be read; it looks like postgres://user:password@host:5432/database")
	}
	return fmt.Errorf("%s does not answer; start it, or leave the database URL away to use a private PostgreSQL", where)
}
