// Package newslettertest invents publications and issues for tests.
package newslettertest

import (
	"fmt"
	"html"
	"time"

	"broadsheet/internal/newsletter"
)

// Publication returns an invented publication with the five usual sections.
func Publication() newsletter.Publication {
	return newsletter.Publication{
		Name: "The Harbour Letter", Tagline: "Small boats, slow news", Description: "Links for people who keep boats.",
		About: "Written in a **boathouse**.", AboutHTML: "<p>Written in a <strong>boathouse</strong>.</p>\n",
		Closing: "Until Sunday.", ClosingHTML: "<p>Until Sunday.</p>\n", Contact: "harbour@letter.example",
		Subscribe: "https://list.letter.example/subscribe", Language: "en", TimeZone: "Europe/Oslo",
		Weekday: time.Sunday, Hour: 8,
		Sections: []newsletter.StandingSection{
			{Title: "Sponsor", Kind: newsletter.KindSponsor}, {Title: "News", Kind: newsletter.KindLinks},
			{Title: "Events", Kind: newsletter.KindEvents}, {Title: "Tools", Kind: newsletter.KindLinks},
			{Title: "Jobs", Kind: newsletter.KindJobs},
		},
	}
}

// Issue returns a published issue that has an item of every shape: paid, with
// a title, with several links, with none, an event, one under a heading of its
// own, and a place that was withdrawn. Its words differ by number; issue 100
// is dated 2026-01-04, and each number is a week.
func Issue(number int) newsletter.Issue {
	day := newsletter.DateOf(time.Date(2026, time.January, 4+7*(number-100), 0, 0, 0, 0, time.UTC))
	published := day.At(7, time.UTC)
	web := func(path string) []newsletter.Link {
		return []newsletter.Link{{URL: fmt.Sprintf("https://%s.example/%d", path, number)}}
	}
	placed := func(place int, item newsletter.Item) newsletter.Item {
		item.Place, item.State = place, newsletter.Placed
		return item
	}
	return newsletter.Issue{
		Number: number, Date: day, Title: "working title", Summary: fmt.Sprintf("What drifted in during week %d", number),
		State: newsletter.Published, PublishedAt: published, Intro: fmt.Sprintf("Fog all week, and *%d* letters.", number),
		Sections: []newsletter.Section{
			{Title: "Ropeworks sponsors the letter", Kind: newsletter.KindSponsor, Of: "Sponsor", Items: []newsletter.Item{
				placed(1, newsletter.Item{Note: "Rope that does not argue.", Sponsored: true, Links: web("ropeworks")}),
			}},
			{Title: "News", Kind: newsletter.KindLinks, Of: "News", Items: []newsletter.Item{
				placed(2, newsletter.Item{Note: fmt.Sprintf("A lighthouse keeper counts gulls, volume %d.", number), Links: web("gulls")}),
				placed(3, newsletter.Item{Title: "Two views of a collision", Note: "Read them in this order.", Links: []newsletter.Link{
					{URL: fmt.Sprintf("https://ferry.example/log/%d?a=1&b=2", number), Text: "The ferry's log"},
					{URL: fmt.Sprintf("https://yacht.example/log/%d", number), Text: "The yacht's log"},
				}}),
				placed(5, newsletter.Item{Note: "No link, only [a thought](https://thoughts.example/tide) about tides."}),
			}},
			{Title: "Jobs", Kind: newsletter.KindJobs, Of: "Jobs"},
			{Title: "Regatta", Kind: newsletter.KindEvents, Of: "", Items: []newsletter.Item{
				placed(6, newsletter.Item{
					Note: "Bring a coat.", Links: web("regatta"), PlaceName: "Bergen",
					EventOn: newsletter.Date{Year: 2026, Month: 6, Day: 12}, EventUntil: newsletter.Date{Year: 2026, Month: 6, Day: 14},
				}),
			}},
		},
		Corrections: []newsletter.Correction{{At: published.Add(26 * time.Hour), Place: 2, Sentence: "The gulls were terns."}},
		Withdrawn:   []int{4},
	}
}

// Printed returns a revision of an issue whose HTML is its escaped Markdown in
// a paragraph. It stands in for freezing where that is not what is tested.
func Printed(issue newsletter.Issue) newsletter.Revision {
	text := func(s string) newsletter.Text {
		return newsletter.Text{Markdown: s, HTML: "<p>" + html.EscapeString(s) + "</p>\n", Plain: s}
	}
	revision := newsletter.Revision{
		Number: issue.Number, Ordinal: 1, Date: issue.Date, Summary: issue.Summary,
		PublishedAt: issue.PublishedAt, RevisedAt: issue.PublishedAt, Intro: text(issue.Intro), Corrections: issue.Corrections,
	}
	for _, section := range issue.Sections {
		printed := newsletter.PrintedSection{Title: section.Title, Kind: section.Kind, Of: section.Of}
		for _, item := range section.Items {
			printed.Items = append(printed.Items, newsletter.PrintedItem{
				Place: item.Place, Title: item.Title, Note: text(item.Note), Links: item.Links, Sponsored: item.Sponsored,
				EventOn: item.EventOn, EventUntil: item.EventUntil, PlaceName: item.PlaceName,
			})
		}
		if len(printed.Items) > 0 {
			revision.Sections = append(revision.Sections, printed)
		}
	}
	return revision
}
