package exchange

import (
	"strings"

	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
)

// addItem adds an item of a foreign shape to the last section. A note or a list
// of links over the limit becomes several items; the links follow the last
// piece of the note, as they did in print.
func (d *draft) addItem(no int, item newsletter.Item) error {
	notes, err := d.split(no, item.Note, newsletter.MaxNote, newsletter.MaxNote)
	if err != nil {
		return err
	}
	for _, note := range notes {
		if err := d.inspect(no, note, markdown.Note); err != nil {
			return err
		}
	}
	for _, note := range notes[:len(notes)-1] {
		d.item(no, newsletter.Item{Note: note, Sponsored: item.Sponsored})
	}
	item.Note = notes[len(notes)-1]
	links := item.Links
	if len(links) > newsletter.MaxLinks {
		d.warn(no, "an item has %d links and may have %d; it became several items", len(links), newsletter.MaxLinks)
	}
	item.Links = links[:min(len(links), newsletter.MaxLinks)]
	d.item(no, item)
	for links = links[len(item.Links):]; len(links) > 0; {
		n := min(len(links), newsletter.MaxLinks)
		d.item(no, newsletter.Item{Links: links[:n], Sponsored: item.Sponsored})
		links = links[n:]
	}
	return nil
}

// overflow is the heading under which the rest of an introduction stands that
// is over the limit.
const overflow = "Introduction"

// addIntro sets the introduction of a foreign shape. Over the limit it goes on
// in the items of a section of its own, the first one.
func (d *draft) addIntro(no int, intro string) error {
	d.lines["intro"] = no
	pieces, err := d.split(no, intro, newsletter.MaxIntro, newsletter.MaxNote)
	if err != nil {
		return err
	}
	d.issue.Intro = pieces[0]
	if err := d.inspect(no, pieces[0], markdown.Intro); err != nil || len(pieces) == 1 {
		return err
	}
	d.section(no, newsletter.Section{Title: overflow, Kind: newsletter.KindLinks})
	for _, note := range pieces[1:] {
		if err := d.inspect(no, note, markdown.Note); err != nil {
			return err
		}
		d.item(no, newsletter.Item{Note: note})
	}
	return nil
}

// split cuts a text over the limit at its paragraphs, a paragraph over the
// limit at its lines, and a line at its words. The first piece has at most
// first bytes, the others most. There is always a piece.
func (d *draft) split(no int, text string, first, most int) ([]string, error) {
	if len(text) <= first {
		return []string{text}, nil
	}
	d.warn(no, "a text has %d bytes and may have %d; it became several items", len(text), first)
	cut := cutter{limit: first, most: most}
	if word := cut.add(text, []string{"\n\n", "\n", " "}); word > 0 {
		return nil, d.errorf(no, "one word of the text has %d bytes, and a note may have %d; shorten it", word, most)
	}
	return append(cut.pieces, string(cut.last)), nil
}

// cutter packs the parts of a text into pieces under a limit.
type cutter struct {
	pieces []string
	last   []byte // the piece that is being filled
	limit  int    // of the last piece
	most   int    // of every other
}

// add adds the parts of text between separators, and the parts of those that
// are over the limit between the next separators. It stops at a part that no
// separator makes small enough and returns its length, else 0.
func (c *cutter) add(text string, separators []string) (tooLong int) {
	for part := range strings.SplitSeq(text, separators[0]) {
		switch {
		case len(c.last) == 0 && len(part) <= c.limit:
			c.last = append(c.last, part...)
		case len(c.last) > 0 && len(c.last)+len(separators[0])+len(part) <= c.limit:
			c.last = append(append(c.last, separators[0]...), part...)
		case len(part) <= c.most:
			c.flush()
			c.last = append(c.last, part...)
		case len(separators) == 1:
			return len(part)
		default:
			c.flush()
			if n := c.add(part, separators[1:]); n > 0 {
				return n
			}
		}
	}
	return 0
}

// flush ends the piece that is being filled, if anything is in it.
func (c *cutter) flush() {
	if len(c.last) > 0 {
		c.pieces = append(c.pieces, string(c.last))
		c.last, c.limit = c.last[:0], c.most
	}
}
