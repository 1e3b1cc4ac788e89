package account_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/password"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/server"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const (
	base   = "https://weekly.example"
	cookie = "__Host-broadsheet"
	secret = "four tall blue herons" // everybody's password
)

// world is the whole program with an owner, Inès, and an editor, Wren.
type world struct {
	t          *testing.T
	store      *postgres.Store
	hasher     *password.Hasher
	router     *server.Routes
	ines, wren newsletter.User
}

// empty returns a program without people.
func empty(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, store: postgres.New(pgtest.New(t)), hasher: password.NewCheap()}
	now, err := live.New(t.Context(), w.store)
	if err != nil {
		t.Fatal(err)
	}
	w.router, err = server.Router(server.Options{Store: w.store, Now: now, Base: base, Hasher: w.hasher, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// peopled returns a program with both.
func peopled(t *testing.T) *world {
	t.Helper()
	w := empty(t)
	w.ines = w.add("Inès Berg", "ines@letter.example", newsletter.Owner)
	w.wren = w.add("Wren Moss", "wren@letter.example", newsletter.Editor)
	return w
}

// add adds somebody with the usual password.
func (w *world) add(name, email string, role newsletter.Role) newsletter.User {
	w.t.Helper()
	hash, err := w.hasher.Hash(w.t.Context(), secret)
	if err != nil {
		w.t.Fatal(err)
	}
	id, err := w.store.AddUser(w.t.Context(), newsletter.User{Name: name, Email: email, Role: role}, hash)
	if err != nil {
		w.t.Fatal(err)
	}
	who, err := w.store.User(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return who.User
}

// browser returns one of somebody who is not signed in.
func (w *world) browser() *browsertest.Browser { return browsertest.New(w.t, w.router, base) }

// as returns the browser of somebody who is signed in.
func (w *world) as(u newsletter.User) *browsertest.Browser {
	w.t.Helper()
	b := w.browser()
	if answer := b.Post("/sign-in", credentials(u.Email, secret)); answer.Code != http.StatusSeeOther {
		w.t.Fatalf("%s cannot sign in: %d\n%s", u.Email, answer.Code, answer.Body)
	}
	return b
}

func request(method, path string) *http.Request { return httptest.NewRequest(method, base+path, nil) }

func credentials(email, password string) url.Values {
	return url.Values{"email": {email}, "password": {password}}
}

// holds fails unless a page has all the texts.
func holds(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q:\n%s", text, page)
		}
	}
}

// deeds returns what is recorded as done, newest first.
func (w *world) deeds() []string {
	w.t.Helper()
	deeds, err := w.store.Deeds(w.t.Context(), 1)
	if err != nil {
		w.t.Fatal(err)
	}
	var lines []string
	for _, d := range deeds {
		lines = append(lines, d.Actor+" / "+d.Action+" / "+d.Object)
	}
	return lines
}
