package server_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
)

// after are the deeds that follow the publication of an issue: each with its
// form, and the addresses that it changes.
var after = []struct {
	name    string
	do      func(t *testing.T, curator *browsertest.Browser)
	changes []string
}{
	{"correct", correct, []string{"/", "/issues/102", "/issues/102.md", "/issues/102.json", "/feed.xml", "/atom.xml", "/feed.json", "/search?q=lighthouse"}},
	{"withdraw", press("/desk/issues/102/withdraw"), reaching},
	{"reinstate", press("/desk/issues/102/reinstate"), reaching},
}

// reaching is where readers meet the newest issue.
var reaching = append([]string{"/issues/102", "/issues/102.md", "/issues/102.json", "/feed.json", "/issues/101"}, turning...)

// correct prints a further word in 102.2, and says so.
func correct(t *testing.T, curator *browsertest.Browser) {
	form := browsertest.Fields(curator.Get("/desk/issues/102/correct?part=2").Body.String(), "/desk/issues/102/correct")
	form.Set("note", form.Get("note")+" Again.")
	form.Set("sentence", "They were counted again.")
	if w := curator.Post("/desk/issues/102/correct", form); w.Code != http.StatusSeeOther {
		t.Errorf("the correction: %d\n%s", w.Code, w.Body)
	}
}

// press returns the press of a button.
func press(path string) func(*testing.T, *browsertest.Browser) {
	return func(t *testing.T, curator *browsertest.Browser) {
		if w := curator.Post(path, url.Values{}); w.Code != http.StatusSeeOther {
			t.Errorf("%s: %d\n%s", path, w.Code, w.Body)
		}
	}
}

// twoPrograms are on one database with issues, and hear of changes. The curator
// is at the first.
func twoPrograms(t *testing.T) (programs []*program, curator *browsertest.Browser) {
	t.Helper()
	at := filled(t)
	programs = []*program{start(t, at, nil), start(t, at, nil)}
	for _, p := range programs {
		p.follow(t)
	}
	u := newsletter.User{Email: "ines@letter.example", Name: "Ines", Role: newsletter.Curator}
	var err error
	if u.ID, err = programs[0].store.AddUser(t.Context(), u, ""); err != nil {
		t.Fatal(err)
	}
	return programs, programs[0].as(t, u)
}

// TestWhatFollowsPublicationTurnsOver corrects, withdraws and reinstates an
// issue at one of two programs while the pages of both are looked at. A busy
// machine may be late now and then, but one time in three all pages are new within
// a second of each deed.
func TestWhatFollowsPublicationTurnsOver(t *testing.T) {
	programs, curator := twoPrograms(t)
	late := map[string]time.Duration{}
	for range 3 {
		clear(late)
		for _, deed := range after {
			if took := turnOver(t, programs, deed.changes, func() { deed.do(t, curator) }); took > time.Second {
				late[deed.name] = took
			}
		}
		if len(late) == 0 {
			return
		}
	}
	t.Errorf("all pages were new after more than a second: %v", late)
}

// TestTurnsOverWithoutNotifications does the same while no notification reaches
// the other program: neither on a connection that stands and has gone silent, as
// through a broken network, nor on one that is cut again and again.
func TestTurnsOverWithoutNotifications(t *testing.T) {
	for name, disturb := range map[string]func(t *testing.T, p *program){
		"silent": func(t *testing.T, p *program) { p.line.be(deaf) }, "cut": keepCutting,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			programs, curator := twoPrograms(t)
			disturb(t, programs[1])
			for _, deed := range after {
				if took := turnOver(t, programs, deed.changes[:3], func() { deed.do(t, curator) }); took > 10*time.Second {
					t.Errorf("%s: all pages were new after %s, which is more than ten seconds", deed.name, took)
				}
			}
		})
	}
}

// keepCutting ends the program's listening connection, and each one that comes
// after it, until the end of the test.
func keepCutting(t *testing.T, p *program) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for tick := time.Tick(10 * time.Millisecond); ctx.Err() == nil; <-tick {
			_, _ = p.pool.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND query LIKE 'LISTEN %'", p.name)
		}
	}()
	t.Cleanup(func() { stop(); <-ended })
}
