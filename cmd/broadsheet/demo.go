package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"

	"broadsheet/internal/address"
	"broadsheet/internal/exchange"
	"broadsheet/internal/install"
	"broadsheet/internal/localpg"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
	"broadsheet/migrations"
)

// demoDatabase is the demo's database in the private PostgreSQL.
const demoDatabase = "broadsheet_demo"

// demoPublication is the invented newsletter, as an export.
//
//go:embed demo.jsonl
var demoPublication []byte

type demoCommand struct {
	webSettings
	logSettings
	DatabaseURL string `name:"database-url" help:"Another server's database for the demo. Only this flag does it; the environment is not looked at." placeholder:"URL"`
	DataDir     string `name:"data-dir" help:"Where the private PostgreSQL keeps its data. Default: .data here; as root a folder of /var/lib/broadsheet." env:"BROADSHEET_DATA_DIR" placeholder:"DIR"`
	Install     bool   `help:"Install PostgreSQL's programs without asking when the machine lacks them."`
	Fresh       bool   `help:"Forget what was changed in the demo and start afresh."`
}

// Run brings up everything a newcomer needs and serves the demo.
func (c demoCommand) Run(ctx context.Context, out *output) error {
	log := c.logger(out.stderr, slog.LevelInfo)
	return untilStopped(ctx, log, func() error { return c.run(ctx, log, out) })
}

func (c demoCommand) run(ctx context.Context, log *slog.Logger, out *output) error {
	if err := c.loopback(); err != nil {
		return err
	}
	if err := c.providePostgreSQL(out); err != nil {
		return err
	}
	db, err := databaseSettings{c.DatabaseURL, c.DataDir}.open(ctx, demoDatabase, statementTimeout, log)
	if err != nil {
		return err
	}
	defer db.close()
	if err := c.load(ctx, db, log); err != nil {
		return err
	}
	return c.serve(ctx, db, log, out, func(base address.Base) error { c.greet(out, db, base); return nil })
}

// loopback refuses to show the demo to a network.
func (c demoCommand) loopback() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return wrongWords(fmt.Sprintf("--listen: %q is not an address such as 127.0.0.1:8080", c.Listen))
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return wrongWords(fmt.Sprintf("the demo is served on this machine only; %q is not 127.0.0.1, ::1 or localhost", host))
	}
	return nil
}

// providePostgreSQL installs PostgreSQL's programs where they are missing and
// may be installed. What is missing otherwise is said when they are needed.
func (c demoCommand) providePostgreSQL(out *output) error {
	missing := install.Missing([]install.Need{install.PostgreSQL(localpg.Find)})
	if c.DatabaseURL != "" || len(missing) == 0 || !install.Allowed(c.Install, missing, os.Stdin, out.stderr) {
		return nil
	}
	return install.Run(missing, out.stderr)
}

// load migrates and puts the demo into a database that holds nothing yet, in
// one transaction. A database with a newsletter of its own is left alone.
func (c demoCommand) load(ctx context.Context, db *database, log *slog.Logger) error {
	if err := migrate(ctx, db, log); err != nil {
		return err
	}
	if c.Fresh {
		if err := c.forget(ctx, db, log); err != nil {
			return err
		}
	}
	doc, err := exchange.Read(bytes.NewReader(demoPublication), exchange.FormatJSONL)
	if err != nil {
		return fmt.Errorf("read the demo: %w", err)
	}
	return postgres.New(db.Pool).Tx(ctx, func(tx *postgres.Store) error {
		if err := tx.LockPublication(ctx); err != nil {
			return err
		}
		if demo, err := tx.Demo(ctx); demo || err != nil {
			return err
		}
		if untouched, err := tx.Untouched(ctx); err != nil || !untouched {
			return errors.Join(err, errors.New("this database holds a newsletter of its own; give the demo an empty one"))
		}
		if err := addDemoPeople(ctx, tx); err != nil {
			return err
		}
		if _, err := publish.Import(ctx, tx, doc, "demo"); err != nil {
			return fmt.Errorf("load the demo: %w", err)
		}
		if err := addDemoDesk(ctx, tx); err != nil {
			return err
		}
		return tx.MarkDemo(ctx)
	})
}

// forget empties a database that holds the demo, and no other.
func (c demoCommand) forget(ctx context.Context, db *database, log *slog.Logger) error {
	demo, err := postgres.New(db.Pool).Demo(ctx)
	if err != nil || !demo {
		return err
	}
	if err := migrations.Down(ctx, db.Pool); err != nil {
		return err
	}
	return migrate(ctx, db, log)
}

// greet tells a newcomer where everything is.
func (c demoCommand) greet(out *output, db *database, base address.Base) {
	data := "in the database you named"
	if db.dir != "" {
		data = fmt.Sprintf("in %s, database %s", db.dir, demoDatabase)
	}
	fmt.Fprintf(out.stdout, `The Quiet Pager, an invented newsletter, to look around in.

  read it       %s
  its desk      %s, password "%s":
%s  its data      %s
  start afresh  the same command with --fresh
  stop          Ctrl C

`, base, base.Absolute(address.SignIn), demoPassword, signIns(), data)
}
