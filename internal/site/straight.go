package site

import (
	"context"
	"errors"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// straight returns where a search leads that names one thing exactly: a mark, an
// issue's number, an address that was printed, a site. "" is every other
// search, and one that is narrowed.
func straight(ctx context.Context, db snapshot, q address.Query) (string, error) {
	if q.Words == "" || q != (address.Query{Words: q.Words, Page: 1}) {
		return "", nil
	}
	to, err := exactly(ctx, db, q.Words)
	if errors.Is(err, newsletter.ErrNotFound) || errors.Is(err, newsletter.ErrGone) {
		return "", nil
	}
	return to, err
}

func exactly(ctx context.Context, db snapshot, words string) (string, error) {
	if mark, err := newsletter.ParseMark(words); err == nil {
		revision, err := db.Revision(ctx, mark.Issue)
		if err != nil || !has(revision, mark.Place) {
			return "", err
		}
		return address.Item(mark), nil
	}
	if number, err := newsletter.ParseNumber(strings.TrimPrefix(words, "#")); err == nil {
		_, err := db.Revision(ctx, number)
		return address.Issue(number), err
	}
	if strings.ContainsAny(words, " \"") || !strings.Contains(words, ".") {
		return "", nil
	}
	if strings.Contains(words, "/") {
		return printedAt(ctx, db, words)
	}
	_, items, err := db.SiteItems(ctx, siteName(words), 1)
	if err != nil || items == 0 {
		return "", err
	}
	return address.Site(siteName(words), 1), nil
}

// printedAt returns the newest item that leads to an address. One that is typed
// without its scheme is looked for as an address of the web.
func printedAt(ctx context.Context, db snapshot, url string) (string, error) {
	if !strings.Contains(url, "://") {
		url = "https://" + url
	}
	found, err := db.PrintedAt(ctx, url)
	if err != nil || found == (newsletter.Mark{}) {
		return "", err
	}
	return address.Item(found), nil
}
