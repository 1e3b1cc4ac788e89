package desk

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// shown writes a version with brackets around what is changed.
func shown(v version) string {
	var b strings.Builder
	for _, p := range v {
		if p.Changed {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestDifferMarksWhatOnlyOneHas(t *testing.T) {
	for _, test := range []struct{ a, b, wantA, wantB string }{
		{"", "", "", ""},
		{"fog at sea", "fog at sea", "fog at sea", "fog at sea"},
		{"", "fog", "", "[fog]"},
		{"fog at sea", "fog on the sea", "fog [at ]sea", "fog [on the ]sea"},
		{"with a small simulator.", "with a chart.", "with a [small simulator.]", "with a [chart.]"},
		{"one two three four", "one three four five", "one [two ]three four", "one three four [five]"},
		{"one  two", "one two", "one  two", "one two"},
		{"one\n\ntwo", "one two", "[one\n\n]two", "[one ]two"},
		{"  one", "one", "[  ]one", "one"},
		{"a b", "x y", "[a b]", "[x y]"},
	} {
		a, b := differ(test.a, test.b)
		if diff := cmp.Diff([]string{test.wantA, test.wantB}, []string{shown(a), shown(b)}); diff != "" {
			t.Errorf("%q and %q:\n%s", test.a, test.b, diff)
		}
	}
}

func TestDifferLosesNothing(t *testing.T) {
	text := rapid.StringMatching(`[abc \n]{0,40}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		va, vb := differ(a, b)
		whole := func(v version) (all, shared string) {
			for _, p := range v {
				all += p.Text
				if !p.Changed {
					shared += p.Text
				}
			}
			return all, strings.Join(strings.Fields(shared), " ")
		}
		allA, sharedA := whole(va)
		allB, sharedB := whole(vb)
		if allA != a || allB != b || sharedA != sharedB {
			t.Fatalf("%q and %q became %v and %v", a, b, va, vb)
		}
	})
}

func TestDifferIsBounded(t *testing.T) {
	a, b := strings.Repeat("a ", 8000)+"end", strings.Repeat("b ", 8000)+"end"
	va, vb := differ(a, b)
	if len(va) != 2 || !va[0].Changed || va[1].Text != "end" || len(vb) != 2 {
		t.Errorf("two large texts became %d and %d pieces", len(va), len(vb))
	}
}

func TestBothKeepsBoth(t *testing.T) {
	for _, test := range []struct{ mine, other, want string }{
		{"mine", "theirs", "mine\n\ntheirs"}, {"same", "same", "same"}, {"mine\n", "theirs", "mine\n\ntheirs"},
		{"", "theirs", "theirs"}, {"mine", "", "mine"},
	} {
		if got := both(test.mine, test.other); got != test.want {
			t.Errorf("both(%q, %q) = %q, want %q", test.mine, test.other, got, test.want)
		}
	}
}
