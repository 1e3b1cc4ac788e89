package newsletter_test

import (
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

func TestRedirectValidate(t *testing.T) {
	for _, good := range []newsletter.Redirect{
		{From: "/2013/09/issue-139.html?page=1", To: "/issues/139#4"}, {From: "/über uns", To: "/about"}, {From: `/a\b`, To: "/b"},
		{From: "/" + strings.Repeat("a", newsletter.MaxURL-1), To: "/"},
	} {
		if err := good.Validate(); err != nil {
			t.Errorf("%.40q is refused: %v", good, err)
		}
	}
	for address, why := range map[string]string{
		"": "not an address", "old": "not an address", "https://evil.example/": "not an address", "//evil.example": "not an address",
		`/\evil.example`: "not an address", "/\t/evil.example": "control characters", "/a\r\nSet-Cookie: x": "control characters",
		"/\x00": "control characters", "/\u0085": "control characters", "/\xff": "not UTF-8",
		"/" + strings.Repeat("a", newsletter.MaxURL): "more than 2048 bytes", "/" + strings.Repeat("é", 342): "more than 2048 bytes",
	} {
		for field, spoilt := range map[string]newsletter.Redirect{"from": {From: address, To: "/b"}, "to": {From: "/b", To: address}} {
			err := spoilt.Validate()
			wantOnly(t, err, field)
			if err != nil && !strings.Contains(err.Error(), why) {
				t.Errorf("%.40q: %v, want %q", spoilt, err, why)
			}
		}
	}
	for _, itself := range []string{"/über", "/%c3%bcber", "/über/", "/über#top", "/a/..//über"} {
		wantOnly(t, newsletter.Redirect{From: "/%C3%BCber", To: itself}.Validate(), "to")
	}
}

func TestOldAddressesHaveOneForm(t *testing.T) {
	for want, spellings := range map[string][]string{
		"/%C3%BCber":      {"/über", "/%C3%BCber", "/%c3%bcber", "/über/", "/%C3%BCber//", "/über#top", "/über?"},
		"/2013/09/01":     {"/2013/09/01", "/2013/09/01/", "/%32013/09/01"},
		"/a%20b?q=%3Cc":   {"/a b?q=<c", "/a%20b?q=%3cc", "/a%20b/?q=<c"},
		"/a%2Fb%3F%25%5C": {"/a%2fb%3f%25%5c", `/a%2Fb%3F%\`},
		"/100%25zz":       {"/100%zz", "/100%25zz"},
		"/":               {"/", "", "//"},
	} {
		for _, spelling := range spellings {
			if got := newsletter.OldAddress(spelling); got != want {
				t.Errorf("%q becomes %q, want %q", spelling, got, want)
			}
		}
	}
	if got := newsletter.OldAddresses("/a/?b=1"); !slices.Equal(got, []string{"/a?b=1", "/a"}) {
		t.Errorf("an address with a query answers to %q", got)
	}
}

// Whatever is given is escaped once and for all, and safe in a header.
func FuzzEscapeAddress(f *testing.F) {
	for _, seed := range []string{"/issues/139#4", "/\"><script>'", "/%", "/%2", "/%zz%41", "/é\xff\x00\r\n", `/\evil.example`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		got := newsletter.EscapeAddress(given)
		if strings.ContainsAny(got, "\"'<>\\ ") || strings.ContainsFunc(got, func(c rune) bool { return c < 0x21 || c > 0x7e }) {
			t.Errorf("%q becomes %q", given, got)
		}
		if again := newsletter.EscapeAddress(got); again != got {
			t.Errorf("%q becomes %q, then %q", given, got, again)
		}
		if old := newsletter.OldAddress(given); newsletter.OldAddress(old) != old {
			t.Errorf("%q is stored as %q and looked up as %q", given, old, newsletter.OldAddress(old))
		}
	})
}
