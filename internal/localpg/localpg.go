// Package localpg runs a private PostgreSQL server for those who have none: it
// finds the machine's own programs, makes a database directory, and starts a
// server that only this user can reach, over a unix socket. Debian's own cluster is
// neither used nor touched.
//
// Several of our processes may use the server at once. The first one in starts it
// and the last one out stops it. If all of them are killed it runs on until the
// next one starts, which takes it over.
package localpg

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
)

// superuser is the one role of the server. There is no password: who may enter the
// folder of its socket is let in.
const superuser = "broadsheet"

// Options says where the server's data lies and how it runs.
type Options struct {
	// Dir is the data folder, DefaultDir when empty. Ours is the part "postgres".
	Dir string
	// Throwaway is for tests: quicker, with many connections, and a crash of the
	// machine may lose the data.
	Throwaway bool
	// Logger hears what was started and stopped; nil is silence.
	Logger *slog.Logger
}

// Server is our share in a running server, until Close.
type Server struct {
	home   *home
	log    *slog.Logger
	socket socket

	closing sync.Once
	lease   *os.File // locked shared while we use the server
	err     error    // of closing
}

// Start joins the server of the data folder, or starts it, making its data first
// if there is none. It returns when the server accepts connections. The error says
// in one line what happened and what to do; it is ErrNotFound when the machine has
// no PostgreSQL. When ctx ends early, nothing is left running.
func Start(ctx context.Context, o Options) (*Server, error) {
	h, err := openHome(cmp.Or(o.Dir, DefaultDir()))
	if err != nil {
		return nil, err
	}
	s := &Server{home: h, log: cmp.Or(o.Logger, slog.New(slog.DiscardHandler))}
	if err := s.join(ctx, o.Throwaway); err != nil {
		h.files.Close()
		return nil, err
	}
	return s, nil
}

// join takes a lease and brings the server up, alone: all who start or stop it
// hold the same lock meanwhile.
func (s *Server) join(ctx context.Context, throwaway bool) error {
	starting, err := s.home.lock(ctx, startName, syscall.LOCK_EX)
	if err != nil {
		return err
	}
	defer starting.Close()
	if s.lease, err = s.home.lock(ctx, leasesName, syscall.LOCK_SH); err != nil {
		return err
	}
	if s.socket, err = s.bringUp(ctx, throwaway); err != nil {
		return errors.Join(err, s.leave())
	}
	return nil
}

// Close gives up our share. The last one out stops the server and returns when it
// has ended. A second call returns what the first did.
func (s *Server) Close() error {
	s.closing.Do(func() {
		defer s.home.files.Close()
		starting, err := s.home.lock(context.Background(), startName, syscall.LOCK_EX)
		if err != nil {
			s.err = err
			return
		}
		defer starting.Close()
		s.err = s.leave()
	})
	return s.err
}

// leave gives the lease back and stops the server if nobody else has one.
func (s *Server) leave() error {
	s.lease.Close()
	last, err := s.home.tryLock(leasesName, syscall.LOCK_EX)
	if errors.Is(err, errLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	defer last.Close()
	return s.stop()
}

// URL returns the address of a database of this server, for pgx and psql alike. It
// carries every setting that the user's shell could change by a variable like
// PGOPTIONS.
func (s *Server) URL(database string) string {
	settings := url.Values{
		"host": {s.socket.dir}, "port": {s.socket.port}, "sslmode": {"disable"},
		"target_session_attrs": {"any"}, "options": {"-ctimezone=UTC"},
	}
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database}
	// libpq, unlike browsers, does not read + as a space.
	u.RawQuery = strings.ReplaceAll(settings.Encode(), "+", "%20")
	return u.String()
}
