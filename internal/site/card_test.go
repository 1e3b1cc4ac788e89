package site

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

// picture returns the card at an address, and how it was answered.
func (w *world) picture(target string) (image.Image, http.Header) {
	w.t.Helper()
	answer := w.ask(http.MethodGet, target, http.Header{"Accept-Encoding": {"br, gzip"}})
	picture, err := png.Decode(bytes.NewReader(answer.Body.Bytes()))
	if err != nil || answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "image/png" {
		w.t.Fatalf("%s: %d %v, %v", target, answer.Code, answer.Header(), err)
	}
	return picture, answer.Header()
}

// has reports whether a picture has a colour anywhere.
func hasColour(picture image.Image, of color.RGBA) bool {
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			if color.RGBAModel.Convert(picture.At(x, y)) == of {
				return true
			}
		}
	}
	return false
}

func TestCardsAreHeldAsPagesAre(t *testing.T) {
	cable := newCable(t)
	w := worldOn(t, cable.pool, newslettertest.Issue(139), newslettertest.Issue(140))
	tags := map[string]string{}
	for _, target := range []string{"/card.png", "/issues/139/card.png", "/issues/140/card.png"} {
		_, header := w.picture(target)
		tag := header.Get("ETag")
		if tag == "" || tags[tag] != "" || !strings.Contains(header.Get("Cache-Control"), "stale-if-error") || header.Get("Content-Encoding") != "" {
			t.Errorf("%s is answered with %v", target, header)
		}
		tags[tag] = target
		if again := w.ask(http.MethodGet, target, http.Header{"If-None-Match": {tag}, "Accept-Encoding": {"br"}}); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s is answered with %d again", target, again.Code)
		}
		if head := w.ask(http.MethodHead, target, nil); head.Code != http.StatusOK || head.Body.Len() > 0 || head.Header().Get("Content-Length") != header.Get("Content-Length") {
			t.Errorf("HEAD %s: %d %v", target, head.Code, head.Header())
		}
	}
	cable.Cut()
	w.picture("/issues/139/card.png")
}

func TestCardsShowThePublicationOfNow(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	red := color.RGBA{0xB4, 0x23, 0x18, 0xFF}
	for _, target := range []string{"/card.png", "/issues/139/card.png"} {
		if before, _ := w.picture(target); hasColour(before, red) {
			t.Fatalf("%s is red", target)
		}
	}
	w.accented(newsletter.Accent{Light: "#B42318", Dark: "#FF9A8F"})
	for _, target := range []string{"/card.png", "/issues/139/card.png"} {
		if after, _ := w.picture(target); !hasColour(after, red) {
			t.Errorf("%s has the colour from before", target)
		}
	}
}

func TestCardsOfIssuesThatAreNotThere(t *testing.T) {
	gone := newslettertest.Issue(138)
	gone.State = newsletter.Withdrawn
	draft := newslettertest.Issue(141)
	draft.State, draft.Corrections, draft.Withdrawn, draft.PublishedAt = newsletter.Draft, nil, nil, time.Time{}
	w := newWorld(t, gone, newslettertest.Issue(139), draft)
	for target, want := range map[string]int{
		"/issues/138/card.png": http.StatusGone, "/issues/141/card.png": http.StatusNotFound, "/issues/1/card.png": http.StatusNotFound,
		"/issues/99999999999999999999/card.png": http.StatusNotFound, "/issues/0139/card.png": http.StatusPermanentRedirect,
		"/issues/139/card.png/": http.StatusPermanentRedirect, "/Card.PNG": http.StatusPermanentRedirect, "/issues/139/card.jpg": http.StatusNotFound,
	} {
		answer := w.ask(http.MethodGet, target, nil)
		if answer.Code != want || want != http.StatusPermanentRedirect && !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %v, want %d", target, answer.Code, answer.Header(), want)
		}
		if to := answer.Header().Get("Location"); want == http.StatusPermanentRedirect && to != "/issues/139/card.png" && to != "/card.png" {
			t.Errorf("%s leads to %q", target, to)
		}
	}
}

// Our own pages name their card and do not load it.
func TestPagesDoNotLoadTheirCards(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	for _, target := range []string{"/", "/issues/139", "/archive", "/sections/news", "/search?q=gulls", "/follow"} {
		if body := w.get(target); strings.Count(body, "card.png") != 1 || strings.Count(body, `<meta property="og:image" content="https://letter.example/`) != 1 {
			t.Errorf("%s names a card %d times", target, strings.Count(body, "card.png"))
		}
	}
}
