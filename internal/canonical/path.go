package canonical

import (
	"slices"
	"strings"
)

// normalPath returns a path, given without its first slash, in normal form:
// empty for the front page, else with a slash before it and none behind.
func normalPath(path string) string {
	var segments []string
	for segment := range strings.SplitSeq(normalEscapes(path), "/") {
		switch segment {
		case ".":
		case "..":
			segments = segments[:max(0, len(segments)-1)]
		default:
			segments = append(segments, segment)
		}
	}
	return strings.TrimRight("/"+strings.Join(segments, "/"), "/")
}

// normalQuery returns a query, given without its question mark, in normal form.
func normalQuery(query string) string {
	var params []string
	for param := range strings.SplitSeq(normalEscapes(query), "&") {
		if param != "" && !tracking(name(param)) {
			params = append(params, param)
		}
	}
	if len(params) == 0 {
		return ""
	}
	slices.SortStableFunc(params, func(a, b string) int { return strings.Compare(name(a), name(b)) })
	return "?" + strings.Join(params, "&")
}

func name(param string) string {
	name, _, _ := strings.Cut(param, "=")
	return name
}

// normalFragment returns a fragment, given without its "#", in normal form:
// empty unless it names a page ("#!/about").
func normalFragment(fragment string) string {
	if len(fragment) < 2 || fragment[0] != '!' {
		return ""
	}
	return "#" + normalEscapes(fragment)
}

// Characters that stand for themselves (RFC 3986 section 2.3), and those that
// also may, which keep the form they were written in because escaping them can
// change the meaning (sections 2.2 and 3.4).
const (
	unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	reserved   = ":/?#[]@!$&'()*+,;="
)

// normalEscapes escapes s as RFC 3986 section 6.2.2 has it: upper-case digits,
// nothing escaped that stands for itself, everything escaped that must be. A
// "%" that begins no escape is itself escaped, which is how servers read it.
func normalEscapes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c, escaped := s[i], false
		if c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			c, escaped = unhex(s[i+1])<<4|unhex(s[i+2]), true
			i += 2
		}
		if strings.IndexByte(unreserved, c) >= 0 || !escaped && strings.IndexByte(reserved, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(upperHex[c>>4])
		b.WriteByte(upperHex[c&15])
	}
	return b.String()
}

const upperHex = "0123456789ABCDEF"

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}
