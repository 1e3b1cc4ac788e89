package page

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/jba/templatecheck"

	"broadsheet/internal/newsletter"
)

// sqlError is an error as PostgreSQL's driver gives it.
type sqlError string

func (e sqlError) Error() string    { return "secret words of the database" }
func (e sqlError) SQLState() string { return string(e) }

// unsent is an error as the driver gives it on a connection that it finds closed.
type unsent bool

func (e unsent) Error() string     { return "secret words of the driver" }
func (e unsent) SafeToRetry() bool { return bool(e) }

func TestErrorsBecomePages(t *testing.T) {
	tests := map[string]struct {
		err    error
		status int
		words  string
		logged bool
	}{
		"not found":            {newsletter.ErrNotFound, 404, "This page does not exist", false},
		"gone":                 {newsletter.ErrGone, 410, "was withdrawn", false},
		"conflict":             {newsletter.ErrConflict, 409, "Somebody was faster", false},
		"invalid":              {newsletter.Invalid{{Field: "date", Message: "is missing; give one"}}, 422, "date: is missing; give one", false},
		"too large":            {&http.MaxBytesError{Limit: 1}, 413, "too much at once", false},
		"deadline":             {context.DeadlineExceeded, 503, "Back in a moment", true},
		"connection refused":   {&net.OpError{Op: "dial", Err: errors.New("secret")}, 503, "Back in a moment", true},
		"connection cut":       {io.ErrUnexpectedEOF, 503, "Back in a moment", true},
		"server stopping":      {sqlError("57P01"), 503, "Back in a moment", true},
		"too many connections": {sqlError("53300"), 503, "Back in a moment", true},
		"connection closed":    {unsent(true), 503, "Back in a moment", true},
		"sent, and no answer":  {unsent(false), 500, "It is our fault", true},
		"a constraint":         {sqlError("23505"), 500, "It is our fault", true},
		"anything else":        {errors.New("secret"), 500, "It is our fault", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			pages := Errors{Log: slog.New(slog.NewTextHandler(&log, nil))}
			r := httptest.NewRequest(http.MethodGet, "/issues/1", nil)
			r = r.WithContext(context.WithValue(r.Context(), middleware.RequestIDKey, "request-7"))
			w := httptest.NewRecorder()
			pages.Handle(func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("read it secretly: %w", test.err) })(w, r)
			body := w.Body.String()
			if w.Code != test.status || !strings.Contains(body, test.words) {
				t.Errorf("%d, want %d with %q:\n%s", w.Code, test.status, test.words, body)
			}
			if strings.Contains(body, "secret") {
				t.Error("the visitor reads the error's words")
			}
			if got := strings.Contains(log.String(), "request-7"); got != test.logged {
				t.Errorf("logged: %v, want %v: %s", got, test.logged, &log)
			}
			if got := w.Header().Get("Retry-After") != ""; got != (test.status == 503) {
				t.Errorf("Retry-After: %v", got)
			}
			if w.Header().Get("Cache-Control") != "no-store" || !strings.Contains(body, `content="noindex"`) {
				t.Error("an error page may be kept or indexed")
			}
		})
	}
}

func TestErrorTemplateFitsItsView(t *testing.T) {
	template, err := errorPage.Template()
	if err != nil {
		t.Fatal(err)
	}
	if err := templatecheck.CheckHTMLStrict(template, errorView{}); err != nil {
		t.Error(err)
	}
}

func TestEveryStatusHasWords(t *testing.T) {
	for _, err := range []error{newsletter.ErrNotFound, newsletter.ErrGone, newsletter.ErrConflict, newsletter.Invalid{{}}, &http.MaxBytesError{}, context.DeadlineExceeded, io.ErrShortWrite} {
		if wordsOf[Status(err)].Heading == "" {
			t.Errorf("status %d has no words", Status(err))
		}
	}
}

func TestNearNumbers(t *testing.T) {
	w := httptest.NewRecorder()
	err := &Near{Err: newsletter.ErrGone, Number: 414, Numbers: []int{413, 415}}
	Errors{Log: slog.New(slog.DiscardHandler)}.Answer(w, httptest.NewRequest(http.MethodGet, "/issues/414", nil), err)
	if body := w.Body.String(); w.Code != http.StatusGone || !strings.Contains(body, `<a href="/issues/413">413</a>`) || !strings.Contains(body, `<a href="/issues/415">415</a>`) {
		t.Errorf("%d without its neighbours:\n%s", w.Code, body)
	}
}

func TestNobodyWaits(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var log bytes.Buffer
	w := httptest.NewRecorder()
	Errors{Log: slog.New(slog.NewTextHandler(&log, nil))}.Answer(w, httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx), ctx.Err())
	if w.Body.Len() > 0 || log.Len() > 0 {
		t.Errorf("a reader who left is answered %q or logged %q", w.Body, &log)
	}
}
