package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"broadsheet/internal/exchange"
	"broadsheet/internal/job"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// NotReady is the error of publishing an issue that something stands in the
// way of. Nothing was changed.
type NotReady struct {
	Blockers []Finding
	Day      newsletter.Date // on which it was to be published, in the publication's zone
}

// Error says how much is in the way.
func (n *NotReady) Error() string {
	return fmt.Sprintf("%d things stand in the way; mend them, or say why it is to be published all the same", len(n.Blockers))
}

// Already is the error of publishing an issue that somebody else has just
// published. It is [newsletter.ErrConflict].
type Already struct {
	Number int
	At     time.Time
	By     string
}

// Error says who was faster.
func (a *Already) Error() string {
	return fmt.Sprintf("%d is out already; %s published it", a.Number, a.By)
}

// Is makes it an ErrConflict.
func (a *Already) Is(target error) bool { return target == newsletter.ErrConflict }

// Changed is the error of publishing an issue that is no longer what the page
// showed. It is [newsletter.ErrConflict].
type Changed struct{ Number int }

// Error says what happened.
func (c *Changed) Error() string {
	return fmt.Sprintf("%d has changed since the page was made", c.Number)
}

// Is makes it an ErrConflict.
func (c *Changed) Is(target error) bool { return target == newsletter.ErrConflict }

// Fingerprint names everything of an issue that would be printed. The publish
// page carries it, so that what is printed is what the curator saw.
func Fingerprint(board postgres.Board) string {
	sum := sha256.Sum256([]byte(exported(func(to *exchange.JSONL) error { return to.Issue(board.Issue()) })))
	return hex.EncodeToString(sum[:8])
}

// Request is the wish to publish an issue.
type Request struct {
	Number      int
	Fingerprint string // of the issue as the curator saw it; "" to publish whatever it is
	Override    string // why it is to be published in spite of blockers, or ""
}

// Publish prints a draft now: exactly once and whole, or not at all. In one
// transaction it looks the issue over, fixes the marks, renders every text,
// stores the revision, flips the state and raises the generation. Errors are
// [NotReady], [Already], [Changed], [newsletter.Forbidden] and, for texts that
// cannot be rendered, [newsletter.Invalid].
func Publish(ctx context.Context, store *postgres.Store, by newsletter.User, r Request) (newsletter.Revision, error) {
	var revision newsletter.Revision
	err := store.Tx(ctx, func(tx *postgres.Store) error {
		board, err := tx.LockIssue(ctx, r.Number)
		if err != nil {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		if _, err := allow(ctx, tx, by, board, r, now); err != nil {
			return err
		}
		revision, err = finish(ctx, tx, by, board, fmt.Sprint(r.Number), r.Override, now)
		return err
	})
	return revision, err
}

// finish prints a locked issue in by's name and records it as the deed.
func finish(ctx context.Context, tx *postgres.Store, by newsletter.User, board postgres.Board, deed, override string, now time.Time) (newsletter.Revision, error) {
	revision, err := print(ctx, tx, by, board, now)
	if err != nil {
		return newsletter.Revision{}, err
	}
	if override := strings.TrimSpace(override); override != "" {
		deed += ", overriding: " + override
	}
	if err := tx.AuditOf(ctx, by, "publish issue", deed, postgres.Ref{Issues: []int64{board.ID}}); err != nil {
		return newsletter.Revision{}, err
	}
	if err := tx.Tell(ctx, board.ID, job.Published, false); err != nil {
		return newsletter.Revision{}, err
	}
	if err := tx.RaiseGeneration(ctx); err != nil {
		return newsletter.Revision{}, err
	}
	return revision, tx.CheckNow(ctx)
}

// mayPublish returns why the issue may not be published by somebody, if so.
func mayPublish(ctx context.Context, tx *postgres.Store, by newsletter.User, board postgres.Board) error {
	if board.State.Printed() && newsletter.MayEver(by, newsletter.PublishIssue) {
		name, err := tx.PublishedBy(ctx, board.ID)
		if err != nil {
			return err
		}
		return &Already{board.Number, board.PublishedAt, name}
	}
	return newsletter.Allow(by, newsletter.PublishIssue, newsletter.Object{Issue: board.State})
}

// allow returns why the issue may not be published at a time, if so, and what
// stands in the way and is overridden.
func allow(ctx context.Context, tx *postgres.Store, by newsletter.User, board postgres.Board, r Request, at time.Time) ([]Finding, error) {
	if err := mayPublish(ctx, tx, by, board); err != nil {
		return nil, err
	}
	if r.Fingerprint != "" && r.Fingerprint != Fingerprint(board) {
		return nil, &Changed{board.Number}
	}
	publication, err := tx.Publication(ctx)
	if err != nil {
		return nil, err
	}
	day := newsletter.DateOf(at.In(publication.Location()))
	findings, err := Check(ctx, tx, publication, board, day)
	if err != nil {
		return nil, err
	}
	blockers := Blockers(findings)
	if len(blockers) > 0 && strings.TrimSpace(r.Override) == "" {
		return nil, &NotReady{blockers, day}
	}
	return blockers, nil
}

// print freezes a locked draft and makes it what readers get.
func print(ctx context.Context, tx *postgres.Store, by newsletter.User, board postgres.Board, now time.Time) (newsletter.Revision, error) {
	issue := board.Issue()
	issue.State, issue.PublishedAt, issue.ScheduledAt = newsletter.Published, now, time.Time{}
	issue.NumberPlaces()
	places := map[int64]int{}
	for _, item := range issue.Items() {
		places[item.ID] = item.Place
	}
	revision, err := Freeze(issue, 1, now)
	if err != nil {
		return newsletter.Revision{}, err
	}
	if err := tx.MarkPublished(ctx, by, board.ID, now, places); err != nil {
		return newsletter.Revision{}, err
	}
	return revision, tx.SaveRevision(ctx, board.ID, revision, LinksOf)
}

// Preview makes the revision a draft would become if it were published at now.
// Nothing is stored.
func Preview(board postgres.Board, now time.Time) (newsletter.Revision, error) {
	issue := board.Issue()
	if issue.PublishedAt.IsZero() {
		issue.PublishedAt = now
	}
	issue.NumberPlaces()
	return Freeze(issue, 1, issue.PublishedAt)
}
