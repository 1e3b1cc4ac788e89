package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"broadsheet/internal/newsletter"
)

// OwnSection makes a person the owner of a section of an issue; 0 is nobody.
// Whoever does it last has their way. Somebody who may not arrange the issue is
// an [newsletter.Invalid] of field "owner". It is ErrNotFound when the issue
// has no such section.
func (s *Store) OwnSection(ctx context.Context, by newsletter.User, number int, id, owner int64) error {
	return s.Tx(ctx, func(s *Store) error {
		issue, section, err := s.lockSection(ctx, by, newsletter.Arrange, number, id)
		if err != nil {
			return err
		}
		name := "nobody"
		if owner != 0 {
			person, err := s.User(ctx, owner)
			if err != nil && !errors.Is(err, newsletter.ErrNotFound) {
				return err
			}
			if !newsletter.May(person.User, newsletter.Arrange, issue.object()) {
				return newsletter.Invalid{{Field: "owner", Message: "is nobody who may arrange this issue; choose somebody from the list"}}
			}
			name = person.Name
		}
		tag, err := s.db.Exec(ctx, `
			UPDATE issue_sections SET owner_id = nullif($2::bigint, 0)
			WHERE id = $1 AND owner_id IS DISTINCT FROM nullif($2::bigint, 0)`, id, owner)
		if err != nil || tag.RowsAffected() == 0 {
			return wrap(err, "give the section to its owner")
		}
		if err := s.notifyBoard(ctx, by, issue.ID, PartSections); err != nil {
			return err
		}
		return s.AuditOf(ctx, by, "give section", fmt.Sprintf("%s in %d, to %s", section.Title, number, name),
			Ref{Issues: []int64{issue.ID}, Fields: Fields{FieldOwner: {cmp.Or(section.Owner, "nobody"), name}}})
	})
}

// MarkSection says how far a section of an issue has come. One that holds items
// cannot be skipped: an [newsletter.Invalid] of field "section"; a progress
// that is none is one of field "progress". It is ErrNotFound when the issue has
// no such section.
func (s *Store) MarkSection(ctx context.Context, by newsletter.User, number int, id int64, progress newsletter.Progress) error {
	return s.Tx(ctx, func(s *Store) error {
		issue, section, err := s.lockSection(ctx, by, newsletter.Arrange, number, id) // whatever puts an item there locks the issue, too
		switch {
		case err != nil:
			return err
		case !progress.Valid():
			return newsletter.Invalid{{Field: "progress", Message: "is neither open, ready nor skipped; choose one of them"}}
		case progress == section.Progress:
			return nil
		case progress == newsletter.SectionSkipped:
			if err := s.empty(ctx, section); err != nil {
				return err
			}
		}
		if _, err := s.db.Exec(ctx, "UPDATE issue_sections SET progress = $2 WHERE id = $1", id, progress); err != nil {
			return wrap(err, "mark the section")
		}
		if err := s.notifyBoard(ctx, by, issue.ID, PartSections); err != nil {
			return err
		}
		return s.AuditOf(ctx, by, "mark section", fmt.Sprintf("%s in %d: %s", section.Title, number, progress),
			Ref{Issues: []int64{issue.ID}, Fields: Fields{FieldProgress: {string(section.Progress), string(progress)}}})
	})
}

// empty refuses to skip a section that holds items.
func (s *Store) empty(ctx context.Context, section BoardSection) error {
	var items int
	err := s.db.QueryRow(ctx, "SELECT count(*) FROM items WHERE section_id = $1", section.ID).Scan(&items)
	switch {
	case err != nil:
		return wrap(err, "count the section's items")
	case items == 1:
		return newsletter.Invalid{{Field: "section", Message: section.Title + " holds 1 item and cannot be skipped; move or return it first"}}
	case items > 1:
		return newsletter.Invalid{{Field: "section", Message: fmt.Sprintf("%s holds %d items and cannot be skipped; move or return them first", section.Title, items)}}
	}
	return nil
}

// reopen opens the sections of an issue again that were to be skipped and to
// which items have come.
func (m mover) reopen(ctx context.Context, issueID int64) error {
	_, err := m.db.Exec(ctx, `
		UPDATE issue_sections SET progress = 'open'
		WHERE issue_id = $1 AND progress = 'skipped' AND EXISTS (SELECT FROM items WHERE section_id = issue_sections.id)`, issueID)
	return wrap(err, "open the section again")
}

// lockSection locks an issue and returns it with one of its sections, without
// items, if the person may do the action to the issue. No such issue or section
// is ErrNotFound.
func (s *Store) lockSection(ctx context.Context, by newsletter.User, action newsletter.Action, number int, id int64) (lockedIssue, BoardSection, error) {
	issue, err := s.lockIssue(ctx, number)
	if err != nil {
		return lockedIssue{}, BoardSection{}, err
	}
	if err := newsletter.Allow(by, action, issue.object()); err != nil {
		return lockedIssue{}, BoardSection{}, err
	}
	sections, err := s.boardSections(ctx, issue.ID)
	if err != nil {
		return lockedIssue{}, BoardSection{}, err
	}
	k := findID(sections, id)
	if k < 0 {
		return lockedIssue{}, BoardSection{}, wrap(newsletter.ErrNotFound, "find the section")
	}
	return issue, sections[k], nil
}
