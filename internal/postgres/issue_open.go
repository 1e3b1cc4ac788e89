package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Opening is what an issue begins with.
type Opening struct {
	Issue    newsletter.Issue // its number, date, title and summary
	Key      string           // of the form, so that one sent twice opens one issue
	Sections []OpeningSection // in order
	Held     []OpeningItem    // held items that come along, in order
}

// OpeningSection is a default section that an issue begins with.
type OpeningSection struct{ Standing, Owner int64 } // ids; no owner is 0

// OpeningItem is a held item and the default section it is to stand under.
type OpeningItem struct{ Item, Standing int64 }

// ProposedSection is a default section as it is proposed for the next issue.
type ProposedSection struct {
	ID    int64
	Title string
	Kind  newsletter.Kind
	Owner int64 // who had it in the newest issue that has it, while they may still arrange; or 0
}

// ownerBefore is the person who had a standing section in the newest issue that
// has it, while they may still arrange; NULL when there is none. The standing
// section is standing_sections.id, the roles are @roles.
const ownerBefore = `(
	SELECT people.id FROM people WHERE disabled_at IS NULL AND role = ANY(@roles) AND people.id = (
	    SELECT owner_id FROM issue_sections before JOIN issues ON issues.id = before.issue_id
	    WHERE before.standing_id = standing_sections.id AND number < @number
	    ORDER BY number DESC, owner_id IS NULL, before.position LIMIT 1))`

// ProposedSections returns the default sections in their order, each with its
// owner in the newest issue.
func (s *Store) ProposedSections(ctx context.Context) ([]ProposedSection, error) {
	return s.proposedSections(ctx, math.MaxInt32)
}

// proposedSections proposes for an issue of a number: owners are those of
// issues before it.
func (s *Store) proposedSections(ctx context.Context, number int) ([]ProposedSection, error) {
	return collect[ProposedSection](ctx, s, "list the proposed sections", `
		SELECT id, title, kind, coalesce(`+ownerBefore+`, 0) AS owner
		FROM standing_sections WHERE NOT retired ORDER BY position`,
		pgx.StrictNamedArgs{"roles": newsletter.RolesFor(newsletter.Arrange), "number": number})
}

// CreateIssue opens a draft as it is proposed: with the publication's default
// sections, each with the owner it had in the newest issue before that has it.
// Errors are those of [Store.OpenIssue].
func (s *Store) CreateIssue(ctx context.Context, by newsletter.User, issue newsletter.Issue, key string) error {
	return s.reorder(ctx, by, func(m mover) error {
		proposed, err := m.proposedSections(ctx, issue.Number)
		if err != nil {
			return err
		}
		opening := Opening{Issue: issue, Key: key}
		for _, section := range proposed {
			opening.Sections = append(opening.Sections, OpeningSection{section.ID, section.Owner})
		}
		_, err = m.open(ctx, opening)
		return err
	})
}

// OpenIssue opens a draft. It returns the items that it left as they are, as
// they are not held any more. The same key of the same person again changes
// nothing; with other words than that issue has by now, or another number, it
// is a [NumberTaken], as is a number that another issue has. A section that is no default one is an Invalid of field "sections", an owner
// who may not arrange the issue one of field "owner-" and the section's id, an
// item whose section the issue does not have one of field "held-" and the
// item's id. The issue must be valid.
func (s *Store) OpenIssue(ctx context.Context, by newsletter.User, opening Opening) (left []int64, err error) {
	err = s.reorder(ctx, by, func(m mover) error {
		left, err = m.open(ctx, opening)
		return err
	})
	return left, err
}

// open opens a draft and returns the items left as they are.
func (m mover) open(ctx context.Context, o Opening) (left []int64, err error) {
	if err := newsletter.Allow(m.by, newsletter.CreateIssue, newsletter.Object{}); err != nil {
		return nil, err
	}
	if opened, err := m.opened(ctx, o.Issue, formKey(m.by, o.Key)); err != nil || opened {
		return nil, err
	}
	issue := lockedIssue{Number: o.Issue.Number, State: newsletter.Draft}
	issue.ID, err = m.addIssue(ctx, newsletter.Issue{
		Number: o.Issue.Number, Date: o.Issue.Date, Title: o.Issue.Title, Summary: o.Issue.Summary, State: newsletter.Draft,
	})
	if errors.Is(err, newsletter.ErrConflict) {
		err = numberTaken(o.Issue.Number)
	}
	if err != nil {
		return nil, err
	}
	_, err = m.db.Exec(ctx, "UPDATE issues SET changed_by = $2, form_key = $3 WHERE id = $1", issue.ID, m.by.Name, formKey(m.by, o.Key))
	if err != nil {
		return nil, wrap(err, "open the issue")
	}
	if err := m.keepIssue(ctx, m.by, issue.ID); err != nil {
		return nil, err
	}
	m.made.issues = []int64{issue.ID} // nothing was there before
	if err := m.AuditOf(ctx, m.by, "create issue", fmt.Sprint(issue.Number), Ref{Issues: m.made.issues}); err != nil {
		return nil, err
	}
	sections, err := m.openSections(ctx, issue, o.Sections)
	if err == nil {
		left, err = m.bringHeld(ctx, issue, sections, o.Held)
	}
	m.did("opened the issue")
	return left, err
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
		return true, &NumberTaken{fmt.Sprintf("%d exists already, opened by this form; change it on its own page, or open the list of issues anew for another", number)}
	}
	return true, wrap(err, "look for the issue of the form")
}

