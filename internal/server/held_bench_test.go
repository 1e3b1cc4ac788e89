package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"broadsheet/internal/server"
)

// discard is a ResponseWriter that keeps nothing but its headers.
type discard http.Header

func (d discard) Header() http.Header       { return http.Header(d) }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

// BenchmarkHeldPage answers with a page that is held, as browsers ask for it:
// all that a request costs beside the connection.
func BenchmarkHeldPage(b *testing.B) {
	p := start(b, filled(b), func(o *server.Options) { o.Base = "http://localhost:8080" })
	r := httptest.NewRequest(http.MethodGet, "/issues/100", nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	r.Header.Set("Sec-Fetch-Site", "none")
	b.ReportAllocs()
	for b.Loop() {
		p.ServeHTTP(discard{}, r)
	}
}
