package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// AddRedirect lets an old address lead to one of today. It is an
// [newsletter.Invalid] when the address leads somewhere already, or would lead
// in a circle.
func AddRedirect(ctx context.Context, store *postgres.Store, by newsletter.User, r newsletter.Redirect) error {
	if err := r.Validate(); err != nil {
		return err
	}
	r.From = newsletter.OldAddress(r.From)
	return store.Tx(ctx, func(tx *postgres.Store) error {
		if err := tx.LockPublication(ctx); err != nil { // two at once could close a circle
			return err
		}
		existing, err := tx.Redirects(ctx)
		if err != nil {
			return err
		}
		table := map[string]string{r.From: r.To}
		for _, old := range existing {
			if old.From == r.From {
				return newsletter.Invalid{{Field: "from", Message: "leads to " + old.To + " already; remove that redirect first"}}
			}
			table[old.From] = old.To
		}
		for from := range table {
			if !ends(table, from) {
				return newsletter.Invalid{{Field: "to", Message: fmt.Sprintf("leads in a circle, or through more than %d other old addresses; give the address where it ends", maxHops)}}
			}
		}
		if _, err := tx.AddRedirect(ctx, r); err != nil {
			return err
		}
		return tx.AuditBy(ctx, by, "add redirect", r.From+" to "+r.To)
	})
}

// redirects adds those that are not there yet. One that readers would never
// reach the end of is left out, and the others go in.
func (i *importer) redirects(ctx context.Context, redirects []newsletter.Redirect) error {
	if len(redirects) == 0 {
		return nil
	}
	table, err := i.withRedirects(ctx, redirects)
	if err != nil {
		return err
	}
	for _, r := range redirects {
		r.From = newsletter.OldAddress(r.From)
		outcome, err := i.redirect(ctx, table, r)
		if err != nil {
			return err
		}
		i.report.Redirects.count(outcome)
		i.public = i.public || outcome == Added
	}
	return nil
}

// redirect adds one redirect of the table. What keeps it out is in the report.
func (i *importer) redirect(ctx context.Context, table map[string]string, r newsletter.Redirect) (Outcome, error) {
	to, kept := table[r.From]
	if !kept || !ends(table, r.From) {
		delete(table, r.From)
		i.report.Messages = append(i.report.Messages, fmt.Sprintf(
			"the old address %s leads in a circle, or through more than %d others, and was left out; give the address where it ends", r.From, maxHops))
		return Differs, nil
	}
	if to == r.To {
		added, err := i.tx.AddRedirect(ctx, r)
		switch {
		case added:
			return Added, nil
		case !errors.Is(err, newsletter.ErrConflict):
			return Unchanged, err
		}
	}
	i.report.Messages = append(i.report.Messages, fmt.Sprintf("the old address %s leads elsewhere already and was left as it is", r.From))
	return Differs, nil
}

// withRedirects returns where every old address leads once these redirects
// are in. It leaves out those that close a circle.
func (i *importer) withRedirects(ctx context.Context, redirects []newsletter.Redirect) (map[string]string, error) {
	existing, err := i.tx.Redirects(ctx)
	if err != nil {
		return nil, err
	}
	table := make(map[string]string, len(existing)+len(redirects))
	for _, r := range existing {
		table[r.From] = r.To
	}
	for _, r := range redirects {
		if err := r.Validate(); err != nil {
			return nil, err
		}
		from := newsletter.OldAddress(r.From)
		if _, taken := table[from]; taken {
			continue
		}
		if table[from] = r.To; !ends(table, from) {
			delete(table, from)
		}
	}
	return table, nil
}

// maxHops is how many redirects may follow one another. Browsers give up after
// 20 (https://fetch.spec.whatwg.org/#http-redirect-fetch), and those for odd
// spellings come on top.
const maxHops = 10

// ends reports whether a reader of an old address arrives within maxHops.
func ends(table map[string]string, from string) bool {
	at := from
	for range maxHops + 1 {
		keys := newsletter.OldAddresses(at)
		hop := slices.IndexFunc(keys, func(key string) bool { return table[key] != "" })
		if hop < 0 {
			return true
		}
		at = table[keys[hop]]
	}
	return false
}
