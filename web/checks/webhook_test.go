package checks

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/pgtest"
)

// jobsOfEveryState are what a webhook has been told, and what became of it. What
// would be done meanwhile lies far away.
const jobsOfEveryState = `
	INSERT INTO river_job (kind, args, state, attempt, max_attempts, scheduled_at, finalized_at, metadata, errors)
	SELECT 'webhook', format('{"event": "%s", "issue": 413, "revision": 1, "at": "2026-11-15T09:00:00Z"}', event)::jsonb,
	       state::river_job_state, attempt, 8, '2040-01-01 12:00Z', CASE WHEN finalized THEN now() END, metadata::jsonb,
	       CASE WHEN error <> '' THEN ARRAY[jsonb_build_object('error', error)] END
	FROM (VALUES
		('issue.published', 'completed', 3, true, '{"output": "It answered 204 No Content."}', 'hook.example did not answer within 10 seconds.'),
		('issue.corrected', 'retryable', 2, false, '{}', 'It answered 302 Found, which leads elsewhere and is not followed. Give the address it leads to.'),
		('issue.withdrawn', 'discarded', 8, true, '{}', 'a-very-long-name-of-a-host-without-any-place-to-break.chat.internal.example is at 10.11.12.13, which is not a public address. Nothing was sent.'),
		('issue.reinstated', 'scheduled', 0, false, '{}', '')) AS job (event, state, attempt, finalized, metadata, error)`

// TestWebhook looks at what was told, and at what gave up.
func TestWebhook(t *testing.T) {
	database := pgtest.URL(t)
	base, _ := start(t, database, "demo")
	ask(t, base, state{path: "/desk/webhook", as: owner, form: send("address", "http://127.0.0.1:9/hooks/T024BE7LH/B024BE7LH")})
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), jobsOfEveryState); err != nil {
		t.Fatal(err)
	}
	walk(t, base, map[string][]state{
		"/desk/webhook":        {{name: "webhook", path: "/desk/webhook?done=tested", as: owner}},
		"/desk/webhook/secret": {{name: "webhook secret", path: "/desk/webhook/secret", as: owner, form: send()}},
		"/desk/activity":       {{name: "activity with background work", path: "/desk/activity", as: owner}},
		"/desk":                {{name: "desk with work that gave up", path: "/desk", as: owner}},
	})
}
