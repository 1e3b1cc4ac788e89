package postgres_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
)

// addressed returns an issue of three notes with an address each.
func addressed() newsletter.Issue {
	issue := newslettertest.Issue(100)
	issue.Intro = "We meet at the regatta on the 18th."
	item := func(place int, note, url string) newsletter.Item {
		return newsletter.Item{Place: place, State: newsletter.Placed, Note: note, Links: []newsletter.Link{{URL: url}}}
	}
	issue.Sections = []newsletter.Section{
		{Title: "News", Kind: newsletter.KindLinks, Of: "News", Items: []newsletter.Item{
			item(1, "A CI/CD tool, open-source, in Node.js 1.26.", "https://slides.example/mary/slugfest-of-docks.html?page=moorings#anchors"),
			item(2, "CI and CD of open source.", "https://docks.example/caf%C3%A9/%E6%B8%AF"),
			item(3, "A source that is open, and never CD.", "https://bare.example/%FF%zz/broken"),
			item(4, "Of `<details>`, a `List<Masts>`, R&D, the rig+mast &c. in UTC+2, and `&shroud;`", "https://bare.example/c++rope"),
		}},
		{Title: "Whalers carry this letter", Kind: newsletter.KindLinks, Of: "", Items: []newsletter.Item{item(5, "Tar.", "https://tar.example/")}},
	}
	issue.Withdrawn = nil
	return issue
}

// TestSearchFindsEachOfJoinedWords has words that a sign joins found by each of
// them, by all with another sign or none, and as a phrase in their order.
func TestSearchFindsEachOfJoinedWords(t *testing.T) {
	store := fill(t, addressed())
	for words, want := range map[string][]string{
		"CI/CD": {"100.1"}, "ci": {"100.1", "100.2"}, "cd": {"100.1", "100.2", "100.3"}, "ci cd": {"100.1", "100.2"}, `"ci cd"`: {"100.1"},
		"open-source": {"100.1", "100.2"}, "open source": {"100.1", "100.2", "100.3"}, "open‐source": {"100.1", "100.2"},
		`"cd open-source"`: nil, `"tool, open-source"`: {"100.1"}, "cd -open-source": {"100.3"}, `cd -"open-source"`: {"100.3"},
		"“ci cd”": {"100.1"}, "„open source“": {"100.1", "100.2"}, "« open source »": {"100.1", "100.2"}, "cd -“open source”": {"100.3"}, "“source open": nil,
		"node": {"100.1"}, "node.js": {"100.1"}, "1.26": {"100.1"}, "tool/": {"100.1"}, "-ci": {"100.3", "100.4", "100.5"},
		"cd - open source": {"100.1", "100.2", "100.3"}, "ci - cd -": {"100.1", "100.2"}, "- ci": {"100.1", "100.2"}, `cd - "open source"`: {"100.1", "100.2"},
		"sour*": {"100.1", "100.2", "100.3"}, "open sour*": {"100.1", "100.2", "100.3"}, "*": nil, "-*": nil, "/": nil,
		"details": {"100.4"}, "<details>": {"100.4"}, "masts": {"100.4"}, "List<Masts>": {"100.4"}, "List<Rope>": nil, "r&d": {"100.4"}, "d&r": nil, "rig": {"100.4"}, "+mast": {"100.4"},
		"utc+2": {"100.4"}, "utc 2": {"100.4"}, "shroud": {"100.4"}, "rope": {"100.4"}, "cd -utc+2": {"100.1", "100.2", "100.3"}, "source -& tool": {"100.1"}, "detai": {"100.4"},
	} {
		results, err := store.Search(t.Context(), postgres.Query{Words: words})
		got := marks(results.Hits)
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q finds %v (%v), want %v", words, got, err, want)
		}
	}
}

