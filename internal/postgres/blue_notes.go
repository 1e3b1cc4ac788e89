package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// BlueNote is a remark on an item, a section or an issue. It never prints.
type BlueNote struct {
	ID        int64
	Text      string            // as it was typed
	Mentioned []newsletter.User // whom it names, with nothing but id and name
	By        string
	At        time.Time
	DoneBy    string     // "" while it is open
	DoneAt    *time.Time // nil while it is open

	ItemID     int64  // the item it is on, or 0
	SectionID  int64  // the section it is on, or 0; neither: the issue as a whole
	Title      string // of the item or section
	Note       string // the item's
	Links      []newsletter.Link
	Issue      int   // number of the issue it is on or its item stands in, or 0
	IssueID    int64 // that issue's id, or 0
	IssueState newsletter.IssueState
	ItemState  newsletter.ItemState // "" when it is not on an item
	Submitter  int64                // of the item
}

// Object returns what decides who may finish the note.
func (n BlueNote) Object() newsletter.Object {
	return newsletter.Object{Issue: n.IssueState, Item: n.ItemState, Submitter: n.Submitter}
}

// Remarked is what a blue note is on: an item, or an issue and there maybe a
// section.
type Remarked struct {
	Item    int64
	Issue   int
	Section int64
}

const selectBlueNote = `
	SELECT blue_notes.id, blue_notes.text, by_name AS by, blue_notes.at, done_by, done_at,
	       (SELECT jsonb_agg(jsonb_build_object('ID', people.id, 'Name', name) ORDER BY people.id)
	        FROM blue_note_mentions JOIN people ON people.id = person_id WHERE note_id = blue_notes.id) AS mentioned,
	       coalesce(blue_notes.item_id, 0) AS item_id, coalesce(blue_notes.section_id, 0) AS section_id,
	       coalesce(items.title, sections.title, '') AS title, coalesce(items.note, '') AS note, ` + listedLinks + `,
	       coalesce(issues.number, 0) AS issue, coalesce(issues.id, 0) AS issue_id, coalesce(issues.state, '') AS issue_state,
	       coalesce(items.state, '') AS item_state, coalesce(submitter_id, 0) AS submitter
	FROM blue_notes LEFT JOIN items ON items.id = item_id
	     LEFT JOIN issue_sections sections ON sections.id = blue_notes.section_id
	     LEFT JOIN issues ON issues.id = coalesce(blue_notes.issue_id, sections.issue_id, items.issue_id)`

// blueNotes returns the blue notes that a condition selects, oldest first.
func (s *Store) blueNotes(ctx context.Context, where string, args ...any) ([]BlueNote, error) {
	notes, err := collect[BlueNote](ctx, s, "read the blue notes", selectBlueNote+where+" ORDER BY blue_notes.id", args...)
	for i := range notes {
		notes[i].At = notes[i].At.UTC()
	}
	return notes, err
}

// BlueNotesOn returns the blue notes on an item, oldest first.
func (s *Store) BlueNotesOn(ctx context.Context, item int64) ([]BlueNote, error) {
	return s.blueNotes(ctx, " WHERE item_id = $1", item)
}

// blueNotesOf returns the blue notes on an issue, its sections and its items.
func (s *Store) blueNotesOf(ctx context.Context, issueID int64) ([]BlueNote, error) {
	return s.blueNotes(ctx, `
		WHERE blue_notes.id IN (
		    SELECT id FROM blue_notes WHERE issue_id = $1
		    UNION ALL SELECT note.id FROM issue_sections JOIN blue_notes note ON note.section_id = issue_sections.id WHERE issue_sections.issue_id = $1
		    UNION ALL SELECT note.id FROM items JOIN blue_notes note ON note.item_id = items.id WHERE items.issue_id = $1)`, issueID)
}

