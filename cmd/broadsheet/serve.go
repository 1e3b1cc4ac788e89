package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/live"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
	"broadsheet/internal/server"
	"broadsheet/internal/site"
	"broadsheet/internal/worker"
	"broadsheet/migrations"
)

// statementTimeout bounds every statement made for a request.
const statementTimeout = 4 * time.Second

type serveCommand struct {
	webSettings
	databaseSettings
	logSettings
	Migrate   bool `help:"Bring the schema up to date first; with --migrate=false refuse to start instead." default:"true" negatable:"" env:"BROADSHEET_MIGRATE"`
	AllowDemo bool `help:"Serve a database that holds the demo." env:"BROADSHEET_ALLOW_DEMO"`
}

// Run serves until it is told to stop.
func (c serveCommand) Run(ctx context.Context, out *output) error {
	log := c.logger(out.stderr, slog.LevelInfo)
	return untilStopped(ctx, log, func() error { return c.run(ctx, log, out) })
}

func (c serveCommand) run(ctx context.Context, log *slog.Logger, out *output) error {
	go site.Warm()
	db, err := c.open(ctx, ownDatabase, statementTimeout, log)
	if err != nil {
		return err
	}
	defer db.close()
	if err := c.prepare(ctx, db, log); err != nil {
		return err
	}
	demo, err := postgres.New(db.Pool).Demo(ctx)
	if err != nil {
		return err
	}
	if demo && !c.AllowDemo {
		return errors.New("this database holds the demo newsletter; give another with --database-url, or say --allow-demo")
	}
	return c.serve(ctx, db, log, out, func(base address.Base) error { return offerSetUp(ctx, db, out, base) })
}

// offerSetUp prints the one-time set-up address of the owner while there are
// no people.
func offerSetUp(ctx context.Context, db *database, out *output, base address.Base) error {
	secret, err := postgres.New(db.Pool).NewSetUpLink(ctx)
	if err == nil && secret != "" {
		fmt.Fprintf(out.stdout, "nobody has an account yet; become the owner at %s (works once, for a day)\n",
			base.Absolute(address.SetUpLink(secret)))
	}
	return err
}

// prepare migrates, or makes sure that nothing is to be migrated.
func (c serveCommand) prepare(ctx context.Context, db *database, log *slog.Logger) error {
	if !c.Migrate {
		return migrations.Check(ctx, db.Pool)
	}
	return migrate(ctx, db, log)
}

func migrate(ctx context.Context, db *database, log *slog.Logger) error {
	applied, err := migrations.Up(ctx, db.Pool)
	if len(applied) > 0 {
		log.Info("migrated", "steps", applied)
	}
	return err
}

// untilStopped does what a serving command does. What fails because it was told
// to stop is no failure.
func untilStopped(ctx context.Context, log *slog.Logger, do func() error) error {
	err := do()
	if err != nil && ctx.Err() != nil {
		log.Info("stopped", "while", err)
		return nil
	}
	return err
}

// serve listens, says so, and serves until ctx ends. ready is called with the
// public address before the first request.
func (s webSettings) serve(ctx context.Context, db *database, log *slog.Logger, out *output, ready func(address.Base) error) error {
	proxies, err := s.proxies()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; choose another address with --listen", s.Listen, cause(err))
	}
	defer listener.Close()
	base, err := s.base(listener.Addr())
	if err != nil {
		return err
	}
	store := postgres.New(db.Pool)
	now, err := live.New(ctx, store)
	if err != nil {
		return err
	}
	handler, err := server.Router(server.Options{
		Store: store, Now: now, Base: base, Log: log, AccessLog: s.AccessLog, TrustedProxies: proxies, PrivateWebhook: s.private(base),
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var following sync.WaitGroup
	following.Go(func() { now.Follow(ctx, log) })
	following.Go(func() { publish.Keep(ctx, store, log) })
	following.Go(func() {
		worker.Run(ctx, worker.Options{Store: store, Base: base, Log: log, Private: s.private(base)})
	})
	defer following.Wait() // other processes hear that this one has stopped
	defer stop()
	if err := ready(base); err != nil {
		return err
	}
	fmt.Fprintf(out.stdout, "listening on http://%s\n", listener.Addr())
	return server.Run(ctx, listener, handler, log)
}

// cause is the innermost reason of a network error, such as "address already
// in use".
func cause(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}
