package account

import (
	"cmp"
	"net/url"
	"path"
	"strings"
	"unicode"

	"broadsheet/internal/address"
)

// next returns where the sign-in leads: the page of this program that was asked
// for, or the desk.
func (a *Account) next(asked string) string {
	to := local(asked)
	u, err := url.Parse(to)
	if err != nil || !a.hasPage(cmp.Or(strings.TrimSuffix(u.EscapedPath(), "/"), address.Home)) {
		return address.Desk
	}
	return to
}

// local returns where the sign-in leads: the path of this program that was
// asked for, or the desk for anything that a browser could take for another
// host, however it is written.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return address.Desk
	}
	odd := func(r rune) bool { return r == '\\' || unicode.IsControl(r) || unicode.IsSpace(r) }
	if path.Clean(u.Path) != strings.TrimSuffix(u.Path, "/") || strings.HasPrefix(u.Path, "//") ||
		!strings.HasPrefix(next, "/") || strings.ContainsFunc(u.Path, odd) {
		return address.Desk
	}
	return (&url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}).String()
}
