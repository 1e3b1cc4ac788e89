// Package canonical turns the address of a page into the form it is compared
// by, and names the site it is on.
//
// Saving, importing, searching and the duplicate check all ask [URL], so two
// spellings of one page meet everywhere or nowhere. The normal form is for
// comparing and never for printing: what readers get is the address letter for
// letter as it was written. The package is the one place that knows tracking
// parameters.
package canonical

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limit is the most bytes an address may have, as written and in its normal
// form, where each byte of "é" takes three ("%C3%A9"). 2,048 is what the
// sitemap protocol allows (sitemaps.org/protocol.html, under loc), and longer
// ones break in mail programs.
const Limit = 2048

// The reasons an address is refused. The texts are for the person who wrote it.
var (
	ErrTooLong = errors.New("the address is longer than 2,048 bytes; use a shorter one")
	ErrScheme  = errors.New("the address is not on the web; use one that starts with https:// or http://")
	ErrHost    = errors.New("the address has no valid site name; write it like https://example.org/page")
	ErrSyntax  = errors.New("the address has a space or a character that cannot be read; copy it again from the browser")
)

// URL returns the normal form of an address. Two addresses with one normal form
// are the same page:
//
//   - http and https are equal; the form says https
//   - the site name in lower case and ASCII (IDNA), without the dot at its end,
//     the ports 80 and 443 and any "www." before it: that a site shows other
//     pages with it than without is rarer than that people write both
//   - the path as RFC 3986 section 6.2.2 has it: escapes in upper case, letters
//     and digits not escaped, dot segments resolved; without slashes at its end
//   - the query without tracking parameters, sorted by name; parameters of one
//     name keep their order, which can mean something
//   - no fragment, except "#!…", which names a page on sites built around it
//
// URL of a normal form is that form. The errors are [ErrTooLong], [ErrScheme],
// [ErrHost] and [ErrSyntax].
func URL(raw string) (string, error) {
	form, _, err := Page(raw)
	return form, err
}

// Page returns what [URL] and [Site] do, for the work of one of them. An address
// whose normal form alone is too long has its site beside the error.
func Page(raw string) (form, site string, err error) {
	p, err := parse(raw)
	if err != nil {
		return "", "", err
	}
	if form = p.String(); len(form) > Limit {
		return "", p.host, ErrTooLong
	}
	return form, p.host, nil
}

// Check reports whether an address may be printed: on the web, with a site
// name, without spaces and control characters, at most [Limit] bytes long. It
// accepts what [URL] accepts and returns the same errors.
func Check(raw string) error {
	_, err := URL(raw)
	return err
}

// Site returns the name an address's site has in /sites/{name}: the host
// without "www." and port, in lower case and in ASCII ("xn--bcher-kva.example"
// for "bücher.example"). ASCII because it is part of an address of ours, and
// because two names that look alike must not be mistaken for one. The errors
// are those of [URL].
func Site(raw string) (string, error) {
	p, err := parse(raw)
	if err != nil {
		return "", err
	}
	return p.host, nil
}

// parts are the pieces of an address, each in normal form.
type parts struct {
	host     string
	port     string // with its colon, or empty
	path     string // with its slash, or empty
	query    string // with its question mark, or empty
	fragment string // with its "#!", or empty
}

func (p parts) String() string {
	return "https://" + p.host + p.port + p.path + p.query + p.fragment
}

// parse takes an address apart where browsers do (url.spec.whatwg.org): they
// read a backslash before the query as a slash, so whoever does not can be
// shown one site and sent to another. net/url is no help here: it refuses a
// stray "%" that every browser follows.
func parse(raw string) (parts, error) {
	if len(raw) > Limit {
		return parts{}, ErrTooLong
	}
	if !printable(raw) {
		return parts{}, ErrSyntax
	}
	scheme, rest, _ := strings.Cut(raw, ":")
	if s := strings.ToLower(scheme); s != "http" && s != "https" {
		return parts{}, ErrScheme
	}
	rest, fragment, _ := strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	rest, found := strings.CutPrefix(strings.ReplaceAll(rest, `\`, "/"), "//")
	if !found {
		return parts{}, ErrHost
	}
	authority, path, _ := strings.Cut(rest, "/")
	host, port, err := splitHost(authority)
	if err != nil {
		return parts{}, err
	}
	return parts{host, port, normalPath(path), normalQuery(query), normalFragment(fragment)}, nil
}

// printable reports whether s is text without spaces and control characters.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	})
}
