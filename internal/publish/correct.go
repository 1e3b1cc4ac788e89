package publish

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"broadsheet/internal/job"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// Wish is the wish to correct a printed issue.
type Wish struct {
	Number   int
	Place    int    // of the item it is about, or 0 for the issue's own words
	Version  int    // of the words that the correction was made from
	Sentence string // which readers are told; "" corrects silently

	about string // what the deed says was corrected, where that is no mark
}

// CorrectIssue changes date, summary and introduction of a printed issue and
// prints it anew, in one transaction. A withdrawn issue stays so. Errors are
// [newsletter.Forbidden], [newsletter.ErrNotFound], [postgres.IssueConflict]
// and, for what cannot be printed, [newsletter.Invalid].
func CorrectIssue(ctx context.Context, store *postgres.Store, by newsletter.User, w Wish, words newsletter.Issue) error {
	return correct(ctx, store, by, &w, "correct issue", func(tx *postgres.Store, board postgres.Board) error {
		return tx.CorrectIssue(ctx, by, board, w.Version, words)
	})
}

// CorrectItem changes the words and links of an item of a printed issue, as
// [CorrectIssue] does the issue's own. It is a [postgres.ItemConflict] when
// somebody was faster.
func CorrectItem(ctx context.Context, store *postgres.Store, by newsletter.User, w Wish, words newsletter.Item) error {
	return correct(ctx, store, by, &w, "correct item", func(tx *postgres.Store, board postgres.Board) error {
		item, err := ItemAt(board, w.Place)
		if err != nil {
			return err
		}
		return tx.CorrectItem(ctx, by, item, w.Version, words, LinksOf)
	})
}

// WithdrawItem takes an item out of a printed issue. A plain line stays in its
// place, which is never given again. An item that is gone already stays so.
func WithdrawItem(ctx context.Context, store *postgres.Store, by newsletter.User, w Wish) error {
	return correct(ctx, store, by, &w, "withdraw item", func(tx *postgres.Store, board postgres.Board) error {
		if slices.Contains(board.Withdrawn, w.Place) {
			return nil
		}
		item, err := ItemAt(board, w.Place)
		if err != nil {
			return err
		}
		mark := newsletter.Mark{Issue: board.Number, Place: w.Place}
		return tx.TakeOut(ctx, by, board.ID, item, fmt.Sprintf("Withdrawn from print, where it was %s.", mark))
	})
}

// ItemAt returns the item at a place of a printed issue, or ErrNotFound.
func ItemAt(board postgres.Board, place int) (postgres.DeskItem, error) {
	for _, section := range board.Sections {
		for _, item := range section.Items {
			if item.Place == place && place != 0 {
				return item, nil
			}
		}
	}
	return postgres.DeskItem{}, newsletter.ErrNotFound
}

// CorrectHeading changes the heading of a section of a printed issue, as
// [CorrectIssue] does the issue's own words. Its kind stays. was is the heading
// that the correction was made from: when somebody was faster it is a
// [postgres.HeadingConflict].
func CorrectHeading(ctx context.Context, store *postgres.Store, by newsletter.User, w Wish, section int64, was, heading string) error {
	return correct(ctx, store, by, &w, "correct heading", func(tx *postgres.Store, board postgres.Board) error {
		w.about = fmt.Sprintf("“%s” to “%s” in %d", was, heading, board.Number)
		return tx.CorrectHeading(ctx, by, board, section, was, heading)
	})
}

// correct changes a printed issue and prints it anew. What changes nothing is
// not printed again. change may still say in the wish what it has changed.
func correct(ctx context.Context, store *postgres.Store, by newsletter.User, w *Wish, action string, change func(*postgres.Store, postgres.Board) error) error {
	return store.Tx(ctx, func(tx *postgres.Store) error {
		board, err := tx.LockIssue(ctx, w.Number)
		if err != nil {
			return err
		}
		if err := newsletter.Allow(by, newsletter.CorrectIssue, board.Object()); err != nil {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		if err := change(tx, board); err != nil {
			return err
		}
		told := newsletter.Correction{At: now, Place: w.Place, Sentence: w.Sentence}
		changed, err := printAnew(ctx, tx, by, board, told, now)
		if err != nil || !changed {
			return err
		}
		if err := tx.AuditOf(ctx, by, action, w.deed(), postgres.Ref{Issues: []int64{board.ID}}); err != nil {
			return err
		}
		if err := tx.RaiseGeneration(ctx); err != nil {
			return err
		}
		return tx.CheckNow(ctx)
	})
}

// deed says what was corrected, and how readers hear of it.
func (w Wish) deed() string {
	what := cmp.Or(w.about, fmt.Sprint(w.Number))
	if w.Place != 0 {
		what = newsletter.Mark{Issue: w.Number, Place: w.Place}.String()
	}
	if w.Sentence == "" {
		return what + ", silently"
	}
	return what + ": " + w.Sentence
}

// printsSame reports whether two revisions have the same words, leaving aside
// what readers were told of corrections.
func printsSame(a, b newsletter.Revision) bool {
	for _, r := range []*newsletter.Revision{&a, &b} {
		r.PublishedAt, r.RevisedAt, r.Corrections = time.Time{}, time.Time{}, nil
	}
	return reflect.DeepEqual(a, b)
}

// isTold reports whether readers need not be told anything, or were told it last:
// then the form was sent twice.
func isTold(before []newsletter.Correction, c newsletter.Correction) bool {
	if c.Sentence == "" || len(before) == 0 {
		return c.Sentence == ""
	}
	last := before[len(before)-1]
	return last.Place == c.Place && last.Sentence == c.Sentence
}

// printAnew makes the next revision of a locked issue from what the desk holds
// now, unless that would print the same.
func printAnew(ctx context.Context, tx *postgres.Store, by newsletter.User, board postgres.Board, told newsletter.Correction, now time.Time) (changed bool, err error) {
	before, err := tx.NewestRevision(ctx, board.ID)
	if err != nil {
		return false, err
	}
	issue, err := tx.Issue(ctx, board.Number)
	if err != nil {
		return false, err
	}
	same, err := freezeAnew(issue, before, before.Ordinal, before.RevisedAt)
	if err != nil || printsSame(same, before) && isTold(issue.Corrections, told) {
		return false, err
	}
	if told.Sentence != "" {
		issue.Corrections = append(issue.Corrections, told)
	}
	revision, err := freezeAnew(issue, before, before.Ordinal+1, now)
	if err != nil {
		return false, err
	}
	if err := tx.Revised(ctx, by, board.ID, revision.Ordinal, told); err != nil {
		return false, err
	}
	if board.State == newsletter.Withdrawn {
		return true, tx.KeepRevision(ctx, board.ID, revision)
	}
	if err := tx.SaveRevision(ctx, board.ID, revision, LinksOf); err != nil {
		return false, err
	}
	return true, tx.Tell(ctx, board.ID, job.Corrected, told.Sentence != "")
}
