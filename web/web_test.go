package web

import (
	"compress/gzip"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func get(path string, acceptEncoding ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header["Accept-Encoding"] = acceptEncoding
	w := httptest.NewRecorder()
	Static().ServeHTTP(w, r)
	return w
}

func styleSheet(t *testing.T) string {
	t.Helper()
	css, err := fs.ReadFile(embedded, "static/site.css")
	if err != nil {
		t.Fatal(err)
	}
	return string(css)
}

func TestStaticFilesAreKeptForEver(t *testing.T) {
	for name, mediaType := range map[string]string{"site.css": "text/css; charset=utf-8", "favicon.svg": "image/svg+xml"} {
		address, err := Asset(name)
		if err != nil {
			t.Fatal(err)
		}
		plain, zipped, brotlied := get(address), get(address, "gzip"), get(address, "gzip, br")
		for _, w := range []*httptest.ResponseRecorder{plain, zipped, brotlied} {
			header := w.Header()
			if w.Code != http.StatusOK || header.Get("Content-Type") != mediaType ||
				header.Get("Cache-Control") != "public, max-age=31536000, immutable" || header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: %d %v", address, w.Code, header)
			}
		}
		reader, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		for coding, from := range map[string]io.Reader{"gzip": reader, "br": brotli.NewReader(brotlied.Body)} {
			whole, err := io.ReadAll(from)
			if err != nil || string(whole) != plain.Body.String() || len(whole) == 0 {
				t.Errorf("%s: %s and plain differ, %v", address, coding, err)
			}
		}
		if got := []string{zipped.Header().Get("Content-Encoding"), brotlied.Header().Get("Content-Encoding")}; !slices.Equal(got, []string{"gzip", "br"}) {
			t.Errorf("%s is encoded as %v", address, got)
		}
	}
}

func TestUnknownStaticFiles(t *testing.T) {
	if address, err := Asset("missing.css"); err == nil {
		t.Errorf("missing.css has the address %s", address)
	}
	for _, path := range []string{"/static/", "/static/site.css", "/static/site.000000000000.css", "/static/../web.go"} {
		if w := get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, w.Code)
		}
	}
}

