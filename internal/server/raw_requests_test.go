package server_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// raw sends the bytes of a request, ends sending, and returns the answer.
func (s served) raw(request string) reply {
	s.t.Helper()
	connection, err := new(net.Dialer).DialContext(s.t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	must(s.t, err)
	defer connection.Close()
	go func() { _, _ = io.WriteString(connection, request) }() // what is too long is not read to its end
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	must(s.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(s.t, err)
	return reply{response.StatusCode, response.Header, string(body)}
}

// TestRequestsNoClientSends answers what only a raw connection can ask.
func TestRequestsNoClientSends(t *testing.T) {
	p := start(t, filled(t), nil)
	s := serve(t, p)
	const rest = " HTTP/1.1\r\nHost: weekly.example\r\nConnection: close\r\n\r\n"
	for request, want := range map[string]int{
		"GET /issues/100" + rest: 200, "GET http://evil.example/issues/100" + rest: 200, "GET //evil.example/issues/100" + rest: 404, "GET //issues//100" + rest: 308,
		"GET /issues/100 HTTP/1.0\r\n\r\n": 200, "GET /issues/\xef\xbc\x95" + rest: 404, "GET /\xff\xfe" + rest: 404, "GET /search?q=\xff\xfe" + rest: 200, "GET /search?q=a\tb" + rest: 400,
		"GET /\x00" + rest: 400, "GET /%00" + rest: 404, "GET /%zz" + rest: 400, "GET /%" + rest: 400, "GET issues/100" + rest: 400, "GET /issues/100 x" + rest: 400, "get /issues/100" + rest: 405,
		"GET /issues/100#4" + rest: 404, "GET /" + strings.Repeat("a", 40<<10) + rest: 404, "GET /" + strings.Repeat("a/", 20<<10) + rest: 404, "GET /" + strings.Repeat("../", 10<<10) + "about" + rest: 308,
		"GET /search?q=" + strings.Repeat("%27%22", 6<<10) + rest: 200, "GET /" + strings.Repeat("a", 2<<20) + rest: 431, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n": 400, "GET / HTTP/1.1\r\n\r\n": 400,
		"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n": 400, "GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n": 400,
	} {
		answer := s.raw(request)
		if said := leak.FindString(answer.body); answer.status != want || want >= http.StatusBadRequest && answer.body == "" || said != "" || strings.Contains(answer.header.Get("Location"), "evil") {
			t.Errorf("%.60q: %d, want %d; %.200q", request, answer.status, want, answer.body)
		}
	}
	if lines := p.log.read(t); len(lines) > 0 {
		t.Errorf("logged: %v", lines)
	}
}
