package site

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/exchange"
	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// world is a site on a database of its own.
type world struct {
	t      *testing.T
	store  *postgres.Store
	now    *live.Now
	site   *Site
	router chi.Router
}

// newWorld returns a site with the given issues, or an empty publication.
func newWorld(t *testing.T, issues ...newsletter.Issue) *world {
	t.Helper()
	return worldOn(t, pgtest.New(t), issues...)
}

func worldOn(t *testing.T, pool *pgxpool.Pool, issues ...newsletter.Issue) *world {
	t.Helper()
	w := &world{t: t, store: postgres.New(pool), router: chi.NewRouter()}
	publication := newslettertest.Publication()
	w.load(exchange.Document{Publication: &publication, Issues: issues, Complete: true})
	now, err := live.New(t.Context(), w.store)
	if err != nil {
		t.Fatal(err)
	}
	w.now = now
	w.site = New(Options{Store: w.store, Now: now, Base: "https://letter.example", Log: slog.New(slog.DiscardHandler)})
	w.site.Routes(w.router)
	return w
}

func (w *world) load(doc exchange.Document) {
	w.t.Helper()
	report, err := publish.Import(w.t.Context(), w.store, doc, "test")
	if err != nil {
		w.t.Fatalf("import: %v, %v", err, report)
	}
}

// publish imports more issues and lets the site know, as a notification would.
func (w *world) publish(issues ...newsletter.Issue) {
	w.t.Helper()
	w.load(exchange.Document{Issues: issues, Complete: true})
	if err := w.now.Refresh(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) ask(method, target string, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/", nil)
	path, query, _ := strings.Cut(target, "?")
	r.URL.RawQuery = query
	r.URL.Path = path
	if strings.Contains(path, "%") {
		parsed, err := r.URL.Parse(target)
		if err != nil {
			w.t.Fatal(err)
		}
		r.URL = parsed
	}
	if header != nil {
		r.Header = header
	}
	recorder := httptest.NewRecorder()
	w.router.ServeHTTP(recorder, r)
	return recorder
}

// get returns the page at an address, which must be there.
func (w *world) get(target string) string {
	w.t.Helper()
	answer := w.ask(http.MethodGet, target, nil)
	if answer.Code != http.StatusOK {
		w.t.Fatalf("%s: %d\n%s", target, answer.Code, answer.Body)
	}
	return answer.Body.String()
}

// holds fails unless the page at an address holds all of the texts.
func (w *world) holds(target string, texts ...string) {
	w.t.Helper()
	body := w.get(target)
	for _, text := range texts {
		if !strings.Contains(body, text) {
			w.t.Errorf("%s lacks %q", target, text)
		}
	}
	if w.t.Failed() {
		w.t.Log(body)
	}
}

// cable is a connection to the database that can be cut and mended.
type cable struct {
	pool *pgxpool.Pool
	cut  atomic.Bool
}

func newCable(t *testing.T) *cable {
	t.Helper()
	config := pgtest.New(t).Config().Copy()
	c := &cable{}
	dial := config.ConnConfig.DialFunc
	config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if c.cut.Load() {
			return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("cut")}
		}
		return dial(ctx, network, address)
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	c.pool = pool
	return c
}

// Cut ends all connections and lets no new one through.
func (c *cable) Cut() {
	c.cut.Store(true)
	c.pool.Reset()
}
