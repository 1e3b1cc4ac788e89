// Package worker does background jobs: River takes them out of the database, in
// as many processes as there are, and each is done by one of them.
package worker

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"broadsheet/internal/address"
	"broadsheet/internal/fetch"
	"broadsheet/internal/postgres"
)

// Options are what the workers need.
type Options struct {
	Store   *postgres.Store
	Base    address.Base
	Log     *slog.Logger
	Private bool // messages may go to addresses that are not public

	every time.Duration // between looks for jobs; 0: a second
}

const (
	// atOnce is how many jobs one process does at a time. They wait for other
	// people's servers and hold no connection of the pool meanwhile.
	atOnce = 4

	// every is how often each process looks for jobs. It asks, and does not
	// listen: a connection that listens would be one less of a small pool.
	every = time.Second

	// timeout is how long a job may take: longer than what it asks of others.
	timeout = 30 * time.Second

	// rescueAfter is how long after its beginning a job counts as left by a
	// process that was killed.
	rescueAfter = time.Minute

	// stopWithin is how long jobs may go on when the process stops; after that
	// they are cut off, and done again by another. It is less than requests get.
	stopWithin = 5 * time.Second

	// keepFor is how long jobs that are done, or that nobody wants any more,
	// stand in the owner's lists.
	keepFor = 90 * 24 * time.Hour

	// retryAfter is how long a process waits that could not begin.
	retryAfter = time.Second
)

// Run does jobs until ctx ends. What has begun by then is finished within a few
// seconds, or cut off. Without a database it tries over and over.
func Run(ctx context.Context, o Options) {
	failing := false
	for ctx.Err() == nil {
		client, err := o.Store.JobClient(o.config())
		if err == nil {
			err = client.Start(ctx)
		}
		if err == nil {
			<-client.Stopped()
			return
		}
		if !failing && ctx.Err() == nil {
			o.Log.Error("background work does not begin; it is tried each second", "error", err)
		}
		failing = true
		select {
		case <-ctx.Done():
		case <-time.After(retryAfter):
		}
	}
}

// config says how jobs are done, and knows every kind of job.
func (o Options) config() *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, &webhook{store: o.Store, base: o.Base, log: o.Log, fetch: fetch.New(o.Private)})
	return &river.Config{
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: atOnce}},
		Workers:                     workers,
		Logger:                      slog.New(&quiet{Handler: o.Log.Handler(), said: &said{}}),
		PollOnly:                    true,
		FetchPollInterval:           cmp.Or(o.every, every),
		JobTimeout:                  timeout,
		RescueStuckJobsAfter:        rescueAfter,
		SoftStopTimeout:             stopWithin,
		CompletedJobRetentionPeriod: keepFor,
		CancelledJobRetentionPeriod: keepFor,
		DiscardedJobRetentionPeriod: -1,         // they wait for a person
		ReindexerIndexNames:         []string{}, // a few rows
	}
}
