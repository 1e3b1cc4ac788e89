// Package publish turns what the desk holds into what readers get: freezing an
// issue into a revision, importing issues that were published elsewhere. Each
// is one transaction: it happens whole or not at all.
package publish

import (
	"time"

	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
)

// summaryLength is the longest summary made from an introduction, in
// characters: two lines of the archive at most.
const summaryLength = 160

// Freeze makes the revision of an issue: it renders every text and fixes every
// mark. Items keep the places they have; those without one must have been
// given theirs by [newsletter.Issue.NumberPlaces]. at is when the revision is
// made. Texts that cannot be rendered are reported as [newsletter.Invalid],
// each by its place, and nothing is printed.
func Freeze(issue newsletter.Issue, ordinal int, at time.Time) (newsletter.Revision, error) {
	var wrong newsletter.Invalid
	revision := newsletter.Revision{
		Number: issue.Number, Ordinal: ordinal, Date: issue.Date, Summary: issue.Summary,
		PublishedAt: issue.PublishedAt, RevisedAt: at,
		Intro:       render(&wrong, "intro", issue.Intro, markdown.Intro),
		Corrections: issue.Corrections,
	}
	if revision.Summary == "" {
		revision.Summary = markdown.FirstSentence(revision.Intro.Plain, summaryLength)
	}
	for _, section := range issue.Sections {
		printed := newsletter.PrintedSection{Title: section.Title, Kind: section.Kind, Of: section.Of}
		for _, item := range section.Items {
			printed.Items = append(printed.Items, freezeItem(&wrong, issue.Number, item))
		}
		if len(printed.Items) > 0 {
			revision.Sections = append(revision.Sections, printed)
		}
	}
	if err := wrong.Err(); err != nil {
		return newsletter.Revision{}, err
	}
	for _, place := range issue.Withdrawn {
		leaveLine(&revision, place)
	}
	return revision, nil
}

func freezeItem(wrong *newsletter.Invalid, number int, item newsletter.Item) newsletter.PrintedItem {
	mark := newsletter.Mark{Issue: number, Place: item.Place}
	note := markdown.Note
	if item.Sponsored {
		note = markdown.NoteSponsored
	}
	return newsletter.PrintedItem{
		Place: item.Place, Title: item.Title, Note: render(wrong, mark.String(), item.Note, note),
		Links: item.Links, Sponsored: item.Sponsored,
		EventOn: item.EventOn, EventUntil: item.EventUntil, PlaceName: item.PlaceName,
	}
}

func render(wrong *newsletter.Invalid, field, source string, with func(string) (markdown.Text, error)) newsletter.Text {
	text, err := with(source)
	if err != nil {
		wrong.Add(field, err.Error())
	}
	return newsletter.Text{Markdown: source, HTML: text.HTML, Plain: text.Plain}
}

// RenderPublication renders the publication's own texts, which are printed on
// the about page and at the foot of every issue.
func RenderPublication(p newsletter.Publication) (newsletter.Publication, error) {
	var wrong newsletter.Invalid
	p.AboutHTML = render(&wrong, "about", p.About, markdown.Intro).HTML
	p.ClosingHTML = render(&wrong, "closing", p.Closing, markdown.Note).HTML
	return p, wrong.Err()
}

// LinksOf returns the links inside a note, for the store to keep beside the
// listed ones. Addresses longer than a link may be are left out.
func LinksOf(note string) []newsletter.Link {
	var links []newsletter.Link
	for _, link := range markdown.Links(note) {
		if len(link.URL) <= newsletter.MaxURL {
			links = append(links, newsletter.Link{URL: link.URL, Text: link.Text})
		}
	}
	return links
}

// publishedAt is when an issue counts as published whose source names no time:
// its date at the publication's usual hour.
func publishedAt(issue newsletter.Issue, p newsletter.Publication) time.Time {
	return issue.Date.At(p.Hour, p.Location()).UTC()
}
