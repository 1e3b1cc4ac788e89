package server

import (
	"context"
	"io"
	"net/http"
	"time"

	"broadsheet/internal/postgres"
)

// pingTimeout is how long a database may take to answer and count as there.
const pingTimeout = 2 * time.Second

// livez says that the process runs. It asks nothing of anybody else.
func livez(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, "alive\n")
}

// readyz says whether requests can be served that need the database.
func readyz(store *postgres.Store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), pingTimeout)
		defer cancel()
		if err := store.Ping(ctx); err != nil {
			answer(w, http.StatusServiceUnavailable, "the database does not answer\n")
			return
		}
		answer(w, http.StatusOK, "ready\n")
	}
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // whoever asked may have gone
}
