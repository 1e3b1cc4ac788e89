package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/job"
	"broadsheet/internal/newsletter"
)

// Webhook is the address that is told of what happens to issues.
type Webhook struct {
	Address string
	Secret  []byte     // what signs the messages
	Old     [][]byte   // what signs them, too, newest first
	Until   *time.Time // how long the last of these does, or nil
}

// Overlap is how long a secret that was replaced signs beside the new one, and
// maxOldSecrets how many do at once. The specification of Standard Webhooks lets
// a message have several signatures for this and names no time; a day is what
// Svix, where it comes from, gives receivers
// (https://api.svix.com/docs, "Rotate Endpoint Secret").
const (
	Overlap       = 24 * time.Hour
	maxOldSecrets = 4
)

// secretLength is the number of bytes of a webhook's secret, the least that
// Standard Webhooks allows (24 to 64).
const secretLength = 24

// Webhook returns the webhook, or ErrNotFound when nobody is to be told.
func (s *Store) Webhook(ctx context.Context) (Webhook, error) {
	return one[Webhook](ctx, s, "read the webhook", `
		SELECT address, webhook.secret, array_agg(old.secret ORDER BY until DESC) FILTER (WHERE old.secret IS NOT NULL) AS old, max(until) AS until
		FROM webhook LEFT JOIN (
		    SELECT secret, until FROM webhook_old_secrets WHERE until > now() ORDER BY until DESC LIMIT $1) AS old ON true
		GROUP BY webhook.id`, maxOldSecrets)
}

// SetWebhook has an address be told from now on, also of what is still to be
// told. The first one gets a secret, which is returned; after that it is nil, as
// the secret stays.
func (s *Store) SetWebhook(ctx context.Context, by newsletter.User, address string) (secret []byte, err error) {
	err = s.changeWebhook(ctx, by, "set webhook", newsletter.HostOf(address), func(tx *Store) error {
		fresh := newSecret()
		var first bool
		err := tx.db.QueryRow(ctx, `
			INSERT INTO webhook (address, secret, changed_by) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET address = excluded.address, changed_by = excluded.changed_by, changed_at = now()
			RETURNING secret = $2`, address, fresh, by.Name).Scan(&first)
		if first {
			secret = fresh
		}
		return wrap(err, "set the webhook")
	})
	return secret, err
}

// NewWebhookSecret replaces the webhook's secret and returns the new one. The one
// before signs beside it for as long as [Overlap] says. It is ErrNotFound when
// there is no webhook.
func (s *Store) NewWebhookSecret(ctx context.Context, by newsletter.User) ([]byte, error) {
	secret := newSecret()
	return secret, s.changeWebhook(ctx, by, "replace webhook secret", "", func(tx *Store) error {
		_, err := tx.db.Exec(ctx, "DELETE FROM webhook_old_secrets WHERE until <= now()")
		if err == nil {
			_, err = tx.db.Exec(ctx, "INSERT INTO webhook_old_secrets (secret, until) SELECT secret, now() + $1::interval FROM webhook FOR UPDATE", Overlap)
		}
		if err != nil {
			return wrap(err, "keep the secret before")
		}
		tag, err := tx.db.Exec(ctx, "UPDATE webhook SET secret = $1, changed_by = $2, changed_at = now()", secret, by.Name)
		if err == nil && tag.RowsAffected() == 0 {
			err = newsletter.ErrNotFound
		}
		return wrap(err, "replace the webhook's secret")
	})
}

// RemoveWebhook has nobody be told any more, also not of what is still to be
// told. Where there is no webhook nothing changes.
func (s *Store) RemoveWebhook(ctx context.Context, by newsletter.User) error {
	err := s.changeWebhook(ctx, by, "remove webhook", "", func(tx *Store) error {
		tag, err := tx.db.Exec(ctx, "DELETE FROM webhook")
		if err == nil && tag.RowsAffected() == 0 {
			return newsletter.ErrNotFound
		}
		if err != nil {
			return wrap(err, "remove the webhook")
		}
		_, err = tx.db.Exec(ctx, `
			UPDATE river_job SET state = 'cancelled', finalized_at = now()
			WHERE kind = $1 AND state IN ('available', 'scheduled', 'retryable', 'discarded')`, job.WebhookKind)
		return wrap(err, "leave what was to be told untold")
	})
	if errors.Is(err, newsletter.ErrNotFound) {
		return nil
	}
	return err
}

func newSecret() []byte {
	secret := make([]byte, secretLength)
	_, _ = rand.Read(secret) // it never fails
	return secret
}

func (s *Store) changeWebhook(ctx context.Context, by newsletter.User, action, object string, change func(*Store) error) error {
	if err := newsletter.Allow(by, newsletter.ManagePublication, newsletter.Object{}); err != nil {
		return err
	}
	return s.Tx(ctx, func(tx *Store) error {
		if err := change(tx); err != nil {
			return err
		}
		return tx.AuditBy(ctx, by, action, object)
	})
}

// Tell has the webhook be told what has happened to an issue, if there is one.
// Call it in the transaction in which it happens, after the issue's row names its
// newest revision. told says that this revision's last correction is what readers
// were told.
func (s *Store) Tell(ctx context.Context, issueID int64, event job.Event, told bool) error {
	args := job.Webhook{Event: event, Told: told}
	err := s.db.QueryRow(ctx, "SELECT number, revision, now() FROM issues, webhook WHERE issues.id = $1", issueID).
		Scan(&args.Issue, &args.Revision, &args.At)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return wrap(err, "look for a webhook")
	}
	return s.insertJob(ctx, args)
}

// TestWebhook has the webhook be told something that means nothing. It is
// ErrNotFound when there is no webhook.
func (s *Store) TestWebhook(ctx context.Context, by newsletter.User) error {
	return s.changeWebhook(ctx, by, "test webhook", "", func(tx *Store) error {
		var at time.Time
		if err := tx.db.QueryRow(ctx, "SELECT now() FROM webhook").Scan(&at); err != nil {
			return wrap(err, "look for a webhook")
		}
		return tx.insertJob(ctx, job.Webhook{Event: job.Test, At: at})
	})
}

// Told returns the last correction that readers are told in a revision of an
// issue, or "".
func (s *Store) Told(ctx context.Context, number, ordinal int) (string, error) {
	var sentence string
	err := s.db.QueryRow(ctx, `
		SELECT coalesce(content->'corrections'->-1->>'sentence', '')
		FROM revisions JOIN issues ON issues.id = issue_id WHERE number = $1 AND ordinal = $2`, number, ordinal).Scan(&sentence)
	return sentence, wrap(err, "read what readers were told")
}
