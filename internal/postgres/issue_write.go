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

// CreateIssue opens a draft with the given number, date, title and summary and
// the publication's default sections, each with the owner it had in the newest
// issue before that has it. The same key of the same person again
// changes nothing; with other words than that issue has by now, or another
// number, it is an [newsletter.Invalid] of field "number", as is a number that
// is taken. The issue must be valid.
func (s *Store) CreateIssue(ctx context.Context, by newsletter.User, issue newsletter.Issue, key string) error {
	return s.reorder(ctx, by, func(m mover) error {
		if err := newsletter.Allow(by, newsletter.CreateIssue, newsletter.Object{}); err != nil {
			return err
		}
		if opened, err := m.opened(ctx, issue, formKey(by, key)); err != nil || opened {
			return err
		}
		id, err := m.addIssue(ctx, newsletter.Issue{
			Number: issue.Number, Date: issue.Date, Title: issue.Title, Summary: issue.Summary, State: newsletter.Draft,
		})
		if errors.Is(err, newsletter.ErrConflict) {
			return numberTaken(issue.Number)
		}
		if err != nil {
			return err
		}
		return m.openIssue(ctx, id, issue.Number, key)
	})
}

// opened reports whether a form has opened its issue before. It is an Invalid
// when the form said something else then.
func (m mover) opened(ctx context.Context, issue newsletter.Issue, key *string) (bool, error) {
	var number int
	var same bool
	err := m.db.QueryRow(ctx, `
		SELECT number, (number, date, title, summary) = (@number, @date, @title, @summary) FROM issues WHERE form_key = @key`,
		pgx.StrictNamedArgs{
			"number": issue.Number, "date": issue.Date, "title": issue.Title, "summary": issue.Summary, "key": key,
		}).Scan(&number, &same)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return false, nil
	case err == nil && !same:
		return true, newsletter.Invalid{{Field: "number", Message: fmt.Sprintf("%d exists already, opened by this form; change it on its own page, or open the list of issues anew for another", number)}}
	}
	return true, wrap(err, "look for the issue of the form")
}

// openIssue completes a new draft.
func (m mover) openIssue(ctx context.Context, id int64, number int, key string) error {
	batch := &pgx.Batch{}
	batch.Queue("UPDATE issues SET changed_by = $2, form_key = $3 WHERE id = $1", id, m.by.Name, formKey(m.by, key))
	batch.Queue(`
		INSERT INTO issue_sections (issue_id, title, kind, standing_id, position, moved)
		SELECT $1, title, kind, id, row_number() OVER (ORDER BY position), $2
		FROM standing_sections WHERE NOT retired`, id, m.version)
	proposeOwners(batch, id)
	if err := m.db.SendBatch(ctx, batch).Close(); err != nil {
		return wrap(err, "open the issue")
	}
	if err := m.keepIssue(ctx, m.by, id); err != nil {
		return err
	}
	m.made.issues = []int64{id} // nothing was there before
	m.did("opened the issue")
	return m.AuditOf(ctx, m.by, "create issue", fmt.Sprint(number), Ref{Issues: m.made.issues})
}

func numberTaken(number int) error {
	return newsletter.Invalid{{Field: "number", Message: fmt.Sprintf("%d exists already; choose another number", number)}}
}

// SaveIssue replaces an issue's number, date, title, summary and introduction.
// version is the one the new words were based on: with an older one nothing is
// saved and the error is an [IssueConflict]. The same words again are no
// conflict and no new version. A number that is taken is an
// [newsletter.Invalid]. The words must be valid.
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
