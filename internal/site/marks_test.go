package site

import (
	markup "html"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"broadsheet/internal/postgres"
)

func TestMarks(t *testing.T) {
	m := marks{"hit": true, "two": true, "naïve": true, "no": false}
	for text, want := range map[string]template.HTML{
		"": "", "plain": "plain", "no": "no", "hit": "<mark>hit</mark>", "a hit b two.": "a <mark>hit</mark> b <mark>two</mark>.",
		"hit/two-hits": "<mark>hit</mark>/<mark>two</mark>-hits", "<hit> & \"naïve\"": "&lt;<mark>hit</mark>&gt; &amp; &#34;<mark>naïve</mark>&#34;",
	} {
		if got := m.html(text); got != want {
			t.Errorf("%q is marked %q, want %q", text, got, want)
		}
	}
}

func TestPassagesOfLongTexts(t *testing.T) {
	filler := strings.TrimSpace(strings.Repeat("tide gull ", 60))
	m := marks{"hit": true, "two": true, "three": true}
	for _, test := range []struct{ name, text, begins, ends string }{
		{"short", "one hit, and no more", "one <mark>hit</mark>", "no more"},
		{"no word", filler + " " + filler, "tide gull", " …"},
		{"in the middle", filler + " hit and two, " + filler, " … tide gull", " …"},
		{"at the end", filler + " " + filler + " hit.", " … tide gull", "<mark>hit</mark> …"},
	} {
		got := string(m.passages(test.text))
		if !strings.HasPrefix(got, test.begins) || !strings.HasSuffix(got, test.ends) || len(got) > longText {
			t.Errorf("%s: %q", test.name, got)
		}
	}
	apart := strings.Join([]string{"hit hit hit", "hit", "two", "hit and two", "three", "end"}, " "+filler+" ")
	if got := string(m.passages(apart)); strings.Count(got, "…") != 3 || strings.Count(got, "<mark>") != 6 || !strings.Contains(got, "<mark>hit</mark> and <mark>two</mark>") {
		t.Errorf("of passages apart %q is shown", got)
	}
}

// TestPassagesAreOfTheText has whatever is shown be a part of the text, in its
// order, safe, and with every word that is shown marked if it is meant.
func TestPassagesAreOfTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.SampledFrom([]string{"hit", "two", "<b>", "&amp;", "gull", "tide-", "é", "港", "…"}), 0, 400).Draw(t, "words")
		text := strings.Join(all, " ")
		shown := string(marks{"hit": true, "two": true}.passages(text))
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
		text := rapid.String().Draw(t, "text")
		var got []string
		for from, to := range words(text) {
			got = append(got, text[from:to])
		}
		want := strings.FieldsFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.Nd, unicode.M) })
		if !slices.Equal(got, want) {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
	})
}

// TestLexiconIsBounded has words known while there is room for all, and what was
// asked for last in any case.
func TestLexiconIsBounded(t *testing.T) {
	var l lexicon
	meant := postgres.Meant{Dictionary: "folded_english", Terms: []postgres.Term{{Form: "gull"}, {Form: "lant", Begins: true}}}
	l.keep("folded_english", map[string][]string{"gulls": {"gull"}, "Lanterns": {"lantern"}, "the": nil})
	l.keep("folded_german", map[string][]string{"die": {"gull"}})
	look := marks{"gulls": false, "Lanterns": false, "the": false, "die": false}
	if unknown := l.look(meant, look); !slices.Equal(unknown, []string{"die"}) || !look["gulls"] || !look["Lanterns"] || look["the"] || look["die"] {
		t.Errorf("%v, of which %q are unknown", look, unknown)
	}
	for k := range maxForms {
		l.keep("folded_english", map[string][]string{strconv.Itoa(k): {"1"}})
	}
	if unknown := l.look(meant, marks{strconv.Itoa(maxForms - 1): false}); len(l.known) > maxForms || unknown != nil {
		t.Errorf("%d words are known, not %q", len(l.known), unknown)
	}
}
