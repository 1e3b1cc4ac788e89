package fetch

import (
	"net/netip"
)

// special are the networks within what looks like public addresses that are not,
// or that lead to others: the registries of IANA for special-purpose addresses
// (RFC 6890 and its updates).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("100.64.0.0/10"),   // shared by a provider's customers
	netip.MustParsePrefix("192.0.0.0/24"),    // protocols
	netip.MustParsePrefix("192.0.2.0/24"),    // examples
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // examples
	netip.MustParsePrefix("203.0.113.0/24"),  // examples
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, and the broadcast
	netip.MustParsePrefix("2001::/23"),       // protocols, among them Teredo, which holds addresses of version 4
	netip.MustParsePrefix("2001:db8::/32"),   // examples
	netip.MustParsePrefix("2002::/16"),       // 6to4, which holds addresses of version 4
	netip.MustParsePrefix("3fff::/20"),       // examples
}

// globalUnicast is what of version 6 is given out.
var globalUnicast = netip.MustParsePrefix("2000::/3")

// public reports whether an address belongs to a machine of the public internet.
func public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if ip.Is6() && !globalUnicast.Contains(ip) {
		return false
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() { // loopback, link-local and multicast are not the first
		return false
	}
	for _, network := range special {
		if network.Contains(ip) {
			return false
		}
	}
	return true
}
