package checks

import (
	"context"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

const soundPage = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The Lighthouse Weekly</title>
<link rel="icon" href="data:,">
</head>
<body>
<main><h1>The Lighthouse Weekly</h1><p>Three lamps were lit.</p></main>
</body>
</html>
`

// faultyPage has at least one fault for every checker to find.
const faultyPage = `<!DOCTYPE html>
<html>
<head>
<title>Faults</title>
<link rel="icon" href="data:,">
<script>document.title = "not allowed here"</script>
<script src="/loud.js"></script>
</head>
<body>
<main><h1>Faults</h1>
<p><img src="/nowhere.png"></p>
<pre id="wide">` + longLine + `</pre>
<p><center>No longer an element</center></p>
</main>
</body>
</html>
`

const longLine = "a line without an end a line without an end a line without an end a line without an end a line without an end " +
	"a line without an end a line without an end a line without an end a line without an end a line without an end"

// serve starts a server with a sound page, a faulty one, one that is not found,
// and answers that are no pages.
func serve(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	html := func(pattern, page string, status int) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
			w.WriteHeader(status)
			io.WriteString(w, page)
		})
	}
	html("GET /sound", soundPage, http.StatusOK)
	html("GET /faulty", faultyPage, http.StatusOK)
	html("GET /missing", soundPage, http.StatusNotFound)
	mux.HandleFunc("GET /loud.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		io.WriteString(w, `console.error("heard"); null.thrown`)
	})
	mux.HandleFunc("GET /feed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
	})
	mux.Handle("GET /moved", http.RedirectHandler("/sound", http.StatusFound))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestWalkPassesSoundPages(t *testing.T) {
	walk(t, serve(t), map[string][]state{
		"GET /sound":   {{name: "checker sound", path: "/sound"}},
		"GET /missing": {{name: "checker missing", path: "/missing", status: 404}},
		"GET /feed":    {{name: "checker feed", path: "/feed"}},
		"GET /moved":   {{name: "checker moved", path: "/moved", status: 302}},
	})
	for _, l := range layoutsOf("checker sound") {
		checkPicture(t, pictureFile("checker sound", l.width, l.scheme), l.width)
	}
}

// Every pair of a width and a scheme is looked at for the states that people look
// at most, and one of them for each of the others, half of which are dark.
func TestLayouts(t *testing.T) {
	defer func(was bool) { long = was }(long)
	for name, want := range map[string]string{
		"board": "both 6 of which 3 are asked for every rule", "home": "both 6 of which 3 are asked for every rule",
		"decline": "dark 1 of which 1 are asked for every rule", "issue not found": "dark 1 of which 1 are asked for every rule",
		"board with a menu": "dark 1 of which 1 are asked for every rule", "refused": "dark 1 of which 1 are asked for every rule", "search": "light 1 of which 1 are asked for every rule",
	} {
		long = false
		schemes, asked := "", 0
		list := layoutsOf(name)
		for _, l := range list {
			if schemes = l.scheme; slices.ContainsFunc(list, func(other layout) bool { return other.scheme != l.scheme }) {
				schemes = "both"
			}
			if rulesOf(name, l) == everyRule {
				asked++
			}
		}
		if got := fmt.Sprintf("%s %d of which %d are asked for every rule", schemes, len(list), asked); got != want {
			t.Errorf("%s is looked at in %v: %s, want %s", name, list, got, want)
		}
		long = true
		if n := len(layoutsOf(name)); n != 6 {
			t.Errorf("the longer form looks at %s in %d layouts", name, n)
		}
	}
}

// checkPicture fails the test unless the file is a PNG of that width.
func checkPicture(t *testing.T, file string, width int) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	config, err := png.DecodeConfig(f)
	if err != nil || config.Width != width {
		t.Errorf("%s is %d px wide (%v), want %d", file, config.Width, err, width)
	}
}

func TestLookFindsEveryFault(t *testing.T) {
	base := serve(t)
	faults := look(t, base, state{name: "checker faulty", path: "/faulty"}, nil)
	for _, want := range []string{
		"axe: html-has-lang",
		"axe: image-alt",
		"sideways scroll: the page is",
		"pre#wide",
		"security: ",
		"console: \"heard\"",
		"exception: ",
		"request: " + base + "/nowhere.png answered 404",
	} {
		if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, want) }) {
			t.Errorf("nothing found with %q in\n%s", want, strings.Join(faults, "\n"))
		}
	}
}

func TestVnuTellsPagesApart(t *testing.T) {
	found, err := vnu(t.Context(), t.TempDir(), map[string][]byte{
		"sound": []byte(soundPage), "faulty": []byte(faultyPage)})
	if err != nil {
		t.Fatal(err)
	}
	if len(found["sound"]) > 0 {
		t.Errorf("a sound page is reported: %q", found["sound"])
	}
	if !strings.Contains(strings.Join(found["faulty"], "\n"), "center") {
		t.Errorf("the faulty page's element is not reported: %q", found["faulty"])
	}
}

func TestVnuReportThatIsNone(t *testing.T) {
	for _, report := range []string{"", "Exception in thread", `{"messages":[{"type":"error","url":"file:/x/other.html"}]}`} {
		if found, err := readVnu([]byte(report), nil); err == nil {
			t.Errorf("%q was read as %v", report, found)
		}
	}
}

func TestSheets(t *testing.T) {
	tab := newTab(t, func(any) {})
	three := `<style>p{break-after:page}</style><p>1</p><p>2</p><div>3</div>`
	if err := chromedp.Do(tab, chromedp.Navigate("data:text/html,"+three)); err != nil {
		t.Fatal(err)
	}
	if n, err := sheets(tab); err != nil || n != 3 {
		t.Errorf("three sheets are counted as %d (%v)", n, err)
	}
	if _, err := countSheets([]byte("%PDF-1.4")); err == nil {
		t.Error("a PDF without pages is counted")
	}
}

func TestTabsShareNothing(t *testing.T) {
	visits := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			return
		}
		visits += len(r.Cookies())
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes"})
		fmt.Fprint(w, soundPage)
	}))
	defer server.Close()
	for _, tab := range []context.Context{newTab(t, func(any) {}), newTab(t, func(any) {})} {
		if err := chromedp.Do(tab, chromedp.Navigate(server.URL)); err != nil {
			t.Fatal(err)
		}
	}
	if visits != 0 {
		t.Error("the second tab brought the first one's cookie")
	}
}

func TestUnmatched(t *testing.T) {
	got := unmatched([]string{"GET /", "GET /about", "GET /latest"}, map[string][]state{
		"GET /": {{path: "/"}}, "GET /about": {}, "GET /gone": {{path: "/gone"}}})
	want := []string{
		"route without a state: GET /about",
		"route without a state: GET /latest",
		"states without a route: GET /gone",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("unmatched (-want +got):\n%s", diff)
	}
}

func TestPictureFile(t *testing.T) {
	got := pictureFile("issue 139: l’été/../x", 320, "dark")
	if want := "pictures/issue-139-l-été-x-320-dark.png"; got != want {
		t.Errorf("the picture is called %s, want %s", got, want)
	}
}
