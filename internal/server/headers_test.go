package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/address"
	"broadsheet/internal/server"
	"broadsheet/web"
)

const strictTransport = "Strict-Transport-Security"

// wanted are the headers that every answer has, whatever it is.
var wanted = map[string]string{
	"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":  "nosniff",
	strictTransport:           "max-age=31536000",
}

// wantedInside are those that answers have besides where it matters who asks.
var wantedInside = map[string]string{
	"Referrer-Policy":            "strict-origin-when-cross-origin",
	"Cross-Origin-Opener-Policy": "same-origin",
	"X-Frame-Options":            "DENY",
}

// securityOf returns those headers of an answer that the wanted ones are about.
func securityOf(w *httptest.ResponseRecorder, wanted map[string]string) map[string]string {
	got := map[string]string{}
	for name := range wanted {
		if lines := w.Result().Header.Values(name); len(lines) > 0 {
			got[name] = strings.Join(lines, " AND ")
		}
	}
	return got
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	p := start(t, filled(t), nil)
	p.Get("/test/panic", func(http.ResponseWriter, *http.Request) { panic("on purpose") })
	style, err := web.Asset("site.css")
	if err != nil {
		t.Fatal(err)
	}
	tag := p.get("/issues/100").Header().Get("ETag")
	tests := []struct {
		method, target string
		headers        []string
		status         int
	}{
		{"GET", "/", nil, 200},
		{"HEAD", "/", nil, 200},
		{"GET", "/issues/100", []string{"If-None-Match", tag}, 304},
		{"GET", "/latest", nil, 302},
		{"GET", "/100.2", nil, 308},
		{"GET", "/old/address.html", nil, 308},
		{"GET", "/feed.xml", nil, 200},
		{"GET", "/sections/news/atom.xml", nil, 200},
		{"GET", "/sitemap.xml", nil, 200},
		{"GET", "/issues/100.json", nil, 200},
		{"GET", style, nil, 200},
		{"GET", "/static/nothing.css", nil, 404},
		{"GET", "/nothing", nil, 404},
		{"GET", "/issues/99", nil, 410},
		{"POST", "/", nil, 405},
		{"BREW", "/", nil, 405},
		{"POST", "/", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"GET", "/test/panic", nil, 500},
		{"GET", "/livez", nil, 200},
		{"GET", "/readyz", nil, 200},
	}
	for _, test := range tests {
		w := p.ask(test.method, test.target, test.headers...)
		if w.Code != test.status {
			t.Errorf("%s %s %v: status %d, want %d", test.method, test.target, test.headers, w.Code, test.status)
		}
		if diff := cmp.Diff(wanted, securityOf(w, wanted)); diff != "" {
			t.Errorf("%s %s %v (-want +got):\n%s", test.method, test.target, test.headers, diff)
		}
	}
}

func TestWindowsOfTheDeskAreGuarded(t *testing.T) {
	p := start(t, filled(t), nil)
	for _, target := range []string{"/sign-in", "/desk", "/desk/inbox", "/desk/settings"} {
		if diff := cmp.Diff(wantedInside, securityOf(p.get(target), wantedInside)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", target, diff)
		}
	}
	if page := p.get("/issues/100").Body.String(); !strings.Contains(page, `<meta name="referrer" content="strict-origin-when-cross-origin">`) {
		t.Error("a public page says nothing of referrers")
	}
}

// A map of headers in Go is quick up to eight of them.
func TestAHeldPageHasFewHeaders(t *testing.T) {
	p := start(t, filled(t), func(o *server.Options) { o.Base = "http://localhost:8080" })
	w := p.get("/issues/100", "Accept-Encoding", "br")
	if n := len(w.Result().Header); n > 8 || w.Header().Get("Content-Encoding") != "br" {
		t.Errorf("%d headers: %v", n, w.Header())
	}
}

func TestPoliciesAllowNoScript(t *testing.T) {
	p := start(t, filled(t), nil)
	policy := p.get("/").Header().Get("Content-Security-Policy")
	for directive := range strings.SplitSeq(policy, ";") {
		name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
		if strings.HasPrefix(name, "script-src") || strings.Contains(sources, "unsafe") || strings.ContainsAny(sources, "*:") {
			t.Errorf("the policy says %q", directive)
		}
		if name == "default-src" && sources != "'none'" {
			t.Errorf("what is not named falls back to %s", sources)
		}
	}
}

func TestStrictTransportIsForHTTPS(t *testing.T) {
	for base, want := range map[address.Base]string{"https://weekly.example": wanted[strictTransport], "http://localhost:8080": ""} {
		p := start(t, filled(t), func(o *server.Options) { o.Base = base })
		if got := p.get("/").Header().Get(strictTransport); got != want {
			t.Errorf("with %s the header is %q, want %q", base, got, want)
		}
	}
}

func TestABaseIsNeeded(t *testing.T) {
	if _, err := server.Router(server.Options{}); err == nil {
		t.Error("a router without a public address was made")
	}
}

// TestTheClientDoesNotNameUs sends every route a host of the client's choice.
func TestTheClientDoesNotNameUs(t *testing.T) {
	p := start(t, filled(t), nil)
	for route, states := range routes(t, p) {
		for _, s := range states {
			r := httptest.NewRequest(http.MethodGet, s.target, nil)
			r.Host = "evil.example"
			for _, name := range []string{"X-Forwarded-Host", "Forwarded", "X-Original-Url", "X-Rewrite-Url", "X-Forwarded-Proto"} {
				r.Header.Set(name, "evil.example")
			}
			w := p.answer(r)
			if strings.Contains(w.Body.String(), "evil.example") {
				t.Errorf("%s: the page of %s has the client's host", route, s.target)
			}
			for name, values := range w.Header() {
				if strings.Contains(strings.Join(values, " "), "evil.example") {
					t.Errorf("%s: %s of %s has the client's host", route, name, s.target)
				}
			}
		}
	}
	if feed := p.get("/feed.xml").Body.String(); !strings.Contains(feed, string(base)+"/issues/102") {
		t.Errorf("the feed does not lead to %s", base)
	}
}
