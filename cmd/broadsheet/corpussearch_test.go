package main

import (
	"cmp"
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/postgres"
)

// amongFirst and share are what a search is held to: three words of an item's
// note find it among the first three for 95 % of the items.
const (
	amongFirst = 3
	share      = 0.95
)

var (
	webAddress = regexp.MustCompile(`\]\([^)]*\)|https?://\S+`)
	word       = regexp.MustCompile(`\pL{4,}`)
)

// picks are ways to pick three words of a note's words, of which there are
// three at least. Randomness comes from the words alone.
var picks = map[string]func(words []string, r *rand.Rand) []string{
	"three at random":        atRandom,
	"three others at random": func(words []string, r *rand.Rand) []string { r.Uint64(); return atRandom(words, r) },
	"three longest": func(words []string, _ *rand.Rand) []string {
		words = slices.Clone(words)
		slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
		return words[:3]
	},
	"three in a row": func(words []string, r *rand.Rand) []string {
		first := r.IntN(len(words) - 2)
		return words[first : first+3]
	},
}

func atRandom(words []string, r *rand.Rand) []string {
	var three []string
	for _, i := range r.Perm(len(words))[:3] {
		three = append(three, words[i])
	}
	return three
}

// wordsOf returns the different words of a note of at least four letters, in
// their order.
func wordsOf(note string) []string {
	var words []string
	for _, w := range word.FindAllString(webAddress.ReplaceAllString(note, " "), -1) {
		if w = strings.ToLower(w); !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// searchCorpus searches for every item of the issues by three words of its
// note, picked in several ways.
func searchCorpus(t *testing.T, database string, issues map[int]exported) {
	t.Helper()
	pool, err := postgres.Open(t.Context(), database, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	store := postgres.New(pool)
	for name, pick := range picks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			searchAll(t, store, issues, pick)
		})
	}
}

func searchAll(t *testing.T, store *postgres.Store, issues map[int]exported, pick func([]string, *rand.Rand) []string) {
	t.Helper()
	items, found := 0, 0
	var missed []string
	for mark, note := range notes(issues) {
		words := wordsOf(note)
		if len(words) < 3 {
			continue
		}
		seed := fnv.New64a()
		seed.Write([]byte(note))
		query := strings.Join(pick(words, rand.New(rand.NewPCG(seed.Sum64(), 1))), " ")
		items++
		if isAmongFirst(t, store, query, mark) {
			found++
		} else if len(missed) < 10 {
			missed = append(missed, mark+" by "+query)
		}
	}
	t.Logf("%d of %d items among the first %d, %.1f %%", found, items, amongFirst, 100*float64(found)/float64(items))
	if float64(found) < share*float64(items) {
		t.Errorf("%d of %d items are found; not: %q", found, items, missed)
	}
}

// notes returns the notes of all items by their marks.
func notes(issues map[int]exported) iter.Seq2[string, string] {
	return func(yield func(mark, note string) bool) {
		for _, issue := range issues {
			for _, section := range issue.Sections {
				for _, item := range section.Items {
					if !yield(item.Mark, item.Note) {
						return
					}
				}
			}
		}
	}
}

func isAmongFirst(t *testing.T, store *postgres.Store, query, mark string) bool {
	t.Helper()
	results, err := store.Search(t.Context(), postgres.Query{Words: query, Page: 1})
	if err != nil {
		t.Fatalf("%q: %v", query, err)
	}
	first := results.Hits[:min(len(results.Hits), amongFirst)]
	return slices.ContainsFunc(first, func(hit postgres.Hit) bool { return hit.Mark().String() == mark })
}
