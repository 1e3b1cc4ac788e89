package publish

import (
	"context"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// AddItem puts an item that was forgotten into a printed issue, and prints it
// anew as [CorrectIssue] does: a new one, or, with an ID, one that stands outside
// every issue, with these words. It goes where to says or, where it is not nil, into a section
// that the issue does not have yet. It gets the next place that was never used; the
// marks of the others stay. The same form again, which a new item is known by
// from its key, changes nothing. Errors are those of [CorrectItem], a
// [postgres.MoveConflict] where the item or the one it is to follow stands
// elsewhere, and a [newsletter.Invalid] where the issue is full or, for
// "heading", has the section.
func AddItem(ctx context.Context, store *postgres.Store, by newsletter.User, w Wish, item newsletter.Item, to postgres.Target, section *postgres.NewSection, key string) error {
	return store.Tx(ctx, func(tx *postgres.Store) error {
		if err := tx.TakeTurn(ctx); err != nil {
			return err
		}
		return correct(ctx, tx, by, &w, "add forgotten item", func(tx *postgres.Store, board postgres.Board) error {
			issue := board.Issue()
			added, fresh, err := tx.AddToPrinted(ctx, by, board, postgres.Forgotten{
				Item: item, Version: w.Version, To: to, Section: section, Place: issue.NextPlace(), Key: key,
			}, LinksOf)
			if w.Place = added.Place; !fresh {
				w.Sentence = "" // readers were told when it was first sent
			}
			return err
		})
	})
}
