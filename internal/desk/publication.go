package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// publicationConflict is the error of saving settings over newer ones. It is
// [newsletter.ErrConflict].
type publicationConflict struct {
	theirs newsletter.Publication
	deed   postgres.Deed // that made them so
}

// Error says that somebody was faster.
func (*publicationConflict) Error() string {
	return "the settings were changed meanwhile; compare both and save again"
}

// Is makes it an ErrConflict.
func (*publicationConflict) Is(target error) bool { return target == newsletter.ErrConflict }

// fingerprint names the state of some settings. Forms carry it as their
// version.
func fingerprint(settings any) string {
	text, err := json.Marshal(settings)
	if err != nil {
		panic(err) // settings are texts and numbers
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// changePublication saves what change makes of the publication as it is, and
// lets readers see it at once. Nobody else changes it meanwhile. deed is what
// the audit calls it.
func (d *Desk) changePublication(ctx context.Context, action newsletter.Action, deed string, change func(newsletter.Publication) (newsletter.Publication, error)) error {
	user := page.User(ctx)
	if err := newsletter.Allow(user, action, newsletter.Object{}); err != nil {
		return err
	}
	err := d.store.Tx(ctx, func(tx *postgres.Store) error {
		if err := tx.LockPublication(ctx); err != nil {
			return err
		}
		before, err := tx.Publication(ctx)
		if err != nil {
			return err
		}
		after, err := change(before)
		if conflict, ok := errors.AsType[*publicationConflict](err); ok {
			if conflict.deed, err = tx.LastDeed(ctx, deed); err == nil {
				err = conflict
			}
		}
		if err != nil || reflect.DeepEqual(before, after) {
			return err
		}
		if after, err = publish.RenderPublication(after); err != nil {
			return err
		}
		if err := tx.SavePublication(ctx, after); err != nil {
			return err
		}
		if err := tx.AuditBy(ctx, user, deed, after.Name); err != nil {
			return err
		}
		return tx.RaiseGeneration(ctx)
	})
	if err != nil {
		return err
	}
	if err := d.now.Refresh(ctx); err != nil { // it is saved all the same
		d.log.WarnContext(ctx, "the site turns over a little later", "error", err) // as every process does
	}
	return nil
}
