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
// many issues were to publish themselves, and jobs were to be done, and wait for
// a person.
func readyz(store *postgres.Store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), pingTimeout)
		defer cancel()
		waiting, err := store.CountWaiting(ctx)
		gaveUp := 0
		if err == nil {
			gaveUp, err = store.GaveUp(ctx)
		}
		if err != nil {
			answer(w, http.StatusServiceUnavailable, "the database does not answer\n")
			return
		}
		text := "ready\n"
		if waiting > 0 {
			text += fmt.Sprintf("issues that wait for a person: %d\n", waiting)
		}
		if gaveUp > 0 {
			text += fmt.Sprintf("background jobs that wait for a person: %d\n", gaveUp)
		}
		answer(w, http.StatusOK, text)
	}
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // whoever asked may have gone
}
