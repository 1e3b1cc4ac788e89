package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"broadsheet/internal/newsletter"
)

// IssueConflict is the error of saving an issue's words over newer ones. It is
// [newsletter.ErrConflict].
type IssueConflict struct {
	Theirs Board // as it is now
}

// Error says that somebody was faster.
func (c *IssueConflict) Error() string {
	return cmp.Or(c.Theirs.ChangedBy, "somebody") + " changed the issue meanwhile; compare both texts and save again"
}

// Is makes it an ErrConflict.
func (c *IssueConflict) Is(target error) bool { return target == newsletter.ErrConflict }

// NumberTaken is the error of a number that another issue has, or that the same
// form has opened. It is [newsletter.ErrConflict] and a [newsletter.Invalid] of
// field "number".
type NumberTaken struct{ why string }

// Error says what to do.
func (n *NumberTaken) Error() string { return "number " + n.why }

// Unwrap makes it a conflict whose words a person sees.
func (n *NumberTaken) Unwrap() []error {
	return []error{newsletter.ErrConflict, newsletter.Invalid{{Field: "number", Message: n.why}}}
}

func numberTaken(number int) error {
	return &NumberTaken{fmt.Sprintf("%d exists already; choose another number", number)}
}

// SaveIssue replaces an issue's number, date, title, summary and introduction.
// version is the one the new words were based on: with an older one nothing is
// saved and the error is an [IssueConflict]. The same words again are no
// conflict and no new version. A number that is taken is a [NumberTaken]. The
// words must be valid.
func (s *Store) SaveIssue(ctx context.Context, by newsletter.User, number, version int, words newsletter.Issue) error {
	return s.Tx(ctx, func(s *Store) error {
		if _, err := s.lockIssue(ctx, number); err != nil {
			return err
		}
		now, err := s.board(ctx, number)
		if err != nil {
			return err
		}
		if err := newsletter.Allow(by, newsletter.WriteIssue, now.Object()); err != nil {
			return err
		}
		if now.Number == words.Number && now.Date == words.Date && now.Title == words.Title &&
			now.Summary == words.Summary && now.Intro == words.Intro {
			return nil
		}
		if now.Version != version {
			return &IssueConflict{now}
		}
		if err := s.writeIssue(ctx, by, now.ID, words); err != nil {
			return err
		}
		notice := Notice{Kind: NoticeBoard, Part: PartWords, Issue: now.ID, Version: now.Version + 1}
		if err := s.notifyDesk(ctx, by, notice); err != nil {
			return err
		}
		return s.AuditOf(ctx, by, "edit issue", fmt.Sprint(words.Number), Ref{Issues: []int64{now.ID}})
	})
}

// writeIssue replaces the own words of a locked issue. What they were and what
// they are now is kept.
func (s *Store) writeIssue(ctx context.Context, by newsletter.User, id int64, words newsletter.Issue) error {
	_, err := s.db.Exec(ctx, `
		WITH first AS (`+keepFirstIssue+`)
		UPDATE issues SET number = @number, date = @date, title = @title, summary = @summary, intro = @intro,
		       version = version + 1, changed_by = @name, changed_at = now()
		WHERE id = @id`,
		pgx.StrictNamedArgs{
			"id": id, "number": words.Number, "date": words.Date, "title": words.Title, "summary": words.Summary,
			"intro": words.Intro, "name": by.Name,
		})
	if refused, is := errors.AsType[*pgconn.PgError](err); is && refused.ConstraintName == "issues_number_key" {
		return numberTaken(words.Number)
	}
	if err != nil {
		return wrap(err, "save the issue")
	}
	return s.keepIssue(ctx, by, id)
}
