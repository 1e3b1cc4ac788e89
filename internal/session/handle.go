package session

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// Handle has next answer with the session of the request's cookie in its
// context, or with a new one that is stored only once something is put into
// it. A changed session is stored before the first byte of the answer; when it
// cannot be loaded or stored, failed answers instead.
func (s *Sessions) Handle(next http.Handler, failed func(http.ResponseWriter, *http.Request, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		token := ""
		if cookie, err := r.Cookie(s.manager.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := s.manager.Load(r.Context(), token)
		if err != nil {
			failed(w, r, err)
			return
		}
		r = r.WithContext(ctx)
		saving := &writer{ResponseWriter: w, request: r, sessions: s, failed: failed, loaded: s.manager.Token(ctx)}
		next.ServeHTTP(saving, r)
		saving.begin()
	})
}

// writer stores the session before the first byte goes out. The library's own
// would send an answer and its error's page one after the other.
type writer struct {
	http.ResponseWriter
	request     *http.Request
	sessions    *Sessions
	failed      func(http.ResponseWriter, *http.Request, error)
	loaded      string // token that the request came with; "" for a new session
	begun, lost bool
}

// begin stores the session, once. It reports whether the answer may go out.
func (w *writer) begin() bool {
	if w.begun {
		return !w.lost
	}
	w.begun = true
	if err := w.sessions.save(w.request, w.ResponseWriter, w.loaded); err != nil {
		w.lost = true
		w.Header().Del("Location")
		w.failed(w.ResponseWriter, w.request, err)
	}
	return !w.lost
}

// WriteHeader sends the status, unless the session could not be stored.
func (w *writer) WriteHeader(status int) {
	if w.begin() {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write sends a part of the answer, unless the session could not be stored.
func (w *writer) Write(part []byte) (int, error) {
	if !w.begin() {
		return len(part), nil
	}
	return w.ResponseWriter.Write(part)
}

// FlushError sends what was written so far; see [http.ResponseController].
func (w *writer) FlushError() error {
	if !w.begin() {
		return nil
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap returns the writer beneath, for [http.ResponseController].
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// save stores a session that was changed and sets its cookie. One that was
// loaded and has ended since, by a sign-out in another window, stays ended.
func (s *Sessions) save(r *http.Request, w http.ResponseWriter, loaded string) error {
	ctx := r.Context()
	switch s.manager.Status(ctx) {
	case scs.Modified:
		if loaded != "" && loaded == s.manager.Token(ctx) {
			ctx = context.WithValue(ctx, existingKey{}, true)
		}
		token, expiry, err := s.manager.Commit(ctx)
		if errors.Is(err, errEnded) {
			return nil
		}
		if err != nil {
			return err
		}
		s.manager.WriteSessionCookie(ctx, w, token, expiry)
	case scs.Destroyed:
		s.manager.WriteSessionCookie(ctx, w, "", time.Time{})
	}
	return nil
}

// Store keeps sessions.
type Store interface {
	scs.CtxStore
	// UpdateCtx stores a session that is there already. It reports false when
	// there is none.
	UpdateCtx(ctx context.Context, token string, data []byte, expiry time.Time) (found bool, err error)
}

// store brings no session back that has ended.
type store struct{ Store }

// existingKey marks the context of a session that was loaded in its request.
type existingKey struct{}

var errEnded = errors.New("the session has ended")

// CommitCtx stores a new session, or one that is there still.
func (s store) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	if ctx.Value(existingKey{}) == nil {
		return s.Store.CommitCtx(ctx, token, data, expiry)
	}
	found, err := s.UpdateCtx(ctx, token, data, expiry)
	if err == nil && !found {
		err = errEnded
	}
	return err
}
