package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"broadsheet/internal/page"
)

func TestRequestsOfOtherSites(t *testing.T) {
	p := start(t, filled(t), nil)
	done := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	p.HandleFunc("/test/deed", done)
	tests := []struct {
		name, method string
		headers      []string
		status       int
	}{
		{"another site's form", "POST", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a neighbour's form", "POST", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"our own form", "POST", []string{"Sec-Fetch-Site", "same-origin"}, 204},
		{"typed by a person", "POST", []string{"Sec-Fetch-Site", "none"}, 204},
		{"an old browser elsewhere", "POST", []string{"Origin", "https://evil.example"}, 403},
		{"an old browser in a sandbox", "POST", []string{"Origin", "null"}, 403},
		{"an old browser on our page", "POST", []string{"Origin", string(base)}, 204},
		{"the same name without its lock", "POST", []string{"Origin", "http://weekly.example"}, 403},
		{"no browser", "POST", nil, 204},
		{"a link on another site", "GET", []string{"Sec-Fetch-Site", "cross-site"}, 204},
		{"deleting from elsewhere", "DELETE", []string{"Sec-Fetch-Site", "cross-site"}, 403},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if w := p.ask(test.method, "http://inside.example:8080/test/deed", test.headers...); w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
		})
	}
}

// shapeless hides how long a body is.
type shapeless struct{ io.Reader }

func TestBodiesAreBounded(t *testing.T) {
	p := start(t, filled(t), nil)
	errorPages := page.Errors{}
	p.Post("/test/form", errorPages.Handle(func(w http.ResponseWriter, r *http.Request) error {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			_, err = w.Write(body[:0])
		}
		return err
	}))
	const most = 1 << 20
	for size, want := range map[int]int{0: 200, most: 200, most + 1: 413, 4 * most: 413} {
		body := strings.NewReader(strings.Repeat("x", size))
		for _, r := range []*http.Request{
			httptest.NewRequest(http.MethodPost, "/test/form", body),
			httptest.NewRequest(http.MethodPost, "/test/form", shapeless{strings.NewReader(strings.Repeat("x", size))}),
		} {
			if w := p.answer(r); w.Code != want {
				t.Errorf("%d bytes, said to be %d: status %d, want %d", size, r.ContentLength, w.Code, want)
			}
		}
	}
}
