package canonical

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestURL(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"as it is", "https://example.org/a", "https://example.org/a"},
		{"http", "http://example.org/a", "https://example.org/a"},
		{"case of scheme and host only", "HTTPS://Example.ORG/A?B=C", "https://example.org/A?B=C"},
		{"www", "https://www.example.org/a", "https://example.org/a"},
		{"www twice", "https://www.www.example.org/a", "https://example.org/a"},
		{"www is the name", "https://www.com/a", "https://www.com/a"},
		{"mobile host is another site", "https://m.example.org/a", "https://m.example.org/a"},
		{"dot after host", "https://example.org./a", "https://example.org/a"},
		{"default port", "https://example.org:443/a", "https://example.org/a"},
		{"default port of http", "http://example.org:80/a", "https://example.org/a"},
		{"empty port", "http://example.org:/a", "https://example.org/a"},
		{"other port", "http://example.org:08080/a", "https://example.org:8080/a"},
		{"IDN", "https://Bücher.example/a", "https://xn--bcher-kva.example/a"},
		{"IDN, sharp s is kept", "https://straße.example", "https://xn--strae-oqa.example"},
		{"ideographic full stop", "https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah"},
		{"underscore in host", "https://the_team.example.org/", "https://the_team.example.org"},
		{"IPv4", "http://192.0.2.7/a", "https://192.0.2.7/a"},
		{"IPv6", "http://[2001:DB8:0::1]:8080/", "https://[2001:db8::1]:8080"},
		{"front page", "https://example.org/", "https://example.org"},
		{"slash at the end", "https://example.org/a/", "https://example.org/a"},
		{"slashes at the end", "https://example.org/a//", "https://example.org/a"},
		{"slashes within mean something", "https://example.org/a//b", "https://example.org/a//b"},
		{"dot segments", "https://example.org/./a/b/../c/.", "https://example.org/a/c"},
		{"dots over the top", "https://example.org/../../a", "https://example.org/a"},
		{"escaped dots", "https://example.org/a/%2e%2E/b", "https://example.org/b"},
		{"three dots are a name", "https://example.org/a/.../b", "https://example.org/a/.../b"},
		{"unreserved escape", "https://example.org/%7euser/%41", "https://example.org/~user/A"},
		{"escape in upper case", "https://example.org/%c3%a9", "https://example.org/%C3%A9"},
		{"raw unicode", "https://example.org/é", "https://example.org/%C3%A9"},
		{"escaped slash means something", "https://example.org/a%2fb", "https://example.org/a%2Fb"},
		{"stray percent", "https://example.org/100%", "https://example.org/100%25"},
		{"stray percent before letters", "https://example.org/100%zz", "https://example.org/100%25zz"},
		{"pipe", "https://example.org/a|b", "https://example.org/a%7Cb"},
		{"backslash", `https://example.org\a\b`, "https://example.org/a/b"},
		{"empty query", "https://example.org/a?", "https://example.org/a"},
		{"query on the front page", "https://example.org/?a=1", "https://example.org?a=1"},
		{"sorted", "https://example.org/?b=2&a=1&c", "https://example.org?a=1&b=2&c"},
		{"repeated names keep their order", "https://example.org/?b=2&a=z&b=1&a=y", "https://example.org?a=z&a=y&b=2&b=1"},
		{"empty parameters", "https://example.org/?&&a=1&", "https://example.org?a=1"},
		{"plus is not %20", "https://example.org/?q=a+b%20c", "https://example.org?q=a+b%20c"},
		{"question mark in query", "https://example.org/?q=a?b/c", "https://example.org?q=a?b/c"},
		{"fragment", "https://example.org/a#part", "https://example.org/a"},
		{"fragment with query", "https://example.org/a?b#c?d", "https://example.org/a?b"},
		{"hash-bang", "https://example.org/#!/a", "https://example.org#!/a"},
		{"empty hash-bang", "https://example.org/#!", "https://example.org"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := URL(tt.in)
			if err != nil || got != tt.want {
				t.Errorf("URL(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
			}
			if again, err := URL(got); err != nil || again != got {
				t.Errorf("URL(%q) = %q, %v; want itself", got, again, err)
			}
		})
	}
}

func TestURLDropsTracking(t *testing.T) {
	for _, param := range []string{
		"utm_source=x", "UTM_Medium=x", "utm_anything", "utm%5Fsource=x", "fbclid=x", "gclid=x", "mc_cid=1", "mc_eid=1",
		"igshid=x", "yclid=x", "_hsenc=x", "_hsmi=1", "hsCtaTracking=x", "mkt_tok=x", "msclkid=x", "wt_mc=x",
	} {
		for _, in := range []string{
			"https://example.org/a?" + param,
			"https://example.org/a?" + param + "#part",
			"https://example.org/a/?&" + param + "&" + param,
		} {
			if got, err := URL(in); err != nil || got != "https://example.org/a" {
				t.Errorf("URL(%q) = %q, %v; want it without %s", in, got, err, param)
			}
		}
	}
	for _, param := range []string{"ref=main", "source=rss", "cmp=1", "id=utm_source", "v=gclid", "utm=1", "s=1"} {
		want := "https://example.org/a?" + param
		if got, err := URL(want); err != nil || got != want {
			t.Errorf("URL(%q) = %q, %v; want it kept", want, got, err)
		}
	}
}

