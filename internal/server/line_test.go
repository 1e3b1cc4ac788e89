package server_test

import (
	"bytes"
	"context"
	"net"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"broadsheet/internal/postgres"
)

// state is how a line is.
type state int

const (
	up     state = iota
	cut          // connections break, and new ones are refused
	silent       // connections stand, and nothing comes through
	deaf         // what a connection was to be notified of does not come through
)

// line is the network between a program and its database, for tests to break.
type line struct {
	connect pgconn.DialFunc
	mu      sync.Mutex
	state   state
	wires   []net.Conn
}

// newLine puts a line between whoever uses the settings and the database.
func newLine(config *pgx.ConnConfig) *line {
	l := &line{connect: config.DialFunc}
	config.DialFunc = l.dial
	return l
}

func (l *line) is() state {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state
}

func (l *line) be(s state) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state = s
	if s == cut {
		for _, w := range l.wires {
			w.Close()
		}
		l.wires = nil
	}
}

func (l *line) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if l.is() == cut {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	conn, err := l.connect(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wires = append(l.wires, conn)
	return &wire{Conn: conn, line: l}, nil
}

// wire is one connection over a line.
type wire struct {
	net.Conn
	line    *line
	listens atomic.Bool // for notifications
}

// Read loses what arrives while the line is silent, or deaf to it.
func (w *wire) Read(p []byte) (int, error) {
	for {
		n, err := w.Conn.Read(p)
		if is := w.line.is(); err != nil || is != silent && (is != deaf || !w.listens.Load()) {
			return n, err
		}
	}
}

// Write loses what is sent while the line is silent.
func (w *wire) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("LISTEN "+postgres.Channel)) {
		w.listens.Store(true)
	}
	if w.line.is() == silent {
		return len(p), nil
	}
	return w.Conn.Write(p)
}
