package postgres

import (
	"context"

	"broadsheet/internal/newsletter"
)

// Redirect returns the redirect that readers of an old address follow, which may
// answer to several (path and query, or path alone): of the first that is an old
// address, else of the first whose path is one's in another case. It returns
// ErrNotFound where there is none. However many redirects there are, it asks the
// index for each address.
func (s *Store) Redirect(ctx context.Context, addresses ...string) (newsletter.Redirect, error) {
	var r newsletter.Redirect
	err := s.db.QueryRow(ctx, `
		SELECT from_path, to_path
		FROM unnest($1::text[]) WITH ORDINALITY AS given (address, nth), LATERAL (
			SELECT from_path, to_path FROM redirects WHERE without_case(from_path) = without_case(address)
			ORDER BY from_path = address DESC, from_path COLLATE "C" LIMIT 1) AS found
		ORDER BY from_path = address DESC, nth LIMIT 1`, addresses).Scan(&r.From, &r.To)
	return r, wrap(err, "look up the redirect")
}

// Redirects returns all redirects by old address.
func (s *Store) Redirects(ctx context.Context) ([]newsletter.Redirect, error) {
	return collect[newsletter.Redirect](ctx, s, "read the redirects", `
		SELECT from_path AS "from", to_path AS "to" FROM redirects ORDER BY from_path COLLATE "C"`)
}

// AddRedirect keeps an old address working. It returns ErrConflict when that
// address already leads elsewhere, and whether it was new.
func (s *Store) AddRedirect(ctx context.Context, r newsletter.Redirect) (added bool, err error) {
	tag, err := s.db.Exec(ctx, `
		INSERT INTO redirects (from_path, to_path) VALUES ($1, $2) ON CONFLICT DO NOTHING`, r.From, r.To)
	if err != nil || tag.RowsAffected() == 1 {
		return err == nil, wrap(err, "add the redirect")
	}
	there, err := s.Redirect(ctx, r.From)
	if err == nil && there.To != r.To {
		err = newsletter.ErrConflict
	}
	return false, err
}

// ChangeRedirect puts another redirect in the place of that of an old address.
// It returns ErrNotFound when there is none.
func (s *Store) ChangeRedirect(ctx context.Context, was string, r newsletter.Redirect) error {
	tag, err := s.db.Exec(ctx, "UPDATE redirects SET from_path = $2, to_path = $3 WHERE from_path = $1", was, r.From, r.To)
	if err == nil && tag.RowsAffected() == 0 {
		err = newsletter.ErrNotFound
	}
	return wrap(err, "change the redirect")
}

// RemoveRedirect lets an old address lead nowhere. One that leads nowhere
// already is none to remove, and no error.
func (s *Store) RemoveRedirect(ctx context.Context, by newsletter.User, from string) error {
	return s.Tx(ctx, func(s *Store) error {
		tag, err := s.db.Exec(ctx, "DELETE FROM redirects WHERE from_path = $1", from)
		if err != nil || tag.RowsAffected() == 0 {
			return wrap(err, "remove the redirect")
		}
		return s.AuditBy(ctx, by, "remove redirect", from)
	})
}
