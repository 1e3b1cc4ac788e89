package publish_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

func TestWithdrawAndReinstate(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	by := curator(t, store)
	draft(t, store, by, 7)
	if err := publish.Withdraw(t.Context(), store, by, 7); !errors.Is(err, newsletter.ErrForbidden) {
		t.Errorf("a draft is withdrawn: %v", err)
	}
	printed, err := publish.Publish(t.Context(), store, by, publish.Request{Number: 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name  string
		do    func() error
		state newsletter.IssueState
		raise bool
	}{
		{"withdraw", func() error { return publish.Withdraw(t.Context(), store, by, 7) }, newsletter.Withdrawn, true},
		{"withdraw again", func() error { return publish.Withdraw(t.Context(), store, by, 7) }, newsletter.Withdrawn, false},
		{"reinstate", func() error { return publish.Reinstate(t.Context(), store, by, 7) }, newsletter.Published, true},
		{"reinstate again", func() error { return publish.Reinstate(t.Context(), store, by, 7) }, newsletter.Published, false},
	} {
		before := generation(t, store)
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if state := board(t, store, 7).State; state != step.state || (generation(t, store) > before) != step.raise {
			t.Errorf("%s: it is %s, the generation raised by %d", step.name, state, generation(t, store)-before)
		}
		got, err := store.Revision(t.Context(), 7)
		if step.state == newsletter.Withdrawn && !errors.Is(err, newsletter.ErrGone) {
			t.Errorf("%s: readers get %v", step.name, err)
		}
		if diff := cmp.Diff(printed, got, cmpopts.EquateEmpty()); step.state == newsletter.Published && (err != nil || diff != "") {
			t.Errorf("%s: %v\n%s", step.name, err, diff)
		}
	}
	editor := person(t, store, "Emil", newsletter.Editor)
	if err := publish.Withdraw(t.Context(), store, editor, 7); !errors.Is(err, newsletter.ErrForbidden) {
		t.Errorf("an editor withdraws it: %v", err)
	}
	if err := publish.Withdraw(t.Context(), store, by, 8); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("what is not there is withdrawn: %v", err)
	}
}
