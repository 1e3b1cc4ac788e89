package publish

import (
	"context"
	"fmt"

	"broadsheet/internal/job"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// Withdraw takes a published issue from readers: its address answers that it is
// gone, and archive, feeds, search and sitemap are without it. What was printed
// stays and can be reinstated. An issue that is withdrawn stays so. Errors are
// [newsletter.Forbidden] and [newsletter.ErrNotFound].
func Withdraw(ctx context.Context, store *postgres.Store, by newsletter.User, number int) error {
	return recall(ctx, store, by, number, newsletter.Withdrawn, "withdraw issue", job.Withdrawn)
}

// Reinstate gives readers a withdrawn issue again, as it was printed last. Its
// feed entries keep their ids and dates. An issue that is published stays so.
// Errors are those of [Withdraw].
func Reinstate(ctx context.Context, store *postgres.Store, by newsletter.User, number int) error {
	return recall(ctx, store, by, number, newsletter.Published, "reinstate issue", job.Reinstated)
}

func recall(ctx context.Context, store *postgres.Store, by newsletter.User, number int, to newsletter.IssueState, action string, event job.Event) error {
	return store.Tx(ctx, func(tx *postgres.Store) error {
		board, err := tx.LockIssue(ctx, number)
		if err != nil {
			return err
		}
		if err := newsletter.Allow(by, newsletter.CorrectIssue, board.Object()); err != nil || board.State == to {
			return err
		}
		if err := tx.RecallIssue(ctx, by, board.ID, to); err != nil {
			return err
		}
		if err := turnOver(ctx, tx, board, to); err != nil {
			return err
		}
		if err := tx.AuditOf(ctx, by, action, fmt.Sprint(number), postgres.Ref{Issues: []int64{board.ID}}); err != nil {
			return err
		}
		if err := tx.Tell(ctx, board.ID, event, false); err != nil {
			return err
		}
		if err := tx.RaiseGeneration(ctx); err != nil {
			return err
		}
		return tx.CheckNow(ctx)
	})
}

// turnOver changes what readers get of a locked issue.
func turnOver(ctx context.Context, tx *postgres.Store, board postgres.Board, to newsletter.IssueState) error {
	if to == newsletter.Withdrawn {
		return tx.Unprint(ctx, board.ID)
	}
	revision, err := tx.NewestRevision(ctx, board.ID)
	if err != nil {
		return err
	}
	return tx.Print(ctx, board.ID, revision, LinksOf)
}
