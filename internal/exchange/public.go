package exchange

import (
	"bytes"
	"encoding/json"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// The JSON of an issue, for readers' programs.

type publicIssue struct {
	Number      int                `json:"number"`
	URL         string             `json:"url"`
	Date        newsletter.Date    `json:"date"`
	Summary     string             `json:"summary"`
	PublishedAt moment             `json:"published_at"`
	RevisedAt   moment             `json:"revised_at"`
	Intro       publicText         `json:"intro"`
	Sections    []publicSection    `json:"sections"`
	Corrections []correctionRecord `json:"corrections"`
	Withdrawn   []mark             `json:"withdrawn"`
}

type publicText struct {
	Markdown string `json:"markdown"`
	HTML     string `json:"html"`
}

type publicSection struct {
	Title string          `json:"title"`
	Kind  newsletter.Kind `json:"kind"`
	Of    string          `json:"of"`
	Items []publicItem    `json:"items"`
}

type publicItem struct {
	Mark       mark              `json:"mark"`
	URL        string            `json:"url"`
	Title      string            `json:"title"`
	Note       publicText        `json:"note"`
	Sponsored  bool              `json:"sponsored"`
	EventOn    newsletter.Date   `json:"event_on"`
	EventUntil newsletter.Date   `json:"event_until"`
	PlaceName  string            `json:"place_name"`
	Links      []newsletter.Link `json:"links"`
}

// JSON returns what was printed of an issue as one JSON object. Addresses of
// ours are absolute, texts are Markdown and HTML, times UTC in whole seconds.
// Withdrawn items are marks without words.
func JSON(revision newsletter.Revision, base address.Base) []byte {
	issue := publicIssue{
		Number: revision.Number, URL: base.Absolute(address.Issue(revision.Number)), Date: revision.Date,
		Summary: revision.Summary, PublishedAt: moment{revision.PublishedAt}, RevisedAt: moment{revision.RevisedAt},
		Intro:    publicText{revision.Intro.Markdown, revision.Intro.HTML},
		Sections: []publicSection{}, Corrections: []correctionRecord{}, Withdrawn: []mark{},
	}
	for _, printed := range revision.Sections {
		section := publicSection{Title: printed.Title, Kind: printed.Kind, Of: printed.Of, Items: []publicItem{}}
		for _, item := range printed.Items {
			if item.Withdrawn {
				issue.Withdrawn = append(issue.Withdrawn, mark{revision.Mark(item)})
				continue
			}
			section.Items = append(section.Items, publicItem{
				Mark: mark{revision.Mark(item)}, URL: base.Absolute(address.Item(revision.Mark(item))),
				Title: item.Title, Note: publicText{item.Note.Markdown, item.Note.HTML}, Sponsored: item.Sponsored,
				EventOn: item.EventOn, EventUntil: item.EventUntil, PlaceName: item.PlaceName, Links: present(item.Links),
			})
		}
		issue.Sections = append(issue.Sections, section)
	}
	for _, c := range revision.Corrections {
		issue.Corrections = append(issue.Corrections, correctionRecord{moment{c.At}, markOf(revision.Number, c.Place), c.Sentence})
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(issue); err != nil {
		panic("exchange: " + err.Error()) // the types above can always be written
	}
	return b.Bytes()
}
