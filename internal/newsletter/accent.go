package newsletter

import (
	"cmp"
	"fmt"
	"math"
)

// Accent is the colour of what can be followed or pressed on the site: one for
// the light page and one for the dark page, each as [ParseColour] reads it. An
// empty one is that of [DefaultAccent].
type Accent struct {
	Light string
	Dark  string
}

// DefaultAccent is the accent of a publication that has chosen none.
var DefaultAccent = Accent{Light: "#0A5FA8", Dark: "#86C5EE"}

// OrDefault returns the accent with what is empty filled in.
func (a Accent) OrDefault() Accent {
	return Accent{cmp.Or(a.Light, DefaultAccent.Light), cmp.Or(a.Dark, DefaultAccent.Dark)}
}

// MinContrast is the least contrast of text with what it stands on (WCAG 2.2,
// success criterion 1.4.3).
const MinContrast = 4.5

// scheme is one of the two ways a page looks.
type scheme struct {
	papers [2]paper // that an accent's words stand on: the sheet, and the mat of foot and paid items
	better string   // colours have more contrast with them
}

// paper is a colour of the page, and where it is.
type paper struct {
	Colour
	name string
}

// The papers are those of the site's style sheet, where words on the accent
// itself are white on the light page and nearly black on the dark one: beyond
// the papers, so that they stand out from an accent better than those do.
var (
	lightPage = scheme{[2]paper{{Colour{0xFE, 0xFE, 0xFD}, sheet}, {Colour{0xED, 0xF1, 0xF3}, mat}}, "darker"}
	darkPage  = scheme{[2]paper{{Colour{0x17, 0x1C, 0x22}, sheet}, {Colour{0x0E, 0x12, 0x16}, mat}}, "lighter"}
)

// The names of the papers, as a refusal tells them.
const (
	sheet = "the page"
	mat   = "the grey under paid items and at the foot"
)

func (a Accent) validate(wrong *Invalid) {
	lightPage.validate(wrong, "accent_light", a.Light)
	darkPage.validate(wrong, "accent_dark", a.Dark)
}

func (s scheme) validate(wrong *Invalid, field, accent string) {
	if accent == "" {
		return
	}
	colour, err := ParseColour(accent)
	if err != nil {
		wrong.Add(field, fmt.Sprintf("is %q; give a colour such as #0A5FA8, # and six digits from 0 to F", accent))
		return
	}
	if contrast, on := s.contrast(colour); contrast < MinContrast {
		wrong.Add(field, fmt.Sprintf("has a contrast of %.1f:1 with %s; choose a %s one, %.1f:1 is needed",
			math.Floor(contrast*10)/10, on, s.better, MinContrast)) // rounded up, 4.46 would seem enough
	}
}

// contrast returns the least contrast of an accent with what it stands on, and
// the name of that.
func (s scheme) contrast(accent Colour) (least float64, on string) {
	least, on = Contrast(accent, s.papers[0].Colour), s.papers[0].name
	if second := Contrast(accent, s.papers[1].Colour); second < least {
		return second, s.papers[1].name
	}
	return least, on
}
