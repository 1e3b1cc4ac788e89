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
// [newsletter.Invalid] when the address leads somewhere already, is a page of
// today itself, or would lead nowhere or in a circle.
func AddRedirect(ctx context.Context, store *postgres.Store, by newsletter.User, r newsletter.Redirect) error {
	return withTable(ctx, store, &r, func(tx *postgres.Store, table map[string]string) error {
		if err := fits(ctx, tx, table, r); err != nil {
			return err
		}
		if _, err := tx.AddRedirect(ctx, r); err != nil {
			return err
		}
		return tx.AuditBy(ctx, by, "add redirect", r.From+" to "+r.To)
	})
}

// ChangeRedirect puts another redirect in the place of that of an old address,
// by the rules of [AddRedirect]. It is a [newsletter.Invalid] too when that one
// is no longer there.
func ChangeRedirect(ctx context.Context, store *postgres.Store, by newsletter.User, was string, r newsletter.Redirect) error {
	return withTable(ctx, store, &r, func(tx *postgres.Store, table map[string]string) error {
		if table[was] == "" {
			return newsletter.Invalid{{Field: "from", Message: "has been removed by somebody else; add it as a new one if it is still wanted"}}
		}
		delete(table, was)
		if err := fits(ctx, tx, table, r); err != nil {
			return err
		}
		if err := tx.ChangeRedirect(ctx, was, r); err != nil {
			return err
		}
		return tx.AuditBy(ctx, by, "change redirect", was+" into "+r.From+" to "+r.To)
	})
}

// withTable does something with where the old addresses lead, one at a time: two
// at once could close a circle. It checks the redirect by itself before, and
// gives its old address the form in which it is stored.
func withTable(ctx context.Context, store *postgres.Store, r *newsletter.Redirect, do func(*postgres.Store, map[string]string) error) error {
	if err := r.Validate(); err != nil {
		return err
	}
	r.From = newsletter.OldAddress(r.From)
	return store.Tx(ctx, func(tx *postgres.Store) error {
		if err := tx.LockPublication(ctx); err != nil {
			return err
		}
		existing, err := tx.Redirects(ctx)
		if err != nil {
			return err
		}
		table := map[string]string{}
		for _, old := range existing {
			table[old.From] = old.To
		}
		return do(tx, table)
	})
}

// fits says what is wrong with adding a redirect to the table, to which it adds
// it.
func fits(ctx context.Context, tx *postgres.Store, table map[string]string, r newsletter.Redirect) error {
	if to := table[r.From]; to != "" {
		return newsletter.Invalid{{Field: "from", Message: "leads to " + to + " already; change that redirect instead"}}
	}
	today, err := taken(ctx, tx, r.From)
	if err != nil {
		return err
	}
	if today {
		return newsletter.Invalid{{Field: "from", Message: "is an address of today, so nobody would be led on from there; give one that the archive had elsewhere"}}
	}
	table[r.From] = r.To
	for from := range table {
		if !ends(table, from) {
			return newsletter.Invalid{{Field: "to", Message: fmt.Sprintf("leads in a circle, or through more than %d other old addresses; give the address where it ends", maxHops)}}
		}
	}
	onward := slices.ContainsFunc(newsletter.OldAddresses(newsletter.AsSent(r.To)), func(key string) bool { return table[key] != "" })
	target, err := living(ctx, tx, r.To)
	if err == nil && !onward && !target {
		return newsletter.Invalid{{Field: "to", Message: "is no page that readers find here; give one such as /issues/139, of an issue that is published"}}
	}
	return err
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

// oldAddresses adds those of issues that are here, and that are not pages of
// today. What a file says of the past must not keep it from being imported.
func (i *importer) oldAddresses(ctx context.Context, list []newsletter.Redirect) error {
	var usable []newsletter.Redirect
	for _, r := range list {
		today, err := taken(ctx, i.tx, r.From)
		if err != nil {
			return err
		}
		target, err := living(ctx, i.tx, r.To)
		if err != nil {
			return err
		}
		switch {
		case today:
			i.leftOut(fmt.Sprintf("the old address %s is an address of today too and was left out", r.From))
		case !target:
			i.leftOut(fmt.Sprintf("the old address %s leads to %s, which is not published here, and was left out", r.From, r.To))
		default:
			usable = append(usable, r)
		}
	}
	return i.redirects(ctx, usable)
}

// leftOut reports why a redirect was not added.
func (i *importer) leftOut(why string) {
	i.report.Redirects.count(Differs)
	i.report.Messages = append(i.report.Messages, why)
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
		keys := newsletter.OldAddresses(newsletter.AsSent(at))
		hop := slices.IndexFunc(keys, func(key string) bool { return table[key] != "" })
		if hop < 0 {
			return true
		}
		at = table[keys[hop]]
	}
	return false
}
