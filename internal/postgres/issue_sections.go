package postgres

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// AddSection adds a section to an issue, after another (by id or heading) or
// with "" at the end. of is the title of the standing section it belongs to,
// or "". A heading that the issue has already is an [newsletter.Invalid] of
// field "title"; case makes no difference; so is a number. One that it is to follow and that
// is not there is one of field "after".
func (s *Store) AddSection(ctx context.Context, by newsletter.User, number int, title string, kind newsletter.Kind, of, after string) error {
	return s.arrange(ctx, by, number, func(m mover, board Board) error {
		at := len(board.Sections)
		if after != "" {
			at = findSection(board.Sections, after) + 1
		}
		if at == 0 && after != "" {
			return newsletter.Invalid{{Field: "after", Message: fmt.Sprintf("is not a section of issue %d; choose another", number)}}
		}
		if _, err := m.insertSection(ctx, board, NewSection{title, kind}, of, at); err != nil {
			return err
		}
		m.did("added the section %s", title)
		return m.AuditOf(ctx, by, "add section", fmt.Sprintf("%s in %d", title, number),
			Ref{Issues: m.made.issues, Fields: Fields{FieldHeading: {After: title}, FieldKind: {After: string(kind)}}})
	})
}

// insertSection adds a section to a locked issue before the one at an index. of
// is the title of the standing section it belongs to, or "".
func (m mover) insertSection(ctx context.Context, board Board, section NewSection, of string, at int) (id int64, err error) {
	if len(board.Sections) >= newsletter.MaxSections {
		return 0, newsletter.Invalid{{Field: "title", Message: fmt.Sprintf("is one too many: the issue has %d sections; remove one first", len(board.Sections))}}
	}
	if err := freeHeading(board, 0, section.Title); err != nil {
		return 0, err
	}
	err = m.db.QueryRow(ctx, `
		INSERT INTO issue_sections (issue_id, title, kind, standing_id, position, moved)
		VALUES (@issue, @title, @kind, (SELECT id FROM standing_sections WHERE title = @of), @last, @version) RETURNING id`,
		pgx.StrictNamedArgs{
			"issue": board.ID, "title": section.Title, "kind": section.Kind, "of": of,
			"last": len(board.Sections) + 1, "version": m.version,
		}).Scan(&id)
	if err != nil {
		return 0, wrap(err, "add the section")
	}
	return id, m.numberSections(ctx, slices.Insert(slices.Clone(board.Sections), at, BoardSection{ID: id}))
}

// RenameSection gives a section of an issue another heading and kind; the
// standing section it came from stays. It is a [MoveConflict] when the section
// was moved, renamed or removed after seen, and an [newsletter.Invalid] when
// another section has the heading.
func (s *Store) RenameSection(ctx context.Context, by newsletter.User, number int, id int64, title string, kind newsletter.Kind, seen int64) error {
	return s.arrange(ctx, by, number, func(m mover, board Board) error {
		if k := findID(board.Sections, id); k >= 0 && board.Sections[k].Title == title && board.Sections[k].Kind == kind {
			return nil // the form was sent before
		}
		k, err := unmoved(board, id, seen)
		if err != nil {
			return err
		}
		section := board.Sections[k]
		if section.Title != title { // one from elsewhere may be what no form can make
			if err := freeHeading(board, id, title); err != nil {
				return err
			}
		}
		_, err = m.db.Exec(ctx, "UPDATE issue_sections SET title = $2, kind = $3, moved = $4 WHERE id = $1", id, title, kind, m.version)
		if err != nil {
			return wrap(err, "rename the section")
		}
		object := fmt.Sprintf("%s to %s in %d", section.Title, title, number)
		if section.Kind != kind {
			object += fmt.Sprintf(", from %s to %s", section.Kind, kind)
		}
		return m.AuditOf(ctx, by, "rename section", object, Ref{Issues: m.made.issues, Fields: Fields{
			FieldHeading: {section.Title, title}, FieldKind: {string(section.Kind), string(kind)},
		}})
	})
}

