package server_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newslettertest"
)

// soon is within what time visitors get a clear answer, whatever is broken,
// and promptly is what those get who only ask whether all is well.
const (
	soon     = 5 * time.Second
	promptly = 3 * time.Second
)

// within asks for a page and fails the test if that takes too long.
func within(t *testing.T, p *program, limit time.Duration, target string) *httptest.ResponseRecorder {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	began := time.Now()
	w := p.answer(httptest.NewRequest("GET", target, nil).WithContext(ctx))
	if took := time.Since(began); took > limit {
		t.Errorf("%s took %s, more than %s", target, took, limit)
	}
	return w
}

func TestWithoutItsDatabase(t *testing.T) {
	for name, fault := range map[string]state{"refused": cut, "silent": silent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, filled(t), nil)
			held := []string{"/", "/issues/100", "/archive", "/feed.xml", "/search?q=lighthouse", "/issues/100.md"}
			bodies := map[string]string{}
			for _, target := range held {
				bodies[target] = within(t, p, soon, target).Body.String()
			}
			p.line.be(fault)
			for _, target := range held {
				if w := within(t, p, soon, target); w.Code != 200 || w.Body.String() != bodies[target] {
					t.Errorf("%s, which was held, is answered with %d", target, w.Code)
				}
			}
			if w := within(t, p, promptly, "/livez"); w.Code != 200 {
				t.Errorf("/livez says %d", w.Code)
			}
			if w := within(t, p, promptly, "/readyz"); w.Code != 503 || !strings.Contains(w.Body.String(), "database") {
				t.Errorf("/readyz says %d %q", w.Code, w.Body)
			}
			t.Run("group", func(t *testing.T) {
				for _, target := range []string{"/issues/101", "/issues/7", "/search?q=gulls", "/sections/news", "/sitemap.xml", "/old/address.html", "/nothing"} {
					t.Run(target, func(t *testing.T) {
						t.Parallel()
						unavailable(t, within(t, p, soon, target))
					})
				}
			})
			p.line.be(up)
			eventually(t, "it is ready again", 20*time.Second, func() bool { return p.get("/readyz").Code == 200 })
			for target, status := range map[string]int{"/issues/101": 200, "/old/address.html": 308, "/nothing": 404} {
				if w := within(t, p, soon, target); w.Code != status {
					t.Errorf("%s is answered with %d after the fault, want %d", target, w.Code, status)
				}
			}
			eventually(t, "no connection is left behind", 5*time.Second, func() bool { return p.pool.Stat().AcquiredConns() == 0 })
		})
	}
}

// TestNobodyWaitsTwiceForAFrozenDatabase asks for a page that has been overtaken
// by a change since it was held.
func TestNobodyWaitsTwiceForAFrozenDatabase(t *testing.T) {
	p := start(t, filled(t), nil)
	held := within(t, p, soon, "/issues/100").Body.String()
	within(t, p, soon, "/archive")
	if err := errors.Join(p.store.RaiseGeneration(t.Context()), p.now.Refresh(t.Context())); err != nil {
		t.Fatal(err)
	}
	p.line.be(silent)
	if w := within(t, p, soon, "/issues/100"); w.Code != 200 || w.Body.String() != held {
		t.Errorf("it is answered with %d", w.Code)
	}
	for _, target := range []string{"/issues/100", "/archive"} {
		if w := within(t, p, time.Second, target); w.Code != 200 {
			t.Errorf("%s is answered with %d", target, w.Code)
		}
	}
	p.line.be(up)
	eventually(t, "it is new again", 20*time.Second, func() bool { return p.get("/issues/100").Code == 200 && p.get("/readyz").Code == 200 })
}

// unavailable holds an answer to what visitors get who cannot be served now.
func unavailable(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
	body := w.Body.String()
	if !strings.Contains(body, "Back in a moment") || !strings.Contains(body, newslettertest.Publication().Name) {
		t.Errorf("the page is\n%s", body)
	}
	for _, word := range []string{"refused", "deadline", "SQLSTATE", "connect", "timeout"} {
		if strings.Contains(body, word) {
			t.Errorf("the visitor reads of %q", word)
		}
	}
}

func TestReadyWithItsDatabase(t *testing.T) {
	p := start(t, filled(t), nil)
	for _, target := range []string{"/livez", "/readyz"} {
		w := within(t, p, promptly, target)
		if w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
			t.Errorf("%s says %d %q, headers %v", target, w.Code, w.Body, w.Header())
		}
	}
}
