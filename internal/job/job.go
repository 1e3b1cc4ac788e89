// Package job holds what background jobs are told: a struct for each kind, as it
// lies in the database until the job is done.
package job

import (
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// Event is what a webhook is told of.
type Event string

// The events.
const (
	Published  Event = "issue.published"
	Corrected  Event = "issue.corrected"
	Withdrawn  Event = "issue.withdrawn"
	Reinstated Event = "issue.reinstated"
	Test       Event = "test" // the owner wanted to see whether it arrives
)

// Webhook tells the webhook's address of one event. It holds no words of an
// issue: they are read when the message is made, so that none are left here that
// are redacted elsewhere.
type Webhook struct {
	Event    Event     `json:"event"`
	Issue    int       `json:"issue"`    // number; 0 for a test
	Revision int       `json:"revision"` // ordinal of the newest revision at that time; 0 for a test
	Told     bool      `json:"told"`     // readers were told of the correction in a sentence, the revision's last
	At       time.Time `json:"at"`       // of the transaction, to the microsecond
}

// WebhookKind is the name of the jobs that tell the webhook.
const WebhookKind = "webhook"

// webhookAttempts is how often a message is tried, see the worker's delays.
const webhookAttempts = 8

// Kind is the job's name in the database.
func (Webhook) Kind() string { return WebhookKind }

// InsertOpts has each event be told by one job.
func (Webhook) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: webhookAttempts, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// ID names the message, the same however often it is sent: a receiver knows by it
// what it has had.
func (w Webhook) ID() string {
	return fmt.Sprintf("msg_%d_%d_%d", w.Issue, w.Revision, w.At.UnixMicro())
}
