package newsletter

import (
	"fmt"
	"net/url"
	"path"
	"strings"
)

// Validate checks both ends of a redirect by themselves; where it leads through
// other redirects is for whoever knows those. Its error is an [Invalid].
func (r Redirect) Validate() error {
	var wrong Invalid
	ownAddress(&wrong, "from", r.From)
	ownAddress(&wrong, "to", r.To)
	if OldAddress(r.From) == OldAddress(AsSent(r.To)) {
		wrong.Add("to", "is the old address itself; give the address it has today")
	}
	return wrong.Err()
}

// ownAddress checks that an address is one of this site. Browsers take two
// slashes, or a slash and a backslash, for the beginning of another host.
func ownAddress(wrong *Invalid, field, address string) {
	switch {
	case !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.HasPrefix(address, `/\`):
		wrong.Add(field, "is not an address of this site; write it like /issues/139")
	case !printable(address) || strings.ContainsAny(address, "\n\t"):
		wrong.Add(field, "holds control characters or is not UTF-8; take them out")
	case len(EscapeAddress(address)) > MaxURL:
		wrong.Add(field, fmt.Sprintf("has more than %d bytes as browsers send it; leave this redirect out", MaxURL))
	}
}

// OldAddress returns the one form in which the old address of a redirect is
// stored and looked up: escaped, without a fragment, which browsers do not
// send, and without slashes at the end of its path.
func OldAddress(given string) string {
	given, _, _ = strings.Cut(given, "#")
	path, query, _ := strings.Cut(EscapeAddress(given), "?")
	path = "/" + strings.TrimRight(strings.TrimPrefix(path, "/"), "/")
	if query == "" {
		return path
	}
	return path + "?" + query
}

// AsSent returns the address that readers ask for who are led to one: net/http's
// redirects have no slashes in a row and no dots, and browsers send no fragment.
func AsSent(to string) string {
	sent, err := url.Parse(to)
	if err != nil {
		return to
	}
	return path.Clean(sent.EscapedPath()) + "?" + sent.RawQuery
}

// OldAddresses returns the old addresses that an address answers to, the
// closest first: with its query, then without.
func OldAddresses(given string) []string {
	whole := OldAddress(given)
	if path, _, found := strings.Cut(whole, "?"); found {
		return []string{whole, path}
	}
	return []string{whole}
}

// What an address is written with (RFC 3986, section 2). A delimiter means
// something else when it is escaped; the others are the same either way.
const (
	delimiters = "/?#&=+"
	unescaped  = "-._~!$()*,;:@"
)

// EscapeAddress returns an address in ASCII, escaped wherever it has to be and
// nowhere else, so that every spelling of an address becomes the same one.
// Quotes, brackets, blanks and stray percent signs are escaped.
func EscapeAddress(address string) string {
	var out strings.Builder
	for i := 0; i < len(address); i++ {
		c, escaped := address[i], false
		if c == '%' && i+2 < len(address) && isHex(address[i+1]) && isHex(address[i+2]) {
			c, escaped = fromHex(address[i+1])<<4|fromHex(address[i+2]), true
			i += 2
		}
		alphanumeric := '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
		if alphanumeric || strings.IndexByte(unescaped, c) >= 0 || !escaped && strings.IndexByte(delimiters, c) >= 0 {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return out.String()
}

func isHex(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }

func fromHex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}
