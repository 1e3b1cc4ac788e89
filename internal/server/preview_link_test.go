package server_test

import (
	"net/http"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// TestASecretPreviewIsKeptByNobody asks with a secret that works, and with one
// that does not any more.
func TestASecretPreviewIsKeptByNobody(t *testing.T) {
	p, people := desk(t)
	owner := people[newsletter.Owner]
	crowdedDraft(t, p, owner)
	secret, err := p.store.NewPreviewLink(t.Context(), owner, 7)
	if err != nil {
		t.Fatal(err)
	}
	for _, status := range []int{http.StatusOK, http.StatusNotFound} {
		w := p.get(address.Preview(secret))
		if w.Code != status {
			t.Fatalf("status %d, want %d", w.Code, status)
		}
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer", "ETag": "", "Last-Modified": "",
		} {
			if got := strings.Join(w.Header().Values(name), " AND "); got != want {
				t.Errorf("%d has %s %q, want %q", status, name, got, want)
			}
		}
		if err := p.store.RevokePreviewLink(t.Context(), owner, 7); err != nil {
			t.Fatal(err)
		}
	}
}
