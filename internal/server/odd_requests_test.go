package server_test

import (
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
)

// reply is an answer as it came over the network.
type reply struct {
	status int
	header http.Header // without the date
	body   string
}

// served is a program behind a listener, as clients of every kind meet it.
type served struct {
	t      *testing.T
	url    string
	client *http.Client
}

func serve(t *testing.T, p *program) served {
	t.Helper()
	listener := httptest.NewServer(p)
	t.Cleanup(listener.Close)
	client := listener.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Transport.(*http.Transport).DisableCompression = true
	return served{t, listener.URL, client}
}

// ask sends a request; headers are names and values in turn.
func (s served) ask(method, target string, headers ...string) reply {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+target, nil)
	must(s.t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	response, err := s.client.Do(r)
	must(s.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(s.t, err)
	response.Header.Del("Date")
	return reply{response.StatusCode, response.Header, string(body)}
}

// elsewhere are addresses that no route answers.
var elsewhere = []visit{
	{"/nothing", 404}, {"/issues/100/", 308}, {"/%69ssues/100", 308}, {"/old/address.html", 308}, {"/issues/+5", 404}, {"/sections/News?page=02", 308},
}

// TestHeadIsGetWithoutBody asks every public page, feed and error page both ways.
func TestHeadIsGetWithoutBody(t *testing.T) {
	p := start(t, filled(t), nil)
	all, s := routes(t, p), serve(t, p)
	all["elsewhere"] = elsewhere
	for _, states := range all {
		for _, state := range states {
			for _, coding := range []string{"identity", "gzip"} {
				get, head := s.ask(http.MethodGet, state.target, "Accept-Encoding", coding), s.ask(http.MethodHead, state.target, "Accept-Encoding", coding)
				if get.status != state.status || head.status != state.status || head.body != "" {
					t.Errorf("%s: GET %d, HEAD %d with %d bytes, want %d and no body", state.target, get.status, head.status, len(head.body), state.status)
				}
				if get.header.Get("Location") != "" {
					get.header.Del("Content-Length") // of a sentence that is only made for GET (RFC 9110, section 9.3.2)
				}
				if diff := cmp.Diff(get.header, head.header); diff != "" {
					t.Errorf("%s, %s (-GET +HEAD):\n%s", state.target, coding, diff)
				}
			}
		}
	}
}

// TestConditionsOnEveryPage holds what is asked again against what was given.
func TestConditionsOnEveryPage(t *testing.T) {
	p := start(t, filled(t), nil)
	all, s := routes(t, p), serve(t, p)
	for _, states := range all {
		for _, state := range states {
			first := s.ask(http.MethodGet, state.target)
			tag := first.header.Get("Etag")
			if first.status != http.StatusOK || tag == "" {
				continue
			}
			for condition, want := range map[string]int{
				tag: 304, "W/" + tag: 304, `"other", ` + tag: 304, `W/"x",` + tag + `, "y"`: 304, "*": 304,
				`"other"`: 200, strings.Trim(tag, `"`): 200, tag[:len(tag)-1]: 200, `"`: 200, ",": 200, `""`: 200, strings.Repeat(`"x",`, 2500): 200,
			} {
				again := s.ask(http.MethodGet, state.target, "If-None-Match", condition)
				if again.status != want || (again.body == "") != (want == 304) || again.header.Get("Etag") != tag {
					t.Errorf("%s, If-None-Match %.40s: %d with %d bytes, want %d", state.target, condition, again.status, len(again.body), want)
				}
			}
		}
	}
}

// Nobody needs a part of a page: RFC 9110, section 14.2, lets a server leave
// the header out of account.
func TestRangesAreLeftOutOfAccount(t *testing.T) {
	p := start(t, filled(t), nil)
	all, s := routes(t, p), serve(t, p)
	for _, states := range all {
		for _, state := range states {
			whole := s.ask(http.MethodGet, state.target)
			for _, wanted := range []string{"bytes=0-9", "bytes=0-1,5-6,7-", "bytes=-5", "bytes=99999999-", "bytes=9-1", "lines=1", "bytes=" + strings.Repeat("0-1,", 2500)} {
				for _, condition := range []string{whole.header.Get("Etag"), `"other"`} {
					part := s.ask(http.MethodGet, state.target, "Range", wanted, "If-Range", condition)
					if diff := cmp.Diff(whole, part, cmp.AllowUnexported(reply{})); diff != "" {
						t.Errorf("%s, Range %.20s (-whole +part):\n%s", state.target, wanted, diff)
					}
				}
			}
		}
	}
}

// TestOddEncodings has pages come in the coding that is liked best, the same
// words in each.
func TestOddEncodings(t *testing.T) {
	s := serve(t, start(t, filled(t), nil))
	decoders := map[string]func(io.Reader) (io.Reader, error){
		"":     func(r io.Reader) (io.Reader, error) { return r, nil },
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	}
	for _, target := range []string{"/issues/100", "/feed.xml", "/search?q=gulls"} {
		plain := s.ask(http.MethodGet, target).body
		for accept, want := range map[string]string{
			"gzip;q=0": "", "identity;q=0": "", "*;q=0": "", "br;q=0.5,gzip": "gzip", "br, gzip;q=0.5": "br", "*": "br", "zstd, gzip": "gzip",
			"nonsense;;;=,q=1": "", "GZIP": "gzip", "gzip;q=abc": "", "\xff": "", strings.Repeat("a;q=0.5, ", 1150) + "gzip": "gzip",
		} {
			answer := s.ask(http.MethodGet, target, "Accept-Encoding", accept)
			if got := answer.header.Get("Content-Encoding"); answer.status != http.StatusOK || got != want || answer.header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s, Accept-Encoding %.30q: %d in %q, want %q; Vary %q", target, accept, answer.status, got, want, answer.header.Get("Vary"))
				continue
			}
			decoded, err := decoders[want](strings.NewReader(answer.body))
			must(t, err)
			if words, err := io.ReadAll(decoded); err != nil || string(words) != plain {
				t.Errorf("%s, Accept-Encoding %.30q: other words, %v", target, accept, err)
			}
		}
	}
}