func TestCodingFor(t *testing.T) {
	for header, want := range map[string]Coding{
		"": Plain, "gzip": Gzip, "GZip": Gzip, "x-gzip": Gzip, "br;q=0, gzip;q=0.001": Gzip, "br;q=0.0 , gzip ; q = 0.5": Gzip,
		"gzip, deflate, br": Brotli, "gzip, deflate, br, zstd": Brotli, "BR": Brotli, "br;q=0.001": Brotli, "*": Brotli, "gzip;q=0, *": Brotli, "br;q=0, *": Gzip,
		"gzip;q=0": Plain, "gzip;q=0.000": Plain, "br;q=0, gzip;q=0, *": Plain, "*;q=0": Plain, "identity": Plain,
		"br;q=0.5,gzip": Gzip, "br;q=0.5, gzip;q=0.5": Brotli, "gzip;q=0.9, *;q=0.2": Gzip, "*;q=0.5, gzip;q=0.4": Brotli, "identity, gzip;q=0.5": Plain, "identity;q=0.5, gzip": Gzip,
		"gzip, identity": Gzip, "identity;q=0": Plain, "identity;q=0, br": Brotli, "identity;q=0, *": Brotli, "deflate, zstd": Plain, strings.Repeat("x;q=0.1,", 1250): Plain, strings.Repeat("x,", 5000) + "br": Brotli,
		"gzip;q=NaN": Plain, "gzip;q=-1": Plain, "gzip;q=\x00": Plain, "\xff": Plain, "br;q=1;q=0": Plain, "gzip;q=nonsense": Plain, "gzip;q=2": Plain, "gzip;level=9": Plain, "notgzip": Plain, "brr": Plain, ",,;;=,": Plain,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", header)
		if got := CodingFor(r); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

// Browsers without light-dark() show the light colours. They are written twice
// and must not drift apart.
func TestPlainColoursAreTheLightOnes(t *testing.T) {
	plain, modern, found := strings.Cut(styleSheet(t), "@supports (color: light-dark(")
	if !found {
		t.Fatal("the style sheet does not ask for light-dark()")
	}
	pairs := regexp.MustCompile(`(--[a-z0-9-]+): light-dark\((#[0-9A-F]{6}), #[0-9A-F]{6}\);`).FindAllStringSubmatch(modern, -1)
	if len(pairs) < 11 {
		t.Fatalf("%d colours, want at least 11", len(pairs))
	}
	for _, pair := range pairs {
		if !strings.Contains(plain, pair[1]+": "+pair[2]+";") {
			t.Errorf("%s is not %s for browsers without light-dark()", pair[1], pair[2])
		}
	}
}

func TestStyleSheetAsksNobodyElse(t *testing.T) {
	css := styleSheet(t)
	for _, word := range []string{"url(", "@import", "@font-face", "!important"} {
		if strings.Contains(css, word) {
			t.Errorf("the style sheet holds %q", word)
		}
	}
	if !strings.Contains(css, "@layer tokens, base, layout, parts, states, print;") {
		t.Error("the cascade layers are not in their order")
	}
}

// The modules name each other by their files' names, so a change to one gives
// all of them other addresses.
func TestModulesShareAnAddress(t *testing.T) {
	first, err := Asset("desk/desk.js")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^/static/desk\.[0-9a-f]{12}/desk\.js$`).MatchString(first) {
		t.Errorf("the module is at %s", first)
	}
	second, err := Asset("desk/ask.js")
	if err != nil || strings.TrimSuffix(first, "desk.js") != strings.TrimSuffix(second, "ask.js") {
		t.Errorf("%s and %s are not beside each other: %v", first, second, err)
	}
	if w := get(second); w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("%d, %v", w.Code, w.Header())
	}
}

// How large the desk's modules may be, compressed, with their comments, in
// bytes: all of them, and those that a page loads before anything is opened.
const (
	maxModules = 18 << 10
	maxLoaded  = 14 << 10
)

// imported finds what a module loads with it. What it loads when it is needed
// is called by import().
var imported = regexp.MustCompile(`(?m)^import (?:.* from )?'\./([a-z]+\.js)';$`)

func TestPagesLoadFewModules(t *testing.T) {
	total, loaded, next := 0, map[string]bool{}, []string{"desk.js", "board.js"} // an issue's page has the most
	for len(next) > 0 {
		name := next[0]
		if next = next[1:]; loaded[name] {
			continue
		}
		loaded[name] = true
		file := assets().named["desk/"+name]
		total += len(file.brotlied())
		for _, found := range imported.FindAllSubmatch(file.plain, -1) {
			next = append(next, string(found[1]))
		}
	}
	if total > maxLoaded || len(loaded) < 6 || loaded["row.js"] {
		t.Errorf("%v are %d bytes compressed, more than %d", slices.Sorted(maps.Keys(loaded)), total, maxLoaded)
	}
	t.Logf("%d modules, %d bytes compressed", len(loaded), total)
}

func TestModulesAreSmall(t *testing.T) {
	total := 0
	for name, file := range assets().named {
		if strings.HasSuffix(name, ".js") {
			t.Logf("%s: %d bytes, %d compressed", name, len(file.plain), len(file.brotlied()))
			total += len(file.brotlied())
		}
	}
	if total > maxModules {
		t.Errorf("the modules are %d bytes compressed, more than %d", total, maxModules)
	}
}

// A page of the desk loads our modules; readers' pages run nothing, but may hold
// a block of data.
var (
	module = regexp.MustCompile(`<script type="module" src="{{asset "desk/[a-z-]+\.js"}}"></script>`)
	data   = regexp.MustCompile(`<script type="application/ld\+json">{{\.}}</script>`)
)

// The content security policy refuses what these would do.
func TestTemplatesHoldNoStyleOrScript(t *testing.T) {
	refused := regexp.MustCompile(`(?i)<script|<style|<img|\sstyle=|\son[a-z]+=|javascript:`)
	err := fs.WalkDir(Templates(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(Templates(), name)
		if strings.HasPrefix(name, "desk/") || name == "base/desk.html" {
			text = module.ReplaceAll(text, nil)
		} else if name == "base/frame.html" {
			text = data.ReplaceAll(text, nil)
		}
		if found := refused.Find(text); found != nil {
			t.Errorf("%s holds %q", name, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
