package card

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

func drawn(t *testing.T, c Card) image.Image {
	t.Helper()
	data, err := c.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > 40<<10 {
		t.Errorf("%+v takes %d bytes", c, len(data))
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil || picture.Bounds() != image.Rect(0, 0, 1200, 630) {
		t.Fatalf("%+v is a picture of %v, %v", c, picture.Bounds(), err)
	}
	return picture
}

// inked returns the smallest area above the foot that holds every pixel of a
// colour.
func inked(picture image.Image, of color.Color) (area image.Rectangle) {
	indexed := picture.(*image.Paletted)
	wanted := make([]bool, 256)
	for i, c := range indexed.Palette {
		wanted[i] = color.RGBAModel.Convert(c) == of
	}
	for y := range foot {
		for x, index := range indexed.Pix[y*indexed.Stride:][:Width] {
			if wanted[index] {
				area = area.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return area
}

var long = strings.Repeat("A very long name of a newsletter ", 9)

var cards = map[string]Card{
	"publication": {Name: "The Harbour Letter", Line: "Small boats, slow news", Address: "letter.example"},
	"issue":       {Name: "The Harbour Letter", Line: "Two views of a collision", Number: 139, Date: "Sunday, 1 September 2013", Address: "letter.example/issues/139"},
	"in a theme":  {Name: "The Harbour Letter", Address: "letter.example", Accent: newsletter.Accent{Light: "#B42318"}},
	"long":        {Name: long, Line: long, Number: newsletter.MaxNumber, Date: "Wednesday, 10 September 2025", Address: strings.Repeat("long.", 50) + "example"},
	"one word":    {Name: strings.Repeat("Donaudampfschifffahrt", 14), Line: strings.Repeat("Ж", 300), Address: "letter.example"},
	"unknown":     {Name: "週刊リンク", Line: "קישורים", Number: 7, Date: "Sunday, 1 September 2013", Address: "letter.example/issues/7"},
	"nameless":    {Name: "週刊リンク", Line: "毎週", Address: "letter.example"},
	"nothing":     {},
	"odd numbers": {Number: 1},
}

func TestCardsKeepToTheirMargins(t *testing.T) {
	accent := color.RGBA{0x0A, 0x5F, 0xA8, 0xFF}
	for name, c := range cards {
		picture := drawn(t, c)
		words := inked(picture, ink).Union(inked(picture, quiet))
		if room := image.Rect(margin-2, 30, Width-margin+2, foot-30); words.Empty() || !words.In(room) {
			t.Errorf("%s: the words stand at %v, outside of %v", name, words, room)
		}
		under := inked(picture, accent)
		if c.Accent != (newsletter.Accent{}) {
			under = inked(picture, color.RGBA{0xB4, 0x23, 0x18, 0xFF})
		}
		if under.Empty() || under.Min.X != margin {
			t.Errorf("%s: the double rule stands at %v", name, under)
		}
	}
}

// The double rule is as long as the name, and as the number.
func TestTheDoubleRuleIsAsLongAsWhatItIsUnder(t *testing.T) {
	accent := color.RGBA{0x0A, 0x5F, 0xA8, 0xFF}
	for _, c := range []Card{{Name: "Gulls"}, {Name: "The Harbour Letter"}, {Number: 7}, {Number: 139}} {
		picture := drawn(t, c)
		words, under := inked(picture, ink), inked(picture, accent)
		if off := words.Dx() - under.Dx(); off < -2 || off > 2 || under.Min.Y < words.Max.Y-40 {
			t.Errorf("%+v: the words stand at %v, the rule at %v", c, words, under)
		}
	}
}

// Words that the font cannot draw whole are left out; signs alone are.
func TestWordsOfOtherScriptsAreLeftOut(t *testing.T) {
	for text, want := range map[string]string{
		"The Harbour Letter":    "The Harbour Letter",
		"Größe  e\u0301tude\nΔ": "Größe étude Δ",
		"Новости":               "Новости",
		"Boats ⚓️ and 🚢 news":   "Boats and news",
		"週刊リンク Weekly":          "",
		"קישורים":               "",
		"هفته":                  "",
		"ข่าว":                  "",
		"\x00\u202e":            "",
		"🚢":                     "",
	} {
		if got := bold.drawable(text); got != want {
			t.Errorf("of %q is drawn %q, want %q", text, got, want)
		}
	}
}

func TestLinesAreBrokenAndCut(t *testing.T) {
	for _, c := range []struct {
		text  string
		lines int
		want  string
	}{
		{"Small boats", 1, "Small boats"},
		{"Small boats, slow news, and whatever the tide brings in, every week of the year", 2, "Small boats, slow news, and|whatever the tide brings in, every…"},
		{strings.Repeat("m", 40), 2, strings.Repeat("m", 19) + "|" + strings.Repeat("m", 18) + "…"},
	} {
		if got := strings.Join(setWithin(400, regular, c.text, c.lines, 60, 25).lines, "|"); got != c.want {
			t.Errorf("%q is set as %q, want %q", c.text, got, c.want)
		}
	}
	if large := setWithin(400, regular, "Small boats", 1, 60, 25); large.leading() < 60 {
		t.Errorf("what has room is set %d px high", large.leading())
	}
}

// A card wears the colours that the site's pages have.
func TestCardsHaveTheColoursOfTheSite(t *testing.T) {
	css, err := os.ReadFile("../../web/static/site.css")
	if err != nil {
		t.Fatal(err)
	}
	for token, colour := range map[string]color.RGBA{"sheet": paper, "mat": mat, "rule": rule, "ink": ink, "ink-2": quiet} {
		want := "--" + token + ": " + newsletter.Colour{colour.R, colour.G, colour.B}.String() + ";"
		if !strings.Contains(string(css), want) {
			t.Errorf("the site does not say %s", want)
		}
	}
}

func TestACardOfNoColourIsAFault(t *testing.T) {
	if _, err := (Card{Accent: newsletter.Accent{Light: "blue"}}).PNG(); err == nil {
		t.Error("a card was drawn in no colour")
	}
}
