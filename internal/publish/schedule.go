package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

const (
	// farthest is how long before an issue can be scheduled. What is farther
	// away was mistyped.
	farthest = 366 * 24 * time.Hour

	// tooLate is how long after its time an issue is still published by itself.
	// Later than that there was an outage, or a backup was restored, and a
	// person decides.
	tooLate = time.Hour

	// every is how often each process looks for what is due.
	every = time.Second
)

// program is in whose name the program itself acts.
var program = newsletter.User{Name: "Broadsheet"}

// ScheduleAt has an issue publish itself at a time, or changes that time. The
// database's clock counts. Errors are those of [Publish], and an
// [newsletter.Invalid] for "at" when the time has passed or is too far away.
func ScheduleAt(ctx context.Context, store *postgres.Store, by newsletter.User, r Request, at time.Time) error {
	return store.Tx(ctx, func(tx *postgres.Store) error {
		board, err := tx.LockIssue(ctx, r.Number)
		if err != nil {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		blockers, err := allow(ctx, tx, by, board, r, at)
		if err != nil {
			return err
		}
		if err := schedulable(board, at, now); err != nil {
			return err
		}
		schedule := postgres.Schedule{At: at, Override: strings.TrimSpace(r.Override), Overridden: names(blockers)}
		if err := tx.SetSchedule(ctx, by, board.ID, schedule); err != nil {
			return err
		}
		return tx.AuditOf(ctx, by, "schedule issue", fmt.Sprintf("%d for %s", r.Number, timeText(at)),
			postgres.Ref{Issues: []int64{board.ID}, Fields: postgres.Fields{
				postgres.FieldTime:     {Before: timeText(board.ScheduledAt), After: timeText(at)},
				postgres.FieldOverride: {Before: board.Override, After: schedule.Override},
			}})
	})
}

// timeText writes a moment as the audit keeps it; none is empty.
func timeText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// schedulable returns why an issue cannot be scheduled for a time, if so: also
// what could not be printed then is refused now.
func schedulable(board postgres.Board, at, now time.Time) error {
	var wrong newsletter.Invalid
	switch {
	case !at.After(now):
		wrong.Add("at", "has passed; publish now, or choose a time to come")
	case at.Sub(now) > farthest:
		wrong.Add("at", "is more than a year away; choose an earlier time")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	_, err := Preview(board, at)
	return err
}

// Unschedule makes an issue that is scheduled a draft again. Whoever comes too
// late gets an [Already]; of a draft nothing changes.
func Unschedule(ctx context.Context, store *postgres.Store, by newsletter.User, number int) error {
	return store.Tx(ctx, func(tx *postgres.Store) error {
		board, err := tx.LockIssue(ctx, number)
		if err != nil {
			return err
		}
		if err := mayPublish(ctx, tx, by, board); err != nil || board.State == newsletter.Draft {
			return err
		}
		if err := tx.ClearSchedule(ctx, by, board.ID); err != nil {
			return err
		}
		return tx.AuditOf(ctx, by, "unschedule issue", fmt.Sprint(number), postgres.Ref{Issues: []int64{board.ID}})
	})
}

// names names what stands in the way, so that it is known again.
func names(blockers []Finding) []string {
	list := make([]string, len(blockers))
	for k, b := range blockers {
		list[k] = fmt.Sprintf("%s %d", b.Kind, b.ItemID)
	}
	return list
}

// PublishDue publishes one issue that is due, and returns its number: 0 when
// none is. However many processes ask, each issue is published by one of them.
// One that cannot or must not be published is held back instead, so that it stands
// in no other's way, and held says why. What the database said of it, if anything,
// is err then.
func PublishDue(ctx context.Context, store *postgres.Store) (number int, held string, err error) {
	var refused error
	err = store.Tx(ctx, func(tx *postgres.Store) error {
		due, err := tx.LockDue(ctx)
		if err != nil {
			return err
		}
		number = due.Number
		board, err := tx.LockIssue(ctx, due.Number)
		if err != nil {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		held, err = inTheWay(ctx, tx, board, due, now)
		if err == nil && held == "" {
			err = tx.Tx(ctx, func(tx *postgres.Store) error { return printDue(ctx, tx, board, due, now) })
		}
		if wrong, ok := errors.AsType[newsletter.Invalid](err); ok { // nothing of it is left
			held, err = "its text cannot be printed: "+wrong.Error(), nil
		} else if postgres.Refuses(err) { // nor here
			held, refused, err = "the database refuses it; the program’s log says why", err, nil
		}
		if err != nil || held == "" {
			return err
		}
		return holdBack(ctx, tx, board, held)
	})
	if errors.Is(err, newsletter.ErrNotFound) {
		return 0, "", nil
	}
	if err != nil {
		return 0, "", err
	}
	return number, held, refused
}

// inTheWay says why an issue that is due is not published, or "".
func inTheWay(ctx context.Context, tx *postgres.Store, board postgres.Board, due postgres.Due, now time.Time) (string, error) {
	publication, err := tx.Publication(ctx)
	if err != nil {
		return "", err
	}
	if due.Late > tooLate {
		return "it was due more than an hour ago, at " + due.At.In(publication.Location()).Format("15:04 MST on 2 January 2006"), nil
	}
	findings, err := Check(ctx, tx, publication, board, newsletter.DateOf(now.In(publication.Location())))
	if err != nil {
		return "", err
	}
	for _, f := range Blockers(findings) {
		if !slices.Contains(due.Overridden, names([]Finding{f})[0]) {
			return strings.TrimSpace(f.Mark + " " + f.Sentence), nil
		}
	}
	return "", nil
}

func printDue(ctx context.Context, tx *postgres.Store, board postgres.Board, due postgres.Due, now time.Time) error {
	if due.By.Name == "" {
		due.By = program
	}
	_, err := finish(ctx, tx, due.By, board, fmt.Sprintf("%d, as scheduled", due.Number), due.Override, now)
	return err
}

func holdBack(ctx context.Context, tx *postgres.Store, board postgres.Board, why string) error {
	if err := tx.HoldBack(ctx, program, board.ID, why); err != nil {
		return err
	}
	return tx.AuditOf(ctx, program, "hold back issue", fmt.Sprintf("%d: %s", board.Number, why), postgres.Ref{Issues: []int64{board.ID}})
}

// Keep publishes what is due, until ctx ends. What fails is tried again a
// second later.
func Keep(ctx context.Context, store *postgres.Store, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	failing := ""
	for {
		for {
			number, held, err := PublishDue(ctx, store)
			if ctx.Err() != nil {
				return
			}
			if err != nil && held == "" {
				if said := err.Error(); said != failing {
					log.Error("what is due cannot be published; it is tried each second", "error", err)
					failing = said
				}
				break
			}
			if number == 0 {
				break
			}
			failing = ""
			switch {
			case err != nil: // what the database says is not for the desk
				log.Error("an issue waits for a person", "issue", number, "why", held, "error", err)
			case held != "":
				log.Warn("an issue waits for a person", "issue", number, "why", held)
			default:
				log.Info("published as scheduled", "issue", number)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
