package desk

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAnythingPastedGivesItsFirstAddress(t *testing.T) {
	for _, test := range []struct{ pasted, url, words string }{
		{"https://gulls.example/counted", "https://gulls.example/counted", ""},
		{"  https://gulls.example/counted\r\n", "https://gulls.example/counted", ""},
		{"\ufeffhttps://gulls.example/\u200b", "https://gulls.example/", ""},
		{"HTTP://Gulls.Example/A", "HTTP://Gulls.Example/A", ""},
		{"https://gulls.example/a_(b).", "https://gulls.example/a_(b).", ""}, // by itself it is nobody's sentence
		{"Gulls, counted https://gulls.example/1", "https://gulls.example/1", "Gulls, counted"},
		{"Gulls, counted\nhttps://gulls.example/1\nvia the harbour", "https://gulls.example/1", "Gulls, counted via the harbour"},
		{"See (https://gulls.example/a_(b)).", "https://gulls.example/a_(b)", "See"},
		{"See <https://gulls.example/a>, please", "https://gulls.example/a", "See , please"},
		{`"https://gulls.example/a"`, "https://gulls.example/a", ""},
		{"https://gulls.example/1 https://terns.example/2", "https://gulls.example/1", "https://terns.example/2"},
		{"gulls.example/counted?a=1", "https://gulls.example/counted?a=1", ""},
		{"www.gulls.example", "https://www.gulls.example", ""},
		{"gulls.example:8080", "https://gulls.example:8080", ""},
		{"only words", "", "only words"},
		{"end.", "", "end."},
		{"javascript:alert(1)", "", "javascript:alert(1)"},
		{"mailto:ines@letter.example", "", "mailto:ines@letter.example"},
		{"ines@letter.example", "", "ines@letter.example"},
		{"", "", ""},
	} {
		url, words := takeAddress(test.pasted)
		if url != test.url || words != test.words {
			t.Errorf("%q gives %q and %q, want %q and %q", test.pasted, url, words, test.url, test.words)
		}
	}
}

func TestAnAddressByItselfStaysLetterForLetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		address := "https://" + rapid.StringMatching(`[a-z]{1,9}\.example/[!#-;=?-~]{0,40}`).Draw(t, "address")
		if url, words := takeAddress(" " + address + "\n"); url != address || words != "" {
			t.Fatalf("%q became %q and %q", address, url, words)
		}
	})
}

func FuzzTakeAddress(f *testing.F) {
	for _, seed := range []string{"see (https://gulls.example/a)).", "gulls.example", "a https://", "https://\x00\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		url, words := takeAddress(pasted)
		if !strings.Contains(pasted, strings.TrimPrefix(url, "https://")) {
			t.Errorf("%q gives an address that is not in it: %q", pasted, url)
		}
		if url == "" && strings.TrimFunc(pasted, blank) != words {
			t.Errorf("%q loses words: %q", pasted, words)
		}
	})
}
