package card

import (
	"image"
	"image/color"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// typeface is one of the Go fonts, which come as source code and have the
// letters of Latin, Greek and Cyrillic (https://go.dev/blog/go-fonts).
type typeface func() *opentype.Font

var regular, italic, bold = newTypeface(goregular.TTF), newTypeface(goitalic.TTF), newTypeface(gobold.TTF)

// newTypeface reads a font when it is first drawn with.
func newTypeface(ttf []byte) typeface {
	return sync.OnceValue(func() *opentype.Font {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("card: a font that is part of the program cannot be read: " + err.Error())
		}
		return f
	})
}

// drawable returns a text as a font can draw it, on one line. Signs that the
// font lacks are left out; of a text that has other letters nothing is left, as
// a part of a word would be wrong.
func (t typeface) drawable(text string) string {
	var buffer sfnt.Buffer
	var out strings.Builder
	for _, c := range norm.NFC.String(text) {
		index, err := t().GlyphIndex(&buffer, c)
		switch {
		case unicode.IsSpace(c):
			out.WriteByte(' ')
		case err == nil && index != 0 && unicode.IsGraphic(c):
			out.WriteRune(c)
		case unicode.In(c, unicode.Letter, unicode.Mn, unicode.Mc, unicode.Number) && !unicode.Is(unicode.Variation_Selector, c):
			return ""
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// words are a text as it is set: in lines of one size.
type words struct {
	face        font.Face
	lines       []string
	left, width int // where the ink of the lines begins, and how far it goes
}

// set sets a text between the margins, in the first of some sizes in which it
// takes no more lines than it may, else in the last, cut. Sizes are those of the
// font, in pixels.
func set(t typeface, text string, lines int, sizes ...float64) words {
	return setWithin(Width-2*margin, t, text, lines, sizes...)
}

// setWithin is set for a column of some width.
func setWithin(width int, t typeface, text string, lines int, sizes ...float64) (w words) {
	text = t.drawable(text)
	if text == "" || width <= 0 {
		return words{}
	}
	for k, size := range sizes {
		var whole bool
		w.face, _ = opentype.NewFace(t(), &opentype.FaceOptions{Size: size, DPI: 72}) // no option can fail
		if w.lines, whole = broken(w.face, text, fixed.I(width), lines, k == len(sizes)-1); whole {
			break
		}
	}
	var ink fixed.Rectangle26_6
	for _, line := range w.lines {
		bounds, _ := font.BoundString(w.face, line)
		ink = ink.Union(bounds)
	}
	w.left, w.width = ink.Min.X.Round(), (ink.Max.X - ink.Min.X).Round()
	return w
}

// broken breaks a text into lines, between words. It reports whether all of it
// is there without a broken word; where it has to be, long words are broken and
// what is too much is cut.
func broken(face font.Face, text string, width fixed.Int26_6, most int, hard bool) (lines []string, whole bool) {
	fits := func(line string) bool { return font.MeasureString(face, line) <= width }
	for text != "" {
		if len(lines) == most {
			return shortened(lines, fits), false
		}
		line, rest := text, ""
		for !fits(line) {
			cut := strings.LastIndexByte(line, ' ')
			if cut < 0 {
				if !hard {
					return lines, false
				}
				line = head(line, fits)
				rest = text[len(line):]
				break
			}
			line, rest = line[:cut], text[cut+1:]
		}
		lines, text = append(lines, line), rest
	}
	return lines, true
}

// head returns as much of a long word as fits, one letter at least.
func head(word string, fits func(string) bool) string {
	letters := []rune(word)
	n := 1
	for n < len(letters) && fits(string(letters[:n+1])) {
		n++
	}
	return string(letters[:n])
}

// shortened puts "…" at the end of the last line, over what has no room then.
func shortened(lines []string, fits func(string) bool) []string {
	last := []rune(lines[len(lines)-1])
	for len(last) > 0 && !fits(string(last)+"…") {
		last = last[:len(last)-1]
	}
	lines[len(lines)-1] = strings.TrimRight(string(last), " ,;:") + "…"
	return lines
}

// ascent is from the top of the first line to its baseline, and height all of
// the lines; both are 0 of no words.
func (w words) ascent() int {
	if len(w.lines) == 0 {
		return 0
	}
	return w.face.Metrics().Ascent.Round()
}

func (w words) height() int { return len(w.lines) * w.leading() }

// leading is from one baseline to the next.
func (w words) leading() int {
	if len(w.lines) == 0 {
		return 0
	}
	return w.face.Metrics().Height.Round()
}

// tall is the height of the first line's ink above its baseline.
func (w words) tall() int {
	bounds, _ := font.BoundString(w.face, w.lines[0])
	return -bounds.Min.Y.Round()
}

// text draws words, whose ink begins at x, with the baseline of their first line
// at y.
func (s sheet) text(w words, x, y int, colour color.Color) {
	for k, line := range w.lines {
		drawer := font.Drawer{Dst: s.Paletted, Src: image.NewUniform(colour), Face: w.face, Dot: fixed.P(x-w.left, y+k*w.leading())}
		drawer.DrawString(line)
	}
}
