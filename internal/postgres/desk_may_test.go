package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// deed is something a person tries to do, in a transaction that is taken back.
type deed struct {
	name   string
	action newsletter.Action
	do     func(ctx context.Context, tx *postgres.Store, by newsletter.User) error
}

// itemDeeds are what can be done to an item.
func itemDeeds(item postgres.DeskItem, other int64) []deed {
	id := item.ID
	deeds := []deed{
		{"save", newsletter.EditItem, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			_, err := tx.SaveItem(ctx, by, id, 1, words("changed"), noLinks)
			return err
		}},
		{"move", newsletter.PlaceItem, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.MoveItem(ctx, by, id, at(412, "Jobs"), 1_000_000)
		}},
		{"decline", newsletter.TriageItem, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.Decline(ctx, by, id, "no", "")
		}},
		{"hold", newsletter.TriageItem, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.Hold(ctx, by, id)
		}},
		{"restore", newsletter.TriageItem, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.Restore(ctx, by, id)
		}},
		{"merge into", newsletter.TriageItem, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.MergeItems(ctx, by, id, other, 1, 1, words("both"), noLinks)
		}},
		{"merge away", newsletter.TriageItem, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.MergeItems(ctx, by, other, id, 1, 1, words("both"), noLinks)
		}},
	}
	if item.Issue != 0 {
		deeds = append(deeds, deed{"step", newsletter.PlaceItem, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.StepItem(ctx, by, id, true, 1_000_000)
		}})
	}
	return deeds
}

// issueDeeds are what can be done to an issue.
func issueDeeds(number int, events, loose int64) []deed {
	return []deed{
		{"create in", newsletter.PlaceItem, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			to := at(number, "News")
			_, err := tx.CreateItem(ctx, by, words("new"), &to, "", noLinks)
			return err
		}},
		{"move into", newsletter.PlaceItem, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.MoveItem(ctx, by, loose, at(number, "News"), 1_000_000)
		}},
		{"add section", newsletter.Arrange, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.AddSection(ctx, by, number, "Books", newsletter.KindLinks, "", "")
		}},
		{"rename section", newsletter.Arrange, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.RenameSection(ctx, by, number, events, "Talks", newsletter.KindLinks, 1_000_000)
		}},
		{"move section", newsletter.Arrange, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.MoveSection(ctx, by, number, events, true, 1_000_000)
		}},
		{"remove section", newsletter.Arrange, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.RemoveSection(ctx, by, number, events, 1_000_000)
		}},
		{"save issue", newsletter.WriteIssue, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.SaveIssue(ctx, by, number, 1, newsletter.Issue{Number: number, Date: may2, Intro: "changed"})
		}},
		{"discard", newsletter.DiscardIssue, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.DiscardIssue(ctx, by, number)
		}},
	}
}

// people are everybody who may knock at the desk.
func (d *desk) people(t *testing.T) []newsletter.User {
	t.Helper()
	left := d.person(t, "Left", newsletter.Owner)
	left.Disabled = true
	return []newsletter.User{{}, d.tove, d.person(t, "Other", newsletter.Contributor), d.emil, d.ines, d.osman, left}
}

// try checks that a deed is refused exactly when the policy refuses it.
func (d *desk) try(t *testing.T, by newsletter.User, deed deed, where string, o newsletter.Object) {
	t.Helper()
	var err error
	rolledBack := d.Tx(t.Context(), func(tx *postgres.Store) error {
		err = deed.do(t.Context(), tx, by)
		return errOnPurpose
	})
	if !errors.Is(rolledBack, errOnPurpose) {
		t.Fatal(rolledBack)
	}
	if may := newsletter.May(by, deed.action, o); may && err != nil || !may && !errors.Is(err, newsletter.ErrForbidden) {
		t.Errorf("%s %s by %s %q returned %v; may they? %v", deed.name, where, by.Role, by.Name, err, may)
	}
}

func TestOnlyThoseMayWhoMay(t *testing.T) {
	d := weekend(t)
	for _, number := range []int{414, 415} {
		d.issue(t, number)
		d.place(t, number, "Tools", fmt.Sprintf("of%d", number))
	}
	other := d.item(t, d.emil, "other", nil)
	held, declined := d.item(t, d.tove, "held", nil), d.item(t, d.tove, "declined", nil)
	must(t, d.Hold(t.Context(), d.emil, held))
	must(t, d.Decline(t.Context(), d.emil, declined, "no", ""))
	d.schedule(t, 414)
	d.printIssue(t, 415)
	_, err := d.CreateItem(t.Context(), d.tove, words("x"), new(at(412, "News")), "", noLinks)
	if forbidden, is := errors.AsType[*newsletter.Forbidden](err); !is || forbidden.Action != newsletter.PlaceItem {
		t.Errorf("a contributor's item with an issue returned %v", err)
	}
	for _, by := range d.people(t) {
		for _, title := range []string{"g", "held", "declined", "a", "of414", "of415"} {
			item := d.get(t, d.id(t, title))
			for _, deed := range itemDeeds(item, other) {
				d.try(t, by, deed, title, item.Object())
			}
		}
		for number, state := range map[int]newsletter.IssueState{412: newsletter.Draft, 414: newsletter.Scheduled, 415: newsletter.Published} {
			for _, deed := range issueDeeds(number, d.section(t, number, "Events"), other) {
				d.try(t, by, deed, fmt.Sprint(number), newsletter.Object{Issue: state})
			}
		}
		d.try(t, by, deed{"submit", newsletter.SubmitItem, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			_, err := tx.CreateItem(ctx, by, words("new"), nil, "", noLinks)
			return err
		}}, "into the inbox", newsletter.Object{})
		d.try(t, by, deed{"create", newsletter.CreateIssue, func(ctx context.Context, tx *postgres.Store, by newsletter.User) error {
			return tx.CreateIssue(ctx, by, newsletter.Issue{Number: 500, Date: may2}, "")
		}}, "issue 500", newsletter.Object{})
	}
}