func TestRefused(t *testing.T) {
	long := "https://example.org/" + strings.Repeat("a", Limit-len("https://example.org/"))
	tests := []struct {
		name, in string
		want     error
	}{
		{"at the limit", long, nil},
		{"over the limit", long + "a", ErrTooLong},
		{"10 kB", "https://example.org/" + strings.Repeat("a", 10_000), ErrTooLong},
		{"over the limit when escaped", "https://example.org/" + strings.Repeat("é", 400), ErrTooLong},
		{"empty", "", ErrScheme},
		{"words", "see below", ErrSyntax},
		{"no scheme", "example.org/a", ErrScheme},
		{"script", "javascript:alert(1)", ErrScheme},
		{"script that looks like an address", "javascript://example.org/%0aalert(1)", ErrScheme},
		{"other schemes", "ftp://example.org/", ErrScheme},
		{"mail", "mailto:ada@example.org", ErrScheme},
		{"scheme only", "https:", ErrHost},
		{"one slash", "https:/example.org/", ErrHost},
		{"no host", "https:///a", ErrHost},
		{"port only", "https://:80/a", ErrHost},
		{"only a dot", "https://./", ErrHost},
		{"two dots", "https://example..org/", ErrHost},
		{"only www", "https://www./", nil},
		{"name before the host", "https://example.org@example.com/", ErrHost},
		{"browsers go to example.org", `https://example.org\@example.com/`, nil},
		{"escaped host", "https://ex%61mple.org/", ErrHost},
		{"bad punycode", "https://xn--a.example/", ErrHost},
		{"long label", "https://" + strings.Repeat("a", 64) + ".example/", ErrHost},
		{"long name", "https://" + strings.Repeat("a.", 127) + "example/", ErrHost},
		{"letters in port", "https://example.org:http/", ErrHost},
		{"port too high", "https://example.org:65536/", ErrHost},
		{"open IPv6", "https://[::1/", ErrHost},
		{"IPv4 in brackets", "https://[192.0.2.1]/", ErrHost},
		{"IPv6 with zone", "https://[fe80::1%25eth0]/", ErrHost},
		{"space", "https://example.org/a b", ErrSyntax},
		{"space around", " https://example.org/", ErrSyntax},
		{"no-break space", "https://example.org/a\u00a0b", ErrSyntax},
		{"line break", "https://example.org/\n", ErrSyntax},
		{"NUL", "https://example.org/\x00", ErrSyntax},
		{"not UTF-8", "https://example.org/\xff", ErrSyntax},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := Check(tt.in); !errors.Is(err, tt.want) {
				t.Errorf("Check(%.60q) = %v, want %v", tt.in, err, tt.want)
			}
		})
	}
}

// Short lists are sorted stably by any sort; repeated names must keep their
// order in long ones too.
func TestManyParametersKeepTheirOrder(t *testing.T) {
	var in, a, b []string
	for i := range 30 {
		a = append(a, fmt.Sprint("a=", 30-i))
		b = append(b, fmt.Sprint("b=", i))
		in = append(in, b[i], a[i])
	}
	want := "https://example.org?" + strings.Join(append(a, b...), "&")
	if got, err := URL("https://example.org/?" + strings.Join(in, "&")); err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestSite(t *testing.T) {
	tests := []struct{ in, want string }{
		{"https://github.com/ada/engine", "github.com"},
		{"http://WWW.Example.org:8080/", "example.org"},
		{"https://blog.example.org./a", "blog.example.org"},
		{"https://bücher.example/", "xn--bcher-kva.example"},
		{`https://example.org\@example.com/`, "example.org"},
		{"https://[::1]/", "[::1]"},
	}
	for _, tt := range tests {
		if got, err := Site(tt.in); err != nil || got != tt.want {
			t.Errorf("Site(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
		}
	}
	if form, site, err := Page("https://example.org/" + strings.Repeat("é", 400)); form != "" || site != "example.org" || !errors.Is(err, ErrTooLong) {
		t.Errorf("an address whose form is too long is %q of %q, %v", form, site, err)
	}
	if _, err := Site("mailto:ada@example.org"); !errors.Is(err, ErrScheme) {
		t.Errorf("Site of a mail address: %v, want %v", err, ErrScheme)
	}
}
