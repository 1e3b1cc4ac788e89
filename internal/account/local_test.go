package account

import (
	"net/url"
	"strings"
	"testing"
)

// FuzzLocal holds every way on to staying with us, as browsers read it: they
// take a backslash for a slash and drop tabs and line breaks
// (https://url.spec.whatwg.org/#concept-basic-url-parser).
func FuzzLocal(f *testing.F) {
	for _, seed := range []string{"/desk", "//evil.example", `/\evil.example`, "/%2f%2fevil", "https://evil.example", "/\t/evil.example", "/desk/../..//evil"} {
		f.Add(seed)
	}
	here, _ := url.Parse("https://weekly.example/sign-in")
	f.Fuzz(func(t *testing.T, next string) {
		to := local(next)
		read := strings.NewReplacer(`\`, "/", "\t", "", "\n", "", "\r", "").Replace(to)
		u, err := here.Parse(read)
		if err != nil || u.Host != here.Host || u.Scheme != here.Scheme || u.User != nil || strings.HasPrefix(u.Path, "//") {
			t.Errorf("next=%q leads to %q", next, to)
		}
	})
}
