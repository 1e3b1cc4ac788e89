// Package live follows what changes in the database, so that every process
// knows of it within moments: by notification, and by asking now and then for
// when notifications are cut.
package live

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

const (
	pollEvery    = 5 * time.Second // how stale a process can be without notifications
	refreshLimit = 4 * time.Second // how long the database may take to tell its state
	retryAfter   = time.Second     // before listening again on a broken connection
)

// Now is what a process knows of the database's public state. Reading it costs
// nothing and never fails: with the database away it stays as it was.
type Now struct {
	store       *postgres.Store
	boards      *Boards
	generation  atomic.Int64
	publication atomic.Pointer[newsletter.Publication]
}

// New reads the current state.
func New(ctx context.Context, store *postgres.Store) (*Now, error) {
	now := &Now{store: store, boards: newBoards(store)}
	return now, now.Refresh(ctx)
}

// Boards returns who tells of changes on boards. It does while Follow runs, and
// takes no more streams after that.
func (n *Now) Boards() *Boards { return n.boards }

// Generation returns the number of the newest public state that is known of.
func (n *Now) Generation() int64 { return n.generation.Load() }

// Publication returns the publication's settings as of Generation.
func (n *Now) Publication() newsletter.Publication { return *n.publication.Load() }

// Refresh asks the database for the current state.
func (n *Now) Refresh(ctx context.Context) error {
	generation, err := n.store.Generation(ctx)
	if err != nil {
		return err
	}
	if generation == n.generation.Load() && n.publication.Load() != nil {
		return nil
	}
	publication, err := n.store.Publication(ctx)
	if err != nil {
		return err
	}
	n.publication.Store(&publication)
	n.generation.Store(generation)
	return nil
}

// Follow keeps the state current, and those who look at boards, until ctx ends.
// Nothing of it is left running when it returns, and all streams have ended. An outage gets a line in the log when it begins and one when
// it is over.
func (n *Now) Follow(ctx context.Context, log *slog.Logger) {
	wake := make(chan struct{}, 1)
	var listening sync.WaitGroup
	listening.Go(func() { n.listen(ctx, log, wake) })
	listening.Go(func() { n.boards.follow(ctx, log) })
	defer listening.Wait()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
		err := n.refreshSoon(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			log.Warn("the public state cannot be read; held pages go on being served", "error", err)
		case err == nil && failing:
			log.Info("the public state can be read again")
		}
		failing = err != nil
	}
}

// refreshSoon gives up on a database that is silent, or the follower would
// wait for as long as the operating system keeps the connection.
func (n *Now) refreshSoon(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, refreshLimit)
	defer cancel()
	return n.Refresh(ctx)
}

// listen wakes the follower at every notification of its own, and has the
// boards hear theirs, over and over on a new connection when one breaks.
func (n *Now) listen(ctx context.Context, log *slog.Logger, wake chan<- struct{}) {
	cut := false
	for {
		err := n.store.Listen(ctx, func(channel, payload string) {
			switch cut = false; channel {
			case postgres.DeskChannel:
				n.boards.hear(payload)
				return
			case "":
				n.boards.listening()
			}
			select {
			case wake <- struct{}{}:
			default: // it is about to look anyway
			}
		})
		if ctx.Err() != nil {
			return
		}
		if !cut {
			log.Warn("notifications are cut; asking every few seconds instead", "error", err)
			cut = true
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(retryAfter):
		}
	}
}
