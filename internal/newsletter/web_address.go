package newsletter

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// addressRule adds to wrong what is wrong with an address in a field.
type addressRule func(wrong *Invalid, field, url string)

// linkable checks what every link has to be, however it came about: short
// enough, http or https with something after it, without spaces or control
// characters.
func linkable(wrong *Invalid, field, url string) {
	scheme, rest, _ := strings.Cut(url, "://")
	scheme = strings.ToLower(scheme)
	switch {
	case len(url) > MaxURL:
		wrong.Add(field, fmt.Sprintf("has %d bytes; at most %d", len(url), MaxURL))
	case scheme != "http" && scheme != "https", rest == "", strings.ContainsAny(rest[:1], "/?#"):
		wrong.Add(field, "is not a web address; it begins with http:// or https:// and a host")
	case !printable(url) || strings.ContainsFunc(url, unicode.IsSpace):
		wrong.Add(field, "holds spaces or control characters; take them out")
	}
}

// webAddress checks that readers can be sent to an address. After the host
// everything stays as it was written: browsers follow a stray "%" as well.
func webAddress(wrong *Invalid, field, url string) {
	scheme, rest, _ := strings.Cut(url, "://")
	scheme = strings.ToLower(scheme)
	authority := rest
	if end := strings.IndexAny(rest, `/?#\`); end >= 0 { // browsers take a backslash for a slash
		authority = rest[:end]
	}
	switch {
	case len(url) > MaxURL:
		wrong.Add(field, fmt.Sprintf("has %d bytes; at most %d", len(url), MaxURL))
	case scheme != "http" && scheme != "https", authority == "":
		wrong.Add(field, "is not a web address; it begins with http:// or https:// and a host")
	case !printable(url) || strings.ContainsFunc(url, unseen):
		wrong.Add(field, "holds spaces or control characters; take them out")
	case strings.Contains(authority, "@"):
		wrong.Add(field, "has a name or a password before its host; take them out")
	case !validHost(authority):
		wrong.Add(field, "has no valid site name; write it like https://example.org/page")
	}
}

// unseen reports whether r shows nothing by itself but parts, joins or turns
// around what stands beside it, so that an address reads as another one.
func unseen(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// validHost reports whether a host with its port can be one: a name or an
// address of version 4, or one of version 6 in brackets.
func validHost(authority string) bool {
	host, port := authority, ""
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		host, port = authority[:colon], authority[colon+1:]
	}
	if n, err := strconv.ParseUint(port, 10, 16); port != "" && (err != nil || n == 0) {
		return false
	}
	if inner, bracketed := strings.CutPrefix(host, "["); bracketed {
		inner, closed := strings.CutSuffix(inner, "]")
		ip, err := netip.ParseAddr(inner)
		return closed && err == nil && ip.Is6() && ip.Zone() == ""
	}
	host = strings.TrimSuffix(host, ".")
	for label := range strings.SplitSeq(host, ".") {
		if !validLabel(label) {
			return false
		}
	}
	return utf8.RuneCountInString(host) <= 253 // RFC 1035, section 2.3.4
}

// validLabel reports whether a part of a host's name can be one. Underscores
// are in use, and so are letters of every script and pictures.
func validLabel(label string) bool {
	if label == "" || utf8.RuneCountInString(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	return !strings.ContainsFunc(label, func(r rune) bool {
		if r < utf8.RuneSelf {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
		}
		return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.So)
	})
}
