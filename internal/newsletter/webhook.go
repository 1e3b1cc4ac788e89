package newsletter

import (
	"net/url"
	"strings"
)

// CheckWebhook checks the address that is to be told of what happens to issues.
// Its words go over the network of others, so that it begins with https:// unless
// addresses of one's own network are allowed. Its error is an [Invalid] for
// "address".
func CheckWebhook(address string, private bool) error {
	var wrong Invalid
	webAddress(&wrong, "address", address)
	if scheme, _, _ := strings.Cut(address, "://"); len(wrong) == 0 && !private && !strings.EqualFold(scheme, "https") {
		wrong.Add("address", "begins with http://; give one that begins with https://, so that nobody on the way reads or changes it")
	}
	return wrong.Err()
}

// HostOf returns the host of a web address, with its port: what may be said of an
// address whose rest is a secret.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
