package markdown

import "testing"

func TestFirstSentence(t *testing.T) {
	tests := []struct {
		name, in string
		limit    int
		want     string
	}{
		{"empty", "", 80, ""},
		{"one of two", "Ada wrote this. Bob did not.", 80, "Ada wrote this."},
		{"no end", "Ada wrote this", 80, "Ada wrote this"},
		{"paragraph", "Ada wrote\nthis\n\nBob did not.", 80, "Ada wrote this"},
		{"number", "Go 1.26 and 3.5 more. Next.", 80, "Go 1.26 and 3.5 more."},
		{"e.g.", "Some, e.g. Ada and i.e. Bob, agree. Next.", 80, "Some, e.g. Ada and i.e. Bob, agree."},
		{"title", "Mr. Bell met Dr. Watson. Next.", 80, "Mr. Bell met Dr. Watson."},
		{"initial", "By J. Smith. Next.", 80, "By J. Smith."},
		{"lower case goes on", "Use etc. and so on. Next.", 80, "Use etc. and so on."},
		{"dots within", "Node.js runs. Next.", 80, "Node.js runs."},
		{"ellipsis goes on", "Wait... what? Next.", 80, "Wait... what?"},
		{"quote", `She said "Stop." Then left.`, 80, `She said "Stop."`},
		{"marks", "Really?! Yes.", 80, "Really?!"},
		{"number of a list", "1. First thing. Second.", 80, "1. First thing."},
		{"address", "See it (https://example.org/a.b). Next.", 80, "See it (https://example.org/a.b)."},
		{"Japanese", "これは文です。次の文。", 80, "これは文です。"},
		{"cut after a word", "A sentence that goes on", 12, "A sentence…"},
		{"cut at the space", "A sentence that goes on", 11, "A sentence…"},
		{"cut less comma", "A word, and more", 9, "A word…"},
		{"exactly", "Ada wrote.", 10, "Ada wrote."},
		{"no space to cut at", "これは長い文です", 5, "これは長…"},
		{"no half character", "aaae\u0301bcdef", 5, "aaa…"},
		{"nothing fits", "Ada", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := FirstSentence(tt.in, tt.limit); got != tt.want {
				t.Errorf("FirstSentence(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
			}
		})
	}
}

func TestWords(t *testing.T) {
	tests := []struct {
		in   string
		want int
	}{
		{"", 0}, {"one", 1}, {"  one\n\ntwo  ", 2}, {"one - two — three", 3}, {"don't e.g. 3.5", 3},
		{"see (https://example.org/a-b)", 2}, {"日本語", 3}, {"Go 言語 1.26", 4}, {"한국어 말", 2}, {"- ***", 0},
	}
	for _, tt := range tests {
		if got := Words(tt.in); got != tt.want {
			t.Errorf("Words(%q) = %d, want %d", tt.in, got, tt.want)
		}
	}
}
