package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Schedule is the wish that an issue publish itself.
type Schedule struct {
	At         time.Time
	Override   string   // why in spite of what stood in the way, or ""
	Overridden []string // names of what stood in the way
}

// Due is an issue that is to be published now.
type Due struct {
	Number int
	Schedule
	By   newsletter.User // in whose name; one who has gone has no ID
	Late time.Duration   // by the database's clock
}

// SetSchedule has a locked issue publish itself, whatever was said of it before.
// It is ErrConflict when the issue is printed.
func (s *Store) SetSchedule(ctx context.Context, by newsletter.User, issueID int64, schedule Schedule) error {
	return s.changeSchedule(ctx, by, issueID, `
		UPDATE issues SET state = 'scheduled', scheduled_at = @at, scheduled_by = nullif(@person::bigint, 0), override = @override,
		       overridden = @overridden, waits = '', changed_by = @by, changed_at = now()
		WHERE id = @id AND state IN ('draft', 'scheduled')`, pgx.StrictNamedArgs{
		"at": schedule.At, "person": by.ID, "override": schedule.Override, "overridden": notNil(schedule.Overridden), "by": by.Name, "id": issueID,
	})
}

// ClearSchedule makes a locked issue that is scheduled a draft again. It is
// ErrConflict when it is not.
func (s *Store) ClearSchedule(ctx context.Context, by newsletter.User, issueID int64) error {
	return s.changeSchedule(ctx, by, issueID, `
		UPDATE issues SET state = 'draft', scheduled_at = NULL, scheduled_by = NULL, override = '', overridden = '{}', waits = '',
		       changed_by = @by, changed_at = now()
		WHERE id = @id AND state = 'scheduled'`, pgx.StrictNamedArgs{"by": by.Name, "id": issueID})
}

// HoldBack leaves a locked issue that is due to a person, and says why in a
// sentence.
func (s *Store) HoldBack(ctx context.Context, by newsletter.User, issueID int64, why string) error {
	return s.changeSchedule(ctx, by, issueID,
		"UPDATE issues SET waits = @why WHERE id = @id AND state = 'scheduled'", pgx.StrictNamedArgs{"why": why, "id": issueID})
}

func (s *Store) changeSchedule(ctx context.Context, by newsletter.User, issueID int64, sql string, args pgx.StrictNamedArgs) error {
	tag, err := s.db.Exec(ctx, sql, args)
	if err == nil && tag.RowsAffected() == 0 {
		err = newsletter.ErrConflict
	}
	if err != nil {
		return wrap(err, "change the schedule")
	}
	return s.notifyDesk(ctx, by, Notice{Kind: NoticeOrder, Issue: issueID})
}

// LockDue locks the issue that has been due the longest and waits for nobody, of
// those that no other process has locked. It is ErrNotFound when there is none.
func (s *Store) LockDue(ctx context.Context) (Due, error) {
	type row struct {
		Number      int
		ScheduledAt time.Time
		Override    string
		Overridden  []string
		PersonID    int64
		Person      string
		Late        float64
	}
	r, err := one[row](ctx, s, "look for what is due", `
		SELECT number, scheduled_at, override, overridden, coalesce(people.id, 0) AS person_id,
		       coalesce(people.name, '') AS person, extract(epoch FROM now() - scheduled_at)::float8 AS late
		FROM issues LEFT JOIN people ON people.id = scheduled_by
		WHERE state = 'scheduled' AND waits = '' AND scheduled_at <= now()
		ORDER BY scheduled_at, number LIMIT 1
		FOR UPDATE OF issues SKIP LOCKED`)
	return Due{
		r.Number, Schedule{r.ScheduledAt.UTC(), r.Override, r.Overridden}, newsletter.User{ID: r.PersonID, Name: r.Person},
		time.Duration(r.Late * float64(time.Second)),
	}, err
}

// CountWaiting returns how many issues were to publish themselves and wait for a
// person.
func (s *Store) CountWaiting(ctx context.Context) (int, error) {
	var n int
	err := s.db.QueryRow(ctx, "SELECT count(*) FROM issues WHERE waits <> ''").Scan(&n)
	return n, wrap(err, "look for what waits")
}
