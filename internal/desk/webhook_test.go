package desk

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/publish"
)

var webhookSecret = regexp.MustCompile(`<p class="secret">whsec_([A-Za-z0-9+/=]+)</p>`)

// secretOn returns the webhook's secret that a page shows.
func (a answer) secretOn() string {
	a.t.Helper()
	found := webhookSecret.FindStringSubmatch(strings.ReplaceAll(a.Body.String(), "&#43;", "+"))
	if found == nil {
		a.t.Fatalf("no secret on\n%s", a.Body)
	}
	if bytes, err := base64.StdEncoding.DecodeString(found[1]); err != nil || len(bytes) != 24 {
		a.t.Errorf("the secret %q has %d bytes (%v)", found[1], len(bytes), err)
	}
	return found[1]
}

func TestTheWebhooksSecretIsShownOnce(t *testing.T) {
	w := newWorld(t)
	w.get(w.osman, "/desk/settings").is(200, `href="/desk/webhook"`)
	w.get(w.osman, "/desk/webhook").is(200, "Tell this address").lacks("Send a test", "secret\"")
	first := w.post(w.osman, "/desk/webhook", form("address", " https://hook.example/T0/secret-path ")).is(200, "shown here only now", "Send a test").secretOn()
	w.get(w.osman, "/desk/webhook").is(200, "https://hook.example/T0/secret-path", "Change the address").lacks(first, "whsec_")
	w.post(w.osman, "/desk/webhook", form("address", "https://other.example/")).leads("/desk/webhook?done=changed")
	w.get(w.osman, "/desk/webhook?done=changed").is(200, "The secret has stayed.", "https://other.example/").lacks("whsec_")
	second := w.post(w.osman, "/desk/webhook/secret", "").is(200, "https://other.example/", "messages are signed with the secret before it as well").secretOn()
	w.get(w.osman, "/desk/webhook").is(200, "<p>Until ", " UTC) messages are signed with the secret before it as well").lacks(first, second)
	hook, err := w.store.Webhook(t.Context())
	must(t, err)
	if second == first || base64.StdEncoding.EncodeToString(hook.Secret) != second {
		t.Errorf("a new secret is %q, before it was %q", second, first)
	}
	if hook.Until == nil || len(hook.Old) != 1 || base64.StdEncoding.EncodeToString(hook.Old[0]) != first {
		t.Errorf("the secret before does not sign any more: %+v", hook)
	}
	third := w.post(w.osman, "/desk/webhook/secret", "").is(200).secretOn() // by mistake
	if hook, err = w.store.Webhook(t.Context()); err != nil || len(hook.Old) != 2 || third == second {
		t.Errorf("after two new secrets %d others sign (%v)", len(hook.Old), err)
	}
	_, err = w.pool.Exec(t.Context(), "UPDATE webhook_old_secrets SET until = until - interval '24 hours'")
	must(t, err)
	w.get(w.osman, "/desk/webhook").is(200).lacks("as well")
	w.post(w.osman, "/desk/webhook/test", "").leads("/desk/webhook?done=tested")
	w.get(w.osman, "/desk/webhook?done=tested").is(200, "A test is on its way.", "Webhook: a test", "Waits")
	w.post(w.osman, "/desk/webhook/remove", "").leads("/desk/webhook?done=removed")
	w.get(w.osman, "/desk/webhook").is(200, "Tell this address", "Left undone").lacks("other.example")
	var left int
	must(t, w.pool.QueryRow(t.Context(), "SELECT count(*) FROM webhook_old_secrets").Scan(&left))
	if left != 0 {
		t.Errorf("%d secrets are left", left)
	}
	w.post(w.osman, "/desk/webhook/secret", "").leads("/desk/webhook")
	w.post(w.osman, "/desk/webhook/test", "").leads("/desk/webhook")
	w.get(w.osman, "/desk/activity").is(200, "set the webhook to hook.example", "made a new secret for the webhook", "sent a test to the webhook",
		"removed the webhook", "Nothing waits or has failed").lacks("secret-path", first, second)
	if _, err := w.store.SetWebhook(t.Context(), w.ines, "https://hook.example/"); err == nil {
		t.Error("a curator sets it")
	}
}

