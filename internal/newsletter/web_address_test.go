package newsletter_test

import (
	"testing"

	"broadsheet/internal/newsletter"
)

func TestAddressesOfLinks(t *testing.T) {
	for _, url := range []string{
		"https://a.example", "HTTP://A.example./", "https://a.example:8080/?q#f", "http://127.0.0.1/", "http://localhost:3000",
		"http://[2001:db8::1]:80/", "https://bücher.example/ü", "https://under_score.example/", "https://i❤.example/", "https://हिन्दी.example/",
		"https://a.example/100%", "https://a.example/%zz", "https://a.example/@name?to=b@c.example", "https://a.example:/",
	} {
		if err := (newsletter.Item{Links: []newsletter.Link{{URL: url}}}).Validate(); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
	for _, url := range []string{
		"http://.", "http://-", "http://..", "http://a..example/", "http://.example/", "http://-a.example/", "http://a-.example/",
		"http://[::1", "http://[::1]x/", "http://[a.example]/", "http://[127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://]/",
		"http://a.example:99999/", "http://a.example:0/", "http://a.example:-1/", "http://a.example:http/", "http://a:b:80/",
		"http://%00.example/", "http://a%2eexample/", "http://a,b.example/", "http://\\b.example/", "http://:80/",
		"http://user:password@a.example/", "http://a.example@b.example/", "https://a.example/\u202Egpj.exe", "https://a\u200b.example/", "https://a.example/\u00a0",
		"http:a.example", "//a.example/", "ftp://a.example/",
	} {
		wantOnly(t, newsletter.Item{Links: []newsletter.Link{{URL: url}}}.Validate(), "item.links[0].url")
	}
}

// TestOldLinksMayBeOdd shows that what was printed elsewhere is not refused
// for a host that nobody would type today.
func TestOldLinksMayBeOdd(t *testing.T) {
	issue := goodIssue()
	for _, url := range []string{"http://a.example,", "http://a..example/x", "http://user@a.example/", "https://a.example/\u200b"} {
		issue.Sections[0].Items[0].Links[0].URL = url
		if err := issue.Validate(); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}