// TestSearchFindsWhatIsWrittenWithoutSpaces has every part found of what is written
// in Chinese, Japanese or Korean.
func TestSearchFindsWhatIsWrittenWithoutSpaces(t *testing.T) {
	issue := addressed()
	issue.Intro = "今週の港。"
	issue.Sections[0].Items[0].Note = "東京タワーの夜景、京都とGo言語。"
	issue.Sections[0].Items[1].Note = "京の東に、서울에서 온 편지。ﾀﾜｰ"
	issue.Sections[0].Items[2].Note = "𠀋と東、京。"
	store := fill(t, issue)
	for words, want := range map[string][]string{
		"東京": {"100.1", "100.3"}, "京都": {"100.1"}, "京": {"100.1", "100.2", "100.3"}, "東京都": nil, "タワー": {"100.1"}, "ﾀﾜｰ": {"100.2"}, "Go言語": {"100.1"}, "go 言": {"100.1"}, "言Go": nil, "東京 言語": {"100.1"},
		"서울": {"100.2"}, "울에": {"100.2"}, "서울 편지": {"100.2"}, "서울 夜": nil, "京 -東京": {"100.2"}, "京 -都": {"100.2", "100.3"}, "𠀋": {"100.3"}, `"夜景、京都"`: {"100.1"}, "夜景。": {"100.1"}, "夜景*": {"100.1"},
	} {
		results, err := store.Search(t.Context(), postgres.Query{Words: words})
		got := marks(results.Hits)
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q finds %v (%v), want %v", words, got, err, want)
		}
	}
	results, err := store.Search(t.Context(), postgres.Query{Words: "京の 東 gulls tower -夜景 今週"})
	want := postgres.Meant{Dictionary: "folded_english", Terms: []postgres.Term{{Form: "gull"}, {Form: "tower"}}, Runs: []string{"京の", "東", "今週"}}
	if diff := cmp.Diff(want, results.Meant); err != nil || diff != "" {
		t.Errorf("(%v) meant are: %s", err, diff)
	}
	if results, err := store.Search(t.Context(), postgres.Query{Words: "の港"}); err != nil || len(results.Intros) != 1 {
		t.Errorf("the introduction is not found: %v", err)
	}
}

func TestSearchFindsAddressesAndHeadings(t *testing.T) {
	store := fill(t, addressed())
	for words, want := range map[string][]string{
		"slugfest": {"100.1"}, "slugfest-of-docks": {"100.1"}, "mary slugfest": {"100.1"}, "slides.example/mary": {"100.1"},
		"docks": {"100.2", "100.1"}, // a host weighs more than a path
		"café":  {"100.2"}, "港": {"100.2"}, "broken": {"100.3"},
		"html": nil, "moorings": nil, "anchors": nil, "https": nil, "whalers": {"100.5"}, "news": nil,
	} {
		results, err := store.Search(t.Context(), postgres.Query{Words: words})
		if err != nil || !slices.Equal(marks(results.Hits), want) {
			t.Errorf("%q finds %v (%v), want %v", words, marks(results.Hits), err, want)
		}
	}
}

// meantIn returns the words of a text that a search means, in order.
func meantIn(t *testing.T, store *postgres.Store, meant postgres.Meant, text string) string {
	t.Helper()
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	forms, err := store.Forms(t.Context(), meant.Dictionary, words)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(slices.DeleteFunc(words, func(word string) bool { return !meant.Has(forms[word]...) }), " ")
}

func TestSearchSaysWhichWordsItMeans(t *testing.T) {
	store := fill(t, addressed())
	for words, want := range map[string]string{
		"cd ci": "CI CD", "source tool": "tool source", "node.js": "Node js", "that is": "that is", "SOURCES": "source", "tool sou": "tool source",
		"slides.example": "slides example", "whalers": "Whalers", `"open-source" -mary`: "open source", `tool -"node source"`: "tool", "-tool": "", "it''s tar\\": "", "tar\\ 1.26": "1 26",
		"moorin": "moorings", "monitori": "Monitoring", "thes": "these", "moored monitors": "moorings Monitoring",
	} {
		results, err := store.Search(t.Context(), postgres.Query{Words: words})
		text := "A CI/CD tool, open-source, in Node.js 1.26. that is https://slides.example/mary Whalers, these moorings. Monitoring"
		if got := meantIn(t, store, results.Meant, text); err != nil || got != want {
			t.Errorf("%q means %q (%v), want %q", words, got, err, want)
		}
	}
}

func TestSearchFindsIntroductions(t *testing.T) {
	silent := addressed()
	silent.Number, silent.Intro = 101, ""
	later := addressed()
	later.Number, later.Intro = 102, "Another regatta."
	later.Date.Year = 2027
	store := fill(t, addressed(), silent, later)
	for _, test := range []struct {
		q    postgres.Query
		want []int
	}{
		{postgres.Query{Words: "regatta"}, []int{102, 100}}, {postgres.Query{Words: "regatta on the 18th"}, []int{100}}, {postgres.Query{Words: "regattas meet"}, []int{100}},
		{postgres.Query{Words: "regatta", Year: 2026}, []int{100}}, {postgres.Query{Words: "regatta", Section: "News"}, nil}, {postgres.Query{Words: "regatta", Site: "docks.example"}, nil},
		{postgres.Query{Words: "regatta", Page: 2}, nil}, {postgres.Query{Words: "slugfest"}, nil},
	} {
		results, err := store.Search(t.Context(), test.q)
		var got []int
		for _, hit := range results.Intros {
			got = append(got, hit.Number)
			if !strings.Contains(hit.Intro, "regatta") {
				t.Errorf("%+v finds %q", test.q, hit.Intro)
			}
		}
		if err != nil || !slices.Equal(got, test.want) || results.All != 0 && test.q.Words == "regatta" {
			t.Errorf("%+v finds %v and %d items (%v), want %v", test.q, got, results.All, err, test.want)
		}
	}
}
