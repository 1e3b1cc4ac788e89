package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"broadsheet/internal/newsletter"
)

// JobState says how far a background job has come, in River's words.
type JobState string

// The states of a job.
const (
	JobWaits    JobState = "available"
	JobRuns     JobState = "running"
	JobFailed   JobState = "retryable" // and will be tried again
	JobGaveUp   JobState = "discarded" // and waits for a person
	JobDone     JobState = "completed"
	JobLeftOver JobState = "cancelled" // nobody wants it any more
)

// Job is a piece of background work.
type Job struct {
	ID        int64
	Kind      string
	Args      []byte // as JSON; which, the package job says for each kind
	State     JobState
	Attempts  int
	CreatedAt time.Time
	NextAt    time.Time // when it is tried, or was last
	TriedAt   time.Time // zero before the first attempt
	Output    string    // what it said when it was done
	Error     string    // why it failed last
}

// inserts is a client of River that inserts into a transaction, and does nothing
// else.
var inserts = sync.OnceValues(func() (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(nil), &river.Config{Logger: slog.New(slog.DiscardHandler)})
})

// insertJob has a job done once the transaction is committed, and never if it is
// not. One that is there already is not inserted again.
func (s *Store) insertJob(ctx context.Context, args river.JobArgs) error {
	return s.withJobs(ctx, func(client *river.Client[pgx.Tx], tx pgx.Tx) error {
		_, err := client.InsertTx(ctx, tx, args, nil)
		return wrap(err, "insert a job: "+args.Kind())
	})
}

// withJobs runs do in the transaction, or in one of its own.
func (s *Store) withJobs(ctx context.Context, do func(*river.Client[pgx.Tx], pgx.Tx) error) error {
	client, err := inserts()
	if err != nil {
		return fmt.Errorf("make a client of River: %w", err)
	}
	if tx, inside := s.db.(pgx.Tx); inside {
		return do(client, tx)
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error { return do(client, tx) })
}

// JobClient returns a client of River that works on jobs with connections of the
// store's pool. It is the caller's to start.
func (s *Store) JobClient(config *river.Config) (*river.Client[pgx.Tx], error) {
	client, err := river.NewClient(riverpgxv5.New(s.pool), config)
	if err != nil {
		return nil, fmt.Errorf("make a client of River: %w", err)
	}
	return client, nil
}

// jobsShown is how many jobs a list holds at most.
const jobsShown = 50

// jobColumns are the fields of a Job. River puts its own word before the errors of
// jobs that end at once.
const jobColumns = `SELECT id, kind, args, state::text AS state, attempt AS attempts, created_at, scheduled_at AS next_at,
	coalesce(attempted_at, '0001-01-01Z') AS tried_at, coalesce(metadata->>'output', '') AS output,
	coalesce(replace(errors[cardinality(errors)]->>'error', 'JobCancelError: ', ''), '') AS error FROM river_job `

// OpenJobs returns the jobs that are not done: first those that gave up, then the
// newest, as many as a list holds.
func (s *Store) OpenJobs(ctx context.Context) ([]Job, error) {
	return collect[Job](ctx, s, "list the jobs", jobColumns+`
		WHERE state NOT IN ('completed', 'cancelled') ORDER BY state <> 'discarded', id DESC LIMIT $1`, jobsShown)
}

// JobsOf returns the newest jobs of a kind in every state, as many as a list
// holds.
func (s *Store) JobsOf(ctx context.Context, kind string) ([]Job, error) {
	return collect[Job](ctx, s, "list the jobs", jobColumns+"WHERE kind = $1 ORDER BY id DESC LIMIT $2", kind, jobsShown)
}

// GaveUp counts the jobs that have failed for good and wait for a person.
func (s *Store) GaveUp(ctx context.Context) (int, error) {
	var n int
	err := s.db.QueryRow(ctx, "SELECT count(*) FROM river_job WHERE state = 'discarded'").Scan(&n)
	return n, wrap(err, "look for jobs that gave up")
}

// DeskCounts returns how many items wait in the inbox, and how many jobs gave up.
func (s *Store) DeskCounts(ctx context.Context) (inbox, gaveUp int, err error) {
	err = s.db.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM items WHERE state = 'inbox'), (SELECT count(*) FROM river_job WHERE state = 'discarded')`).Scan(&inbox, &gaveUp)
	return inbox, gaveUp, wrap(err, "count what waits")
}

// RetryJob has a job that failed tried again at once. One that is done meanwhile,
// or about to be, is left alone. It is ErrNotFound when there is none.
func (s *Store) RetryJob(ctx context.Context, by newsletter.User, id int64) error {
	return s.changeJob(ctx, by, id, "try job again", func(client *river.Client[pgx.Tx], tx pgx.Tx, state JobState) (bool, error) {
		if state != JobFailed && state != JobGaveUp {
			return false, nil
		}
		_, err := client.JobRetryTx(ctx, tx, id)
		return true, err
	})
}

// DismissJob leaves a job that gave up undone. It is ErrNotFound when there is
// none; one in another state is left alone.
func (s *Store) DismissJob(ctx context.Context, by newsletter.User, id int64) error {
	return s.changeJob(ctx, by, id, "leave job undone", func(_ *river.Client[pgx.Tx], tx pgx.Tx, state JobState) (bool, error) {
		if state != JobGaveUp {
			return false, nil
		}
		_, err := tx.Exec(ctx, "UPDATE river_job SET state = 'cancelled' WHERE id = $1", id)
		return true, err
	})
}

// changeJob changes a job that nobody works on meanwhile, and records it as a deed
// when change says that it has.
func (s *Store) changeJob(ctx context.Context, by newsletter.User, id int64, action string, change func(*river.Client[pgx.Tx], pgx.Tx, JobState) (bool, error)) error {
	if err := newsletter.Allow(by, newsletter.SeeActivity, newsletter.Object{}); err != nil {
		return err
	}
	return s.withJobs(ctx, func(client *river.Client[pgx.Tx], tx pgx.Tx) error {
		var kind string
		var state JobState
		err := tx.QueryRow(ctx, "SELECT kind, state::text FROM river_job WHERE id = $1 FOR UPDATE", id).Scan(&kind, &state)
		if err != nil {
			return wrap(err, action)
		}
		changed, err := change(client, tx, state)
		if err != nil || !changed {
			return wrap(err, action)
		}
		within := &Store{db: tx, pool: s.pool}
		return within.AuditBy(ctx, by, action, fmt.Sprintf("%s %d", kind, id))
	})
}
