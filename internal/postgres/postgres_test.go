package postgres_test

import (
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// fill stores printed issues and returns the store.
func fill(t *testing.T, issues ...newsletter.Issue) *postgres.Store {
	t.Helper()
	store := postgres.New(pgtest.New(t))
	for _, issue := range issues {
		add(t, store, issue)
	}
	return store
}

// add stores an issue and, when it is printed, its revision.
func add(t *testing.T, store *postgres.Store, issue newsletter.Issue) int64 {
	t.Helper()
	var id int64
	err := store.Tx(t.Context(), func(tx *postgres.Store) error {
		ids, err := tx.AddIssues(t.Context(), []newsletter.Issue{issue}, noLinks)
		if err != nil {
			return err
		}
		if id = ids[0]; !issue.State.Printed() {
			return nil
		}
		return tx.SaveRevision(t.Context(), id, newslettertest.Printed(issue), noLinks)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// contains reports whether an error speaks of something.
func contains(err error, words string) bool { return strings.Contains(err.Error(), words) }

func noLinks(string) []newsletter.Link { return nil }
