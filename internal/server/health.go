package server

import (
	"context"
	"fmt"
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

// readyz says whether requests can be served that need the database, and how
// many issues were to publish themselves and wait for a person.
func readyz(store *postgres.Store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), pingTimeout)
		defer cancel()
		waiting, err := store.CountWaiting(ctx)
		switch {
		case err != nil:
			answer(w, http.StatusServiceUnavailable, "the database does not answer\n")
		case waiting > 0:
			answer(w, http.StatusOK, fmt.Sprintf("ready\nissues that wait for a person: %d\n", waiting))
		default:
			answer(w, http.StatusOK, "ready\n")
		}
	}
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // whoever asked may have gone
}
