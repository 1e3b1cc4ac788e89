package site

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/canonical"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// lead is where a search leads that names one thing: there, or, where that is not
// there, to what is near it.
type lead struct {
	To      string       // address of what it names, or ""
	Missing string       // "139.99 was never printed.", or ""
	Near    []page.Entry // issue 139
	Bare    bool         // it is a number and no more, which may be a word: "404"
}

// straight returns where a search leads that names one thing exactly: a mark, an
// issue's number, an address that was printed, a site, or an address of our own
// that leads to one of these. Every other search has none, and neither has one
// that is narrowed.
func straight(ctx context.Context, db snapshot, q address.Query) (lead, error) {
	if q.Words == "" || q != (address.Query{Words: q.Words, Page: 1}) {
		return lead{}, nil
	}
	found, err := exactly(ctx, db, strings.Map(digit, strings.TrimSuffix(strings.TrimPrefix(q.Words, "<"), ">")))
	if errors.Is(err, newsletter.ErrNotFound) || errors.Is(err, newsletter.ErrGone) {
		return lead{}, nil
	}
	return found, err
}

// digit returns the ASCII digit of one of a wide or an Arabic keyboard, and what
// belongs to numbers there, and anything else as it is.
func digit(c rune) rune {
	for _, zero := range "０٠۰" {
		if zero <= c && c <= zero+9 {
			return '0' + c - zero
		}
	}
	switch c {
	case '．':
		return '.'
	case '＃':
		return '#'
	}
	return c
}

// cited is a mark or a number as people write it: "139.4", "#139", "Issue 139",
// "0139", and as our own addresses have it.
var cited = regexp.MustCompile(`^((?i:issue )?#?)0*([1-9][0-9]{0,8})(?:\.([1-9][0-9]{0,8}))?$|^(/(?:issues/)?)([1-9][0-9]{0,8})(?:[.#]([1-9][0-9]{0,8}))?$`)

func exactly(ctx context.Context, db snapshot, words string) (lead, error) {
	if parts := cited.FindStringSubmatch(ours(db, words)); parts != nil {
		number, _ := strconv.Atoi(parts[2] + parts[5]) // digits; one of the two is empty
		place, _ := strconv.Atoi(parts[3] + parts[6])  // 0 for an issue
		found, err := citation(ctx, db, newsletter.Mark{Issue: number, Place: place})
		found.Bare = parts[1]+parts[4] == ""
		return found, err
	}
	if strings.ContainsAny(words, " \"") || !strings.Contains(words, ".") {
		return lead{}, nil
	}
	return printedAt(ctx, db, words)
}

// ours returns the path of an address of this publication, and anything else as
// it is.
func ours(db snapshot, words string) string {
	_, rest, found := strings.Cut(words, "://")
	if !found {
		rest = words
	}
	if path, found := strings.CutPrefix(rest, db.site.base.Host()); found && strings.HasPrefix(path, "/") {
		return path
	}
	return words
}

// citation leads to an issue, or to the item of a mark.
func citation(ctx context.Context, db snapshot, mark newsletter.Mark) (lead, error) {
	revision, err := db.Revision(ctx, mark.Issue)
	name := "Issue " + strconv.Itoa(mark.Issue)
	switch missing := new(page.Near); {
	case errors.As(near(ctx, db, mark.Issue, err), &missing):
		found := lead{Missing: name + " was never printed."}
		if errors.Is(err, newsletter.ErrGone) {
			found.Missing = name + " was withdrawn."
		}
		for _, number := range missing.Numbers {
			found.Near = append(found.Near, page.Entry{Title: "Issue " + strconv.Itoa(number), Path: address.Issue(number)})
		}
		return found, nil
	case err != nil:
		return lead{}, err
	case mark.Place == 0:
		return lead{To: address.Issue(mark.Issue)}, nil
	case has(revision, mark.Place):
		return lead{To: address.Item(mark)}, nil
	}
	return lead{Missing: mark.String() + " was never printed.", Near: []page.Entry{{Title: name, Path: address.Issue(mark.Issue)}}}, nil
}

// printedAt leads to the newest item that links to an address, or to the site
// whose front page it is. One that is typed without its scheme is looked for as
// an address of the web.
func printedAt(ctx context.Context, db snapshot, url string) (lead, error) {
	if !strings.Contains(url, "://") {
		url = "https://" + url
	}
	normal, name, err := canonical.Page(url)
	if err != nil {
		return lead{}, nil // it is no address, so it is words
	}
	_, items, err := db.SiteItems(ctx, name, 1)
	if err != nil || items == 0 {
		return lead{}, err
	}
	site := page.Entry{Title: "Everything that led to " + name, Path: address.Site(name, 1)}
	if normal == "https://"+name {
		return lead{To: site.Path}, nil
	}
	found, err := db.PrintedAt(ctx, url)
	if err != nil || found != (newsletter.Mark{}) {
		return lead{To: address.Item(found)}, err
	}
	return lead{Missing: "This address was never printed.", Near: []page.Entry{site}}, nil
}