// AddBlueNote stores a remark, which must be sound by
// [newsletter.CheckBlueNote], and notes whom it names. The same key of the same
// person with the same words on the same thing again changes nothing; an empty
// key is never the same. It is ErrNotFound when what the remark is on is gone.
func (s *Store) AddBlueNote(ctx context.Context, by newsletter.User, on Remarked, text, key string) error {
	return s.Tx(ctx, func(s *Store) error {
		issue, where, err := s.lockRemarked(ctx, by, on)
		if err != nil {
			return err
		}
		if key != "" {
			key = fmt.Sprintf("%s %v %s", key, on, text)
		}
		var id, whole int64
		if on.Item == 0 && on.Section == 0 {
			whole = issue
		}
		err = s.db.QueryRow(ctx, `
			INSERT INTO blue_notes (issue_id, section_id, item_id, text, by_id, by_name, form_key)
			VALUES (nullif(@issue::bigint, 0), nullif(@section::bigint, 0), nullif(@item::bigint, 0), @text, @by, @name, @key)
			ON CONFLICT (form_key) DO NOTHING RETURNING id`,
			pgx.StrictNamedArgs{
				"issue": whole, "section": on.Section, "item": on.Item, "text": text,
				"by": by.ID, "name": by.Name, "key": formKey(by, key),
			}).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) { // the form was sent before
			return nil
		}
		if err != nil {
			return wrap(err, "add the blue note")
		}
		if err := s.mention(ctx, id, text); err != nil {
			return err
		}
		if err := s.notifyBoard(ctx, by, issue, PartNotes); err != nil {
			return err
		}
		return s.AuditOf(ctx, by, "write blue note", where, concerning(issue, on.Item))
	})
}

// concerning is what a deed concerns that was done in an issue, or in none, and
// maybe to an item.
func concerning(issueID, item int64) Ref {
	of := Ref{Item: item}
	if issueID != 0 {
		of.Issues = []int64{issueID}
	}
	return of
}

// lockRemarked keeps what a remark is on from being removed or merged, if the
// person may remark on it. It returns the id of the issue it is seen in, or 0,
// and how the audit names the place.
func (s *Store) lockRemarked(ctx context.Context, by newsletter.User, on Remarked) (issueID int64, where string, err error) {
	switch {
	case on.Item != 0:
		item, err := s.lockItem(ctx, on.Item)
		if err != nil {
			return 0, "", err
		}
		return item.IssueID, recorded(item.Item), newsletter.Allow(by, newsletter.Remark, item.Object())
	case on.Section != 0:
		issue, section, err := s.lockSection(ctx, by, newsletter.Remark, on.Issue, on.Section)
		return issue.ID, fmt.Sprintf("%s in %d", section.Title, on.Issue), err
	}
	issue, err := s.lockIssue(ctx, on.Issue)
	if err != nil {
		return 0, "", err
	}
	return issue.ID, fmt.Sprint(issue.Number), newsletter.Allow(by, newsletter.Remark, issue.object())
}

// mention stores whom a blue note names.
func (s *Store) mention(ctx context.Context, id int64, text string) error {
	people, err := s.Users(ctx)
	if err != nil {
		return err
	}
	var ids []int64
	for _, person := range newsletter.Mentioned(text, people) {
		ids = append(ids, person.ID)
	}
	_, err = s.db.Exec(ctx, "INSERT INTO blue_note_mentions (note_id, person_id) SELECT $1, unnest($2::bigint[])", id, notNil(ids))
	return wrap(err, "note whom the blue note names")
}

// FinishBlueNote marks a blue note as done by somebody, or opens it again, and
// returns it as it was. The same again changes nothing. It is ErrNotFound when
// there is no such note.
func (s *Store) FinishBlueNote(ctx context.Context, by newsletter.User, id int64, done bool) (note BlueNote, err error) {
	err = s.Tx(ctx, func(s *Store) error {
		if _, err := s.db.Exec(ctx, "SELECT FROM blue_notes WHERE id = $1 FOR UPDATE", id); err != nil {
			return wrap(err, "lock the blue note")
		}
		notes, err := s.blueNotes(ctx, " WHERE blue_notes.id = $1", id)
		if err == nil && len(notes) == 0 {
			err = wrap(newsletter.ErrNotFound, "find the blue note")
		}
		if err != nil {
			return err
		}
		note = notes[0]
		if err := newsletter.Allow(by, newsletter.Remark, note.Object()); err != nil || (note.DoneAt != nil) == done {
			return err
		}
		action, name := "open blue note", ""
		if done {
			action, name = "finish blue note", by.Name
		}
		_, err = s.db.Exec(ctx, `
			UPDATE blue_notes SET done_by = $2, done_at = CASE WHEN $2 <> '' THEN now() END WHERE id = $1`, id, name)
		if err != nil {
			return wrap(err, action)
		}
		if err := s.notifyBoard(ctx, by, note.IssueID, PartNotes); err != nil {
			return err
		}
		return s.AuditOf(ctx, by, action, fmt.Sprintf("%d, by %s", id, note.By), concerning(note.IssueID, note.ItemID))
	})
	return note, err
}
