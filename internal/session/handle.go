package session

import (
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
		saving := &writer{ResponseWriter: w, request: r, sessions: s, failed: failed}
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
	begun, lost bool
}

// begin stores the session, once. It reports whether the answer may go out.
func (w *writer) begin() bool {
	if w.begun {
		return !w.lost
	}
	w.begun = true
	if err := w.sessions.save(w.request, w.ResponseWriter); err != nil {
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

// save stores a session that was changed and sets its cookie.
func (s *Sessions) save(r *http.Request, w http.ResponseWriter) error {
	ctx := r.Context()
	switch s.manager.Status(ctx) {
	case scs.Modified:
		token, expiry, err := s.manager.Commit(ctx)
		if err != nil {
			return err
		}
		s.manager.WriteSessionCookie(ctx, w, token, expiry)
	case scs.Destroyed:
		s.manager.WriteSessionCookie(ctx, w, "", time.Time{})
	}
	return nil
}
