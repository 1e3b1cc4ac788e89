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

// The archive that is measured: a year of a weekly, with the medians of real
// ones: 14 links in an issue, 28 words in a note, 34 in an introduction.
const (
	benchIssues = 60
	noteWords   = 28
	introWords  = 34
)

// benchSections are an issue's sections with the number of their items.
var benchSections = []struct {
	newsletter.StandingSection
	items int
}{
	{newsletter.StandingSection{Title: "Sponsor", Kind: newsletter.KindSponsor}, 1},
	{newsletter.StandingSection{Title: "News", Kind: newsletter.KindLinks}, 7},
	{newsletter.StandingSection{Title: "Events", Kind: newsletter.KindEvents}, 1},
	{newsletter.StandingSection{Title: "Tools", Kind: newsletter.KindLinks}, 4},
	{newsletter.StandingSection{Title: "Jobs", Kind: newsletter.KindJobs}, 1},
}

var benchWords = strings.Fields(`a the and of for with from under into lighthouse harbour keeper rope tide
	gull ferry anchor chart signal lantern engine log pilot cargo deck storm watch bell buoy crane dock
	slow steady broken careful quiet early wooden measured splices counts repairs explains compares moves
	records carries learns forgets warns how why when twice rarely nightly together again`)

// inventor makes up words, the same ones at every run.
type inventor struct{ *rand.Rand }

// word returns a word that comes again and again, or one that hardly does: what
// is written for people compresses to about a third.
func (r inventor) word() string {
	if r.IntN(2) == 0 {
		return benchWords[r.IntN(len(benchWords))]
	}
	var rare strings.Builder
	for range 2 + r.IntN(3) {
		rare.WriteByte("bdfghklmnprstvw"[r.IntN(15)])
		rare.WriteByte("aeiou"[r.IntN(5)])
	}
	return rare.String()
}

// words returns a sentence of n words.
func (r inventor) words(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = r.word()
	}
	return strings.ToUpper(all[0][:1]) + strings.Join(all, " ")[1:] + "."
}

func (r inventor) issue(number int) newsletter.Issue {
	day := newsletter.DateOf(time.Date(2025, time.January, 5+7*(number-1), 0, 0, 0, 0, time.UTC))
	issue := newsletter.Issue{
		Number: number, Date: day, State: newsletter.Published, PublishedAt: day.At(8, time.UTC), Intro: r.words(introWords),
	}
	for _, s := range benchSections {
		section := newsletter.Section{Title: s.Title, Kind: s.Kind, Of: s.Title}
		for range s.items {
			section.Items = append(section.Items, newsletter.Item{
				Note: r.words(noteWords/2 + r.IntN(noteWords)), Sponsored: s.Kind == newsletter.KindSponsor,
				Links: []newsletter.Link{{URL: fmt.Sprintf("https://www.%s.example/%s/%s-%s-%x", r.word(), r.word(), r.word(), r.word(), r.Uint32())}},
			})
		}
		issue.Sections = append(issue.Sections, section)
	}
	issue.NumberPlaces()
	return issue
}

// writeArchive writes the archive as an export has it.
func writeArchive(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	to := exchange.NewJSONL(f)
	publication := newsletter.Publication{
		Name: "The Long Watch", Tagline: "Measured weekly", Description: "Invented, to be measured.",
		Language: "en", TimeZone: "UTC", Hour: 8,
	}
	for _, s := range benchSections {
		publication.Sections = append(publication.Sections, s.StandingSection)
	}
	if err := to.Publication(publication); err != nil {
		return err
	}
	invent := inventor{rand.New(rand.NewPCG(1, 2))}
	for number := range benchIssues {
		if err := to.Issue(invent.issue(number + 1)); err != nil {
			return err
		}
	}
	return f.Close()
}
