package page

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5/middleware"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// Handler answers a request, or returns the error that says why not.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Errors turns the errors of handlers into pages. No word of an error reaches
// the visitor, except those of a [newsletter.Invalid], a
// [newsletter.Forbidden] and a [TooMany], which are written for whoever asks.
type Errors struct {
	Log   *slog.Logger
	Frame func() Frame // what is known of the publication without asking the database
}

// TooMany is the error of somebody who tries too often.
type TooMany struct {
	Wait time.Duration // until it may be tried again
}

// Error says how long to wait.
func (t *TooMany) Error() string {
	return "Too many attempts. Wait " + Count(t.minutes(), "minute") + ", then try again."
}

func (t *TooMany) minutes() int { return int((t.Wait + time.Minute - 1) / time.Minute) }

// Near is an error about one issue that knows which issues stand near it in
// the archive. It wraps [newsletter.ErrNotFound] or [newsletter.ErrGone].
type Near struct {
	Err     error
	Number  int   // of the issue asked for
	Numbers []int // near it, ascending
}

// Error says which issue the error is about.
func (n *Near) Error() string { return "issue: " + n.Err.Error() }

// Unwrap returns the error that decides the status.
func (n *Near) Unwrap() error { return n.Err }

// Handle makes an [http.Handler] of h that answers its errors with pages.
func (e Errors) Handle(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			e.Answer(w, r, err)
		}
	}
}

// Answer answers a request with the page of an error. What is nobody's fault
// but ours, or the database's, is logged with the request's id.
func (e Errors) Answer(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // nobody is waiting for an answer
	}
	status := Status(err)
	if status >= http.StatusInternalServerError {
		e.Log.ErrorContext(r.Context(), "request failed", "id", requestID(r),
			"method", r.Method, "path", LoggedPath(r), "status", status, "error", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	if tooMany, ok := errors.AsType[*TooMany](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(tooMany.Wait.Seconds()))))
	}
	if err := errorPage.Render(w, r, status, e.view(r, status, err)); err != nil {
		e.Log.ErrorContext(r.Context(), "error page failed", "error", err)
		http.Error(w, http.StatusText(status), status)
	}
}

// LoggedPath returns a request's path as it may stand in a log: without the
// secret of a one-time link, which would work for whoever reads it there. What
// follows such an address goes whether or not a route answers it: a request
// that is refused on its way leaves the link working.
func LoggedPath(r *http.Request) string {
	return secretPath.ReplaceAllString(r.URL.Path, "${1}[redacted]")
}

// secretPath finds what follows the addresses of one-time links.
var secretPath = regexp.MustCompile(`(?is)((?:` + address.SignIn + "|" + address.SetUp + "|" + address.Previews + `)/).+`)

// Status returns the HTTP status of an error: that of its kind, else 500.
func Status(err error) int {
	_, invalid := errors.AsType[newsletter.Invalid](err)
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	_, tooMany := errors.AsType[*TooMany](err)
	switch {
	case errors.Is(err, newsletter.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, newsletter.ErrGone):
		return http.StatusGone
	case errors.Is(err, newsletter.ErrForbidden):
		return http.StatusForbidden
	case tooMany:
		return http.StatusTooManyRequests
	case errors.Is(err, newsletter.ErrConflict):
		return http.StatusConflict
	case invalid:
		return http.StatusUnprocessableEntity
	case tooLarge:
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, context.DeadlineExceeded), away(err):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// away reports whether an error says that the database cannot be reached now:
// from the network, or by the classes of SQLSTATE for broken connections (08),
// too many of them (53) and a server that is starting or stopping (57P); or that
// nothing was sent to it, as on a connection that was found closed.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
// https://pkg.go.dev/github.com/jackc/pgx/v5/pgconn#SafeToRetry
func away(err error) bool {
	if state, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		code := state.SQLState()
		return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "53") || strings.HasPrefix(code, "57P")
	}
	if unsent, ok := errors.AsType[interface {
		error
		SafeToRetry() bool
	}](err); ok && unsent.SafeToRetry() {
		return true
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// requestID returns the number of a request for the log: its own, or, when
// nothing was to be logged of it until now, a new one.
func requestID(r *http.Request) string {
	if id := middleware.GetReqID(r.Context()); id != "" {
		return id
	}
	return strconv.FormatUint(middleware.NextRequestID(), 10)
}
