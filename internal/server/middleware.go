package server

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"broadsheet/internal/address"
	"broadsheet/internal/page"
)

// requestID numbers requests for the log. An id that the client sends is not
// taken over. Public pages go without while there is nothing to log of them:
// see [page.Errors].
func requestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if middleware.GetReqID(r.Context()) != "" {
			next.ServeHTTP(w, r)
			return
		}
		id := strconv.FormatUint(middleware.NextRequestID(), 10)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), middleware.RequestIDKey, id)))
	})
}

// clientAddress finds out who asks: the peer, or with trusted proxies the
// first address of X-Forwarded-For, from the right, that is not one of them.
func clientAddress(proxies []string) func(http.Handler) http.Handler {
	if len(proxies) == 0 {
		return middleware.ClientIPFromRemoteAddr
	}
	return middleware.ClientIPFromXFF(proxies...)
}

// accessLog writes a line per request. What is held never reaches the routes, so
// that they are asked for its pattern.
func accessLog(log *slog.Logger, routes chi.Routes) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			wrapped := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			next.ServeHTTP(wrapped, r)
			log.InfoContext(r.Context(), "request", "id", middleware.GetReqID(r.Context()),
				"method", r.Method, "path", page.LoggedPath(r), "route", routes.Find(chi.NewRouteContext(), r.Method, r.URL.Path),
				"status", cmp.Or(wrapped.Status(), http.StatusOK), "bytes", wrapped.BytesWritten(),
				"client", middleware.GetClientIP(r.Context()), "duration", time.Since(start))
		})
	}
}

// recoverer answers a panic with the page for faults of ours, and logs where
// it happened.
func recoverer(errorPages page.Errors) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				switch fault := recover(); fault {
				case nil:
				case http.ErrAbortHandler:
					panic(fault)
				default:
					errorPages.Answer(w, r, fmt.Errorf("panic: %v\n%s", fault, debug.Stack()))
				}
			}()
			next.ServeHTTP(w, r)
		})
	}
}

// contentSecurityPolicy lets public pages load our style sheets and pictures
// and send our forms, and nothing else: no script, no frame, nobody else's.
// Without a script nothing connects; what examines pages from within a browser,
// as Lighthouse does, fetches robots.txt in their name.
const contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// deskSecurityPolicy lets pages of the desk run our own modules besides, which
// talk to nobody but us. Text becomes HTML in one of them alone, by the policy
// named "desk": https://w3c.github.io/trusted-types/.
const deskSecurityPolicy = contentSecurityPolicy + "; script-src 'self'; require-trusted-types-for 'script'; trusted-types desk"

// securityHeaders are what every answer is guarded by, of the OWASP Secure
// Headers Project. Strict-Transport-Security is for public addresses that are
// https; a year is what browsers' preload lists ask for. They are few: with the
// six of its own a held page has eight, and from the ninth on net/http's maps of
// headers cost a request three times what all else of ours does.
func securityHeaders(base address.Base) func(http.Handler) http.Handler {
	type header struct {
		name  string   // in its canonical form
		value []string // shared by all answers, which replace it or leave it alone
	}
	headers := []header{
		{"Content-Security-Policy", []string{contentSecurityPolicy}},
		{"X-Content-Type-Options", []string{"nosniff"}},
	}
	if strings.HasPrefix(string(base), "https://") {
		headers = append(headers, header{"Strict-Transport-Security", []string{"max-age=31536000"}})
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			to := w.Header()
			for _, h := range headers {
				to[h.name] = h.value
			}
			next.ServeHTTP(w, r)
		})
	}
}

// windowHeaders guard the windows of pages that know who asks: no other site has
// a hold on them or learns their addresses. Public pages, where nobody is signed
// in and nothing runs, have the last of it in the page, and frames are the
// policy's business: https://www.w3.org/TR/CSP3/#frame-ancestors-and-frame-options.
func windowHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := w.Header()
		to.Set("Cross-Origin-Opener-Policy", "same-origin")
		to.Set("X-Frame-Options", "DENY") // for browsers older than the policy
		to.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		next.ServeHTTP(w, r)
	})
}

// limitBody bounds what a request may send.
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(w, r.Body, maxBodyBytes)
		}
		next.ServeHTTP(w, r)
	})
}

// methodNotAllowed answers a method that an address does not take, and names
// those it does take, as RFC 9110, section 15.5.6, asks for. A method that no
// address takes comes here even where nothing is.
func methodNotAllowed(routes *chi.Mux) http.HandlerFunc {
	methods := []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	return func(w http.ResponseWriter, r *http.Request) {
		var allowed []string
		for _, method := range methods {
			if routes.Match(chi.NewRouteContext(), method, r.URL.Path) {
				allowed = append(allowed, method)
			}
		}
		if len(allowed) == 0 {
			routes.NotFoundHandler().ServeHTTP(w, r)
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		answer(w, http.StatusMethodNotAllowed, "this address does not take such requests; the header Allow lists those it does\n")
	}
}
