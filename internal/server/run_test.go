package server_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/server"
)

// pipes is a network in memory. Connections over it pass no real time, so that
// minutes of silence take none in a test.
type pipes struct {
	waiting chan net.Conn
	closed  chan struct{}
	closing func()
}

func newPipes() *pipes {
	p := &pipes{waiting: make(chan net.Conn), closed: make(chan struct{})}
	p.closing = sync.OnceFunc(func() { close(p.closed) })
	return p
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.waiting:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.closing(); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// dial returns a client's end of a connection, closed at the end of the test.
func (p *pipes) dial(t *testing.T) net.Conn {
	ours, theirs := net.Pipe()
	t.Cleanup(func() { ours.Close() })
	p.waiting <- theirs
	return ours
}

// running is a server on pipes.
type running struct {
	*pipes
	stop  context.CancelFunc
	ended chan error
	log   *journal
}

// run runs a server of a handler until the end of the test.
func run(t *testing.T, handler http.HandlerFunc) *running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &running{newPipes(), stop, make(chan error, 1), &journal{}}
	go func() {
		defer close(r.ended)
		r.ended <- server.Run(ctx, r, handler, slog.New(slog.NewJSONHandler(r.log, nil)))
	}()
	t.Cleanup(func() {
		stop()
		for range r.ended { // until it has
		}
		time.Sleep(time.Second) // net/http lingers half a second on connections it has refused
	})
	return r
}

const request = "GET / HTTP/1.1\r\nHost: weekly.example\r\n\r\n"

// status sends a request and returns the status of the answer, 0 for none.
func status(t *testing.T, conn net.Conn) int {
	t.Helper()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Error(err)
		return 0
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return 0
	}
	return answer.StatusCode
}

func TestStoppingLetsRequestsFinish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, func(http.ResponseWriter, *http.Request) { time.Sleep(8 * time.Second) })
		conn, idle := r.dial(t), r.dial(t)
		time.AfterFunc(time.Second, r.stop)
		began := time.Now()
		if got := status(t, conn); got != http.StatusOK {
			t.Errorf("the request under way is answered with %d", got)
		}
		if err := <-r.ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if took := time.Since(began); took < 8*time.Second || took > 9*time.Second {
			t.Errorf("it took %s, the request 8 s", took)
		}
		if n, err := idle.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("an idle connection is left open: %d bytes, %v", n, err)
		}
	})
}

func TestStoppingCutsOffWhatIsStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		time.AfterFunc(time.Second, r.stop)
		began := time.Now()
		if got := status(t, r.dial(t)); got != 0 {
			t.Errorf("the stuck request is answered with %d", got)
		}
		if err := <-r.ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if took := time.Since(began); took != 11*time.Second {
			t.Errorf("it ended after %s; 10 s after it was told to was right", took)
		}
		lines := r.log.read(t)
		if len(lines) != 2 || lines[1]["level"] != "WARN" {
			t.Errorf("logged: %v", lines)
		}
	})
}

// TestSlowClientsAreCutOff: nobody holds a connection by doing nothing.
func TestSlowClientsAreCutOff(t *testing.T) {
	tests := []struct {
		name    string
		sent    string
		read    bool // the client reads the answer
		seconds float64
	}{
		{"half a header", "GET / HTTP/1.1\r\nHost: weekly.exam", true, 5},
		{"nothing at all", "", true, 5},
		{"half a body", "POST / HTTP/1.1\r\nHost: weekly.example\r\nContent-Length: 9\r\n\r\nhalf", true, 30},
		{"silence after an answer", request, true, 120},
		{"the answer is not read", request, false, 60},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began, handled := time.Now(), make(chan struct{}, 1)
				r := run(t, func(w http.ResponseWriter, r *http.Request) {
					_, err := io.Copy(io.Discard, r.Body)
					if err == nil {
						_, err = w.Write(make([]byte, 1<<20))
					}
					if err != nil {
						handled <- struct{}{}
					}
				})
				conn := r.dial(t)
				if _, err := io.WriteString(conn, test.sent); err != nil {
					t.Fatal(err)
				}
				if test.read {
					_, _ = io.Copy(io.Discard, conn) // until it is cut
				} else {
					<-handled
				}
				if took := time.Since(began).Seconds(); took != test.seconds {
					t.Errorf("cut after %v s, want %v", took, test.seconds)
				}
			})
		})
	}
}

func TestHeadersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, func(http.ResponseWriter, *http.Request) {})
		for size, want := range map[int]string{32 << 10: "200", 128 << 10: "431"} {
			conn := r.dial(t)
			go io.WriteString(conn, strings.Replace(request, "\r\n\r\n", "\r\nX-Long: "+strings.Repeat("x", size)+"\r\n\r\n", 1))
			answer, err := bufio.NewReader(conn).ReadString('\n')
			if err != nil || !strings.HasPrefix(answer, "HTTP/1.1 "+want) {
				t.Errorf("%d bytes: %q (%v), want %s", size, answer, err, want)
			}
			conn.Close()
		}
	})
}

func TestAListenerThatFailsEndsTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, nil)
		r.Close()
		if err := <-r.ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("the server ended with %v", err)
		}
	})
}
