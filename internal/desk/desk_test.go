package desk

import (
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/exchange"
	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/page"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// world is a desk on a database of its own, with a person of each role.
type world struct {
	t      testing.TB
	pool   *pgxpool.Pool
	store  *postgres.Store
	now    *live.Now
	desk   *Desk
	router chi.Router

	tove, emil, ines, osman newsletter.User // contributor, editor, curator, owner
}

// newWorld returns the desk of a publication with the given printed issues.
func newWorld(t testing.TB, issues ...newsletter.Issue) *world {
	t.Helper()
	w := &world{t: t, pool: pgtest.New(t), router: chi.NewRouter()}
	w.store = postgres.New(w.pool)
	publication := newslettertest.Publication()
	_, err := publish.Import(t.Context(), w.store, exchange.Document{Publication: &publication, Issues: issues, Complete: true}, "test")
	must(t, err)
	w.now, err = live.New(t.Context(), w.store)
	must(t, err)
	w.tove, w.emil = w.person("Tove", newsletter.Contributor), w.person("Emil", newsletter.Editor)
	w.ines, w.osman = w.person("Ines", newsletter.Curator), w.person("Osman", newsletter.Owner)
	log := slog.New(slog.DiscardHandler)
	errors := page.Errors{Log: log}
	w.desk = New(Options{Store: w.store, Now: w.now, Base: "https://letter.example", Log: log, Errors: errors})
	w.desk.clock = func() time.Time { return time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC) }
	for _, route := range w.desk.Routes() {
		w.router.Method(route.Method, route.Pattern, errors.Handle(route.Handler))
	}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) person(name string, role newsletter.Role) newsletter.User {
	w.t.Helper()
	u := newsletter.User{Name: name, Email: strings.ToLower(name) + "@letter.example", Role: role}
	must(w.t, w.pool.QueryRow(w.t.Context(), "INSERT INTO people (email, name, role) VALUES ($1, $2, $3) RETURNING id", u.Email, name, role).Scan(&u.ID))
	return u
}

// answer is what the desk said.
type answer struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
}

// get asks for a page as somebody.
func (w *world) get(by newsletter.User, target string) answer {
	return w.ask(by, httptest.NewRequest(http.MethodGet, target, nil))
}

// post sends a form as somebody: "note=words&url=https://…", or values.
func (w *world) post(by newsletter.User, target, form string) answer {
	return w.ask(by, formRequest(target, form))
}

// postKept sends a form as after a session that had ended.
func (w *world) postKept(by newsletter.User, target, form string) answer {
	r := formRequest(target, form)
	return w.ask(by, r.WithContext(page.WithKept(r.Context())))
}

func formRequest(target, form string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func (w *world) ask(by newsletter.User, r *http.Request) answer {
	w.t.Helper()
	what := by.Name + ": " + r.Method + " " + r.URL.String()
	r = r.WithContext(page.WithUser(r.Context(), by))
	recorder := httptest.NewRecorder()
	w.router.ServeHTTP(recorder, r)
	return answer{recorder, w.t, what}
}

// is makes sure of the status and that the page holds every text.
func (a answer) is(status int, texts ...string) answer {
	a.t.Helper()
	body := a.Body.String()
	if a.Code != status {
		a.t.Errorf("%s: %d, want %d:\n%s", a.what, a.Code, status, body)
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			a.t.Errorf("%s: the page lacks %q:\n%s", a.what, text, body)
		}
	}
	return a
}

// lacks makes sure that the page holds none of the texts.
func (a answer) lacks(texts ...string) answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body.String(), text) {
			a.t.Errorf("%s: the page has %q:\n%s", a.what, text, a.Body)
		}
	}
	return a
}

// leads makes sure that a form leads on to a page.
func (a answer) leads(to string) {
	a.t.Helper()
	if got := a.Header().Get("Location"); a.Code != http.StatusSeeOther || got != to {
		body, _ := io.ReadAll(a.Body)
		a.t.Errorf("%s: %d to %q, want 303 to %q:\n%s", a.what, a.Code, got, to, body)
	}
}

// draft opens a draft with the five usual sections.
func (w *world) draft(number int) {
	w.t.Helper()
	must(w.t, w.store.CreateIssue(w.t.Context(), w.ines, newsletter.Issue{Number: number, Date: newsletter.Date{Year: 2026, Month: 11, Day: 15}}, ""))
}

// item stores an item in the inbox, or at the end of a section, and returns
// its id. It has a note, a title and a link named after it.
func (w *world) item(by newsletter.User, title string, to *postgres.Target) int64 {
	w.t.Helper()
	id, err := w.store.CreateItem(w.t.Context(), by, newsletter.Item{
		Title: title, Note: "About " + title + ".",
		Links: []newsletter.Link{{URL: "https://" + strings.ToLower(title) + ".example/"}},
	}, to, "", publish.LinksOf)
	must(w.t, err)
	return id
}

// place puts an item at the end of a section.
func (w *world) place(id int64, number int, section string) {
	w.t.Helper()
	must(w.t, w.store.MoveItem(w.t.Context(), w.emil, id, *endOf(number, section), math.MaxInt64))
}

// endOf is the end of a section.
func endOf(number int, section string) *postgres.Target {
	return &postgres.Target{Issue: number, Section: section, After: postgres.Last}
}

// stored returns an item as it is stored.
func (w *world) stored(id int64) postgres.DeskItem {
	w.t.Helper()
	item, err := w.store.DeskItem(w.t.Context(), id)
	must(w.t, err)
	return item
}

// form writes pairs of names and values as a form is sent, in order.
func form(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		b.WriteString("&" + pairs[i] + "=" + url.QueryEscape(pairs[i+1]))
	}
	return strings.TrimPrefix(b.String(), "&")
}
