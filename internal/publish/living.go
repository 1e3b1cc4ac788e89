package publish

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// The addresses that have a page when the publication has what they name.
var (
	issueAddress   = regexp.MustCompile(`^/issues/([0-9]+)(?:\.(?:md|txt|json)|/card\.png)?$`)
	markAddress    = regexp.MustCompile(`^/([0-9]+(?:\.[0-9]+)?)$`)
	yearAddress    = regexp.MustCompile(`^/archive/([0-9]+)$`)
	sectionAddress = regexp.MustCompile(`^/sections/([^/]+)(?:/feed\.xml|/atom\.xml|/feed\.json)?$`)
	siteAddress    = regexp.MustCompile(`^/sites/([^/]+)(?:/feed\.xml|/atom\.xml|/feed\.json)?$`)
)

// living reports whether readers find something at an address today, whatever
// its query: a redirect from there would never act. A withdrawn issue counts, as
// its address says that it was withdrawn.
func living(ctx context.Context, store *postgres.Store, given string) (bool, error) {
	path, _, _ := strings.Cut(newsletter.OldAddress(given), "?")
	if address.Public(path) {
		return true, nil
	}
	if found := issueAddress.FindStringSubmatch(path); found != nil {
		return printed(ctx, store, found[1])
	}
	if found := markAddress.FindStringSubmatch(path); found != nil {
		return printed(ctx, store, found[1])
	}
	if found := yearAddress.FindStringSubmatch(path); found != nil {
		span, err := store.Span(ctx)
		year, _ := strconv.Atoi(found[1]) // 0, which no issue has, where it is too large
		return slices.Contains(span.Years, year), err
	}
	if found := sectionAddress.FindStringSubmatch(path); found != nil {
		_, _, err := store.Section(ctx, unescaped(found[1]))
		return there(err)
	}
	if found := siteAddress.FindStringSubmatch(path); found != nil {
		_, items, err := store.SiteItems(ctx, unescaped(found[1]), 1)
		return items > 0, err
	}
	return false, nil
}

// taken reports whether an address is none to lead on from: one of today, or one
// that the program keeps for itself.
func taken(ctx context.Context, store *postgres.Store, given string) (bool, error) {
	path, _, _ := strings.Cut(newsletter.OldAddress(given), "?")
	if address.Reserved(path) {
		return true, nil
	}
	return living(ctx, store, path)
}

// printed reports whether readers find an issue, or an item by its mark.
func printed(ctx context.Context, store *postgres.Store, given string) (bool, error) {
	mark, err := newsletter.ParseMark(given)
	if err != nil {
		if mark.Issue, err = newsletter.ParseNumber(given); err != nil {
			return false, nil // 0, or with zeros before it: no page
		}
	}
	revision, err := store.Revision(ctx, mark.Issue)
	if err != nil || mark.Place == 0 {
		return there(err)
	}
	for _, section := range revision.Sections {
		for _, item := range section.Items {
			if item.Place == mark.Place {
				return true, nil
			}
		}
	}
	return false, nil
}

// there tells what a look-up says: gone is still an answer to readers.
func there(err error) (bool, error) {
	switch {
	case errors.Is(err, newsletter.ErrNotFound):
		return false, nil
	case err == nil, errors.Is(err, newsletter.ErrGone):
		return true, nil
	}
	return false, err
}

// unescaped returns a part of a path as it is stored, which is as it was given
// where it is escaped wrongly.
func unescaped(part string) string {
	if plain, err := url.PathUnescape(part); err == nil {
		return plain
	}
	return part
}
