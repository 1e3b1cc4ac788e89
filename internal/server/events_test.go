package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/browsertest"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/server"
)

// TestEventsOutliveTheServersLimits has a stream that is silent but for its
// heartbeat for longer than any request may take.
func TestEventsOutliveTheServersLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, func(w http.ResponseWriter, r *http.Request) {
			events, err := page.NewEvents(w)
			for range 20 {
				select {
				case <-r.Context().Done():
				case <-time.After(15 * time.Second):
				}
				err = errors.Join(err, events.Beat())
			}
			if err := errors.Join(err, r.Context().Err(), events.Send("order", 9, []byte("{}"))); err != nil {
				t.Error(err)
			}
		})
		conn := r.dial(t)
		if _, err := io.WriteString(conn, request); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if text := string(body); err != nil || !strings.HasPrefix(text, "retry: 1") || !strings.HasSuffix(text, "id: 9\nevent: order\ndata: {}\n\n") || strings.Count(text, ":\n\n") != 20 {
			t.Errorf("%q, %v", body, err)
		}
	})
}

// TestEventsEndWithAReaderWhoTakesNothing holds that nobody who keeps a
// connection open and reads nothing keeps its handler for ever.
func TestEventsEndWithAReaderWhoTakesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error)
		r := run(t, func(w http.ResponseWriter, r *http.Request) {
			_, err := page.NewEvents(w)
			ended <- err
		})
		conn := r.dial(t)
		if _, err := io.WriteString(conn, request); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := <-ended; err == nil || time.Since(began) > 15*time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
	})
}

// serve has a program accept requests and follow what changes, as the command
// does, until stop is called or the test ends. It returns its address.
func (p *program) serve(t *testing.T) (address string, stop func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	log := slog.New(slog.NewJSONHandler(p.log, nil))
	running.Go(func() { p.now.Follow(ctx, log) })
	running.Go(func() {
		if err := server.Run(ctx, listener, p, log); err != nil {
			t.Error(err)
		}
	})
	stop = func() { cancel(); running.Wait() }
	t.Cleanup(stop)
	return "http://" + listener.Addr().String(), stop
}

// stream asks for the events of draft 7, with the session of a browser.
func stream(t *testing.T, address string, b *browsertest.Browser) (*bufio.Reader, *http.Response) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/desk/issues/7/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	r.AddCookie(&http.Cookie{Name: cookie, Value: b.Cookie(cookie)})
	response, err := http.DefaultTransport.RoundTrip(r) // follows no redirect
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return bufio.NewReader(response.Body), response
}

// await reads a stream up to an event of a name that holds some words.
func await(t *testing.T, from *bufio.Reader, name, words string) {
	t.Helper()
	for {
		event, err := browsertest.NextEvent(from)
		if err != nil {
			t.Fatalf("no %s with %q: %v", name, words, err)
		}
		if event.Name == name && strings.Contains(event.Data, words) {
			return
		}
	}
}

// TestTwoInstances has two programs on one database, and somebody at each.
func TestTwoInstances(t *testing.T) {
	one, people := desk(t)
	other := start(t, one.url, nil)
	ids := crowdedDraft(t, one, people[newsletter.Curator])
	here, _ := one.serve(t)
	there, _ := other.serve(t)
	curator, editor := one.as(t, people[newsletter.Curator]), other.as(t, people[newsletter.Editor])
	first, answer := stream(t, here, curator)
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Encoding") != "" || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
	await(t, first, "order", `"state":"draft"`)
	second, _ := stream(t, there, editor)
	await(t, second, "order", `"state":"draft"`)
	await(t, first, "presence", "The editor")
	await(t, second, "presence", "The curator")
	began := time.Now()
	if code := step(editor, ids[0], false); code != http.StatusSeeOther {
		t.Fatalf("the move: %d", code)
	}
	await(t, first, "order", `"by":"The editor"`)
	t.Logf("seen through the other program %s after the move page was asked for", time.Since(began))
	if code := edit(curator, ids[1], "more."); code != http.StatusSeeOther {
		t.Fatalf("the edit: %d", code)
	}
	await(t, second, "item", fmt.Sprintf(`"id":%d,"version":2,"by":"The curator"`, ids[1]))
}

func TestStreamsNeedASession(t *testing.T) {
	p, people := desk(t)
	crowdedDraft(t, p, people[newsletter.Curator])
	nobody := p.as(t, newsletter.User{})
	if answer := nobody.Get("/desk/issues/7/events"); answer.Code != http.StatusUnauthorized || answer.Header().Get("Location") != "" {
		t.Errorf("events: %d %v", answer.Code, answer.Header())
	}
	if answer := nobody.Post("/desk/issues/7/presence", nil); answer.Code != http.StatusUnauthorized || nobody.Cookie(cookie) != "" {
		t.Errorf("presence: %d, and a cookie %q of a form that was kept", answer.Code, nobody.Cookie(cookie))
	}
}

func TestStreamsEndWithSessions(t *testing.T) {
	t.Parallel()
	p, people := desk(t)
	ids := crowdedDraft(t, p, people[newsletter.Curator])
	address, _ := p.serve(t)
	leaving, promoted := p.as(t, people[newsletter.Contributor]), p.as(t, people[newsletter.Editor])
	ended := map[string]*bufio.Reader{}
	ended["signed out"], _ = stream(t, address, leaving)
	ended["disabled"], _ = stream(t, address, p.as(t, people[newsletter.Curator]))
	ended["signed out again"], _ = stream(t, address, leaving)
	going, _ := stream(t, address, promoted)
	if err := errors.Join(
		p.store.Disable(t.Context(), people[newsletter.Curator].ID),
		p.store.SetRole(t.Context(), people[newsletter.Editor].ID, newsletter.Curator),
	); err != nil {
		t.Fatal(err)
	}
	leaving.Post("/sign-out", nil)
	for who, from := range ended {
		t.Log(who)
		await(t, from, "end", "session")
	}
	if code := step(p.as(t, people[newsletter.Owner]), ids[0], false); code != http.StatusSeeOther {
		t.Fatalf("the move: %d", code)
	}
	await(t, going, "order", `"by":"The owner"`)
	promoted.Page("/desk/me", http.StatusOK) // the look at their session has not ended it
}

func TestStreamsChangeNoRowAndLeaveNothing(t *testing.T) {
	p, people := desk(t)
	crowdedDraft(t, p, people[newsletter.Curator])
	b := p.as(t, people[newsletter.Editor])
	address, stop := p.serve(t)
	before := p.rows(t)
	var answers []*http.Response
	for range 40 { // most of them one too many
		from, answer := stream(t, address, b)
		await(t, from, "order", "")
		answers = append(answers, answer)
	}
	if after := p.rows(t); !maps.Equal(before, after) {
		t.Errorf("rows were %v and are %v", before, after)
	}
	for _, answer := range answers {
		answer.Body.Close()
	}
	eventually(t, "no handler goes on", 20*time.Second, func() bool { return !goesOn("desk.(*Desk).events") })
	from, _ := stream(t, address, b)
	await(t, from, "presence", "The editor")
	stop()
	if rest, err := io.ReadAll(from); err != nil {
		t.Errorf("the stream was cut off: %q, %v", rest, err)
	}
	for _, line := range p.log.read(t) {
		if line["level"] != "INFO" {
			t.Errorf("the end was logged: %v", line)
		}
	}
	if goesOn("live.(*Boards)") {
		t.Error("the boards are still followed")
	}
}

// goesOn reports whether a goroutine is in a function.
func goesOn(function string) bool {
	stacks := make([]byte, 4<<20)
	return strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), function)
}
