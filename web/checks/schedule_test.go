package checks

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/pgtest"
)

// TestSchedule looks at an issue that publishes itself in two days, and at one
// that was to do so two days ago.
func TestSchedule(t *testing.T) {
	database := pgtest.URL(t)
	base, _ := start(t, database, "demo")
	at := time.Now().AddDate(0, 0, 2).Format(newsletter.DateLayout) + "T08:00"
	post(t, base, curator, "/desk/issues/414/publish", send("when", "at", "at", at, "override", "it will be ready by then"))
	post(t, base, owner, "/desk/issues/414", send("version", "1", "intro", "Two readers were married on Saturday, and nothing rang."))
	walk(t, base, map[string][]state{
		"/desk/issues/{number:[0-9]+}": {
			{name: "board scheduled", path: "/desk/issues/414", as: curator},
			{name: "board scheduled for an editor", path: "/desk/issues/414", as: editor},
		},
		"/desk/issues/{number:[0-9]+}/publish": {
			{name: "publish scheduled", path: "/desk/issues/414/publish", as: curator},
			{name: "publish too late", path: "/desk/issues/414/publish", as: curator, status: invalid, form: send("when", "at", "at", "2020-02-29T08:00", "override", "yes")},
			{name: "publish now and at a time", path: "/desk/issues/414/publish", as: curator, status: invalid, form: send("when", "now", "at", at)},
		},
	})
	importOverdue(t, database, 415)
	awaitWaiting(t, base)
	walk(t, base, map[string][]state{
		"/desk":                                {{name: "desk with an issue that waits", path: "/desk", as: contributor}},
		"/desk/issues/{number:[0-9]+}/publish": {{name: "publish what waits", path: "/desk/issues/415/publish", as: curator}},
	})
}

// importOverdue imports an issue that was to publish itself two days ago.
func importOverdue(t *testing.T, database string, number int) {
	t.Helper()
	issue := newslettertest.Issue(number)
	issue.State, issue.ScheduledAt, issue.PublishedAt = newsletter.Scheduled, time.Now().AddDate(0, 0, -2).UTC().Truncate(time.Second), time.Time{}
	issue.Corrections, issue.Withdrawn = nil, nil
	var out bytes.Buffer
	file := filepath.Join(t.TempDir(), "overdue.jsonl")
	if err := exchange.NewJSONL(&out).Issue(issue); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := command(t, database, "import", file).Output(); err != nil {
		t.Fatalf("import: %v\n%s", err, said)
	}
}

// awaitWaiting waits until the program says that an issue waits for a person.
func awaitWaiting(t *testing.T, base string) {
	t.Helper()
	var said []byte
	for end := time.Now().Add(patience); time.Now().Before(end); {
		response, err := client.Get(base + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		said, err = io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(said, []byte("issues that wait for a person: 1")) {
			return
		}
	}
	t.Fatalf("it says %q", said)
}