func TestAddressesThatAreNotTold(t *testing.T) {
	w := newWorld(t)
	for address, why := range map[string]string{
		"":                                "is not a web address",
		"ftp://hook.example/":             "is not a web address",
		"http://hook.example/":            "begins with http://; give one that begins with https://",
		"https://name:word@hook.example/": "has a name or a password",
		"https:///hook":                   "is not a web address",
		"https://hook.example/" + strings.Repeat("x", 2048): "has 2069 bytes",
	} {
		w.post(w.osman, "/desk/webhook", form("address", address)).is(422, why, `value="`+address+`"`)
	}
	w.postKept(w.osman, "/desk/webhook", form("address", "https://hook.example/")).is(200, `value="https://hook.example/"`, "Tell this address").lacks("whsec_")
	w.desk.inside = true
	w.post(w.osman, "/desk/webhook", form("address", "http://127.0.0.1:9/")).is(200).secretOn()
}

// jobs puts the webhook's jobs of issue 139 into a state.
func (w *world) jobs(set string) {
	w.t.Helper()
	_, err := w.pool.Exec(w.t.Context(), "UPDATE river_job SET "+set)
	must(w.t, err)
}

func TestBackgroundWorkIsSeenAndTriedAgain(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.post(w.osman, "/desk/webhook", form("address", "https://hook.example/")).secretOn()
	must(t, publish.Withdraw(t.Context(), w.store, w.ines, 139))
	retry, dismiss := "/desk/activity/jobs/"+w.onlyJob()+"/retry", "/desk/activity/jobs/"+w.onlyJob()+"/dismiss"
	activity := func() answer { return w.get(w.osman, "/desk/activity") }
	failed := `errors = array['{"attempt": 1, "error": "It answered 500 Internal Server Error."}'::jsonb]`
	const banner = "Background work gave up and waits for you: 1 job"

	activity().is(200, "Webhook: 139 was withdrawn", "Waits").lacks(retry, banner)
	w.post(w.osman, retry, "").leads("/desk/activity") // nothing to try again
	w.jobs("state = 'running', attempt = 1")
	activity().is(200, "Runs").lacks(retry)
	w.jobs("state = 'retryable', attempt = 2, scheduled_at = '2040-01-01 12:00Z', " + failed)
	activity().is(200, "Failed 2 times", "It answered 500 Internal Server Error. It is tried again on Sunday, 1 January 2040, 13:00 CET (12:00 UTC).", retry).lacks(dismiss, banner)
	w.jobs("state = 'available', attempt = 1, scheduled_at = now()")
	activity().is(200, "Failed once", "It is tried again now.")
	w.jobs("state = 'discarded', attempt = 8, max_attempts = 8, finalized_at = now()")
	activity().is(200, "Gave up after 8 attempts", retry, dismiss, banner)
	w.get(w.osman, "/desk/inbox").is(200, banner)
	w.get(w.ines, "/desk/inbox").is(200).lacks(banner)
	for _, user := range []newsletter.User{w.ines, w.emil, w.tove} {
		if err := w.store.RetryJob(t.Context(), user, 1); err == nil {
			t.Errorf("%s tries it again", user.Name)
		}
	}
	w.post(w.osman, retry, "").leads("/desk/activity")
	w.post(w.osman, retry, "").leads("/desk/activity") // pressed twice
	activity().is(200, "Osman</b> <span>had tried again: webhook ").lacks("Gave up", banner)
	if n := strings.Count(activity().Body.String(), "had tried again"); n != 1 {
		t.Errorf("it was tried again %d times", n)
	}
	w.jobs(`state = 'discarded', finalized_at = now(), errors = array['{"error": "Stuck job rescued by Rescuer"}'::jsonb]`)
	activity().is(200, "The program was stopped in the middle of it.")
	w.post(w.osman, dismiss, "").leads("/desk/activity")
	activity().is(200, "Nothing waits or has failed.", "left undone: webhook").lacks(banner)
	w.get(w.osman, "/desk/webhook").is(200, "Webhook: 139 was withdrawn", "Failed; left undone")
	w.jobs(`state = 'completed', attempt = 3, metadata = '{"output": "It answered 204 No Content."}'`)
	w.get(w.osman, "/desk/webhook").is(200, "Done at attempt 3", "It answered 204 No Content.")
	w.post(w.osman, "/desk/activity/jobs/999999/retry", "").is(http.StatusNotFound)
}

// onlyJob returns the id of the only job.
func (w *world) onlyJob() string {
	w.t.Helper()
	jobs, err := w.store.OpenJobs(w.t.Context())
	if err != nil || len(jobs) != 1 {
		w.t.Fatalf("the jobs are %+v (%v)", jobs, err)
	}
	return idText(jobs[0].ID)
}
