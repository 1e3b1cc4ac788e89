package site

import (
	markup "html"
	"html/template"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"broadsheet/internal/pgtest"
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

// TestLexiconIsBounded has words known while there is room for all, and what was
// asked for last in any case.
func TestLexiconIsBounded(t *testing.T) {
	l := newLexicon()
	meant := postgres.Meant{Dictionary: "folded_english", Terms: []postgres.Term{{Form: "gull"}, {Form: "lant", Begins: true}, {Form: "139"}}}
	l.keep("folded_english", map[string][]string{"gulls": {"gull"}, "Lanterns": {"lantern"}, "the": nil})
	l.keep("folded_german", map[string][]string{"die": {"gull"}})
	found, unknown := l.look(meant, "the gulling", slices.Values([]string{"The Größe of gulls, of 139 and 1390", "the Lanterns die, a gull lies", "Gulling or gully, the gullies"}))
	if !maps.Equal(found.words, map[string]bool{"gulls": true, "Lanterns": true, "139": true, "gull": true, "Gulling": true}) || !slices.Equal(unknown, []string{"Größe", "gully", "gullies"}) {
		t.Errorf("%v are meant, %q unknown", found, unknown)
	}
	stopped := postgres.Meant{Dictionary: "folded_english", Terms: []postgres.Term{{Form: "form"}, {Form: "web"}}}
	if found, unknown := l.look(stopped, `for forms web -"we were"`, slices.Values([]string{"For forms, we web"})); !maps.Equal(found.words, map[string]bool{"web": true}) || !slices.Equal(unknown, []string{"For", "forms", "we"}) {
		t.Errorf("of words that say nothing %v are meant, %q unknown", found, unknown)
	}
	last := ""
	for k := range maxForms {
		last = "gul" + strings.Map(func(digit rune) rune { return digit - '0' + 'a' }, strconv.Itoa(k))
		l.keep("folded_english", map[string][]string{last: {"gull"}})
	}
	found, unknown = l.look(meant, "", slices.Values([]string{last}))
	if !maps.Equal(found.words, map[string]bool{last: true}) || unknown != nil || len(l.known["folded_english"]) > maxForms || len(l.known["folded_german"]) != 1 {
		t.Errorf("%d words are known, not %q", len(l.known["folded_english"]), unknown)
	}
}

// TestLiteralWordsHaveOneForm asks PostgreSQL for the forms of words that are
// taken for literal.
func TestLiteralWordsHaveOneForm(t *testing.T) {
	store := postgres.New(pgtest.New(t))
	words := []string{"139", "0139", "7f3a9c12", "3D", "mp3", "B2B", "2e", "e2e4", "x1e5"}
	for range 5000 {
		n := rand.Uint64()
		words = append(words, strconv.FormatUint(n>>(n%50), 36), strings.ToUpper(strconv.FormatUint(n>>(n%40), 16)))
	}
	counted := 0
	for _, dictionary := range []string{"folded_simple", "folded_english", "folded_german", "folded_russian"} {
		found, err := store.Forms(t.Context(), dictionary, words)
		if err != nil {
			t.Fatal(err)
		}
		for word, forms := range found {
			if literal(word) {
				counted++
				if !slices.Equal(forms, []string{strings.ToLower(word)}) {
					t.Errorf("%s has the forms %q in %s", word, forms, dictionary)
				}
			}
		}
	}
	if counted < 10_000 || literal("1e5") || literal("naïve2") || literal("tide") || literal("") {
		t.Errorf("%d words are literal", counted)
	}
}

// TestOtherWordsAreNotMeant asks PostgreSQL for the forms of words with each
// beginning and each end in all its languages: none may be meant of what is taken
// for other words.
func TestOtherWordsAreNotMeant(t *testing.T) {
	pool := pgtest.New(t)
	store := postgres.New(pool)
	var words []string
	for _, begins := range []string{"a", "be", "con", "de", "er", "fort", "ge", "geg", "hin", "in", "ja", "ka", "lik", "me", "ny", "om", "pre", "qu", "re", "s", "ti", "un", "ver", "with", "y", "zu"} {
		for _, ends := range []string{"ings", "ational", "yingly", "ement", "erung", "heden", "emme", "isimo", "lerinden", "ości", "ivist", "ös", "aux", "ille"} {
			words = append(words, begins+ends, strings.ToUpper(begins)+ends)
		}
	}
	words = append(words, "dying", "lying", "tying", "skies", "skis", "idly", "news", "5e246e0e", "464274e7", "1e5", "12E4ab", "a1e5", "İstanbul", "Istanbul", "ISTANBUL")
	var dictionaries []string
	if err := pool.QueryRow(t.Context(), "SELECT array_agg(cfgname) FROM pg_ts_config WHERE cfgname LIKE 'folded%'").Scan(&dictionaries); err != nil {
		t.Fatal(err)
	}
	counted := 0
	for _, dictionary := range dictionaries {
		found, err := store.Forms(t.Context(), dictionary, words)
		if err != nil {
			t.Fatal(err)
		}
		for word, forms := range found {
			for _, form := range forms {
				counted++
				if meant := (postgres.Meant{Dictionary: dictionary, Terms: []postgres.Term{{Form: form}}}); other(meant, word) {
					t.Errorf("%s has the form %q in %s", word, form, dictionary)
				}
			}
		}
	}
	meant := postgres.Meant{Dictionary: "folded_english", Terms: []postgres.Term{{Form: "gull"}, {Form: "4s"}, {Form: "die"}, {Form: "r"}}}
	for word, want := range map[string]bool{
		"Tide": true, "gale": true, "GUN": true, "GULP": false, "R": false, "rum": false, "g": true, "größer": false, "über": false, "dying": false, "doing": true, "4s": false, "1E4S": false, "4t": true, "5e4t": true, "gulls4": false,
	} {
		if got := other(meant, word); got != want {
			t.Errorf("%s is taken for another word: %t", word, got)
		}
	}
	meant.Dictionary = "folded_dutch"
	if counted < 10_000 || other(meant, "tide") {
		t.Errorf("%d forms were looked at, or Dutch words are taken for others", counted)
	}
}
