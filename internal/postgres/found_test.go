package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
	"broadsheet/internal/postgres"
)

// marks of found items, in order.
func marks[T interface{ Mark() newsletter.Mark }](list []T) []string {
	var all []string
	for _, f := range list {
		all = append(all, f.Mark().String())
	}
	return all
}

func TestSectionListsWhatIsOfItWhateverTheHeading(t *testing.T) {
	store := fill(t, newslettertest.Issue(100), newslettertest.Issue(101))
	section, items, err := store.Section(t.Context(), "sponsor")
	if err != nil || section.Title != "Sponsor" || items != 2 {
		t.Errorf("the section is %v with %d items (%v)", section, items, err)
	}
	found, err := store.SectionItems(t.Context(), "sponsor", 1)
	if err != nil || !slices.Equal(marks(found), []string{"101.1", "100.1"}) {
		t.Errorf("the section lists %v (%v)", marks(found), err)
	}
	if f := found[0]; f.Heading != "Ropeworks sponsors the letter" || f.Section != "Sponsor" || !f.Item.Sponsored {
		t.Errorf("the item is %+v", f)
	}
	if _, _, err := store.Section(t.Context(), "poems"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a section that is not there returned %v", err)
	}
}

func TestSiteListsEveryItemThatLinksThere(t *testing.T) {
	issue := newslettertest.Issue(100)
	issue.Sections[1].Items[0].Links = []newsletter.Link{ // one site in several spellings, twice in one item
		{URL: "https://WWW.Gulls.example/a"}, {URL: "http://gulls.example:80/b"},
	}
	store := fill(t, issue, newslettertest.Issue(101))
	found, total, err := store.SiteItems(t.Context(), "gulls.example", 1)
	if err != nil || total != 2 || !slices.Equal(marks(found), []string{"101.2", "100.2"}) {
		t.Errorf("the site lists %v of %d (%v)", marks(found), total, err)
	}
	linked, err := store.MostLinked(t.Context(), 2)
	if err != nil || len(linked) != 2 || linked[0].Items != 2 {
		t.Errorf("the most linked sites are %v (%v)", linked, err)
	}
	sites, err := store.Sites(t.Context())
	if err != nil || !slices.ContainsFunc(sites, func(s postgres.SiteHead) bool {
		return s.Name == "gulls.example" && s.RevisedAt.Equal(newslettertest.Issue(101).PublishedAt)
	}) || !slices.IsSortedFunc(sites, func(a, b postgres.SiteHead) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("the sites are %v (%v)", sites, err)
	}
}

func TestPagesNeitherRepeatNorLeaveOut(t *testing.T) {
	issue := newslettertest.Issue(100)
	var items []newsletter.Item
	for place := 1; place <= 2*postgres.ItemsPerPage+1; place++ {
		items = append(items, newsletter.Item{Place: place, State: newsletter.Placed, Note: "tide",
			Links: []newsletter.Link{{URL: fmt.Sprintf("https://tide.example/%d", place)}}})
	}
	issue.Sections, issue.Withdrawn = []newsletter.Section{{Title: "News", Kind: newsletter.KindLinks, Of: "News", Items: items}}, nil
	store := fill(t, issue)
	for name, list := range map[string]func(page int) []string{
		"section": func(page int) []string {
			found, err := store.SectionItems(t.Context(), "news", page)
			if err != nil {
				t.Fatal(err)
			}
			return marks(found)
		},
		"site": func(page int) []string {
			found, _, err := store.SiteItems(t.Context(), "tide.example", page)
			if err != nil {
				t.Fatal(err)
			}
			return marks(found)
		},
		"search": func(page int) []string {
			results, err := store.Search(t.Context(), postgres.Query{Words: "tide", Page: page})
			if err != nil {
				t.Fatal(err)
			}
			return marks(results.Hits)
		},
	} {
		seen := map[string]bool{}
		for page, want := range []int{postgres.ItemsPerPage, postgres.ItemsPerPage, 1, 0} {
			got := list(page + 1)
			if len(got) != want {
				t.Errorf("%s: page %d has %d items, want %d", name, page+1, len(got), want)
			}
			for _, mark := range got {
				if seen[mark] {
					t.Errorf("%s: %s stands on two pages", name, mark)
				}
				seen[mark] = true
			}
		}
		if len(list(-3)) != postgres.ItemsPerPage || len(list(1<<40)) != 0 {
			t.Errorf("%s: odd page numbers are not bounded", name)
		}
	}
}

