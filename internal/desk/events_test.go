package desk

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/page"
)

// follow has the desk hear of changes until the end of the test.
func (w *world) follow() {
	ctx, stop := context.WithCancel(w.t.Context())
	var following sync.WaitGroup
	following.Go(func() { w.now.Follow(ctx, slog.New(slog.DiscardHandler)) })
	w.t.Cleanup(func() { stop(); following.Wait() })
}

// byNow is who the person of a stream is by now.
type byNow struct {
	atomic.Pointer[newsletter.User]
}

// watch opens a stream of an issue's board as somebody.
func (w *world) watch(by newsletter.User, number int, header ...string) (*http.Response, *bufio.Reader, *byNow) {
	w.t.Helper()
	who := &byNow{}
	who.Store(&by)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		ctx := page.WithAgain(page.WithUser(r.Context(), by), func() (newsletter.User, error) { return *who.Load(), nil })
		w.router.ServeHTTP(rw, r.WithContext(ctx))
	}))
	w.t.Cleanup(server.Close)
	ctx, stop := context.WithTimeout(w.t.Context(), 20*time.Second)
	w.t.Cleanup(stop)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/desk/issues/%d/events", server.URL, number), nil)
	must(w.t, err)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	must(w.t, err)
	w.t.Cleanup(func() { response.Body.Close() })
	return response, bufio.NewReader(response.Body), who
}

// event reads the next event of a name.
func (w *world) event(from *bufio.Reader, name string) browsertest.Event {
	w.t.Helper()
	for {
		event, err := browsertest.NextEvent(from)
		if err != nil {
			w.t.Fatalf("no %s: %v", name, err)
		}
		if event.Name == name {
			return event
		}
	}
}

func TestEventsOfABoard(t *testing.T) {
	w := newWorld(t)
	w.follow()
	w.draft(413)
	ferry := w.item(w.emil, "Ferry", endOf(413, "News"))
	response, events, _ := w.watch(w.tove, 413)
	if got := response.Header; response.StatusCode != 200 || got.Get("Content-Type") != "text/event-stream" || got.Get("Cache-Control") != "no-store" || got.Get("X-Accel-Buffering") != "no" {
		t.Errorf("%d %v", response.StatusCode, got)
	}
	first := w.event(events, "order")
	if !strings.Contains(first.Data, fmt.Sprintf(`"items":[%d]`, ferry)) || !strings.Contains(first.Data, `"version":`+first.ID+`,`) {
		t.Errorf("the first order: %+v", first)
	}
	w.event(events, "presence")
	var told string
	for range 3 { // word of the draft or of an item may come late and tell the order first, of nobody
		w.place(w.item(w.emil, "Gulls", nil), 413, "News")
		newest := fmt.Sprintf(`"version":%d,`, w.orders(413)[0].Version)
		for told = ""; !strings.Contains(told, newest); {
			told = w.event(events, "order").Data
		}
		if strings.Contains(told, `"by":"Emil"`) {
			break
		}
	}
	if !strings.Contains(told, fmt.Sprintf(`"by":"Emil","by_id":%d`, w.emil.ID)) {
		t.Errorf("the order after Emil's move: %s", told)
	}
	w.post(w.tove, "/desk/issues/413/presence", form("item", fmt.Sprint(ferry))).is(http.StatusNoContent)
	if here := w.event(events, "presence").Data; here != fmt.Sprintf(`{"people":[{"id":%d,"name":"Tove","item":%d}]}`, w.tove.ID, ferry) {
		t.Error(here)
	}
	w.post(w.tove, "/desk/issues/413/presence", "item=").is(http.StatusNoContent)
	if here := w.event(events, "presence").Data; !strings.Contains(here, `"item":0`) {
		t.Error(here)
	}
}

func TestAReaderWhoWasAwayLooksAtEverything(t *testing.T) {
	w := newWorld(t)
	w.follow()
	w.draft(413)
	_, events, _ := w.watch(w.emil, 413, "Last-Event-ID", "2")
	w.event(events, "order")
	if missed := w.event(events, "board"); !strings.Contains(missed.Data, `"part":"all"`) {
		t.Error(missed)
	}
}

func TestEventsOfWhatIsNoDraft(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.draft(413)
	for target, status := range map[string]int{
		"/desk/issues/999/events": 404, "/desk/issues/99999999999999999999/events": 404, "/desk/issues/139/events": 204,
	} {
		w.get(w.emil, target).is(status)
	}
	for sent, status := range map[string]int{"item=x": 422, "item=-1": 422, "item=999999": 204, "": 204} {
		w.post(w.emil, "/desk/issues/413/presence", sent).is(status)
	}
	w.post(w.emil, "/desk/issues/999/presence", "").is(404)
	w.post(w.emil, "/desk/issues/139/presence", "item=1").is(204)
	head := w.ask(w.emil, httptest.NewRequest(http.MethodGet, "/desk/issues/139/events", nil))
	if head.Body.Len() > 0 {
		t.Errorf("a body without events: %s", head.Body)
	}
}

func TestAStreamEndsWithTheSession(t *testing.T) {
	w := newWorld(t)
	w.desk.beat = 10 * time.Millisecond
	w.follow()
	w.draft(413)
	_, events, who := w.watch(w.emil, 413)
	w.event(events, "order")
	who.Store(&newsletter.User{})
	if end := w.event(events, "end"); end.Data != `{"why":"session"}` {
		t.Error(end)
	}
	if rest, err := io.ReadAll(events); err != nil || len(rest) > 0 {
		t.Errorf("after the end: %q, %v", rest, err)
	}
}

// Whoever is out is told nothing more, however long the next heartbeat takes.
func TestNothingIsToldWithoutASession(t *testing.T) {
	w := newWorld(t)
	w.desk.beat, w.desk.glance = time.Hour, 0
	w.follow()
	w.draft(413)
	_, events, who := w.watch(w.emil, 413)
	w.event(events, "order")
	who.Store(&newsletter.User{})
	w.item(w.ines, "Ferry", endOf(413, "News"))
	if rest, err := io.ReadAll(events); err != nil || !strings.Contains(string(rest), `{"why":"session"}`) || strings.Contains(string(rest), "order") {
		t.Errorf("told %q, %v", rest, err)
	}
}

func TestAFullProcessSaysSo(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	for id := range int64(live.PerProcess) {
		stream, err := w.now.Boards().Open(1, newsletter.User{ID: id + 1000})
		must(t, err)
		defer stream.Close()
	}
	a := w.get(w.emil, "/desk/issues/413/events").is(503, "try again in a few seconds")
	if a.Header().Get("Retry-After") == "" {
		t.Error("it does not say when")
	}
}

// brokenWriter is that of a reader who has gone without a word.
type brokenWriter struct{ *httptest.ResponseRecorder }

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestAStreamEndsWithItsReader(t *testing.T) {
	w := newWorld(t)
	w.draft(413)
	r := httptest.NewRequest(http.MethodGet, "/desk/issues/413/events", nil)
	w.router.ServeHTTP(brokenWriter{httptest.NewRecorder()}, r.WithContext(page.WithUser(t.Context(), w.emil)))
	ctx, stop := context.WithCancel(page.WithUser(t.Context(), w.emil))
	response := httptest.NewRecorder()
	time.AfterFunc(10*time.Millisecond, stop)
	w.router.ServeHTTP(response, r.WithContext(ctx)) // returns
	for range live.PerProcess {
		stream, err := w.now.Boards().Open(1, w.ines)
		must(t, err)
		stream.Close()
	}
}
