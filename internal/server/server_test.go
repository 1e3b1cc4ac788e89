package server_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/address"
	"broadsheet/internal/exchange"
	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
	"broadsheet/internal/server"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const base address.Base = "https://weekly.example"

// program is everything that serves, as the commands put it together.
type program struct {
	chi.Router
	name  string // of its connections
	url   string // of its database
	pool  *pgxpool.Pool
	line  *line // to the database
	store *postgres.Store
	now   *live.Now
	log   *journal
}

// start returns a program on the database at url. change may change its
// options, or be nil.
func start(t testing.TB, url string, change func(*server.Options)) *program {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{name: "program " + rand.Text(), url: url, line: newLine(config.ConnConfig), log: &journal{}}
	config.ConnConfig.RuntimeParams["application_name"] = p.name
	config.ConnConfig.ConnectTimeout = 5 * time.Second // as the program has it
	config.MaxConns = 4
	if p.pool, err = pgxpool.NewWithConfig(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.line.be(cut); p.pool.Close() })
	p.store = postgres.New(p.pool)
	if p.now, err = live.New(t.Context(), p.store); err != nil {
		t.Fatal(err)
	}
	o := server.Options{Store: p.store, Now: p.now, Base: base, Log: slog.New(slog.NewJSONHandler(p.log, nil))}
	if change != nil {
		change(&o)
	}
	if p.Router, err = server.Router(o); err != nil {
		t.Fatal(err)
	}
	return p
}

// filled returns the address of a database with the issues 100 to 102, the
// withdrawn issue 99, and an old address.
func filled(t testing.TB) string {
	t.Helper()
	url := pgtest.URL(t)
	publication, withdrawn := newslettertest.Publication(), newslettertest.Issue(99)
	withdrawn.State = newsletter.Withdrawn
	bring(t, url, exchange.Document{
		Complete: true, Publication: &publication,
		Issues:    []newsletter.Issue{withdrawn, newslettertest.Issue(100), newslettertest.Issue(101), newslettertest.Issue(102)},
		Redirects: []newsletter.Redirect{{From: "/old/address.html", To: "/issues/100"}},
	})
	return url
}

// bring imports a document from outside of all programs.
func bring(t testing.TB, url string, doc exchange.Document) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := publish.Import(t.Context(), postgres.New(pool), doc, "test"); err != nil {
		t.Fatal(err)
	}
}

// ask sends a request; headers are names and values in turn.
func (p *program) ask(method, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return p.answer(r)
}

func (p *program) get(target string, headers ...string) *httptest.ResponseRecorder {
	return p.ask(http.MethodGet, target, headers...)
}

func (p *program) answer(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w
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

// read returns the lines since it was last called.
func (j *journal) read(t *testing.T) []map[string]any {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []map[string]any
	for line := range strings.Lines(j.lines.String()) {
		fields := map[string]any{}
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("the line %q: %v", line, err)
		}
		all = append(all, fields)
	}
	j.lines.Reset()
	return all
}

// eventually waits until done says so, and asks it every few milliseconds.
func eventually(t *testing.T, what string, within time.Duration, done func() bool) {
	t.Helper()
	deadline := time.After(within)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-deadline:
			t.Fatalf("not within %s: %s", within, what)
		case <-tick.C:
		}
	}
}
