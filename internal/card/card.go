// Package card draws the picture that other sites show where somebody shares a
// page of ours: the one that https://ogp.me calls og:image.
package card

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strconv"

	"broadsheet/internal/newsletter"
)

// Width and Height of a card in pixels: 1.91 to 1, as what shows them large
// expects (https://developers.facebook.com/docs/sharing/webmasters/images/).
const (
	Width  = 1200
	Height = 630
)

// Card is what stands on a picture. Words in a script that our font does not
// have are left out: the picture is whole without them.
type Card struct {
	Name    string
	Line    string // the publication's, or what the issue is about
	Number  int    // of the issue, 0 on the publication's own card
	Date    string // of the issue, as it is read
	Address string // without the scheme, such as "weekly.example/issues/139"
	Accent  newsletter.Accent
}

// The edges of what is drawn, in pixels: words between the margins, and the band
// with the address at the foot.
const (
	margin = 80
	foot   = Height - 98
)

// PNG returns the picture: some 20 KB, made in some 20 ms of one core and 2 MB.
// An error is a fault of the program.
func (c Card) PNG() ([]byte, error) {
	accent, err := newsletter.ParseColour(c.Accent.OrDefault().Light)
	if err != nil {
		return nil, fmt.Errorf("draw a card: %w", err)
	}
	s := newSheet(accent)
	if c.Number == 0 {
		s.publication(c)
	} else {
		s.issue(c)
	}
	s.fill(image.Rect(0, foot, Width, Height), mat)
	s.fill(image.Rect(0, foot, Width, foot+2), rule)
	s.text(set(bold, c.Address, 1, 30, 26, 22), margin, foot+62, s.accent)
	var out bytes.Buffer
	if err := png.Encode(&out, s.Paletted); err != nil {
		return nil, fmt.Errorf("encode a card: %w", err)
	}
	return out.Bytes(), nil
}

// publication draws the name over the double rule, and the line under it, in the
// middle of the sheet. Without a name that can be drawn it is the mark that
// browsers have beside the page's title.
func (s sheet) publication(c Card) {
	name, line := set(bold, c.Name, 3, 112, 96, 80, 68, 58), set(italic, c.Line, 2, 42, 36)
	if len(name.lines) == 0 {
		s.sign(line)
		return
	}
	top := (foot - name.height() - ruled - line.height()) / 2
	s.text(name, margin, top+name.ascent(), ink)
	s.double(margin, top+name.height()+ruleAbove, name.width, 5)
	s.text(line, margin, top+name.height()+ruled+line.ascent(), quiet)
}

// Space that the double rule takes under what it belongs to, and above itself.
const (
	ruled     = 64
	ruleAbove = 14
)

// sign draws the sign of the favicon.
func (s sheet) sign(line words) {
	const size = 13
	top := (foot - 26*size/2 - line.height()) / 2
	s.fill(image.Rect(margin, top, margin+13*size, top+6*size), ink)
	s.fill(image.Rect(margin, top+8*size, margin+13*size, top+19*size/2), s.accent)
	s.fill(image.Rect(margin, top+23*size/2, margin+13*size, top+13*size), s.accent)
	s.text(line, margin, top+13*size+ruled/2+line.ascent(), quiet)
}

// issue draws the name small, the number large with its date on one baseline,
// the double rule exactly as long as the number, and what the issue is about: all
// of it in the middle of the sheet.
func (s sheet) issue(c Card) {
	const column, thick, gap = 620, 6, 28 // a number leaves room for its date
	name, line := set(bold, c.Name, 1, 40, 36, 32), set(regular, c.Line, 2, 42, 38)
	number := setWithin(column, bold, strconv.Itoa(c.Number), 1, 216, 160, 120, 80)
	date := setWithin(Width-2*margin-number.width-44, italic, c.Date, 1, 40, 34, 28)
	top := (foot - name.height() - gap - number.tall() - ruled - line.height()) / 2
	s.text(name, margin, top+name.ascent(), ink)
	baseline := top + name.height() + gap + number.tall()
	s.text(number, margin, baseline, ink)
	s.text(date, margin+number.width+44, baseline, quiet)
	s.double(margin, baseline+ruleAbove+thick, number.width, thick)
	s.text(line, margin, baseline+ruled+line.ascent(), ink)
}

// The papers and inks are those of the site's style sheet on a light page. The
// accent is the publication's.
var (
	paper = color.RGBA{0xFE, 0xFE, 0xFD, 0xFF}
	mat   = color.RGBA{0xED, 0xF1, 0xF3, 0xFF}
	rule  = color.RGBA{0xD5, 0xDC, 0xE1, 0xFF}
	ink   = color.RGBA{0x17, 0x19, 0x1E, 0xFF}
	quiet = color.RGBA{0x50, 0x55, 0x5F, 0xFF}
)

// sheet is a card while it is drawn. It knows few colours, so that it is a
// quarter as large as one that knows all, here and as PNG.
type sheet struct {
	*image.Paletted
	accent color.RGBA
}

func newSheet(accent newsletter.Colour) sheet {
	of := color.RGBA{accent[0], accent[1], accent[2], 0xFF}
	palette := color.Palette{paper, mat, rule}
	for _, pair := range [][2]color.RGBA{{paper, ink}, {paper, quiet}, {paper, of}, {mat, of}} {
		palette = append(palette, between(pair[0], pair[1])...)
	}
	s := sheet{image.NewPaletted(image.Rect(0, 0, Width, Height), palette), of}
	s.fill(s.Rect, paper)
	return s
}

// between returns the colours of a letter's edge, the letter's own first.
func between(paper, of color.RGBA) (edge []color.Color) {
	const steps = 15
	for k := range steps {
		mix := func(from, to uint8) uint8 { return uint8((int(from)*k + int(to)*(steps-k)) / steps) }
		edge = append(edge, color.RGBA{mix(paper.R, of.R), mix(paper.G, of.G), mix(paper.B, of.B), 0xFF})
	}
	return edge
}

func (s sheet) fill(area image.Rectangle, colour color.Color) {
	draw.Draw(s.Paletted, area, image.NewUniform(colour), image.Point{}, draw.Src)
}

// double draws the double rule of the plain-text letter, in the accent.
func (s sheet) double(x, y, width, thick int) {
	for _, top := range []int{y, y + 2*thick} {
		s.fill(image.Rect(x, top, x+width, top+thick), s.accent)
	}
}
