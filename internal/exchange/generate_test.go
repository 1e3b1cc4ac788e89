package exchange

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"broadsheet/internal/newsletter"
)

// hostile are the pieces that texts are made of: what some shape reads as
// something else, and plain words.
var hostile = []string{
	"a word", "Jemison", " ", "  ", "\t", "\n", "\n\n", "\n\n\n", "\n\n\n\n", "\\", "\\\\", "=", "===", "\n===\n", "\n======\n",
	"---", "\n---\n", "\n- one\n- two\n", "## Issue 7 - 1st May", "# heading", "\nhttps://plain.example/x", "http://a.example\n",
	"\n[text](https://t.example/)\n", "[a](b)", "[", "]", "](", ")", "(", "_", "*", "_all_", "**", "`", "<br>", "<b>", "&amp;",
	"<!-- item {\"title\":\"x\"} -->", "\n<!-- item {} -->\n", "<!-- section {\"kind\":\"jobs\"} -->", "<!--", "-->",
	">From", ">", "> > >", "\ufeff", "\u2028", "\u00a0", "é", "日本", "😀", "\"", "'", "#", "%", "\\n", "{", "}", ":", ": ",
	"If you received this email", "title: x", "...", "Sponsor", "Events", "javascript:alert(1)",
}

func text(most int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(hostile), 0, most).Draw(t, "pieces"), "")
	})
}

// sentence makes lines that are not blank.
var sentence = oneLine().Filter(func(s string) bool { return strings.TrimSpace(s) != "" })

// oneLine makes texts without line breaks and tabs.
func oneLine() *rapid.Generator[string] {
	return rapid.Map(text(6), func(s string) string {
		runes := []rune(strings.NewReplacer("\n", " ", "\t", " ").Replace(s))
		return string(runes[:min(len(runes), newsletter.MaxTitle)])
	})
}

func anyDate() *rapid.Generator[newsletter.Date] {
	return rapid.Custom(func(t *rapid.T) newsletter.Date {
		day := time.Date(1000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 3_000_000).Draw(t, "day"))
		return newsletter.DateOf(day)
	})
}

func anyMoment() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "none") {
			return time.Time{}
		}
		return time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "seconds"), 0).UTC()
	})
}

func anyLink() *rapid.Generator[newsletter.Link] {
	return rapid.Custom(func(t *rapid.T) newsletter.Link {
		squeeze := strings.NewReplacer(" ", "", "\u2028", "", "\u00a0", "", "\ufeff", "")
		link := newsletter.Link{
			URL:  rapid.SampledFrom([]string{"http://", "https://", "HTTPS://"}).Draw(t, "scheme") + "a.example/" + squeeze.Replace(oneLine().Draw(t, "path")),
			Text: oneLine().Draw(t, "text"),
		}
		if rapid.IntRange(0, 4).Draw(t, "as text") == 0 {
			link.Text = link.URL
		}
		return link
	})
}

func anyItem() *rapid.Generator[newsletter.Item] {
	return rapid.Custom(func(t *rapid.T) newsletter.Item {
		item := newsletter.Item{
			Title: oneLine().Draw(t, "title"), Note: text(12).Draw(t, "note"), PlaceName: oneLine().Draw(t, "place name"),
			Sponsored: rapid.Bool().Draw(t, "sponsored"), State: newsletter.Placed,
			Links: rapid.SliceOfN(anyLink(), 0, 4).Draw(t, "links"),
		}
		if rapid.Bool().Draw(t, "event") {
			item.EventOn = anyDate().Draw(t, "on")
			item.EventUntil = item.EventOn
		}
		item.Links = absent(item.Links)
		if item.Validate() != nil {
			item.Note = "A note that is not blank."
		}
		return item
	})
}

// anyIssue makes valid issues of every kind, published or not.
func anyIssue() *rapid.Generator[newsletter.Issue] {
	return rapid.Custom(func(t *rapid.T) newsletter.Issue {
		issue := newsletter.Issue{
			Number: rapid.IntRange(1, newsletter.MaxNumber).Draw(t, "number"), Date: anyDate().Draw(t, "date"),
			Title: oneLine().Draw(t, "title"), Summary: oneLine().Draw(t, "summary"), Intro: text(12).Draw(t, "intro"),
			State: rapid.SampledFrom([]newsletter.IssueState{
				newsletter.Published, newsletter.Published, newsletter.Withdrawn, newsletter.Draft, newsletter.Scheduled,
			}).Draw(t, "state"),
			PublishedAt: anyMoment().Draw(t, "published"), ScheduledAt: anyMoment().Draw(t, "scheduled"),
		}
		places := rapid.SampledFrom([]string{"none", "consecutive", "gaps"}).Draw(t, "places")
		place := 0
		for i := range rapid.IntRange(0, 4).Draw(t, "sections") {
			section := newsletter.Section{
				Title: oneLine().Draw(t, "heading"), Of: oneLine().Draw(t, "of"),
				Kind: rapid.SampledFrom([]newsletter.Kind{"links", "sponsor", "events", "jobs"}).Draw(t, "kind"),
			}
			if strings.TrimSpace(section.Title) == "" {
				section.Title = fmt.Sprintf("Heading %d", i)
			}
			if rapid.Bool().Draw(t, "plain") {
				section.Of, section.Kind = section.Title, newsletter.KindOfHeading(section.Title)
			}
			for range rapid.IntRange(0, 3).Draw(t, "items") {
				item := anyItem().Draw(t, "item")
				switch {
				case places == "gaps" && rapid.Bool().Draw(t, "gap"):
					place++
					issue.Withdrawn = append(issue.Withdrawn, place)
					fallthrough
				case places != "none":
					place++
					item.Place = place
				}
				section.Items = append(section.Items, item)
			}
			issue.Sections = append(issue.Sections, section)
		}
		for range rapid.IntRange(0, 2).Draw(t, "corrections") {
			issue.Corrections = append(issue.Corrections, newsletter.Correction{
				At: time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "at"), 0).UTC(), Place: place, Sentence: sentence.Draw(t, "sentence"),
			})
		}
		return issue
	})
}