func TestSearchFindsWordsWhereverTheyStand(t *testing.T) {
	store := fill(t, newslettertest.Issue(100), newslettertest.Issue(101))
	for words, want := range map[string][]string{
		"lighthouse":           {"101.2", "100.2"}, // note
		"LIGHTHOUSES counting": {"101.2", "100.2"}, // case and endings
		"collision":            {"101.3", "100.3"}, // title
		"ferry's log":          {"101.3", "100.3"}, // text of a link
		"regatta.example":      {"101.6", "100.6"}, // host
		"ropeworks":            {"101.1", "100.1"}, // part of a host
		`"volume 100"`:         {"100.2"},          // phrase
		"lighthouse -101":      {"100.2"},          // exclusion
		"lighthouse tides":     nil,                // all words must be there
		"the of and":           nil,                // words that say nothing
		"zeppelin":             nil,
	} {
		results, err := store.Search(t.Context(), postgres.Query{Words: words})
		if err != nil || !slices.Equal(marks(results.Hits), want) || results.Total != len(want) {
			t.Errorf("%q finds %v of %d (%v), want %v", words, marks(results.Hits), results.Total, err, want)
		}
	}
}

func TestSearchPutsTheBestFirst(t *testing.T) {
	issue := newslettertest.Issue(100)
	issue.Sections[1].Items = []newsletter.Item{
		{Place: 2, State: newsletter.Placed, Note: "Much of another kind of thing and, far from the beginning, one kettle."},
		{Place: 3, State: newsletter.Placed, Title: "The kettle", Note: "Boils."},
	}
	store := fill(t, issue)
	for newest, want := range map[bool][]string{false: {"100.3", "100.2"}, true: {"100.2", "100.3"}} {
		results, err := store.Search(t.Context(), postgres.Query{Words: "kettle", Newest: newest})
		if err != nil || !slices.Equal(marks(results.Hits), want) {
			t.Errorf("newest %v: %v (%v), want %v", newest, marks(results.Hits), err, want)
		}
	}
}

// TestSearchPutsWordsToTheLetterFirst has the words as they are typed before
// other forms of them, and those in a row before those apart.
func TestSearchPutsWordsToTheLetterFirst(t *testing.T) {
	issue := newslettertest.Issue(100)
	issue.Sections[1].Items = []newsletter.Item{
		{Place: 2, State: newsletter.Placed, Title: "Team building", Note: "A team, and a building."},
		{Place: 3, State: newsletter.Placed, Note: "These are the buildings where all of our teams work."},
		{Place: 5, State: newsletter.Placed, Note: "Where teams, for once, see the buildings these teams buildings are."},
	}
	store := fill(t, issue)
	for words, want := range map[string][]string{
		"teams buildings":       {"100.5", "100.3", "100.2"},
		"buildings these teams": {"100.5", "100.3", "100.2"},
		"team building":         {"100.2", "100.5", "100.3"},
		"these are":             {"100.3", "100.5"}, // nothing else to go by
	} {
		results, err := store.Search(t.Context(), postgres.Query{Words: words})
		if err != nil || !slices.Equal(marks(results.Hits), want) {
			t.Errorf("%q finds %v (%v), want %v", words, marks(results.Hits), err, want)
		}
	}
}

func TestSearchMeansWordsAndCountsSections(t *testing.T) {
	store := fill(t, newslettertest.Issue(100))
	results, err := store.Search(t.Context(), postgres.Query{Words: "collisions or coat"})
	if err != nil {
		t.Fatal(err)
	}
	if results.All != 2 || results.Total != 2 || len(results.Sections) != 1 || results.Sections[0] != (postgres.Count{Name: "News", Items: 1}) {
		t.Errorf("counts are %+v", results)
	}
	for k, want := range []string{"coat", "collision"} {
		if hit := results.Hits[k]; meantIn(t, store, results.Meant, hit.Item.Title+" "+hit.Note) != want {
			t.Errorf("%q and %q do not have %q as what is meant", hit.Item.Title, hit.Note, want)
		}
	}
	results, err = store.Search(t.Context(), postgres.Query{Words: "collisions or coat", Section: "News"})
	if err != nil || results.Total != 1 || results.All != 2 || !slices.Equal(marks(results.Hits), []string{"100.3"}) {
		t.Errorf("in News alone: %+v (%v)", results, err)
	}
}

