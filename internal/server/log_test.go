package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet/internal/server"
)

func withAccessLog(o *server.Options) { o.AccessLog = true }

func TestAPanicIsLoggedAndNotShown(t *testing.T) {
	for name, change := range map[string]func(*server.Options){"quiet": nil, "access log": withAccessLog} {
		t.Run(name, func(t *testing.T) {
			p := start(t, filled(t), change)
			p.Get("/test/panic", explode)
			w := p.get("/test/panic", "X-Request-Id", "mine")
			if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "Something went wrong here") {
				t.Errorf("the answer is %d\n%s", w.Code, w.Body)
			}
			if strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "goroutine") {
				t.Errorf("the visitor reads\n%s", w.Body)
			}
			var failures []map[string]any
			for _, line := range p.log.read(t) {
				if line["level"] == "ERROR" {
					failures = append(failures, line)
				}
			}
			if len(failures) != 1 {
				t.Fatalf("logged %d failures: %v", len(failures), failures)
			}
			words, _ := failures[0]["error"].(string)
			if id, _ := failures[0]["id"].(string); id == "" || id == "mine" {
				t.Errorf("the request's id is %q", id)
			}
			if !strings.Contains(words, "panic: secret words") || !strings.Contains(words, "server_test.explode") {
				t.Errorf("the log does not say what happened and where: %s", words)
			}
		})
	}
}

func explode(http.ResponseWriter, *http.Request) { panic("secret words") }

// TestAbortedRequestsStayAborted: net/http's own way to break an answer off is
// not a fault to be answered.
func TestAbortedRequestsStayAborted(t *testing.T) {
	p := start(t, filled(t), nil)
	p.Get("/test/abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	defer func() {
		if fault := recover(); fault != http.ErrAbortHandler {
			t.Errorf("what reaches net/http is %v", fault)
		}
		if lines := p.log.read(t); len(lines) > 0 {
			t.Errorf("logged: %v", lines)
		}
	}()
	p.get("/test/abort")
}

func TestWithoutAccessLogOrdinaryAnswersAreNotLogged(t *testing.T) {
	p := start(t, filled(t), nil)
	tag := p.get("/").Header().Get("ETag")
	for target, status := range map[string]int{"/": 304, "/archive": 200, "/latest": 302, "/nothing": 404, "/issues/99": 410, "/livez": 200} {
		if w := p.get(target, "If-None-Match", tag); w.Code != status {
			t.Errorf("%s: %d, want %d", target, w.Code, status)
		}
	}
	if lines := p.log.read(t); len(lines) > 0 {
		t.Errorf("logged: %v", lines)
	}
}

func TestAccessLog(t *testing.T) {
	p := start(t, filled(t), withAccessLog)
	full := p.get("/issues/100")
	p.log.read(t)
	tests := []struct {
		name   string
		w      *httptest.ResponseRecorder
		path   string
		route  string
		status float64
	}{
		{"page", p.get("/issues/101"), "/issues/101", "/issues/{number:[0-9]+}", 200},
		{"not modified", p.get("/issues/100", "If-None-Match", full.Header().Get("ETag")), "/issues/100", "/issues/{number:[0-9]+}", 304},
		{"head", p.ask("HEAD", "/archive"), "/archive", "/archive", 200},
		{"redirect", p.get("/latest"), "/latest", "/latest", 302},
		{"missing", p.get("/nothing%0alevel=ERROR"), "/nothing\nlevel=ERROR", "", 404},
		{"other site", p.ask("POST", "/", "Sec-Fetch-Site", "cross-site"), "/", "", 403},
	}
	lines := p.log.read(t)
	if len(lines) != len(tests) {
		t.Fatalf("%d lines of %d requests: %v", len(lines), len(tests), lines)
	}
	ids := map[any]bool{}
	for i, test := range tests {
		line := lines[i]
		want := map[string]any{
			"level": "INFO", "msg": "request", "path": test.path, "route": test.route,
			"status": test.status, "bytes": float64(test.w.Body.Len()), "client": "192.0.2.1",
		}
		ignore := cmpopts.IgnoreMapEntries(func(name string, _ any) bool {
			return name == "time" || name == "id" || name == "duration" || name == "method"
		})
		if diff := cmp.Diff(want, line, ignore); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if d, ok := line["duration"].(float64); !ok || d <= 0 {
			t.Errorf("%s took %v", test.name, line["duration"])
		}
		ids[line["id"]] = true
	}
	if len(ids) != len(tests) {
		t.Errorf("%d ids of %d requests: %v", len(ids), len(tests), ids)
	}
}

func TestForwardedAddresses(t *testing.T) {
	const ours, peer = "192.0.2.0/24", "192.0.2.1" // where httptest's requests come from
	tests := []struct {
		name      string
		proxies   []string
		forwarded string
		client    string
	}{
		{"nobody is trusted", nil, "203.0.113.9", peer},
		{"from somebody else", []string{"10.0.0.0/8"}, "203.0.113.9", peer},
		{"from a proxy", []string{ours}, "203.0.113.9", "203.0.113.9"},
		{"over two proxies", []string{ours, "10.0.0.0/8"}, "203.0.113.9, 10.1.2.3", "203.0.113.9"},
		{"the client made up the beginning", []string{ours}, "198.51.100.7, 203.0.113.9", "203.0.113.9"},
		{"not an address", []string{ours}, "localhost", ""},
		{"half an address", []string{ours}, "203.0.113.9, nonsense", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := start(t, filled(t), func(o *server.Options) { o.AccessLog, o.TrustedProxies = true, test.proxies })
			p.get("/livez", "X-Forwarded-For", test.forwarded, "X-Real-Ip", "198.51.100.8", "True-Client-Ip", "198.51.100.9")
			lines := p.log.read(t)
			if len(lines) != 1 || lines[0]["client"] != test.client {
				t.Errorf("logged %v, want the client %q", lines, test.client)
			}
		})
	}
}

func TestRequestIDsAreOurs(t *testing.T) {
	p := start(t, filled(t), withAccessLog)
	p.get("/livez", "X-Request-Id", "mine", "Request-Id", "mine")
	if lines := p.log.read(t); len(lines) != 1 || lines[0]["id"] == "mine" || lines[0]["id"] == "" {
		t.Errorf("logged %v", lines)
	}
}
