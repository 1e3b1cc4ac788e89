package desk

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

var secretPattern = regexp.MustCompile(`<p class="secret">https://letter\.example(/preview/[^<]+)</p>`)

// share makes a preview link of an issue and returns its path.
func (w *world) share(number int) string {
	w.t.Helper()
	body := w.post(w.ines, address.DeskIssueTo(number, "preview-link"), "").is(200, "Revoke the address").Body.String()
	found := secretPattern.FindStringSubmatch(body)
	if found == nil {
		w.t.Fatalf("no address on\n%s", body)
	}
	return found[1]
}

func TestAPreviewLinkShowsTheDraftToWhoeverHasIt(t *testing.T) {
	w := newWorld(t)
	ids := w.ready(413)
	nobody := newsletter.User{}
	w.get(w.ines, "/desk/issues/413/preview-link").is(200, "Make an address").lacks("Revoke", "secret\"")
	path := w.share(413)
	shown := w.get(nobody, path).is(200, "Preview of 413", "Nothing is printed yet", "<p>Fog all week.</p>", `<meta name="robots" content="noindex">`,
		`<meta name="referrer" content="no-referrer">`).lacks("/desk", "strict-origin")
	for name, want := range map[string]string{"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer"} {
		if got := shown.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	same := func(body string) string {
		_, body, _ = strings.Cut(body, "<article")
		return body
	}
	if inside := w.get(w.ines, "/desk/issues/413/preview").is(200, `href="/desk/issues/413/preview-link"`); same(inside.Body.String()) != same(shown.Body.String()) {
		t.Error("the two previews differ")
	}
	must(t, w.save(w.ines, ids[1], w.stored(ids[1]).Version, "Counted **twice**."))
	w.get(nobody, path).is(200, "Counted <strong>twice</strong>.") // it is of now
	w.get(w.ines, "/desk/issues/413/preview-link").is(200, "Ines made a secret address", "just now").lacks(strings.TrimPrefix(path, "/preview/"))
	w.get(nobody, "/preview/nothing").is(404)
	w.post(w.ines, "/desk/issues/413/publish", form("when", "now")).leads("/desk/issues/413/published")
	w.get(nobody, path).leads("/issues/413")
}

func TestPreviewLinksEnd(t *testing.T) {
	w := newWorld(t)
	w.ready(413)
	nobody := newsletter.User{}
	for name, end := range map[string]func(){
		"revoked": func() {
			w.post(w.osman, "/desk/issues/413/preview-link/revoke", "").leads("/desk/issues/413/preview-link")
		},
		"made anew": func() { w.share(413) },
		"too old": func() {
			_, err := w.pool.Exec(t.Context(), "UPDATE preview_links SET expires_at = now()")
			must(t, err)
		},
	} {
		path := w.share(413)
		w.get(nobody, path).is(200)
		if end(); w.get(nobody, path).Code != http.StatusNotFound {
			t.Errorf("%s: it still works", name)
		}
	}
	w.get(w.ines, "/desk/issues/413/preview-link").is(200)
	for _, user := range []newsletter.User{w.tove, w.emil} {
		w.get(user, "/desk/issues/413/preview-link").is(403)
		w.post(user, "/desk/issues/413/preview-link", "").is(403)
		w.post(user, "/desk/issues/413/preview-link/revoke", "").is(403)
	}
	path := w.share(413)
	var lasts time.Duration
	must(t, w.pool.QueryRow(t.Context(), "SELECT expires_at - made_at FROM preview_links").Scan(&lasts))
	if lasts != 7*24*time.Hour {
		t.Errorf("it works for %s", lasts)
	}
	w.post(w.ines, "/desk/issues/413/discard", "").leads("/desk/issues?discarded=413")
	w.get(nobody, path).is(404)
}
