package page

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

var (
	long  = NewBody("text/html; charset=utf-8", []byte(strings.Repeat("words of a page ", 200)))
	short = NewBody("text/plain; charset=utf-8", []byte("short"))
)

func serve(b Body, method string, header http.Header) *http.Response {
	r := httptest.NewRequest(method, "/", nil)
	r.Header = header
	w := httptest.NewRecorder()
	b.Serve(w, r)
	return w.Result()
}

func TestBodyPlainAndCompressed(t *testing.T) {
	plain := serve(long, http.MethodGet, http.Header{})
	zipped := serve(long, http.MethodGet, http.Header{"Accept-Encoding": {"gzip"}})
	brotlied := serve(long, http.MethodGet, http.Header{"Accept-Encoding": {"gzip, deflate, br, zstd"}})
	reader, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	unzipped, err1 := io.ReadAll(reader)
	expected, err2 := io.ReadAll(plain.Body)
	unbrotlied, err3 := io.ReadAll(brotli.NewReader(brotlied.Body))
	if err := errors.Join(err1, err2, err3); err != nil || string(unzipped) != string(expected) || string(unbrotlied) != string(expected) || len(expected) != 3200 {
		t.Errorf("compressed and plain differ: %v", err)
	}
	if tags := []string{plain.Header.Get("Etag"), zipped.Header.Get("Etag"), brotlied.Header.Get("Etag")}; len(slices.Compact(slices.Sorted(slices.Values(tags)))) != 3 {
		t.Errorf("the tags are %v", tags)
	}
	if brotlied.Header.Get("Content-Encoding") != "br" {
		t.Errorf("headers %v", brotlied.Header)
	}
	if plain.Header.Get("Etag") == zipped.Header.Get("Etag") || plain.Header.Get("Content-Encoding") != "" || zipped.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("headers %v and %v", plain.Header, zipped.Header)
	}
	for _, response := range []*http.Response{plain, zipped, brotlied} {
		if response.Header.Get("Vary") != "Accept-Encoding" || response.Header.Get("Cache-Control") != "public, max-age=0, stale-if-error=86400" {
			t.Errorf("headers %v", response.Header)
		}
	}
	if response := serve(short, http.MethodGet, http.Header{"Accept-Encoding": {"gzip"}}); response.Header.Get("Content-Encoding") != "" {
		t.Error("a few bytes are compressed")
	}
}

func TestHead(t *testing.T) {
	response := serve(long, http.MethodHead, http.Header{})
	body, err := io.ReadAll(response.Body)
	if err != nil || len(body) != 0 || response.Header.Get("Content-Length") != "3200" || response.StatusCode != http.StatusOK {
		t.Errorf("%d with %d bytes, %v, %v", response.StatusCode, len(body), response.Header, err)
	}
}

func TestIfNoneMatch(t *testing.T) {
	plain := serve(long, http.MethodGet, http.Header{}).Header.Get("Etag")
	zipped := serve(long, http.MethodGet, http.Header{"Accept-Encoding": {"gzip"}}).Header.Get("Etag")
	tests := map[string]struct {
		header http.Header
		status int
	}{
		"the same":               {http.Header{"If-None-Match": {plain}}, 304},
		"weak":                   {http.Header{"If-None-Match": {"W/" + plain}}, 304},
		"in a list":              {http.Header{"If-None-Match": {`"a" , ` + plain + `,"b"`}}, 304},
		"in a second line":       {http.Header{"If-None-Match": {`"a"`, plain}}, 304},
		"star":                   {http.Header{"If-None-Match": {"*"}}, 304},
		"another":                {http.Header{"If-None-Match": {`"a"`}}, 200},
		"of the other encoding":  {http.Header{"If-None-Match": {zipped}}, 200},
		"without quotes":         {http.Header{"If-None-Match": {strings.Trim(plain, `"`)}}, 200},
		"compressed, the same":   {http.Header{"If-None-Match": {zipped}, "Accept-Encoding": {"gzip"}}, 304},
		"compressed, plain tag":  {http.Header{"If-None-Match": {plain}, "Accept-Encoding": {"gzip"}}, 200},
		"after one with a comma": {http.Header{"If-None-Match": {`"a,", W/"," ,,` + plain}}, 304},
		"within another one":     {http.Header{"If-None-Match": {`"a,` + plain + `"`}}, 200},
		"right after one":        {http.Header{"If-None-Match": {`"a"` + plain}}, 200},
		"star among others":      {http.Header{"If-None-Match": {`"*", *x`}}, 200},
		"nothing that is a list": {http.Header{"If-None-Match": {`,,"`}}, 200},
	}
	for name, test := range tests {
		response := serve(long, http.MethodGet, test.header)
		body, err := io.ReadAll(response.Body)
		if response.StatusCode != test.status || err != nil || (len(body) == 0) != (test.status == 304) {
			t.Errorf("%s: %d with %d bytes, want %d", name, response.StatusCode, len(body), test.status)
		}
		if response.StatusCode == 304 && (response.Header.Get("Etag") == "" || response.Header.Get("Vary") == "" || response.Header.Get("Content-Length") != "") {
			t.Errorf("%s: 304 with %v", name, response.Header)
		}
	}
}
