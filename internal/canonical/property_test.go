package canonical

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// address draws an address that is accepted.
func address(t *rapid.T) string {
	return "https://" + rapid.StringMatching(`[a-z]([a-z0-9]{0,6})(\.[a-z]{2,5}){1,2}`).Draw(t, "host") +
		rapid.StringMatching(`(/[A-Za-z0-9._~%éü+|-]{0,6}){0,4}`).Draw(t, "path") +
		rapid.StringMatching(`(\?[a-c]=[a-z%+?/]{0,4}(&[a-c]=[0-9]{0,3}){0,4})?`).Draw(t, "query")
}

func TestNormalFormIsItsOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form, err := URL(address(t))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := URL(form); err != nil || again != form {
			t.Errorf("URL(%q) = %q, %v; want itself", form, again, err)
		}
	})
}

// variations are ways to write one page's address; each keeps its normal form.
var variations = map[string]func(string) string{
	"http":     func(s string) string { return "http" + strings.TrimPrefix(s, "https") },
	"www":      func(s string) string { return strings.Replace(s, "://", "://www.", 1) },
	"case":     func(s string) string { return "HTTPS" + strings.TrimPrefix(s, "https") },
	"fragment": func(s string) string { return s + "#part" },
	"tracking": func(s string) string { return join(s, "utm_source=rapid&fbclid=1") },
	"port": func(s string) string {
		rest := strings.TrimPrefix(s, "https://")
		host := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz0123456789."))]
		return "https://" + strings.ToUpper(host) + ".:443" + rest[len(host):]
	},
	"slash": func(s string) string {
		path, query, found := strings.Cut(s, "?")
		if !found {
			return path + "/"
		}
		return path + "/?" + query
	},
	"escaped": func(s string) string {
		return strings.NewReplacer("é", "%c3%a9", "a=", "%61=").Replace(s)
	},
}

func join(s, params string) string {
	if strings.Contains(s, "?") {
		return s + "&" + params
	}
	return s + "?" + params
}

func TestVariationsMeet(t *testing.T) {
	for name, vary := range variations {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			in := address(t)
			want, err := URL(in)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := URL(vary(in)); err != nil || got != want {
				t.Errorf("URL(%q) = %q, %v; want %q as of %q", vary(in), got, err, want, in)
			}
		}))
	}
}

// FuzzURL holds every accepted address to what callers rely on: the form is its
// own normal form, net/url reads it, and its host is the site.
func FuzzURL(f *testing.F) {
	for _, seed := range []string{
		"https://example.org/a?b=1#c", "http://www.Bücher.example:80/%7e%zz/../x//", "https://[::1]:8080/?utm_source=a&&b",
		`https://example.org\@example.com/`, "https://例え。テスト/#!/a", "HTTP://a.b./?q=%41%2f+", "javascript:alert(1)",
		"https://www.www.a.b", "https://xn--bcher-kva.example", "https://1.2.3.4.:00443",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		form, err := URL(raw)
		if (err == nil) != (Check(raw) == nil) {
			t.Fatalf("URL and Check disagree on %q: %v", raw, err)
		}
		if err != nil {
			return
		}
		if again, err := URL(form); err != nil || again != form {
			t.Fatalf("URL(%q) = %q; URL of that = %q, %v", raw, form, again, err)
		}
		u, err := url.Parse(form)
		if err != nil {
			t.Fatalf("net/url cannot read %q, the form of %q: %v", form, raw, err)
		}
		site, err := Site(raw)
		if err != nil || site != strings.TrimSuffix(u.Host, ":"+u.Port()) {
			t.Fatalf("Site(%q) = %q, %v; the form has host %q", raw, site, err, u.Host)
		}
	})
}
