package worker

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/exchange"
	"broadsheet/internal/job"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// patience is how long a test waits for what should happen.
const patience = 15 * time.Second

// world is a publication whose webhook is a server of the test's.
type world struct {
	t       *testing.T
	pool    *pgxpool.Pool
	store   *postgres.Store
	osman   newsletter.User
	secret  []byte
	hook    *httptest.Server
	got     chan delivery
	log     journal
	private bool // the worker may send to the server

	mu     sync.Mutex
	answer http.HandlerFunc // what the server does after it has noted a message; nil: 204
}

// delivery is a message as it arrived.
type delivery struct {
	header http.Header
	body   []byte
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, pool: pgtest.New(t), got: make(chan delivery, 100), private: true}
	w.store = postgres.New(w.pool)
	publication := newslettertest.Publication()
	_, err := publish.Import(t.Context(), w.store, exchange.Document{Publication: &publication, Issues: []newsletter.Issue{newslettertest.Issue(139)}, Complete: true}, "test")
	w.must(err)
	w.osman = newsletter.User{Name: "Osman", Email: "osman@letter.example", Role: newsletter.Owner}
	w.osman.ID, err = w.store.AddUser(t.Context(), w.osman, "")
	w.must(err)
	w.hook = httptest.NewServer(http.HandlerFunc(w.receive))
	t.Cleanup(w.hook.Close)
	w.secret, err = w.store.SetWebhook(t.Context(), w.osman, w.hook.URL+"/hook")
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) receive(to http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.got <- delivery{r.Header, body}
	w.mu.Lock()
	answer := w.answer
	w.mu.Unlock()
	if answer == nil {
		to.WriteHeader(http.StatusNoContent)
		return
	}
	answer(to, r)
}

// answers has the server answer with a status from now on.
func (w *world) answers(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = func(to http.ResponseWriter, _ *http.Request) { to.WriteHeader(status) }
}

// work runs a process's worker until the test ends, or until stop is called,
// which waits for it.
func (w *world) work() (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		Run(ctx, Options{
			Store: w.store, Base: "https://letter.example", Private: w.private, every: 100 * time.Millisecond,
			Log: slog.New(slog.NewTextHandler(&w.log, nil)),
		})
	})
	stop = func() { cancel(); running.Wait() }
	w.t.Cleanup(stop)
	return stop
}

// next returns the next message that arrives.
func (w *world) next() delivery {
	w.t.Helper()
	select {
	case d := <-w.got:
		return d
	case <-time.After(patience):
		w.t.Fatalf("nothing arrived; the log says\n%s", w.log.String())
		panic("unreachable")
	}
}

// until waits for the only job to be in a state, and returns it.
func (w *world) until(state postgres.JobState, attempts int) postgres.Job {
	w.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		jobs, err := w.store.JobsOf(w.t.Context(), job.WebhookKind)
		w.must(err)
		if len(jobs) == 1 && jobs[0].State == state && jobs[0].Attempts == attempts && (jobs[0].Error != "" || state == postgres.JobDone) {
			return jobs[0]
		}
		select {
		case <-deadline:
			w.t.Fatalf("the jobs are %+v, want one that is %s after %d attempts", jobs, state, attempts)
		case <-tick.C:
		}
	}
}

// hasten has what is tried again later tried now, in a state: those that are
// retryable are taken by the process that leads, within 5 seconds.
func (w *world) hasten(state postgres.JobState) {
	w.t.Helper()
	_, err := w.pool.Exec(w.t.Context(), "UPDATE river_job SET state = $1::river_job_state, scheduled_at = now()", state)
	w.must(err)
}

// journal is a log to look into while it is written.
type journal struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.String()
}

func TestTheWorkerStopsAndSaysNothingOfItself(t *testing.T) {
	w := newWorld(t)
	stop := w.work()
	w.must(w.store.TestWebhook(t.Context(), w.osman))
	w.next()
	w.until(postgres.JobDone, 1)
	stop()
	if said := w.log.String(); said != "" {
		t.Errorf("it says\n%s", said)
	}
}

// TestAJobThatIsCutOffIsDoneAgain stops a process whose message is not answered.
func TestAJobThatIsCutOffIsDoneAgain(t *testing.T) {
	w := newWorld(t)
	w.mu.Lock()
	w.answer = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	w.mu.Unlock()
	stop := w.work()
	w.must(publish.Withdraw(t.Context(), w.store, w.osman, 139))
	first := w.next()
	stop()
	jobs, err := w.store.JobsOf(t.Context(), job.WebhookKind)
	w.must(err)
	if jobs[0].State != postgres.JobWaits || jobs[0].Attempts != 0 || jobs[0].Error != "" {
		t.Errorf("it is %+v", jobs[0])
	}
	w.answers(http.StatusOK)
	w.work()
	if again := w.next(); again.header.Get("webhook-id") != first.header.Get("webhook-id") || !bytes.Equal(again.body, first.body) {
		t.Errorf("the second message is %v %s, the first %v %s", again.header, again.body, first.header, first.body)
	}
	w.until(postgres.JobDone, 1)
}

// TestWhatRiverSaysIsSaidOnce holds that a log can be read while the database is
// away.
func TestWhatRiverSaysIsSaidOnce(t *testing.T) {
	var log journal
	quiet := slog.New(&quiet{Handler: slog.NewTextHandler(&log, nil), said: &said{}}).With("client_id", "a")
	for range 50 {
		quiet.Error("Producer: Error fetching jobs")
		quiet.Info("River client started")
	}
	if said := log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, `msg="background work: Producer: Error fetching jobs" client_id=a`) {
		t.Errorf("it says\n%s", said)
	}
}

// TestAJobOfAKilledProcessIsDoneByAnother has one that began two minutes ago, of
// which nobody has heard since.
func TestAJobOfAKilledProcessIsDoneByAnother(t *testing.T) {
	w := newWorld(t)
	w.must(publish.Withdraw(t.Context(), w.store, w.osman, 139))
	_, err := w.pool.Exec(t.Context(), "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now() - interval '2 minutes', attempted_by = '{killed}'")
	w.must(err)
	w.work()
	w.next()
	w.until(postgres.JobDone, 2)
}
