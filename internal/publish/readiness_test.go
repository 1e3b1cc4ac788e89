package publish

import (
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// TestReadiness spoils a ready issue in one way at a time and wants exactly
// the finding that names it.
func TestReadiness(t *testing.T) {
	today := newsletter.Date{Year: 2026, Month: 3, Day: 1}
	yesterday, tomorrow := newsletter.Date{Year: 2026, Month: 2, Day: 28}, newsletter.Date{Year: 2026, Month: 3, Day: 2}
	const url = "https://gulls.example/"
	ready := func() postgres.Board {
		item := func(id int64, note string, links ...newsletter.Link) postgres.DeskItem {
			return postgres.DeskItem{Item: newsletter.Item{ID: id, Note: note, Links: links}}
		}
		return postgres.Board{Number: 7, Date: today, Intro: "Fog.", Sections: []postgres.BoardSection{
			{Title: "Sponsor", Items: []postgres.DeskItem{item(1, "Rope.", newsletter.Link{URL: "https://rope.example/"})}},
			{Title: "News", Items: []postgres.DeskItem{item(2, "Gulls.", newsletter.Link{URL: url})}},
		}}
	}
	standing := func(o postgres.Occurrence) map[string][]postgres.Occurrence {
		return map[string][]postgres.Occurrence{url: {o}}
	}
	for name, test := range map[string]struct {
		spoil func(*postgres.Board)
		ran   map[string][]postgres.Occurrence
		want  []string // "!" before what usually stops publication, the mark, the sentence's beginning
	}{
		"ready":           {},
		"no items":        {spoil: func(b *postgres.Board) { b.Sections = b.Sections[:0] }, want: []string{"! The issue has no items"}},
		"no introduction": {spoil: func(b *postgres.Board) { b.Intro = " \n" }, want: []string{" The introduction is empty"}},
		"another day":     {spoil: func(b *postgres.Board) { b.Date = tomorrow }, want: []string{" The printed date is 2 March 2026"}},
		"no note":         {spoil: func(b *postgres.Board) { b.Sections[1].Items[0].Note = " " }, want: []string{"!7.2 has no note"}},
		"no sponsor link": {spoil: func(b *postgres.Board) { b.Sections[0].Items[0].Sponsored, b.Sections[0].Items[0].Links = true, nil }, want: []string{"!7.1 is sponsored and has no link"}},
		"owner not ready": {spoil: func(b *postgres.Board) {
			b.Sections[1].ID, b.Sections[1].OwnerID, b.Sections[1].Owner, b.Sections[1].Progress = 4, 3, "Wren", newsletter.SectionOpen
		}, want: []string{" News is not ready (Wren)"}},
		"owner ready": {spoil: func(b *postgres.Board) {
			b.Sections[1].OwnerID, b.Sections[1].Owner, b.Sections[1].Progress = 3, "Wren", newsletter.SectionReady
		}},
		"owner skips": {spoil: func(b *postgres.Board) {
			b.Sections = append(b.Sections, postgres.BoardSection{OwnerID: 3, Owner: "Wren", Progress: newsletter.SectionSkipped})
		}},
		"nobody's":   {spoil: func(b *postgres.Board) { b.Sections[1].Progress = newsletter.SectionOpen }},
		"past event": {spoil: func(b *postgres.Board) { b.Sections[1].Items[0].EventOn = yesterday }, want: []string{"7.2 is about an event that ended on 28 February 2026"}},
		"event goes on": {spoil: func(b *postgres.Board) {
			b.Sections[1].Items[0].EventOn, b.Sections[1].Items[0].EventUntil = yesterday, today
		}},
		"twice here":   {ran: standing(postgres.Occurrence{ItemID: 1, Issue: 7, IssueState: newsletter.Draft}), want: []string{"!7.2 has a link that stands twice"}},
		"itself":       {ran: standing(postgres.Occurrence{ItemID: 2, Issue: 7, IssueState: newsletter.Draft})},
		"ran before":   {ran: standing(postgres.Occurrence{ItemID: 9, Issue: 3, IssueState: newsletter.Published, Mark: newsletter.Mark{Issue: 3, Place: 4}}), want: []string{"7.2 has a link that ran before 3.4"}},
		"in the inbox": {ran: standing(postgres.Occurrence{ItemID: 9, ItemState: newsletter.Inbox})},
		"paid repeat":  {ran: standing(postgres.Occurrence{ItemID: 9, Issue: 3, IssueState: newsletter.Published, Sponsored: true})},
		"repeat by sponsor": {
			spoil: func(b *postgres.Board) { b.Sections[1].Items[0].Sponsored = true },
			ran:   standing(postgres.Occurrence{ItemID: 9, Issue: 3, IssueState: newsletter.Published, Mark: newsletter.Mark{Issue: 3, Place: 4}}),
		},
		"twice in the item": {
			spoil: func(b *postgres.Board) {
				b.Sections[1].Items[0].Links = append(b.Sections[1].Items[0].Links, newsletter.Link{URL: "HTTPS://gulls.example/?utm_source=letter", Text: "Again"})
			},
			want: []string{"!7.2 has a link that stands twice"},
		},
		"listed and in the note": {
			spoil: func(b *postgres.Board) { b.Sections[1].Items[0].Note = "See [gulls](" + url + ")." },
			want:  []string{"!7.2 has a link that stands twice"},
		},
		"two of one site": {spoil: func(b *postgres.Board) { b.Sections[1].Items[0].Note = "See [gulls](" + url + "terns)." }},
		"link in the note": {
			spoil: func(b *postgres.Board) { b.Sections[0].Items[0].Note = "See [gulls](" + url + ")." },
			ran:   standing(postgres.Occurrence{ItemID: 2, Issue: 7, IssueState: newsletter.Draft}),
			want:  []string{"!7.1 has a link that stands twice"},
		},
	} {
		board := ready()
		if test.spoil != nil {
			test.spoil(&board)
		}
		var got []string
		for _, f := range readiness(board, today, test.ran) {
			line := f.Mark + " " + f.Sentence
			for _, mark := range f.Ran {
				line += " " + mark.String()
			}
			if (newsletter.Publication{}).Stops(f.Kind) {
				line = "!" + line
			}
			got = append(got, line)
		}
		if !slices.EqualFunc(got, test.want, strings.HasPrefix) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