// MoveSection moves a section one place up or down in its issue; at the edge
// nothing happens. It is a [MoveConflict] when the section was moved, renamed
// or removed after seen.
func (s *Store) MoveSection(ctx context.Context, by newsletter.User, number int, id int64, up bool, seen int64) error {
	return s.arrange(ctx, by, number, func(m mover, board Board) error {
		k, err := unmoved(board, id, seen)
		if err != nil {
			return err
		}
		other := k + 1
		if up {
			other = k - 1
		}
		if other < 0 || other == len(board.Sections) {
			return nil
		}
		title := board.Sections[k].Title
		board.Sections[k], board.Sections[other] = board.Sections[other], board.Sections[k]
		if err := m.numberSections(ctx, board.Sections); err != nil {
			return err
		}
		if _, err := m.db.Exec(ctx, "UPDATE issue_sections SET moved = $2 WHERE id = $1", id, m.version); err != nil {
			return wrap(err, "move the section")
		}
		m.did("moved the section %s", title)
		return m.AuditOf(ctx, by, "move section", fmt.Sprintf("%s in %d", title, number), Ref{Issues: m.made.issues})
	})
}

// RemoveSection takes an empty section out of an issue, which keeps the
// section's blue notes. One that has items is
// an [newsletter.Invalid] of field "section". It is a [MoveConflict] when the
// section was moved, renamed or removed after seen.
func (s *Store) RemoveSection(ctx context.Context, by newsletter.User, number int, id, seen int64) error {
	return s.arrange(ctx, by, number, func(m mover, board Board) error {
		k, err := unmoved(board, id, seen)
		if err != nil {
			return err
		}
		section := board.Sections[k]
		switch n := len(section.Items); n {
		case 0:
		case 1:
			return newsletter.Invalid{{Field: "section", Message: "still has 1 item; move or return it first"}}
		default:
			return newsletter.Invalid{{Field: "section", Message: fmt.Sprintf("still has %d items; move or return them first", n)}}
		}
		if _, err := m.db.Exec(ctx, "UPDATE blue_notes SET section_id = NULL, issue_id = $2 WHERE section_id = $1", id, board.ID); err != nil {
			return wrap(err, "keep the blue notes")
		}
		if _, err := m.db.Exec(ctx, "DELETE FROM issue_sections WHERE id = $1", id); err != nil {
			return wrap(err, "remove the section")
		}
		if err := m.numberSections(ctx, slices.Delete(board.Sections, k, k+1)); err != nil {
			return err
		}
		m.did("removed the section %s", section.Title)
		return m.AuditOf(ctx, by, "remove section", fmt.Sprintf("%s in %d", section.Title, number),
			Ref{Issues: m.made.issues, Fields: Fields{FieldHeading: {Before: section.Title}, FieldKind: {Before: string(section.Kind)}}})
	})
}

// arrange runs do on the board of a locked issue whose sections the person may
// arrange.
func (s *Store) arrange(ctx context.Context, by newsletter.User, number int, do func(mover, Board) error) error {
	return s.reorder(ctx, by, func(m mover) error {
		issue, err := m.lockIssue(ctx, number)
		if err != nil {
			return err
		}
		if err := newsletter.Allow(by, newsletter.Arrange, issue.object()); err != nil {
			return err
		}
		if err := m.touch(ctx, issue.ID); err != nil {
			return err
		}
		board, err := m.board(ctx, number)
		if err != nil {
			return err
		}
		return do(m, board)
	})
}

// unmoved returns the index of a section that is as it was seen, or, where no
// order was seen, is there.
func unmoved(board Board, id, seen int64) (int, error) {
	k := findID(board.Sections, id)
	if k < 0 || board.Sections[k].Moved > orToday(seen) {
		return 0, &MoveConflict{"section"}
	}
	return k, nil
}

// freeHeading refuses a heading that another section of the issue has, and a
// number, which would be a section's id wherever a form names one.
func freeHeading(board Board, id int64, title string) error {
	taken := func(s BoardSection) bool { return s.ID != id && strings.EqualFold(s.Title, title) }
	if _, err := strconv.ParseInt(title, 10, 64); err == nil {
		return newsletter.Invalid{{Field: "title", Message: "is a number, which forms take for a section's id; add a word to it"}}
	}
	if slices.ContainsFunc(board.Sections, taken) {
		return newsletter.Invalid{{Field: "title", Message: fmt.Sprintf("%q stands in issue %d already; choose another heading", title, board.Number)}}
	}
	return nil
}

// numberSections gives sections the positions 1, 2, 3 and so on.
func (m mover) numberSections(ctx context.Context, sections []BoardSection) error {
	ids := make([]int64, len(sections))
	for k, section := range sections {
		ids[k] = section.ID
	}
	_, err := m.db.Exec(ctx, `
		UPDATE issue_sections SET position = ordered.position
		FROM unnest($1::bigint[]) WITH ORDINALITY AS ordered (id, position)
		WHERE issue_sections.id = ordered.id AND issue_sections.position <> ordered.position`, ids)
	return wrap(err, "number the sections")
}
