package site

import (
	markup "html"
	"html/template"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"broadsheet/internal/postgres"
)

func TestMarks(t *testing.T) {
	m := marks{words: map[string]bool{"hit": true, "two": true, "naïve": true, "no": false}}
	for text, want := range map[string]template.HTML{
		"": "", "plain": "plain", "no": "no", "hit": "<mark>hit</mark>", "a hit b two.": "a <mark>hit</mark> b <mark>two</mark>.",
		"hit/two-hits": "<mark>hit</mark>/<mark>two</mark>-hits", "<hit> & \"naïve\"": "&lt;<mark>hit</mark>&gt; &amp; &#34;<mark>naïve</mark>&#34;",
	} {
		if got := m.html(text); got != want {
			t.Errorf("%q is marked %q, want %q", text, got, want)
		}
	}
	m.runs = []string{"東京", "京都", "東京タワー"}
	for text, want := range map[string]template.HTML{
		"東京": "<mark>東京</mark>", "新東京都hit、京": "新<mark>東京</mark>都<mark>hit</mark>、京", "Go東京タワー東京": "Go<mark>東京タワー</mark><mark>東京</mark>", "東<京": "<mark>東&lt;京</mark>", "東、\n京都": "<mark>東、\n京</mark>都", "東a京": "東a京", "東1京": "東1京", "東": "東", "東、": "東、", "葛東󠄀京": "葛<mark>東󠄀京</mark>",
	} {
		if got := m.html(text); got != want {
			t.Errorf("%q is marked %q, want %q", text, got, want)
		}
	}
}

// shown returns what is shown of a text.
func (m marks) shown(text string) string {
	var b strings.Builder
	m.passages(&b, text)
	return b.String()
}

func TestPassagesOfLongTexts(t *testing.T) {
	filler := strings.TrimSpace(strings.Repeat("tide gull ", 60))
	m := marks{words: map[string]bool{"hit": true, "two": true, "three": true}}
	for _, test := range []struct{ name, text, begins, ends string }{
		{"short", "one hit, and no more", "one <mark>hit</mark>", "no more"},
		{"no word", filler + " " + filler, "tide gull", " …"},
		{"in the middle", filler + " hit and two, " + filler, " … tide gull", " …"},
		{"at the end", filler + " " + filler + " hit.", " … tide gull", "<mark>hit</mark> …"},
	} {
		got := m.shown(test.text)
		if !strings.HasPrefix(got, test.begins) || !strings.HasSuffix(got, test.ends) || len(got) > longText {
			t.Errorf("%s: %q", test.name, got)
		}
	}
	m.runs = []string{"東京"}
	unbroken := strings.Repeat("山と川の間に", 150)
	if got := m.shown(unbroken + "東京の" + unbroken); !strings.HasPrefix(got, " … ") || !strings.Contains(got, "間に<mark>東京</mark>の山") || utf8.RuneCountInString(got) > longText {
		t.Errorf("of what is written without spaces %q is shown", got)
	}
	apart := strings.Join([]string{"hit hit hit", "hit", "two", "hit and two", "three", "end"}, " "+filler+" ")
	if got := m.shown(apart); strings.Count(got, "…") != 3 || strings.Count(got, "<mark>") != 6 || !strings.Contains(got, "<mark>hit</mark> and <mark>two</mark>") {
		t.Errorf("of passages apart %q is shown", got)
	}
}

// TestPassagesAreOfTheText has whatever is shown be a part of the text, in its
// order, safe, and with every word that is shown marked if it is meant.
func TestPassagesAreOfTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.SampledFrom([]string{"hit", "two", "<b>", "&amp;", "gull", "tide-", "é", "港", "…"}), 0, 400).Draw(t, "words")
		text := strings.Join(all, " ")
		shown := marks{words: map[string]bool{"hit": true, "two": true}}.shown(text)
		bare := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(shown)
		if strings.ContainsAny(bare, "<>") {
			t.Fatalf("%q shows markup", shown)
		}
		rest := text
		for part := range strings.SplitSeq(markup.UnescapeString(bare), " … ") {
			_, after, found := strings.Cut(rest, strings.TrimSuffix(part, " …"))
			if !found && !slices.Contains(all, "…") {
				t.Fatalf("%q is no part of what is left of %q", part, rest)
			}
			rest = after
		}
		if strings.Count(shown, "hit")+strings.Count(shown, "two") != strings.Count(shown, "<mark>") {
			t.Errorf("%q is not marked", shown)
		}
	})
}

func TestWordsAreOfLettersAndDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("ab7港東é̈서ー。 ")))).Draw(t, "text")
		var got []string
		for from, to := range words(text) {
			got = append(got, text[from:to])
		}
		var want []string
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.Nd, unicode.M) }) {
			begin := 0
			for at, r := range word {
				if before, _ := utf8.DecodeLastRuneInString(word[:at]); at > 0 && postgres.Alone(before) != postgres.Alone(r) {
					want, begin = append(want, word[begin:at]), at
				}
			}
			want = append(want, word[begin:])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
	})
}
