package newsletter_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"broadsheet/internal/newsletter"
)

// tokens returns the light and the dark value of a colour in the site's style
// sheet.
func tokens(t *testing.T, name string) (light, dark string) {
	t.Helper()
	sheet, err := os.ReadFile("../../web/static/site.css")
	if err != nil {
		t.Fatal(err)
	}
	pair := regexp.MustCompile(`--` + name + `: light-dark\((#\w+), (#\w+)\)`).FindSubmatch(sheet)
	if pair == nil || !strings.Contains(string(sheet), "--"+name+": "+string(pair[1])+";") {
		t.Fatalf("the style sheet has no --%s, or another light one first", name)
	}
	return string(pair[1]), string(pair[2])
}

func publicationWith(accent newsletter.Accent) newsletter.Publication {
	return newsletter.Publication{Name: "The Weekly", Language: "en", TimeZone: "UTC", Accent: accent}
}

func TestTheDefaultAccentIsThatOfTheStyleSheet(t *testing.T) {
	light, dark := tokens(t, "blue")
	want := newsletter.Accent{Light: light, Dark: dark}
	if got := (newsletter.Accent{}).OrDefault(); got != want {
		t.Errorf("the default is %v, the style sheet has %v", got, want)
	}
	if got := (newsletter.Accent{Dark: "#FFFFFF"}).OrDefault(); got != (newsletter.Accent{Light: light, Dark: "#FFFFFF"}) {
		t.Errorf("a dark accent alone is %v", got)
	}
	if err := publicationWith(want).Validate(); err != nil {
		t.Error(err)
	}
}

// An accent is taken if and only if its words can be read on everything they
// stand on, and then words upon it can be read too.
func TestAnAcceptedAccentCanBeRead(t *testing.T) {
	sheetLight, sheetDark := tokens(t, "sheet")
	matLight, matDark := tokens(t, "mat")
	onLight, onDark := tokens(t, "on-blue")
	rapid.Check(t, func(rt *rapid.T) {
		c := anyColour.Draw(rt, "accent")
		for _, page := range []struct {
			accent         newsletter.Accent
			sheet, mat, on string
		}{
			{newsletter.Accent{Light: c.String()}, sheetLight, matLight, onLight},
			{newsletter.Accent{Dark: c.String()}, sheetDark, matDark, onDark},
		} {
			readable := min(newsletter.Contrast(c, colour(t, page.sheet)), newsletter.Contrast(c, colour(t, page.mat))) >= 4.5
			if err := publicationWith(page.accent).Validate(); (err == nil) != readable {
				rt.Fatalf("%v can be read: %v; it is answered with %v", page.accent, readable, err)
			}
			if on := newsletter.Contrast(c, colour(t, page.on)); readable && on < 4.5 {
				rt.Fatalf("words on %v have a contrast of %.2f", page.accent, on)
			}
		}
	})
}

func TestRefusedAccentsSayTheFigure(t *testing.T) {
	for accent, want := range map[newsletter.Accent]string{
		{Light: "#86C5EE"}: "has a contrast of 1.6:1 with the grey under paid items and at the foot; choose a darker one, 4.5:1 is needed",
		{Light: "#747474"}: "has a contrast of 4.1:1 with the grey under paid items and at the foot; choose a darker one, 4.5:1 is needed",
		{Light: "#6F6F6F"}: "has a contrast of 4.4:1 with the grey under paid items and at the foot; choose a darker one, 4.5:1 is needed",
		{Dark: "#0A5FA8"}:  "has a contrast of 2.6:1 with the page; choose a lighter one, 4.5:1 is needed",
		{Dark: "teal"}:     `is "teal"; give a colour such as #0A5FA8, # and six digits from 0 to F`,
	} {
		wrong, _ := errors.AsType[newsletter.Invalid](publicationWith(accent).Validate())
		if len(wrong) != 1 || wrong[0].Message != want {
			t.Errorf("%v: %v, want %q", accent, wrong, want)
		}
	}
}
