package exchange

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// Markdown returns an issue as our own Markdown: a post that reads well by
// itself, and from which [Read] makes the same issue again, whatever is in its
// texts. Moments are written in UTC and whole seconds.
func Markdown(issue newsletter.Issue) []byte {
	var b bytes.Buffer
	writeFrontMatter(&b, issue)
	fmt.Fprintf(&b, "\n## Issue %d - %s %s\n", issue.Number, ordinal(issue.Date.Day), issue.Date.Month)
	if issue.Intro != "" {
		b.WriteByte('\n')
		writeIntro(&b, issue.Intro)
	}
	places := newPlaces(issue)
	for _, section := range issue.Sections {
		writeSection(&b, section, places)
	}
	return b.Bytes()
}

func writeFrontMatter(b *bytes.Buffer, issue newsletter.Issue) {
	date := issue.Date.String()
	if !issue.PublishedAt.IsZero() {
		date = wholeSeconds(issue.PublishedAt).Format(time.RFC3339)
	}
	fmt.Fprintf(b, "---\nlayout: post\ntitle: Issue %d - %s\ndate: %s\n", issue.Number, longDate(issue.Date), date)
	extra := func(present bool, name string, value any) {
		if present {
			fmt.Fprintf(b, "%s: %s\n", name, compact(value))
		}
	}
	extra(issue.State != newsletter.Published, "state", issue.State)
	extra(!issue.ScheduledAt.IsZero(), "scheduled_at", wholeSeconds(issue.ScheduledAt))
	extra(issue.Title != "", "working_title", issue.Title)
	extra(issue.Summary != "", "summary", issue.Summary)
	extra(len(issue.Withdrawn) > 0, "withdrawn", issue.Withdrawn)
	corrections := make([]newsletter.Correction, len(issue.Corrections))
	for i, c := range issue.Corrections {
		c.At = wholeSeconds(c.At)
		corrections[i] = c
	}
	extra(len(corrections) > 0, "corrections", corrections)
	b.WriteString("---\n")
}

// writeIntro writes the introduction, in italics if it is one paragraph without
// marks of its own.
func writeIntro(b *bytes.Buffer, intro string) {
	plain := !strings.ContainsAny(intro, `_*\`) && !strings.Contains(intro, "\n\n") && strings.TrimSpace(intro) == intro
	if plain {
		intro = italics + intro + italics
	}
	lines := escapeLines(intro, structural)
	if !plain && withoutItalics(intro) != intro {
		lines[0] = `\` + strings.TrimPrefix(lines[0], `\`)
	}
	writeLines(b, lines...)
}

// escapeLines returns a text's lines so that they are read as they are. Blank
// lines that would be lost or part items are escaped too.
func escapeLines(text string, misread func(string) bool) []string {
	lines := strings.Split(text, "\n")
	before := ""
	for i, s := range lines {
		edge := before == "" || i == len(lines)-1 // before the first line there is nothing
		if s == "" && edge || misread(s) {
			lines[i] = `\` + s
		}
		before = lines[i]
	}
	return lines
}

func writeLines(b *bytes.Buffer, lines ...string) {
	for _, s := range lines {
		b.WriteString(s)
		b.WriteByte('\n')
	}
}

func writeSection(b *bytes.Buffer, section newsletter.Section, places *places) {
	title := section.Title
	if structural(title) || strings.TrimSpace(title) != title {
		title = `\` + title
	}
	b.WriteString("\n\n")
	writeLines(b, title, strings.Repeat("=", max(3, utf8.RuneCountInString(title))))
	var extras sectionExtras
	if section.Kind != newsletter.KindOfHeading(section.Title) {
		extras.Kind = section.Kind
	}
	if section.Of != section.Title {
		extras.Of = &section.Of
	}
	if s := comment(sectionComment, extras); s != "" {
		writeLines(b, s)
	}
	for i, item := range section.Items {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteByte('\n')
		writeItem(b, item, section.Kind, places)
	}
}

func writeItem(b *bytes.Buffer, item newsletter.Item, kind newsletter.Kind, places *places) {
	extras := itemExtras{
		Title: item.Title, EventOn: item.EventOn, EventUntil: item.EventUntil, PlaceName: item.PlaceName,
	}
	if item.Sponsored != (kind == newsletter.KindSponsor) {
		extras.Sponsored = &item.Sponsored
	}
	if item.Place != places.next() {
		extras.Place = &item.Place
	}
	places.take(item.Place)
	if s := comment(itemComment, extras); s != "" {
		writeLines(b, s)
	}
	if item.Note != "" {
		writeLines(b, escapeLines(item.Note, misreadInNote)...)
	}
	if item.Note != "" && len(item.Links) > 0 {
		b.WriteByte('\n')
	}
	for _, link := range item.Links {
		writeLines(b, ownLinkLine(link))
	}
}

// misreadInNote is structural for a note, in which a line may read as a link.
func misreadInNote(s string) bool {
	_, link := ownLink(s)
	return link || structural(s)
}

// places says which place an item has that does not name its own: in a printed
// issue the next one that no item before it has and that was not withdrawn,
// else none.
type places struct {
	printed   bool
	withdrawn map[int]bool
	last      int // every place up to it is taken or passed over
}

func newPlaces(issue newsletter.Issue) *places {
	p := &places{printed: issue.State.Printed(), withdrawn: map[int]bool{}}
	for _, place := range issue.Withdrawn {
		p.withdrawn[place] = true
	}
	return p
}

func (p *places) next() int {
	if !p.printed {
		return 0
	}
	for p.withdrawn[p.last+1] {
		p.last++
	}
	return p.last + 1
}

func (p *places) take(place int) { p.last = max(p.last, place) }
