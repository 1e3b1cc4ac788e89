package canonical

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// lookup maps a name as browsers do before they look it up (UTS 46,
// non-transitional). Not STD3: names with underscores are in use.
var lookup = idna.New(
	idna.MapForLookup(),
	idna.BidiRule(),
	idna.StrictDomainName(false),
	idna.Transitional(false),
)

// splitHost returns the host and the port of an authority in normal form. A
// name or password before the host is refused: readers take it for the site.
func splitHost(authority string) (host, port string, err error) {
	if strings.Contains(authority, "@") {
		return "", "", ErrHost
	}
	host = authority
	if i := strings.LastIndexByte(authority, ':'); i > strings.LastIndexByte(authority, ']') {
		host, port = authority[:i], authority[i+1:]
	}
	if port, err = normalPort(port); err != nil {
		return "", "", err
	}
	if strings.HasPrefix(host, "[") {
		host, err = normalIPv6(host)
	} else {
		host, err = normalName(host)
	}
	return host, port, err
}

// normalPort drops the default ports of both schemes, as the schemes are equal.
func normalPort(port string) (string, error) {
	if port == "" {
		return "", nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return "", ErrHost
	}
	if n == 80 || n == 443 {
		return "", nil
	}
	return ":" + strconv.FormatUint(n, 10), nil
}

func normalIPv6(host string) (string, error) {
	inner, closed := strings.CutSuffix(host[1:], "]")
	ip, err := netip.ParseAddr(inner)
	if !closed || err != nil || !ip.Is6() || ip.Zone() != "" {
		return "", ErrHost
	}
	return "[" + ip.String() + "]", nil
}

// normalName returns a host's name in lower-case ASCII without "www.". The
// lengths are those of RFC 1035 section 2.3.4.
func normalName(name string) (string, error) {
	name, err := lookup.ToASCII(name)
	if err != nil {
		return "", ErrHost
	}
	name = strings.TrimSuffix(name, ".")
	for {
		rest, found := strings.CutPrefix(name, "www.")
		if !found || !strings.Contains(rest, ".") {
			break
		}
		name = rest
	}
	if len(name) > 253 {
		return "", ErrHost
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, notInName) {
			return "", ErrHost
		}
	}
	return name, nil
}

func notInName(r rune) bool {
	return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '_')
}
