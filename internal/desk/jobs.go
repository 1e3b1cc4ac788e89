package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/job"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// jobLine is a background job as lists show it.
type jobLine struct {
	What    string // "Webhook: 413 was published"
	State   string // "Gave up after 8 attempts"
	Flag    string // class of the flag that the state is
	Next    string // when it is tried again, or ""
	Detail  string // what came of it, or what went wrong, in a sentence
	At      moment
	Retry   string // where "Try again" goes, or ""
	Dismiss string // where "Leave it undone" goes, or ""
}

// eventWords say what a message of the webhook is about.
var eventWords = map[job.Event]string{
	job.Published: "%d was published", job.Corrected: "%d was corrected", job.Withdrawn: "%d was withdrawn", job.Reinstated: "%d was reinstated",
}

// jobWords names a job.
func jobWords(j postgres.Job) string {
	if j.Kind != job.WebhookKind {
		return strings.ReplaceAll(j.Kind, "_", " ")
	}
	var args job.Webhook
	if err := json.Unmarshal(j.Args, &args); err != nil || eventWords[args.Event] == "" {
		return "Webhook: a test"
	}
	return "Webhook: " + fmt.Sprintf(eventWords[args.Event], args.Issue)
}

// stuckWords are what River notes of a job whose process was killed.
const stuckWords = "Stuck job rescued by Rescuer"

// jobLines returns jobs as lists show them.
func (d *Desk) jobLines(jobs []postgres.Job) []jobLine {
	lines := make([]jobLine, len(jobs))
	for k, j := range jobs {
		line := jobLine{What: jobWords(j), Detail: j.Error, At: d.ago(j.CreatedAt)}
		if j.Error == stuckWords {
			line.Detail = "The program was stopped in the middle of it."
		}
		if j.State == postgres.JobWaits && j.Error != "" {
			j.State = postgres.JobFailed // its turn is close
		}
		switch j.State {
		case postgres.JobRuns:
			line.State, line.Detail = "Runs", ""
		case postgres.JobFailed:
			line.State, line.Flag = "Failed "+times(j.Attempts), "to-do"
			line.Next = againAt(j.NextAt, d.now.Publication().Location())
			line.Retry = address.JobTo(j.ID, "retry")
		case postgres.JobGaveUp:
			line.State, line.Flag = "Gave up after "+plural(j.Attempts, "attempt"), "bad"
			line.Retry, line.Dismiss = address.JobTo(j.ID, "retry"), address.JobTo(j.ID, "dismiss")
		case postgres.JobDone:
			line.State, line.Flag, line.Detail = "Done", "done", j.Output
		case postgres.JobLeftOver:
			line.State = "Left undone"
			if j.Error != "" { // a test, or it failed before that
				line.State, line.Flag = "Failed; left undone", "bad"
			}
		default:
			line.State = "Waits"
		}
		if j.State == postgres.JobDone && j.Attempts > 1 {
			line.State = "Done at attempt " + fmt.Sprint(j.Attempts)
		}
		lines[k] = line
	}
	return lines
}

// times says how often, as in "once" or "3 times".
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// againAt says when a job is tried again.
func againAt(at time.Time, zone *time.Location) string {
	if !at.After(time.Now()) {
		return "It is tried again now."
	}
	return "It is tried again on " + clockWords(at, zone) + "."
}

// retryJob has a job that failed tried again at once.
func (d *Desk) retryJob(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := d.store.RetryJob(r.Context(), page.User(r.Context()), id); err != nil {
		return err
	}
	return seeOther(w, r, address.Activity)
}

// dismissJob leaves a job that gave up undone.
func (d *Desk) dismissJob(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := d.store.DismissJob(r.Context(), page.User(r.Context()), id); err != nil {
		return err
	}
	return seeOther(w, r, address.Activity)
}
