package session

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// memory is a store in memory whose calls can be made to fail.
type memory struct {
	rows map[string][]byte
	err  error
}

func (m *memory) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	data, found := m.rows[token]
	return data, found, m.err
}

func (m *memory) CommitCtx(_ context.Context, token string, data []byte, _ time.Time) error {
	if m.err == nil {
		m.rows[token] = data
	}
	return m.err
}

func (m *memory) UpdateCtx(_ context.Context, token string, data []byte, _ time.Time) (bool, error) {
	_, found := m.rows[token]
	if found && m.err == nil {
		m.rows[token] = data
	}
	return found, m.err
}

func (m *memory) DeleteCtx(_ context.Context, token string) error {
	delete(m.rows, token)
	return m.err
}

func (m *memory) Find(string) ([]byte, bool, error)      { panic("without a context") }
func (m *memory) Commit(string, []byte, time.Time) error { panic("without a context") }
func (m *memory) Delete(string) error                    { panic("without a context") }

// visit asks with a token, has do act on the session, and returns the answer.
func visit(s *Sessions, token string, do func(ctx context.Context)) *http.Response {
	handler := s.Handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		do(r.Context())
		w.Header().Set("Location", "/there")
		w.WriteHeader(http.StatusSeeOther)
		_, _ = w.Write([]byte("done"))
	}), func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusServiceUnavailable) })
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	if token != "" {
		r.AddCookie(&http.Cookie{Name: s.manager.Cookie.Name, Value: token})
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

// token returns the token that an answer sets, or "".
func token(answer *http.Response) string {
	for _, cookie := range answer.Cookies() {
		return cookie.Value
	}
	return ""
}

func TestCookieAttributes(t *testing.T) {
	for secure, want := range map[bool]string{
		true:  "__Host-broadsheet= Path=/ Max-Age=2592000 HttpOnly Secure SameSite=Lax",
		false: "broadsheet= Path=/ Max-Age=2592000 HttpOnly SameSite=Lax",
	} {
		s := New(&memory{rows: map[string][]byte{}}, secure)
		answer := visit(s, "", func(ctx context.Context) {
			if err := s.SignIn(ctx, Person{ID: 7}); err != nil {
				t.Fatal(err)
			}
		})
		var got []string
		for part := range strings.SplitSeq(answer.Header.Get("Set-Cookie"), "; ") {
			if name, _, found := strings.Cut(part, "="); found && strings.HasSuffix(name, "broadsheet") {
				part = name + "="
			}
			if strings.HasPrefix(part, "Max-Age=259200") { // the library rounds up
				part = "Max-Age=2592000"
			}
			if !strings.HasPrefix(part, "Expires=") {
				got = append(got, part)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("secure %v: %q, want %q", secure, strings.Join(got, " "), want)
		}
		if answer.Header.Get("Vary") != "Cookie" {
			t.Error("caches are not told that the answer depends on the cookie")
		}
	}
}

func TestPersonStaysAndTokensAreNew(t *testing.T) {
	store := &memory{rows: map[string][]byte{}}
	s := New(store, true)
	inès := Person{ID: 7, Epoch: 3, Role: "editor", ByLink: true}
	none := visit(s, "", func(ctx context.Context) { _ = s.Person(ctx) })
	if token(none) != "" || len(store.rows) != 0 {
		t.Error("somebody who only looks gets a session")
	}
	planted := visit(s, "planted-by-an-attacker", func(ctx context.Context) { _ = s.SignIn(ctx, inès) })
	first := token(planted)
	if first == "" || first == "planted-by-an-attacker" {
		t.Fatalf("the session begins under the token %q", first)
	}
	if _, there := store.rows[first]; there || len(store.rows) != 1 {
		t.Error("the token itself is stored")
	}
	visit(s, first, func(ctx context.Context) {
		if got := s.Person(ctx); got != inès {
			t.Errorf("%+v came back", got)
		}
	})
	second := token(visit(s, first, func(ctx context.Context) { _ = s.Renew(ctx, "curator") }))
	third := token(visit(s, second, func(ctx context.Context) { _ = s.SignIn(ctx, inès) }))
	for _, old := range []string{first, second} {
		visit(s, old, func(ctx context.Context) {
			if s.Person(ctx).ID != 0 {
				t.Errorf("the token %q goes on", old)
			}
		})
	}
	if out := visit(s, third, func(ctx context.Context) { _ = s.SignOut(ctx) }); token(out) != "" || len(store.rows) != 0 || out.Cookies()[0].MaxAge >= 0 {
		t.Errorf("after the sign-out: %v, %d rows", out.Header, len(store.rows))
	}
}

// A request that is slow must not bring back what was ended meanwhile.
func TestALateRequestDoesNotUndoTheSignOut(t *testing.T) {
	store := &memory{rows: map[string][]byte{}}
	s := New(store, true)
	first := token(visit(s, "", func(ctx context.Context) {
		_, _ = s.Keep(ctx, "/desk/me", "name=a")
		_ = s.SignIn(ctx, Person{ID: 7})
	}))
	late := visit(s, first, func(ctx context.Context) {
		visit(s, first, func(ctx context.Context) { _ = s.SignOut(ctx) })
		s.Forget(ctx, 1)
	})
	if len(store.rows) != 0 || token(late) != "" || late.StatusCode != http.StatusSeeOther {
		t.Errorf("%d rows, %d %v", len(store.rows), late.StatusCode, late.Header)
	}
	visit(s, first, func(ctx context.Context) {
		if s.Person(ctx).ID != 0 {
			t.Error("the session goes on")
		}
	})
}

func TestRenewingDoesNotLastLonger(t *testing.T) {
	s := New(&memory{rows: map[string][]byte{}}, true)
	visit(s, "", func(ctx context.Context) {
		end := time.Now().Add(time.Hour)
		s.manager.SetDeadline(ctx, end)
		if err := s.Renew(ctx, "owner"); err != nil || !s.manager.Deadline(ctx).Equal(end) {
			t.Errorf("ends at %s, %v, want %s", s.manager.Deadline(ctx), err, end)
		}
		if err := s.SignIn(ctx, Person{ID: 1}); err != nil || time.Until(s.manager.Deadline(ctx)) < Lifetime-time.Minute {
			t.Errorf("a sign-in ends at %s, %v", s.manager.Deadline(ctx), err)
		}
	})
}

// A browser that is left open must not give the account away.
func TestALinkStandsForThePasswordForAWhile(t *testing.T) {
	s := New(&memory{rows: map[string][]byte{}}, true)
	for ago, want := range map[time.Duration]bool{0: true, 14 * time.Minute: true, 16 * time.Minute: false, 20 * 24 * time.Hour: false} {
		visit(s, "", func(ctx context.Context) {
			_ = s.SignIn(ctx, Person{ID: 7, ByLink: true})
			s.manager.Put(ctx, "linked", time.Now().Add(-ago).Unix())
			if got := s.Person(ctx).ByLink; got != want {
				t.Errorf("%s after the link: %v, want %v", ago, got, want)
			}
			_ = s.SignIn(ctx, Person{ID: 7})
			if s.Person(ctx).ByLink {
				t.Error("a sign-in with the password counts as one by link")
			}
		})
	}
}

func TestStoreThatFails(t *testing.T) {
	store := &memory{rows: map[string][]byte{}}
	s := New(store, true)
	store.err = errors.New("away")
	if answer := visit(s, "x", func(context.Context) { t.Error("answered without the session") }); answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("not loaded: %d", answer.StatusCode)
	}
	store.err = nil
	answer := visit(s, "", func(ctx context.Context) {
		_ = s.SignIn(ctx, Person{ID: 7})
		store.err = errors.New("away")
	})
	if answer.StatusCode != http.StatusServiceUnavailable || token(answer) != "" || answer.Header.Get("Location") != "" || answer.ContentLength > 0 {
		t.Errorf("not stored: %d %v", answer.StatusCode, answer.Header)
	}
}

func TestKeptForms(t *testing.T) {
	s := New(&memory{rows: map[string][]byte{}}, true)
	visit(s, "", func(ctx context.Context) {
		for name, body := range map[string]string{"cut": "%zz", "too long": "note=" + strings.Repeat("x", MaxKept)} {
			if _, complaint := s.Keep(ctx, "/desk/items", body); !strings.Contains(complaint, name) {
				t.Errorf("%s: %q", name, complaint)
			}
		}
		for i := range 8 {
			if id, complaint := s.Keep(ctx, "/desk/items", url.Values{"note": {strings.Repeat("é", i)}, "url": {"b", "a"}, "new_password": {"hidden"}}.Encode()); complaint != "" || id != i+1 {
				t.Errorf("form %d is kept as %d: %s", i+1, id, complaint)
			}
		}
		if _, complaint := s.Keep(ctx, "/desk/items", "note=ninth"); complaint == "" {
			t.Error("more than eight forms are kept")
		}
		if form, found := s.Kept(ctx, 3); !found || form.Body != "note=%C3%A9%C3%A9&url=b&url=a" || form.Path != "/desk/items" {
			t.Errorf("kept is %+v", form)
		}
		if rest := time.Until(s.manager.Deadline(ctx)); rest > anonymous {
			t.Errorf("nobody's forms are kept for %s", rest)
		}
		s.Forget(ctx, 6)
		for id := 1; id <= 8; id++ {
			if _, found := s.Kept(ctx, id); found != (id != 6) {
				t.Errorf("after form 6 was sent, form %d is there: %v", id, found)
			}
		}
	})
}

// A form that was kept, shown and sent again without a session is one form.
func TestAKeptFormIsKeptAgain(t *testing.T) {
	s := New(&memory{rows: map[string][]byte{}}, true)
	visit(s, "", func(ctx context.Context) {
		first, _ := s.Keep(ctx, "/desk/items", "note=a")
		other, _ := s.Keep(ctx, "/desk/me", "name=a")
		again, _ := s.Keep(ctx, "/desk/items", "note=b&kept=1")
		elsewhere, _ := s.Keep(ctx, "/desk/items", "note=c&kept=2")
		for id, want := range map[int]string{first: "", other: "name=a", again: "note=b", elsewhere: "note=c"} {
			if form, _ := s.Kept(ctx, id); form.Body != want {
				t.Errorf("form %d is %q, want %q", id, form.Body, want)
			}
		}
	})
}

func TestKeptFormsAreTheirSenders(t *testing.T) {
	s := New(&memory{rows: map[string][]byte{}}, true)
	visit(s, "", func(ctx context.Context) {
		id, _ := s.Keep(ctx, "/desk/items", "note=a")
		_ = s.SignIn(ctx, Person{ID: 7})
		if _, found := s.Kept(ctx, id); !found {
			t.Error("the form is gone after the sign-in")
		}
		_ = s.SignIn(ctx, Person{ID: 7})
		if _, found := s.Kept(ctx, id); !found {
			t.Error("the form is gone after a second sign-in")
		}
		_ = s.SignIn(ctx, Person{ID: 8})
		if _, found := s.Kept(ctx, id); found {
			t.Error("somebody else finds the form")
		}
	})
}
