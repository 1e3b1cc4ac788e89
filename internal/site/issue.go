package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// A page about a missing issue offers nearby others, if they are found in
// nearTime.
const (
	nearby   = 4
	nearTime = time.Second
)

func (s *Site) issue(w http.ResponseWriter, r *http.Request) error {
	number, err := newsletter.ParseNumber(chi.URLParam(r, "number"))
	if err != nil {
		return s.missing(w, r)
	}
	return s.holdNear(w, r, address.Issue(number), number, func(ctx context.Context, db snapshot) (answer, error) {
		view, err := issueView(ctx, db, number, fmt.Sprintf("Issue %d", number), address.Issue(number))
		if err != nil {
			return answer{}, err
		}
		return html(issuePage, view)
	})
}

// holdNear is hold for what is part of an issue: where that is not there, the
// answer says which issues are.
func (s *Site) holdNear(w http.ResponseWriter, r *http.Request, address string, number int, compose compose) error {
	return s.hold(w, r, address, func(ctx context.Context, db snapshot) (answer, error) {
		made, err := compose(ctx, db)
		return made, near(ctx, db, number, err)
	})
}

// near adds to the error of an issue that is not there which issues are, in the
// same state of the database: an issue is never both gone and among them.
func near(ctx context.Context, db snapshot, number int, err error) error {
	if !errors.Is(err, newsletter.ErrNotFound) && !errors.Is(err, newsletter.ErrGone) {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, nearTime)
	defer cancel()
	heads, failed := db.Near(ctx, number, nearby)
	if failed != nil {
		return err // the page does without them
	}
	near := &page.Near{Err: err, Number: number}
	for _, head := range heads {
		near.Numbers = append(near.Numbers, head.Number)
	}
	slices.Sort(near.Numbers)
	return near
}

// short redirects /139 and /139.4 to the issue and the item, if they are there.
func (s *Site) short(w http.ResponseWriter, r *http.Request) error {
	given := chi.URLParam(r, "mark")
	mark, err := newsletter.ParseMark(given)
	to := address.Item(mark)
	if err != nil {
		mark.Issue, err = newsletter.ParseNumber(given)
		to = address.Issue(mark.Issue)
	}
	if err != nil {
		return s.missing(w, r)
	}
	return s.holdNear(w, r, "/"+given, mark.Issue, func(ctx context.Context, db snapshot) (answer, error) {
		revision, err := db.Revision(ctx, mark.Issue)
		if err == nil && mark.Place != 0 && !has(revision, mark.Place) {
			err = newsletter.ErrNotFound
		}
		return answer{location: to, forever: true}, err
	})
}

// has reports whether a revision has an item, or the place of one that was
// withdrawn.
func has(revision newsletter.Revision, place int) bool {
	return slices.ContainsFunc(revision.Sections, func(section newsletter.PrintedSection) bool {
		return slices.ContainsFunc(section.Items, func(item newsletter.PrintedItem) bool { return item.Place == place })
	})
}