// What a client would rather have, or says of itself, changes nothing.
func TestOddHeadersChangeNothing(t *testing.T) {
	s := serve(t, start(t, filled(t), nil))
	long := strings.Repeat("x", 10<<10)
	for _, target := range []string{"/issues/100", "/feed.xml", "/nothing", "/search?q=gulls"} {
		usual := s.ask(http.MethodGet, target)
		for _, header := range [][]string{
			{"Accept", "application/json"}, {"Accept", "image/*;q=0"}, {"Accept", long}, {"Accept", "\xff;;q=x,"}, {"Accept-Language", "tlh, *;q=0"}, {"Accept-Charset", "utf-7"},
			{"Cookie", long}, {"Cookie", "session=\xff; __Host-session=x"}, {"User-Agent", ""}, {"Referer", "javascript:alert(1)"}, {"Content-Type", "multipart/form-data"},
			{"If-Modified-Since", "yesterday"}, {"If-Modified-Since", "Thu, 01 Jan 2099 00:00:00 GMT"}, {"If-Match", `"other"`}, {"Expect", "200-maybe"}, {"X-Desk", "1"}, {"X-Http-Method-Override", "DELETE"},
		} {
			got := s.ask(http.MethodGet, target, header...)
			if header[0] == "Expect" && got.status == http.StatusExpectationFailed {
				continue // by RFC 9110, section 10.1.1
			}
			if diff := cmp.Diff(usual, got, cmp.AllowUnexported(reply{})); diff != "" {
				t.Errorf("%s, %s: %.20q (-usual +got):\n%.2000s", target, header[0], header[1], diff)
			}
		}
	}
}

// TestHostileQuestions sends every parameter that readers' pages take, and some
// that they do not, what no page of ours does.
func TestHostileQuestions(t *testing.T) {
	p := start(t, filled(t), nil)
	all, s := routes(t, p), serve(t, p)
	good := url.Values{"q": {"gulls"}, "section": {"news"}, "year": {"2026"}, "site": {"gulls.example"}, "order": {"newest"}, "page": {"1"}, "\xff": {"x"}}
	ask := func(target, query string) {
		answer := s.ask(http.MethodGet, target+"?"+query)
		found := answer.status == http.StatusOK || answer.status == http.StatusFound || answer.status == http.StatusPermanentRedirect
		if said := leak.FindString(answer.body); !found && answer.status != http.StatusNotFound || said != "" || len(answer.header.Get("Location")) > longestAddress {
			t.Errorf("%s?%.60s: %d, %q, a Location of %d bytes", target, query, answer.status, said, len(answer.header.Get("Location")))
		}
		if answer.status == http.StatusNotFound && !strings.Contains(answer.body, `action="/search"`) {
			t.Errorf("%s?%.60s: 404 without a search", target, query)
		}
	}
	values := append([]string{strings.Repeat("gulls ", 1<<11), strings.Repeat("(", 10<<10), strings.Repeat("\xf0\x9f\x98\x80", 2<<10), strings.Repeat("a -b or \"c d\" ", 800), "５", "+5", "007"}, hostile[:len(hostile)-1]...)
	for name := range good {
		for _, bad := range values {
			query := maps.Clone(good)
			query[name] = []string{bad, good.Get(name)}
			ask("/search", query.Encode())
			ask("/sections/news", url.Values{name: {bad}}.Encode())
		}
	}
	for _, raw := range []string{"q=a&q=b", "q=gulls&q=", "page=1&page=2", strings.Repeat("q=a&", 12_000), strings.Repeat("&", 50_000), "q=%zz", "q=%", "q;=a;", "%00=%00", "q[]=a", "q=" + strings.Repeat("%25", 10<<10)} {
		for route, states := range all {
			if path, _, _ := strings.Cut(states[0].target, "?"); states[0].status == http.StatusOK && route != "/static/*" {
				ask(path, raw)
			}
		}
	}
	if lines := p.log.read(t); len(lines) > 0 {
		t.Errorf("logged: %v", lines)
	}
}

// A method that no address takes finds nothing where nothing is.
func TestOddMethodsElsewhere(t *testing.T) {
	s := serve(t, start(t, filled(t), nil))
	for _, method := range []string{"BREW", http.MethodPost, http.MethodOptions, http.MethodTrace} {
		if answer := s.ask(method, "/nothing", "Sec-Fetch-Site", "same-origin"); answer.status != http.StatusNotFound || !strings.Contains(answer.body, `action="/search"`) {
			t.Errorf("%s /nothing: %d", method, answer.status)
		}
	}
}
