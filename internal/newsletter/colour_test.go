package newsletter_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"broadsheet/internal/newsletter"
)

func colour(t *testing.T, s string) newsletter.Colour {
	t.Helper()
	c, err := newsletter.ParseColour(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The ratios are those that every checker of contrast gives for these pairs.
func TestContrast(t *testing.T) {
	for pair, want := range map[[2]string]float64{
		{"#000000", "#FFFFFF"}: 21,
		{"#FFFFFF", "#ffffff"}: 1,
		{"#777777", "#FFFFFF"}: 4.48,
		{"#767676", "#FFFFFF"}: 4.54,
		{"#FF0000", "#FFFFFF"}: 4.00,
		{"#0000FF", "#FFFFFF"}: 8.59,
		{"#00FF00", "#000000"}: 15.30,
		{"#FFFF00", "#FFFFFF"}: 1.07,
		{"#0000EE", "#FFFFFF"}: 9.40,
	} {
		if got := newsletter.Contrast(colour(t, pair[0]), colour(t, pair[1])); math.Abs(got-want) > 0.006 {
			t.Errorf("%v has %.3f, want %.2f", pair, got, want)
		}
	}
}

var anyColour = rapid.Custom(func(t *rapid.T) (c newsletter.Colour) {
	for i := range c {
		c[i] = rapid.Byte().Draw(t, "channel")
	}
	return c
})

func TestContrastIsTheSameEitherWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyColour.Draw(t, "a"), anyColour.Draw(t, "b")
		there, back := newsletter.Contrast(a, b), newsletter.Contrast(b, a)
		if there != back || there < 1 || there > 21 {
			t.Fatalf("%v on %v has %v, the other way %v", a, b, there, back)
		}
		brighter := newsletter.Colour{max(a[0], b[0]), max(a[1], b[1]), max(a[2], b[2])}
		black := newsletter.Colour{}
		if newsletter.Contrast(brighter, black) < newsletter.Contrast(a, black) {
			t.Fatalf("%v is darker than %v", brighter, a)
		}
		if again, err := newsletter.ParseColour(a.String()); err != nil || again != a {
			t.Fatalf("%v is read as %v (%v)", a, again, err)
		}
	})
}

func TestWhatIsNoColour(t *testing.T) {
	for _, s := range []string{"", "#", "0A5FA8", "#0A5FA", "#0A5FA80", "#fff", "red", "#GGGGGG", " #0A5FA8", "#0A5FA8\n", "＃0A5F"} {
		if c, err := newsletter.ParseColour(s); err == nil || c != (newsletter.Colour{}) {
			t.Errorf("%q is read as %v", s, c)
		}
	}
}
