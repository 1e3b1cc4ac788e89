package exchange

import (
	"strings"

	"broadsheet/internal/newsletter"
)

// readMarkdown reads our own Markdown. It reads posts like the seed too, which
// have no date line and no comments.
func readMarkdown(data []byte, d *draft) error {
	lines, err := d.splitLines(data)
	if err != nil {
		return err
	}
	d.warnCut(lines)
	front, lines, err := d.frontMatter(lines)
	if err != nil {
		return err
	}
	if err := d.readFront(front); err != nil {
		return err
	}
	parts := chapters(dropRepeated(lines, d.issue.Number), ownHeading)
	d.lines["intro"] = firstLine(parts[0].lines)
	d.issue.Intro = ownIntro(parts[0].lines)
	places := newPlaces(d.issue)
	for _, part := range parts[1:] {
		if err := d.readSection(part, places); err != nil {
			return err
		}
	}
	return nil
}

// readFront reads the front matter. The title has the issue's date, and the
// date line the moment of its publication, if it has come.
func (d *draft) readFront(front fields) error {
	if front == nil {
		return d.errorf(1, "the file has no front matter; begin it with \"---\" and a line \"title: Issue 139 - 1st September 2013\"")
	}
	d.warnUnknown(front, "layout", "title", "date", "state", "scheduled_at", "working_title", "summary", "withdrawn", "corrections")
	head, date := parseMasthead(front["title"].text), front["date"]
	if head.date.IsZero() && head.wrong == "" {
		if err := d.identify(front["title"].no, head, date); err != nil {
			return err
		}
	} else if err := d.identify(front["title"].no, head, line{}); err != nil {
		return err
	}
	if title, ok := front["working_title"]; ok {
		d.issue.Title, d.lines["title"] = title.text, title.no
	}
	d.issue.Summary, d.lines["summary"] = front["summary"].text, front["summary"].no
	if date.text != "" {
		_, moment, err := d.moment(date)
		if err != nil {
			return err
		}
		d.issue.PublishedAt = moment
	}
	if state := front["state"]; state.text != "" {
		d.issue.State, d.lines["state"] = newsletter.IssueState(state.text), state.no
	}
	if at := front["scheduled_at"]; at.text != "" {
		_, moment, err := d.moment(at)
		if err != nil {
			return err
		}
		d.issue.ScheduledAt = moment
	}
	return d.readLists(front)
}

// readLists reads the lists in the front matter, which are JSON.
func (d *draft) readLists(front fields) error {
	for name, list := range map[string]any{"withdrawn": &d.issue.Withdrawn, "corrections": &d.issue.Corrections} {
		l := front[name]
		d.lines[name] = l.no
		if l.text == "" {
			continue
		}
		if err := strictJSON([]byte(l.text), list); err != nil {
			return d.errorf(l.no, "%w", err)
		}
	}
	for i, c := range d.issue.Corrections {
		if !plausible(c.At) {
			return d.errorf(front["corrections"].no, "%w", errNoTime)
		}
		if c.Place < 0 || c.Place > newsletter.MaxNumber {
			return d.errorf(front["corrections"].no, "a correction concerns place %d; give a place of the issue, or 0 for all of it", c.Place)
		}
		d.issue.Corrections[i].At = wholeSeconds(c.At)
	}
	return nil
}

// ownHeading recognises a heading of our own Markdown, see [chapters].
func ownHeading(lines []line, i int) (title string, n int) {
	if i+1 == len(lines) || blank(lines[i].text) || !underline(lines[i+1].text, "=") {
		return "", 0
	}
	if title, ok := literal(lines[i].text); ok {
		return title, 2
	}
	return strings.TrimSpace(lines[i].text), 2
}

func ownIntro(lines []line) string {
	texts := make([]string, len(lines))
	escaped := false
	for i, l := range lines {
		text, ok := literal(l.text)
		escaped = escaped || i == 0 && ok
		if texts[i] = text; !ok && blank(text) {
			texts[i] = ""
		}
	}
	intro := strings.Join(texts, "\n")
	if escaped {
		return intro
	}
	return withoutItalics(intro)
}

func (d *draft) readSection(part chapter, places *places) error {
	var extras sectionExtras
	lines := part.lines
	if len(lines) > 0 {
		ok, err := uncomment(lines[0].text, sectionComment, &extras)
		if err != nil {
			return d.errorf(lines[0].no, "%w", err)
		}
		if ok {
			lines = lines[1:]
		}
	}
	section := newsletter.Section{Title: part.title, Kind: extras.Kind, Of: part.title}
	if extras.Kind == "" {
		section.Kind = newsletter.KindOfHeading(part.title)
	}
	if extras.Of != nil {
		section.Of = *extras.Of
	}
	d.section(part.no, section)
	for _, block := range blocks(lines) {
		item, err := d.ownItem(block, section.Kind, places)
		if err != nil {
			return err
		}
		d.item(block[0].no, item)
	}
	return nil
}

func (d *draft) ownItem(block []line, kind newsletter.Kind, places *places) (newsletter.Item, error) {
	var extras itemExtras
	ok, err := uncomment(block[0].text, itemComment, &extras)
	if err != nil {
		return newsletter.Item{}, d.errorf(block[0].no, "%w", err)
	}
	if ok {
		block = block[1:]
	}
	item := newsletter.Item{
		Title: extras.Title, EventOn: extras.EventOn, EventUntil: extras.EventUntil, PlaceName: extras.PlaceName,
		Sponsored: kind == newsletter.KindSponsor, Place: places.next(),
	}
	if extras.Sponsored != nil {
		item.Sponsored = *extras.Sponsored
	}
	if extras.Place != nil {
		item.Place = *extras.Place
	}
	places.take(item.Place)
	var note noteLines
	for _, l := range block {
		text, escaped := literal(l.text)
		link, isLink := ownLink(l.text)
		switch {
		case escaped:
			note.add(text)
		case blank(text):
			note.blank()
		case isLink:
			item.Links = append(item.Links, link)
		default:
			note.add(text)
		}
	}
	item.Note = note.String()
	return item, nil
}
