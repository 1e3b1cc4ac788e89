package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"regexp"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	instances = 4
	perSecond = 5    // issues that are due in one second
	firstDue  = 1001 // number of the issue that is due first
)

// storm is how much of it there is.
type storm struct {
	issues int
	calm   int // issues that are out before the first kill
	kills  int
	inside int // kills in the middle of a transaction that writes

	// How late an issue may be before the first kill, and after it.
	undisturbed, disturbed time.Duration
}

// The usual check is for mistakes, on machines that do much else at the time:
// it is lenient about seconds. The long one is not.
var (
	shortStorm = storm{issues: 40, calm: 10, kills: 8, inside: 2, undisturbed: 20 * time.Second, disturbed: 30 * time.Second}
	longStorm  = storm{issues: 2000, calm: 200, kills: 200, inside: 50, undisturbed: 2 * time.Second, disturbed: 5 * time.Second}
)

// TestKilledWhilePublishing has four instances publish scheduled issues, kills
// them at random moments, some for sure in the middle of a transaction, and
// starts each again at once, while a reader looks at all that readers get of
// every instance. In the end each issue was published once, whole, under its
// number, and in time.
func TestKilledWhilePublishing(t *testing.T) {
	t.Parallel()
	size := shortStorm
	if os.Getenv("BROADSHEET_LONG") != "" {
		size = longStorm
	}
	server := newOwnServer(t, true)
	pool := server.pool(t)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("the seed is %d", seed)
	plan := makeDrafts(t, pool, random, size.issues)
	fleet := newFleet(t, server, pool)
	plan.schedule(t, pool)

	ctx, stop := context.WithCancel(t.Context())
	r := &reader{plan: plan, fleet: fleet, random: rand.New(rand.NewPCG(seed, 1))}
	var reading sync.WaitGroup
	reading.Go(func() { r.read(ctx, t) })
	watch := newWatch(plan, fleet, pool)
	reading.Go(func() { watch.look(ctx, t) })
	plan.await(t, pool, size.calm)
	calm := plan.out(t, pool)
	kills := fleet.kill(t, random, size)
	plan.await(t, pool, size.issues)
	eventually(t, "a reader has had every issue", func() bool { return watch.left.Load() == 0 })
	stop()
	reading.Wait()
	r.readAll(t)

	plan.hold(t, pool)
	plan.holdLateness(t, watch.got, calm, size)
	inside := fleet.inside(t)
	t.Logf("%d kills, %d of them in a transaction that wrote; the reader had %d answers", kills, inside, r.answers)
	if kills < size.kills || inside < size.inside {
		t.Errorf("%d kills, %d inside a transaction; want %d and %d", kills, inside, size.kills, size.inside)
	}
}

// fleet is the program, running several times.
type fleet struct {
	server *ownServer
	pool   *pgxpool.Pool
	ships  [instances]ship
	hit    map[string]bool // PostgreSQL processes that were in a transaction that writes when their ship was killed
}

// ship is one place in the fleet. Its processes have a PostgreSQL role of their
// own, so that their connections are known.
type ship struct {
	role    string
	process *process
	address atomic.Pointer[string] // of the process, once it listens
}

func newFleet(t *testing.T, server *ownServer, pool *pgxpool.Pool) *fleet {
	t.Helper()
	f := &fleet{server: server, pool: pool, hit: map[string]bool{}}
	for k := range f.ships {
		f.ships[k].role = fmt.Sprintf("instance_%d", k)
		if _, err := pool.Exec(t.Context(), "CREATE ROLE "+f.ships[k].role+" SUPERUSER LOGIN"); err != nil {
			t.Fatal(err)
		}
		f.launch(t, &f.ships[k])
	}
	return f
}

// launch starts a ship's process and waits until it listens.
func (f *fleet) launch(t *testing.T, s *ship) {
	t.Helper()
	database, err := url.Parse(f.server.url())
	if err != nil {
		t.Fatal(err)
	}
	database.User = url.User(s.role)
	s.process = serve(t, database.String(), "--migrate=false")
	s.address.Store(new(s.process.address(t)))
}

// kill kills ships and launches them again until there were enough of both
// kinds of kills, or of all when everything is out. It returns how many there
// were.
func (f *fleet) kill(t *testing.T, random *rand.Rand, size storm) (kills int) {
	t.Helper()
	for left := true; kills < size.kills || left && f.inside(t) < size.inside; {
		var s *ship
		var writers []string
		if left && kills%2 == 0 {
			s, writers = f.catch(t)
			left = s != nil
		}
		if s == nil {
			<-time.After(time.Duration(random.Int64N(int64(time.Second)))) // any moment
			s = &f.ships[random.IntN(instances)]
			writers = f.freeze(t, s)
		}
		if err := s.process.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-s.process.ended
		kills++
		for _, pid := range writers {
			f.hit[pid] = true
		}
		f.launch(t, s)
	}
	return kills
}

// inside counts the kills in the middle of a transaction that writes, by what
// PostgreSQL says of them in its log.
func (f *fleet) inside(t *testing.T) (kills int) {
	t.Helper()
	for _, line := range f.server.logLines(t, "unexpected EOF on client connection with an open transaction") {
		if pid := logPID.FindStringSubmatch(line); pid != nil && f.hit[pid[1]] {
			kills++
		}
	}
	return kills
}

// logPID finds the process in a line of PostgreSQL's log.
var logPID = regexp.MustCompile(`\[(\d+)\]`)

// catch waits until a ship is in the middle of a transaction that writes, and
// freezes it there; nil when nothing is left to be published.
func (f *fleet) catch(t *testing.T) (*ship, []string) {
	t.Helper()
	for {
		for k := range f.ships {
			if len(f.writers(t, &f.ships[k])) == 0 {
				continue
			}
			if writers := f.freeze(t, &f.ships[k]); len(writers) > 0 {
				return &f.ships[k], writers
			}
			if err := f.ships[k].process.cmd.Process.Signal(syscall.SIGCONT); err != nil { // too late
				t.Fatal(err)
			}
		}
		var left bool
		if err := f.pool.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM issues WHERE state = 'scheduled')").Scan(&left); err != nil {
			t.Fatal(err)
		}
		if !left {
			return nil, nil
		}
	}
}

// freeze stops a ship where it is and returns its writers.
func (f *fleet) freeze(t *testing.T, s *ship) []string {
	t.Helper()
	if err := s.process.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	return f.writers(t, s)
}

// writers are the PostgreSQL processes that wait for a ship to go on with a
// transaction that has locked or written something.
func (f *fleet) writers(t *testing.T, s *ship) (pids []string) {
	t.Helper()
	err := f.pool.QueryRow(t.Context(), `
		SELECT coalesce(array_agg(pid::text), '{}') FROM pg_stat_activity
		WHERE usename = $1 AND state = 'idle in transaction' AND backend_xid IS NOT NULL`, s.role).Scan(&pids)
	if err != nil {
		t.Fatal(err)
	}
	return pids
}
