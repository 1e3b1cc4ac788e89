package site

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"broadsheet/internal/pgtest"
	"broadsheet/internal/postgres"
)

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
