package postgres

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"broadsheet/internal/newsletter"
)

// PreviewLifetime is how long a preview link works.
const PreviewLifetime = 7 * 24 * time.Hour

// PreviewLink is a secret address of an issue's preview, without its secret,
// which nobody can look up.
type PreviewLink struct {
	MadeBy            string
	MadeAt, ExpiresAt time.Time
}

// NewPreviewLink returns the secret of a new preview link of an issue; an older
// one ends. A printed issue has none and is a [newsletter.Forbidden].
func (s *Store) NewPreviewLink(ctx context.Context, by newsletter.User, number int) (secret string, err error) {
	secret = rand.Text()
	err = s.changePreviewLink(ctx, by, number, "make preview link", func(tx *Store, issueID int64) error {
		_, err := tx.db.Exec(ctx, `
			INSERT INTO preview_links (hash, issue_id, made_by, expires_at) VALUES ($1, $2, $3, now() + $4)
			ON CONFLICT (issue_id) DO UPDATE SET hash = excluded.hash, made_by = excluded.made_by, made_at = now(), expires_at = excluded.expires_at`,
			hashOf(secret), issueID, by.Name, PreviewLifetime)
		return wrap(err, "make a preview link")
	})
	return secret, err
}

// RevokePreviewLink ends an issue's preview link, if it has one.
func (s *Store) RevokePreviewLink(ctx context.Context, by newsletter.User, number int) error {
	return s.changePreviewLink(ctx, by, number, "revoke preview link", func(tx *Store, issueID int64) error {
		_, err := tx.db.Exec(ctx, "DELETE FROM preview_links WHERE issue_id = $1", issueID)
		return wrap(err, "revoke the preview link")
	})
}

func (s *Store) changePreviewLink(ctx context.Context, by newsletter.User, number int, action string, change func(*Store, int64) error) error {
	return s.Tx(ctx, func(tx *Store) error {
		issue, err := tx.lockIssue(ctx, number)
		if err != nil {
			return err
		}
		if err := newsletter.Allow(by, newsletter.PreviewIssue, issue.object()); err != nil {
			return err
		}
		if err := change(tx, issue.ID); err != nil {
			return err
		}
		return tx.AuditOf(ctx, by, action, fmt.Sprint(number), Ref{Issues: []int64{issue.ID}})
	})
}

// PreviewLinkOf returns an issue's preview link, or ErrNotFound when it has none
// that works.
func (s *Store) PreviewLinkOf(ctx context.Context, issueID int64) (PreviewLink, error) {
	return one[PreviewLink](ctx, s, "look for a preview link",
		"SELECT made_by, made_at, expires_at FROM preview_links WHERE issue_id = $1 AND expires_at > now()", issueID)
}

// Previewed returns the number of the issue whose preview link a secret is, or
// ErrNotFound when it does not work any more.
func (s *Store) Previewed(ctx context.Context, secret string) (int, error) {
	var number int
	err := s.db.QueryRow(ctx, `
		SELECT number FROM issues WHERE id = (SELECT issue_id FROM preview_links WHERE hash = $1 AND expires_at > now())`,
		hashOf(secret)).Scan(&number)
	return number, wrap(err, "look up the preview link")
}
