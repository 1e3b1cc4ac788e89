package localpg

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// patience is how long a server may neither answer nor end before we give up. A
// recovery after a crash may take longer: it counts as an answer.
const patience = time.Minute

// socket is where a server listens.
type socket struct{ dir, port string }

// path is the socket's file.
func (s socket) path() string { return filepath.Join(s.dir, ".s.PGSQL."+s.port) }

// state is what the server writes into its postmaster.pid, and pg_ctl reads too.
type state struct {
	pid    int
	socket socket
	status string // starting, stopping, ready, standby
}

// readState returns the server's state; ok is false while it has not written it.
// The file survives a crash: only with alive does it tell about now.
func (h *home) readState() (s state, ok bool) {
	text, err := h.files.ReadFile(dataName + "/postmaster.pid")
	if err != nil {
		return state{}, false
	}
	// Process, data folder, start, port, socket's folder, address, shared memory, status.
	lines := strings.Split(string(text), "\n")
	if len(lines) < 8 {
		return state{}, false
	}
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 1 {
		return state{}, false
	}
	return state{pid: pid, socket: socket{dir: lines[4], port: lines[3]}, status: strings.TrimSpace(lines[7])}, true
}

// answers reports whether somebody listens on the socket.
func (s socket) answers() bool {
	c, err := net.Dial("unix", s.path())
	if err != nil {
		return false
	}
	c.Close()
	return true
}

// errGone is what awaitReady fails with when the server has ended.
var errGone = errors.New("the server has ended")

// awaitReady waits until the server accepts connections.
func (h *home) awaitReady(ctx context.Context) (socket, error) {
	silentSince := time.Now()
	for {
		s, ok := h.readState()
		switch alive, err := h.alive(); {
		case err != nil:
			return socket{}, err
		case !alive:
			return socket{}, errGone
		case ok && s.socket.answers():
			if s.status == "ready" {
				return s.socket, nil
			}
			silentSince = time.Now()
		case time.Since(silentSince) > patience:
			return socket{}, fmt.Errorf("PostgreSQL runs in %s but does not answer; stop it and try again: kill %d", h.dir, s.pid)
		}
		if err := pause(ctx); err != nil {
			return socket{}, fmt.Errorf("waiting for PostgreSQL in %s: %w", h.dir, err)
		}
	}
}
