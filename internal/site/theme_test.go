package site

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/newslettertest"
)

func (w *world) accented(accent newsletter.Accent) {
	w.t.Helper()
	publication := newslettertest.Publication()
	publication.Accent = accent
	w.saved(publication)
}

// saved saves the publication and lets the site know, as a notification would.
func (w *world) saved(publication newsletter.Publication) {
	w.t.Helper()
	err := w.store.SavePublication(w.t.Context(), publication)
	if err == nil {
		err = w.store.RaiseGeneration(w.t.Context())
	}
	if err == nil {
		err = w.now.Refresh(w.t.Context())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// themeOf returns the address of the theme that a page wears, or "".
func themeOf(body string) string {
	if found := regexp.MustCompile(`<link rel="stylesheet" href="(/theme/[^"]+)">`).FindStringSubmatch(body); found != nil {
		return found[1]
	}
	return ""
}

func TestTheTheme(t *testing.T) {
	line := newCable(t)
	w := worldOn(t, line.pool, newslettertest.Issue(139))
	if at := themeOf(w.get("/")); at != "" {
		t.Fatalf("a site without an accent wears %s", at)
	}
	w.accented(newsletter.Accent{Light: "#7A1F5C", Dark: "#F0A8D0"})
	first := themeOf(w.get("/"))
	sheet := w.ask(http.MethodGet, first, nil)
	if sheet.Code != 200 || sheet.Header().Get("Content-Type") != "text/css; charset=utf-8" ||
		!strings.Contains(sheet.Header().Get("Cache-Control"), "immutable") || !strings.Contains(sheet.Body.String(), "light-dark(#7A1F5C, #F0A8D0)") {
		t.Errorf("%s: %d %v\n%s", first, sheet.Code, sheet.Header(), sheet.Body)
	}
	if head := w.ask(http.MethodHead, first, nil); head.Body.Len() > 0 || head.Header().Get("Content-Length") != sheet.Header().Get("Content-Length") {
		t.Errorf("HEAD: %d bytes, %v", head.Body.Len(), head.Header())
	}

	w.accented(newsletter.Accent{Light: "#0B5D3B"})
	second := themeOf(w.get("/issues/139"))
	if old := w.ask(http.MethodGet, first, nil); second == first || old.Code != http.StatusFound || old.Header().Get("Location") != second || old.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("the theme was at %s and is at %s; the old address: %d %v", first, second, old.Code, old.Header())
	}

	line.Cut()
	missing := w.ask(http.MethodGet, "/sites/nobody.example", nil)
	if missing.Code != http.StatusServiceUnavailable || themeOf(missing.Body.String()) != second {
		t.Errorf("with the database away the page of an error is %d and wears %q", missing.Code, themeOf(missing.Body.String()))
	}
	if away := w.ask(http.MethodGet, second, nil); away.Code != http.StatusOK {
		t.Errorf("with the database away the theme is answered with %d", away.Code)
	}
}

func TestAThemeThatWasTakenBack(t *testing.T) {
	w := newWorld(t, newslettertest.Issue(139))
	w.accented(newsletter.Accent{Dark: "#F0A8D0"})
	was := themeOf(w.get("/"))
	w.accented(newsletter.Accent{})
	if at := themeOf(w.get("/")); at != "" {
		t.Errorf("the page still wears %s", at)
	}
	gone := w.ask(http.MethodGet, was, nil)
	if gone.Code != http.StatusNotFound || gone.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the theme that was is answered with %d %v", gone.Code, gone.Header())
	}
}
