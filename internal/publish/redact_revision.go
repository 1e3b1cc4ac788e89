package publish

import (
	"slices"

	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
)

// inRevision counts how often the words stand in what was printed.
func (w Words) inRevision(r newsletter.Revision) int {
	n := w.inText(r.Intro)
	if r.Summary != markdown.FirstSentence(r.Intro.Plain, summaryLength) { // else it is the introduction's
		n += w.in(r.Summary)
	}
	for _, correction := range r.Corrections {
		n += w.in(correction.Sentence)
	}
	for _, section := range r.Sections {
		n += w.in(section.Title) + w.in(section.Of)
		for _, item := range section.Items {
			n += w.in(item.Title) + w.in(item.PlaceName) + w.inLinks(item.Links) + w.inText(item.Note)
		}
	}
	return n
}

// outOfRevision returns a revision without the words; numbers, dates, marks and
// the rest of it stay.
func (w Words) outOfRevision(r newsletter.Revision) newsletter.Revision {
	own := r.Summary == markdown.FirstSentence(r.Intro.Plain, summaryLength)
	r.Intro, r.Summary = w.outOfText(r.Intro, markdown.Intro), w.out(r.Summary, newsletter.MaxTitle)
	if own { // it may have ended within the words
		r.Summary = markdown.FirstSentence(r.Intro.Plain, summaryLength)
	}
	r.Corrections, r.Sections = slices.Clone(r.Corrections), slices.Clone(r.Sections)
	for k := range r.Corrections {
		r.Corrections[k].Sentence = w.out(r.Corrections[k].Sentence, newsletter.MaxTitle)
	}
	for s := range r.Sections {
		section := &r.Sections[s]
		section.Title, section.Of = w.out(section.Title, newsletter.MaxTitle), w.out(section.Of, newsletter.MaxTitle)
		section.Items = slices.Clone(section.Items)
		for k := range section.Items {
			section.Items[k] = w.outOfPrinted(section.Items[k])
		}
	}
	return r
}

func (w Words) outOfPrinted(item newsletter.PrintedItem) newsletter.PrintedItem {
	if item.Withdrawn {
		return item
	}
	render := markdown.Note
	if item.Sponsored {
		render = markdown.NoteSponsored
	}
	item.Title, item.PlaceName = w.out(item.Title, newsletter.MaxTitle), w.out(item.PlaceName, newsletter.MaxTitle)
	item.Note, item.Links = w.outOfText(item.Note, render), w.outOfLinks(item.Links)
	if item.Title == "" && item.Note.Markdown == "" && len(item.Links) == 0 {
		item.Note = textOf(Redacted, render)
	}
	return item
}
