package postgres_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

// withPool returns a store on an empty database, and the way around it.
func withPool(t *testing.T) (*postgres.Store, *pgxpool.Pool) {
	t.Helper()
	pool := pgtest.New(t)
	return postgres.New(pool), pool
}

// connect opens another pool on the database at url.
func connect(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// person adds somebody and returns their account.
func person(t *testing.T, store *postgres.Store, name string, role newsletter.Role) postgres.Account {
	t.Helper()
	id, err := store.AddUser(t.Context(), newsletter.User{Name: name, Email: name + "@letter.example", Role: role}, "hash of "+name)
	if err != nil {
		t.Fatal(err)
	}
	return account(t, store, id)
}

func account(t *testing.T, store *postgres.Store, id int64) postgres.Account {
	t.Helper()
	a, err := store.User(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestPeople(t *testing.T) {
	store := fill(t)
	if none, err := store.NoPeople(t.Context()); !none || err != nil {
		t.Errorf("an empty database has people: %v, %v", none, err)
	}
	wren, ines := person(t, store, "Wren", newsletter.Editor), person(t, store, "ines", newsletter.Owner)
	want := postgres.Account{User: newsletter.User{ID: wren.ID, Email: "Wren@letter.example", Name: "Wren", Role: newsletter.Editor, Theme: newsletter.ThemeAuto, SingleKeys: true}, Hash: "hash of Wren", Epoch: 1}
	if wren != want {
		t.Errorf("got %+v, want %+v", wren, want)
	}
	if found, err := store.UserByEmail(t.Context(), "wREN@LETTER.example"); err != nil || found != want {
		t.Errorf("by e-mail: %+v, %v", found, err)
	}
	_, err := store.AddUser(t.Context(), newsletter.User{Name: "Other", Email: "WREN@letter.example", Role: newsletter.Editor}, "")
	wantInvalid(t, err, "email", "an account already")
	_, err = store.AddUser(t.Context(), newsletter.User{Name: "WREN", Email: "other@letter.example", Role: newsletter.Editor}, "")
	wantInvalid(t, err, "name", "somebody else")
	wantInvalid(t, store.SaveUser(t.Context(), wren.ID, "Ines", newsletter.ThemeDark), "name", "somebody else")
	if err := store.SaveUser(t.Context(), wren.ID, "WREN", newsletter.ThemeDark); err != nil {
		t.Errorf("one's own name in another case: %v", err)
	}
	if err := store.SaveUser(t.Context(), wren.ID, "Wren Moss", newsletter.ThemeDark); err != nil {
		t.Fatal(err)
	}
	if err := store.Disable(t.Context(), ines.ID); err == nil {
		t.Error("the last owner is disabled")
	}
	tomas := person(t, store, "Tomás", newsletter.Curator)
	if err := store.Disable(t.Context(), tomas.ID); err != nil {
		t.Fatal(err)
	}
	people, err := store.Users(t.Context())
	var names []string
	for _, u := range people {
		names = append(names, u.Name)
	}
	if err != nil || !slices.Equal(names, []string{"ines", "Wren Moss", "Tomás"}) || !people[2].Disabled || people[1].Theme != newsletter.ThemeDark {
		t.Errorf("people are %+v, %v", people, err)
	}
	if none, err := store.NoPeople(t.Context()); none || err != nil {
		t.Errorf("nobody is there: %v, %v", none, err)
	}
}

func TestNobodyIsNotFound(t *testing.T) {
	store := fill(t)
	_, byID := store.User(t.Context(), 4711)
	_, byEmail := store.UserByEmail(t.Context(), "nobody@letter.example")
	_, password := store.SetPassword(t.Context(), 4711, "x")
	_, link := store.NewSignInLink(t.Context(), 4711)
	for name, err := range map[string]error{
		"User": byID, "UserByEmail": byEmail, "SetPassword": password, "NewSignInLink": link,
		"SaveKeys": store.SaveKeys(t.Context(), 4711, false), "SaveUser": store.SaveUser(t.Context(), 4711, "x", newsletter.ThemeAuto), "SetRole": store.SetRole(t.Context(), 4711, newsletter.Editor),
		"Disable": store.Disable(t.Context(), 4711), "Enable": store.Enable(t.Context(), 4711),
	} {
		if !errors.Is(err, newsletter.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatEndsSessions(t *testing.T) {
	store := fill(t)
	person(t, store, "ines", newsletter.Owner)
	wren := person(t, store, "wren", newsletter.Editor)
	epoch := wren.Epoch
	for _, step := range []struct {
		name string
		ends bool
		do   func(ctx context.Context) error
	}{
		{"role", false, func(ctx context.Context) error { return store.SetRole(ctx, wren.ID, newsletter.Curator) }},
		{"settings", false, func(ctx context.Context) error { return store.SaveUser(ctx, wren.ID, "W", newsletter.ThemeLight) }},
		{"rehash", false, func(ctx context.Context) error { return store.Rehash(ctx, wren.ID, "hash of wren", "costlier") }},
		{"password", true, func(ctx context.Context) error { _, err := store.SetPassword(ctx, wren.ID, "new"); return err }},
		{"rehash of an old one", false, func(ctx context.Context) error { return store.Rehash(ctx, wren.ID, "costlier", "too late") }},
		{"disable", true, func(ctx context.Context) error { return store.Disable(ctx, wren.ID) }},
		{"enable", false, func(ctx context.Context) error { return store.Enable(ctx, wren.ID) }},
	} {
		if err := step.do(t.Context()); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if step.ends {
			epoch++
		}
		if got := account(t, store, wren.ID); got.Epoch != epoch {
			t.Errorf("after %s the epoch is %d, want %d", step.name, got.Epoch, epoch)
		}
	}
	if got := account(t, store, wren.ID); got.Hash != "new" || got.Disabled || got.Role != newsletter.Curator {
		t.Errorf("in the end: %+v", got)
	}
}

// Two owners who demote or disable each other at the same moment leave one.
func TestTwoOwnersAtOnceLeaveOne(t *testing.T) {
	store, pool := withPool(t)
	for round := range 10 {
		a, b := person(t, store, "a"+string(rune('a'+round)), newsletter.Owner), person(t, store, "b"+string(rune('a'+round)), newsletter.Owner)
		var both sync.WaitGroup
		errs := make([]error, 2)
		both.Go(func() { errs[0] = store.SetRole(t.Context(), a.ID, newsletter.Editor) })
		both.Go(func() { errs[1] = store.Disable(t.Context(), b.ID) })
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("round %d: %v and %v, want one of them refused", round, errs[0], errs[1])
		}
		wantInvalid(t, errors.Join(errs...), "role", "last owner")
		if _, err := pool.Exec(t.Context(), "UPDATE people SET role = 'editor'"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSetUpLinks(t *testing.T) {
	store := fill(t)
	owner := newsletter.User{Name: "ines", Email: "ines@letter.example"}
	first, err1 := store.NewSetUpLink(t.Context())
	second, err2 := store.NewSetUpLink(t.Context())
	if err := errors.Join(err1, err2); err != nil || first == second || len(first) < 26 {
		t.Fatalf("%q, %q, %v", first, second, err)
	}
	if err := store.SetUpLink(t.Context(), first); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the older link: %v", err)
	}
	if err := store.SetUpLink(t.Context(), second); err != nil {
		t.Error(err)
	}
	if _, err := store.UseSignInLink(t.Context(), second); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a set-up link signs in: %v", err)
	}
	got, err := store.UseSetUpLink(t.Context(), second, owner, "hash")
	if err != nil || got.Role != newsletter.Owner || got.Hash != "hash" || got.Epoch != 1 {
		t.Errorf("the owner is %+v, %v", got, err)
	}
	if _, err := store.UseSetUpLink(t.Context(), second, newsletter.User{Name: "x", Email: "x@letter.example"}, ""); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
	if again, err := store.NewSetUpLink(t.Context()); again != "" || err != nil {
		t.Errorf("with people there: %q, %v", again, err)
	}
}

// One that was made before somebody was added by the command line is no way in.
func TestSetUpLinkBesidePeople(t *testing.T) {
	store := fill(t)
	secret, err := store.NewSetUpLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	person(t, store, "wren", newsletter.Owner)
	if _, err := store.UseSetUpLink(t.Context(), secret, newsletter.User{Name: "x", Email: "x@letter.example"}, ""); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestSignInLinks(t *testing.T) {
	store, pool := withPool(t)
	wren := person(t, store, "wren", newsletter.Editor)
	secret, err := store.NewSignInLink(t.Context(), wren.ID)
	if err != nil {
		t.Fatal(err)
	}
	var stored []byte
	if err := pool.QueryRow(t.Context(), "SELECT hash FROM one_time_links").Scan(&stored); err != nil || len(stored) != 32 {
		t.Errorf("stored are %d bytes, %v", len(stored), err)
	}
	if who, err := store.SignInLink(t.Context(), secret); err != nil || who.ID != wren.ID {
		t.Errorf("whose link: %+v, %v", who, err)
	}
	if err := store.SetUpLink(t.Context(), secret); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a sign-in link sets up: %v", err)
	}
	if who, err := store.UseSignInLink(t.Context(), secret); err != nil || who.ID != wren.ID {
		t.Errorf("used: %+v, %v", who, err)
	}
	if _, err := store.UseSignInLink(t.Context(), secret); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
	for name, end := range map[string]func(ctx context.Context) error{
		"time": func(ctx context.Context) error {
			_, err := pool.Exec(ctx, "UPDATE one_time_links SET expires_at = now()")
			return err
		},
		"password": func(ctx context.Context) error { _, err := store.SetPassword(ctx, wren.ID, "x"); return err },
		"another":  func(ctx context.Context) error { _, err := store.NewSignInLink(ctx, wren.ID); return err },
		"disabled": func(ctx context.Context) error {
			return errors.Join(store.Disable(ctx, wren.ID), store.Enable(ctx, wren.ID))
		},
	} {
		secret, err := store.NewSignInLink(t.Context(), wren.ID)
		if err = errors.Join(err, end(t.Context())); err != nil {
			t.Fatal(err)
		}
		_, look := store.SignInLink(t.Context(), secret)
		_, use := store.UseSignInLink(t.Context(), secret)
		if !errors.Is(look, newsletter.ErrNotFound) || !errors.Is(use, newsletter.ErrNotFound) {
			t.Errorf("ended by %s: %v, %v", name, look, use)
		}
	}
}

func TestSessionsStore(t *testing.T) {
	store, pool := withPool(t)
	sessions := store.Sessions()
	soon := time.Now().Add(time.Hour)
	for _, data := range []string{"first", "second"} {
		if err := sessions.CommitCtx(t.Context(), "a", []byte(data), soon); err != nil {
			t.Fatal(err)
		}
		if got, found, err := sessions.FindCtx(t.Context(), "a"); string(got) != data || !found || err != nil {
			t.Errorf("%q, %v, %v, want %q", got, found, err, data)
		}
	}
	if found, err := sessions.UpdateCtx(t.Context(), "a", []byte("third"), soon); !found || err != nil {
		t.Errorf("a session is there and cannot be changed: %v, %v", found, err)
	}
	if got, _, err := sessions.FindCtx(t.Context(), "a"); string(got) != "third" || err != nil {
		t.Errorf("%q, %v, want the third", got, err)
	}
	if found, err := sessions.UpdateCtx(t.Context(), "none", []byte("x"), soon); found || err != nil {
		t.Errorf("a session that is not there is changed: %v, %v", found, err)
	}
	if _, found, err := sessions.FindCtx(t.Context(), "none"); found || err != nil {
		t.Errorf("changing a session that is not there made it: %v", err)
	}
	for i := range 25 {
		if err := sessions.CommitCtx(t.Context(), "old"+string(rune('a'+i)), []byte("x"), time.Now().Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if _, found, err := sessions.FindCtx(t.Context(), "olda"); found || err != nil {
		t.Errorf("an expired session is found: %v", err)
	}
	for range 3 {
		if err := sessions.Commit("a", []byte("third"), soon); err != nil {
			t.Fatal(err)
		}
	}
	var left int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM sessions").Scan(&left); err != nil || left != 1 {
		t.Errorf("%d sessions are left, %v, want 1: expired ones go as others are stored", left, err)
	}
	for range 2 {
		if err := sessions.DeleteCtx(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if _, found, err := sessions.Find("a"); found || err != nil {
		t.Errorf("a deleted session is found: %v", err)
	}
}

func TestAttempts(t *testing.T) {
	url := pgtest.URL(t)
	one, two := postgres.New(connect(t, url)), postgres.New(connect(t, url))
	var all sync.WaitGroup
	for range 10 {
		for _, store := range []*postgres.Store{one, two} {
			all.Go(func() {
				if _, _, err := store.Attempt(context.Background(), "a", time.Hour); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	count, rest, err := one.Attempt(t.Context(), "a", time.Minute) // the window is the first one's
	if err != nil || count != 21 || rest < 59*time.Minute || rest > time.Hour {
		t.Errorf("%d attempts, %s left, %v, want 21 of an hour", count, rest, err)
	}
	if count, _, err := two.Attempt(t.Context(), "b", -time.Second); err != nil || count != 1 {
		t.Errorf("another key: %d, %v", count, err)
	}
	if count, _, err := one.Attempt(t.Context(), "b", time.Hour); err != nil || count != 1 {
		t.Errorf("after its time: %d, %v", count, err)
	}
	if err := one.ForgetAttempts(t.Context(), "a", "b"); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "b"} {
		if count, _, err := two.Attempt(t.Context(), key, time.Hour); err != nil || count != 1 {
			t.Errorf("%s afterwards: %d, %v, want 1", key, count, err)
		}
	}
}
