package newsletter

import (
	"encoding/hex"
	"fmt"
	"math"
)

// Colour is a colour of sRGB: red, green and blue, each from 0 to 255.
type Colour [3]byte

// ParseColour reads a colour as style sheets write it, such as "#0A5FA8", with
// letters in either case. Shorter forms and names of colours are errors.
func ParseColour(s string) (Colour, error) {
	var c Colour
	if len(s) != len("#RRGGBB") || s[0] != '#' {
		return c, fmt.Errorf("%q is no colour such as #0A5FA8", s)
	}
	if _, err := hex.Decode(c[:], []byte(s[1:])); err != nil {
		return Colour{}, fmt.Errorf("%q is no colour such as #0A5FA8: %w", s, err)
	}
	return c, nil
}

// String returns the colour as style sheets write it, such as "#0A5FA8".
func (c Colour) String() string { return fmt.Sprintf("#%02X%02X%02X", c[0], c[1], c[2]) }

// Contrast returns the contrast ratio of two colours, whichever stands upon the
// other: from 1 for the same colour to 21 for black on white (WCAG 2.2,
// definition of "contrast ratio").
func Contrast(a, b Colour) float64 {
	light, dark := a.luminance(), b.luminance()
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

// luminance is how light a colour looks, from 0 for black to 1 for white (WCAG
// 2.2, definition of "relative luminance").
func (c Colour) luminance() float64 {
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

// linear undoes the curve by which sRGB stores a channel (IEC 61966-2-1).
func linear(channel byte) float64 {
	v := float64(channel) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}