// openSections gives a new issue its sections and returns them by the ids of
// the default ones they came from.
func (m mover) openSections(ctx context.Context, issue lockedIssue, chosen []OpeningSection) (map[int64]BoardSection, error) {
	if err := m.mayOwn(ctx, chosen); err != nil {
		return nil, err
	}
	ids, owners := make([]int64, len(chosen)), make([]int64, len(chosen))
	for k, c := range chosen {
		ids[k], owners[k] = c.Standing, c.Owner
	}
	type row struct {
		ID, StandingID int64
		Title          string
	}
	rows, err := collect[row](ctx, m.Store, "open the sections", `
		INSERT INTO issue_sections (issue_id, title, kind, standing_id, position, moved, owner_id)
		SELECT @issue, title, kind, id, row_number() OVER (ORDER BY place), @version, nullif(owner, 0)
		FROM unnest(@ids::bigint[], @owners::bigint[]) WITH ORDINALITY AS chosen (standing, owner, place)
		     JOIN standing_sections ON id = standing AND NOT retired
		RETURNING id, standing_id, title`,
		pgx.StrictNamedArgs{"issue": issue.ID, "version": m.version, "ids": ids, "owners": owners})
	if err == nil && len(rows) < len(chosen) {
		err = newsletter.Invalid{{Field: "sections", Message: "were changed meanwhile, and one of yours is gone; look at them again"}}
	}
	sections := map[int64]BoardSection{}
	for _, r := range rows {
		sections[r.StandingID] = BoardSection{ID: r.ID, Title: r.Title}
	}
	return sections, err
}

// mayOwn refuses owners of sections who may not arrange a draft.
func (m mover) mayOwn(ctx context.Context, chosen []OpeningSection) error {
	people, err := m.Users(ctx)
	if err != nil {
		return err
	}
	var wrong newsletter.Invalid
	for _, c := range chosen {
		able := slices.ContainsFunc(people, func(u newsletter.User) bool {
			return u.ID == c.Owner && newsletter.May(u, newsletter.Arrange, newsletter.Object{Issue: newsletter.Draft})
		})
		if c.Owner != 0 && !able {
			wrong.Add(fmt.Sprintf("owner-%d", c.Standing), "is nobody who may arrange this issue; choose somebody from the list")
		}
	}
	return wrong.Err()
}

// bringHeld puts held items into the sections of a new issue, and returns those
// that are not held any more: they are left as they are.
func (m mover) bringHeld(ctx context.Context, issue lockedIssue, sections map[int64]BoardSection, held []OpeningItem) (left []int64, err error) {
	var ids, order []int64
	to := map[int64][]DeskItem{}
	for _, h := range held {
		if _, there := sections[h.Standing]; !there {
			return nil, newsletter.Invalid{{Field: fmt.Sprintf("held-%d", h.Item), Message: "is to go to a section that the issue does not have; choose another"}}
		}
		ids = append(ids, h.Item)
	}
	items, left, err := m.lockLoose(ctx, notNil(ids), newsletter.PlaceItem, math.MaxInt64, func(DeskItem) bool { return false })
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		if item.State != newsletter.Held {
			left = append(left, item.ID)
			continue
		}
		standing := held[slices.IndexFunc(held, func(h OpeningItem) bool { return h.Item == item.ID })].Standing
		if to[standing] == nil {
			order = append(order, standing)
		}
		to[standing] = append(to[standing], item)
	}
	for _, standing := range order {
		if err := m.insertAll(ctx, to[standing], issue, sections[standing], nil, 0); err != nil {
			return nil, err
		}
	}
	return left, nil
}
