package worker

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"broadsheet/internal/address"
	"broadsheet/internal/fetch"
	"broadsheet/internal/job"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// webhook tells the webhook's address of an event, by the specification of
// Standard Webhooks (https://www.standardwebhooks.com).
type webhook struct {
	river.WorkerDefaults[job.Webhook]
	store *postgres.Store
	base  address.Base
	log   *slog.Logger
	fetch *fetch.Client
}

// delays are how long after each failure a message is tried again: those that
// Standard Webhooks proposes, up to the seventh. That is more than a day, so that
// a server that fails at night is found in the morning.
var delays = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour,
}

// NextRetry returns when a message that failed is tried again.
func (w *webhook) NextRetry(j *river.Job[job.Webhook]) time.Time {
	return time.Now().Add(delays[min(max(j.Attempt, 1), len(delays))-1])
}

// Timeout is how long a job may take.
func (w *webhook) Timeout(*river.Job[job.Webhook]) time.Duration { return timeout }

// Work sends one message. The words of its error are for the owner.
func (w *webhook) Work(ctx context.Context, j *river.Job[job.Webhook]) error {
	status, err := w.send(ctx, j.Args)
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // the process stops; it is done again
	}
	if err == nil {
		err = refused(status)
	}
	if err == nil {
		return river.RecordOutput(ctx, fmt.Sprintf("It answered %s.", status))
	}
	said := []any{"job", j.ID, "event", j.Args.Event, "issue", j.Args.Issue, "attempt", j.Attempt, "error", err}
	switch {
	case j.Args.Event == job.Test || errors.Is(err, errNobody):
		return river.JobCancel(err) // somebody looks on, or nobody does
	case j.Attempt < j.MaxAttempts:
		w.log.Warn("the webhook was not told; it is tried again", said...)
	default:
		w.log.Error("the webhook was not told, and waits for a person", said...)
	}
	return err
}

// trouble is an error whose words are a sentence for the owner.
type trouble string

// Error is the sentence.
func (t trouble) Error() string { return string(t) }

const (
	errNobody = trouble("There is no webhook any more.")
	errOurs   = trouble("The message could not be made; the program’s log says why.")
)

// send makes, signs and sends a message, and returns the status of the answer.
func (w *webhook) send(ctx context.Context, args job.Webhook) (status fetch.Status, err error) {
	to, err := w.store.Webhook(ctx)
	if errors.Is(err, newsletter.ErrNotFound) {
		return 0, errNobody
	}
	if err != nil {
		return 0, w.hidden(ctx, err)
	}
	body, err := w.message(ctx, args)
	if err != nil {
		return 0, w.hidden(ctx, err)
	}
	return w.fetch.Post(ctx, to.Address, signed(slices.Concat([][]byte{to.Secret}, to.Old), args.ID(), time.Now(), body), body)
}

// hidden logs what the owner is not to read.
func (w *webhook) hidden(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		w.log.Error("a message to the webhook could not be made", "error", err)
	}
	return errOurs
}

// message is what is sent. Its fields are for others' programs and keep their
// names.
type message struct {
	Type      job.Event `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      data      `json:"data"`
}

// data is what a message tells of an issue. A test has an address alone.
type data struct {
	Issue      int    `json:"issue,omitempty"`
	Address    string `json:"address"`
	Revision   int    `json:"revision,omitempty"`
	Correction string `json:"correction,omitempty"` // as readers are told it; a silent one has none
}

// message makes the body of a message.
func (w *webhook) message(ctx context.Context, args job.Webhook) ([]byte, error) {
	m := message{Type: args.Event, Timestamp: args.At.UTC(), Data: data{Address: w.base.Absolute("/")}}
	if args.Issue != 0 {
		m.Data = data{Issue: args.Issue, Address: w.base.Absolute(address.Issue(args.Issue)), Revision: args.Revision}
	}
	if args.Told {
		var err error
		if m.Data.Correction, err = w.store.Told(ctx, args.Issue, args.Revision); err != nil {
			return nil, err
		}
	}
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("write the message: %w", err)
	}
	return body, nil
}

// signed returns the headers of a message: its id, the time of this attempt, and
// the signatures of both and the body by each secret, with a space between them
// (Standard Webhooks, "Signature scheme").
func signed(secrets [][]byte, id string, at time.Time, body []byte) map[string]string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(secrets))
	for k, secret := range secrets {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(id + "." + stamp + "."))
		mac.Write(body)
		signatures[k] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return map[string]string{"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": strings.Join(signatures, " ")}
}

// refused returns why an answer does not count as received: only statuses from
// 200 to 299 do.
func refused(status fetch.Status) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status >= 300 && status < 400:
		return trouble(fmt.Sprintf("It answered %s, which leads elsewhere and is not followed. Give the address it leads to.", status))
	}
	return trouble(fmt.Sprintf("It answered %s.", status))
}
