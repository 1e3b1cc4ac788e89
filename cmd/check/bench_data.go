package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
)

// The archives that are measured: a daily letter's, with the medians of real
// ones: 15 links in an issue, 28 words in a note, 34 in an introduction. The
// large one is 50 times the small one and has 150 000 items; the middle one is
// as long as an archive of a weekly since 2013.
const (
	smallArchive  = 200
	middleArchive = 581
	largeArchive  = 10_000

	noteWords  = 28
	introWords = 34
)

// lastDay is the day of an archive's newest issue.
var lastDay = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)

// benchSections are an issue's sections with the number of their items.
var benchSections = []struct {
	newsletter.StandingSection
	items int
}{
	{newsletter.StandingSection{Title: "Sponsor", Kind: newsletter.KindSponsor}, 1},
	{newsletter.StandingSection{Title: "News", Kind: newsletter.KindLinks}, 8},
	{newsletter.StandingSection{Title: "Events", Kind: newsletter.KindEvents}, 1},
	{newsletter.StandingSection{Title: "Tools", Kind: newsletter.KindLinks}, 4},
	{newsletter.StandingSection{Title: "Jobs", Kind: newsletter.KindJobs}, 1},
}

// itemsPerIssue is how many items an issue has.
func itemsPerIssue() (n int) {
	for _, s := range benchSections {
		n += s.items
	}
	return n
}

// commonWords are the most frequent words, the first ones most. Of these, the
// stopWords first ones say nothing to a search.
var commonWords = strings.Fields(`the a and of for with from how why into when that their under again once
	together twice rarely nightly slow steady broken careful quiet early wooden measured splices counts repairs explains
	compares moves records carries learns forgets warns lighthouse harbour keeper rope tide gull ferry anchor chart signal
	lantern engine log pilot cargo deck storm watch bell buoy crane dock`)

// How often words come: the n-th one about as often as 1/n, as in what people
// write (Zipf's law). Of an archive's words most are in few of its notes.
const (
	vocabulary   = 30_000
	zipfExponent = 1.05
	zipfOffset   = 3
	stopWords    = 16
)

// inventor makes up issues, the same ones at every run.
type inventor struct {
	*rand.Rand
	words []string // the most frequent first
	zipf  *rand.Zipf
}

func newInventor() inventor {
	random := rand.New(rand.NewPCG(1, 2))
	words := append([]string{}, commonWords...)
	for len(words) < vocabulary {
		var word strings.Builder
		for range 2 + random.IntN(3) {
			word.WriteByte("bdfghklmnprstvw"[random.IntN(15)])
			word.WriteByte("aeiou"[random.IntN(5)])
		}
		words = append(words, word.String())
	}
	return inventor{random, words, rand.NewZipf(random, zipfExponent, zipfOffset, vocabulary-1)}
}

func (r inventor) word() string { return r.words[r.zipf.Uint64()] }

// sentence returns a sentence of n words.
func (r inventor) sentence(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = r.word()
	}
	return strings.ToUpper(all[0][:1]) + strings.Join(all, " ")[1:] + "."
}

// issue returns one of so many issues.
func (r inventor) issue(number, of int) newsletter.Issue {
	day := newsletter.DateOf(lastDay.AddDate(0, 0, number-of))
	issue := newsletter.Issue{
		Number: number, Date: day, State: newsletter.Published, PublishedAt: day.At(8, time.UTC), Intro: r.sentence(introWords),
	}
	for _, s := range benchSections {
		section := newsletter.Section{Title: s.Title, Kind: s.Kind, Of: s.Title}
		for range s.items {
			section.Items = append(section.Items, newsletter.Item{
				Note: r.sentence(noteWords/2 + r.IntN(noteWords)), Sponsored: s.Kind == newsletter.KindSponsor,
				Links: []newsletter.Link{{URL: fmt.Sprintf("https://www.%s.example/%s/%s-%s-%x", r.word(), r.word(), r.word(), r.word(), r.Uint32())}},
			})
		}
		issue.Sections = append(issue.Sections, section)
	}
	issue.NumberPlaces()
	return issue
}

// writeArchive writes an archive of so many issues as an export has it.
func writeArchive(file string, issues int) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	to := exchange.NewJSONL(f)
	publication := newsletter.Publication{
		Name: "The Long Watch", Tagline: "Measured daily", Description: "Invented, to be measured.",
		Language: "en", TimeZone: "UTC", Hour: 8,
	}
	for _, s := range benchSections {
		publication.Sections = append(publication.Sections, s.StandingSection)
	}
	if err := to.Publication(publication); err != nil {
		return err
	}
	invent := newInventor()
	for number := range issues {
		if err := to.Issue(invent.issue(number+1, issues)); err != nil {
			return err
		}
	}
	return f.Close()
}