func TestSearchForgivesAccentsAndBeginnings(t *testing.T) {
	issue := newslettertest.Issue(100)
	issue.Sections[1].Items[0].Note = "A café in Zürich, Øresund and Straße; the naïve façade."
	store := fill(t, issue)
	for words, want := range map[string]string{
		"cafe": "café", "CAFÉ": "café", "zurich": "Zürich", "oresund": "Øresund", "strasse": "Straße",
		"naive facade": "naïve façade", "cafe zur": "café Zürich", "orES": "Øresund",
	} {
		results, err := store.Search(t.Context(), postgres.Query{Words: words})
		if err != nil || len(results.Hits) != 1 || meantIn(t, store, results.Meant, results.Hits[0].Note) != want {
			t.Errorf("%q finds %+v (%v), want %q", words, results.Hits, err, want)
		}
	}
	for _, words := range []string{`"zur"`, "zur cafe", "-zur", "zu", "zur*x", `"a cafe zur`} {
		if results, err := store.Search(t.Context(), postgres.Query{Words: words}); err != nil || results.Total != 0 && words != "-zur" {
			t.Errorf("%q finds %+v (%v)", words, results.Hits, err)
		}
	}
}

func TestSearchKeepsToYearsAndSites(t *testing.T) {
	later := newslettertest.Issue(200) // of 2027
	store := fill(t, newslettertest.Issue(100), newslettertest.Issue(101), later)
	q := postgres.Query{Words: "gulls or collision"}
	for _, test := range []struct {
		section, site string
		year          int
		total         int
		years, sites  []postgres.Count
	}{
		{"", "", 0, 6, []postgres.Count{{"2027", 2}, {"2026", 4}}, []postgres.Count{{"ferry.example", 3}, {"gulls.example", 3}, {"yacht.example", 3}}},
		{"", "", 2026, 4, []postgres.Count{{"2027", 2}, {"2026", 4}}, []postgres.Count{{"ferry.example", 2}, {"gulls.example", 2}, {"yacht.example", 2}}},
		{"News", "gulls.example", 2027, 1, []postgres.Count{{"2027", 1}, {"2026", 2}}, []postgres.Count{{"ferry.example", 1}, {"gulls.example", 1}, {"yacht.example", 1}}},
		{"Sponsor", "gulls.example", 0, 0, nil, nil},
		{"", "nobody.example", 1999, 0, nil, nil},
	} {
		q.Section, q.Site, q.Year = test.section, test.site, test.year
		results, err := store.Search(t.Context(), q)
		if err != nil || results.All != 6 || results.Total != test.total || len(results.Hits) != test.total {
			t.Errorf("%+v: %d of %d, %d hits (%v)", q, results.Total, results.All, len(results.Hits), err)
		}
		if diff := cmp.Diff(test.years, results.Years) + cmp.Diff(test.sites, results.Sites); diff != "" {
			t.Errorf("%+v: %s", q, diff)
		}
		for _, hit := range results.Hits {
			if test.year != 0 && hit.Date.Year != test.year {
				t.Errorf("%+v finds %s of %s", q, hit.Mark(), hit.Date)
			}
		}
	}
}

func TestHostileQueriesAreHarmless(t *testing.T) {
	store := fill(t, newslettertest.Issue(100))
	for _, words := range []string{
		"'\";--", "((((", "!!!!", "&|!<->:*", `\`, `"unclosed`, "- - -", "a:*bc", strings.Repeat("gulls ", 2000),
		strings.Repeat(`"`, 10_000), strings.Repeat("(", 10_000), "%_", "'; DROP TABLE items; --", "", " ", "🦆", "\u202e",
	} {
		if _, err := store.Search(t.Context(), postgres.Query{Words: words}); err != nil {
			t.Errorf("%.20q fails: %v", words, err)
		}
	}
}
