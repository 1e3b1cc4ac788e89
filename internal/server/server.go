// Package server puts all handlers behind one router with what every answer
// needs: time and size limits, security headers, protection from cross-site
// requests, health.
package server

import (
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"broadsheet/internal/account"
	"broadsheet/internal/address"
	"broadsheet/internal/desk"
	"broadsheet/internal/live"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/password"
	"broadsheet/internal/postgres"
	"broadsheet/internal/session"
	"broadsheet/internal/site"
	"broadsheet/web"
)

// Options are what the server needs.
type Options struct {
	Store          *postgres.Store
	Now            *live.Now
	Base           address.Base
	Log            *slog.Logger
	Hasher         *password.Hasher // nil: one of its own
	AccessLog      bool             // a line for every request, not only for those that fail
	TrustedProxies []string         // networks whose X-Forwarded-For is believed
	PrivateWebhook bool             // the webhook may be at an address that is not public
}

// Limits of one request. The times bound how long a slow or silent client can
// hold a connection.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	shutdownTimeout   = 10 * time.Second
	maxHeaderBytes    = 64 << 10
	maxBodyBytes      = 1 << 20
)

// Router returns the router with all routes. Tests walk it to make sure that
// every route is looked at, and has an action.
func Router(o Options) (*Routes, error) {
	public := site.New(site.Options{Store: o.Store, Now: o.Now, Base: o.Base, Log: o.Log})
	crossOrigin := http.NewCrossOriginProtection()
	if err := crossOrigin.AddTrustedOrigin(string(o.Base)); err != nil {
		return nil, fmt.Errorf("trust the base URL: %w", err)
	}
	r := chi.NewRouter()
	r.Use(crossOrigin.Handler, limitBody)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		r.MethodFunc(method, address.Livez, livez)
		r.MethodFunc(method, address.Readyz, readyz(o.Store))
		r.Method(method, address.Static+"*", web.Static())
	}
	public.Routes(r)
	r.MethodNotAllowed(methodNotAllowed(r))
	routes := &Routes{Router: r, Declared: open(r), around: around(o, public, r)}
	private(o, routes, public.Errors())
	return routes, nil
}

// around returns what every request goes through first. What readers ask for
// most is held and given before anything is routed.
func around(o Options, public *site.Site, r chi.Router) http.Handler {
	handler := recoverer(public.Errors())(securityHeaders(o.Base)(public.Held(r)))
	if o.AccessLog {
		handler = requestID(clientAddress(o.TrustedProxies)(accessLog(o.Log, r)(handler)))
	}
	return handler
}

// open declares everything that is registered so far as open to everybody.
func open(r chi.Routes) (declared []page.Route) {
	_ = chi.Walk(r, func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		declared = append(declared, page.Route{Method: method, Pattern: pattern, Action: newsletter.Read})
		return nil
	})
	return declared
}

// private registers the routes that know who asks. Public pages stay without a
// session, so that they are the same for everybody and caches may keep them.
func private(o Options, routes *Routes, errorPages page.Errors) {
	sessions := session.New(o.Store.Sessions(), strings.HasPrefix(string(o.Base), "https://"))
	g := &guard{store: o.Store, sessions: sessions, errors: errorPages, routes: routes}
	desks := desk.New(desk.Options{Store: o.Store, Now: o.Now, Base: o.Base, Log: o.Log, Errors: errorPages, PrivateWebhook: o.PrivateWebhook})
	accounts := account.New(account.Options{
		Store: o.Store, Sessions: sessions, Hasher: cmp.Or(o.Hasher, password.New()), Frame: errorPages.Frame, DeskFrame: desks.Frame,
		HasPage: func(path string) bool { return routes.Match(chi.NewRouteContext(), http.MethodGet, path) },
	})
	r := routes.With(requestID, windowHeaders, clientAddress(o.TrustedProxies), middleware.Compress(gzip.DefaultCompression, "text/html"))
	g.register(r, accounts.Routes()...)
	g.register(r, desks.Routes()...)
	g.register(r, g.keptRoute())
}

// spareHeap is how many bytes of garbage may gather beyond as much as is in use,
// which is where the collector starts by itself. What the program keeps is a few
// megabytes, all pointers, so that without it a busy site spends a tenth of its
// time on looking through them: `go run ./cmd/check --bench`.
const spareHeap = 12 << 20

// Run serves until ctx ends, then lets requests that are under way finish for
// a few seconds, and cuts off those that do not. It returns nil unless serving
// failed.
func Run(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	spare := make([]byte, spareHeap) // never written to, so that it takes no memory
	defer runtime.KeepAlive(spare)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping")
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		log.Warn("requests that did not finish were cut off", "error", errors.Join(err, server.Close()))
	}
	return nil
}
