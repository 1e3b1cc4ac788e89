package server_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

var deskLinks = regexp.MustCompile(`href="(/desk[^"?#]*)"`)

// TestWhatWaitsStandsOnEveryPage follows every link that the owner's desk leads
// to, those of other packages among them, while an issue waits for somebody. It
// stands in /readyz, too.
func TestWhatWaitsStandsOnEveryPage(t *testing.T) {
	p, people := desk(t)
	owner := people[newsletter.Owner]
	crowdedDraft(t, p, owner)
	if w := p.get("/readyz"); w.Code != http.StatusOK || w.Body.String() != "ready\n" {
		t.Errorf("/readyz says %d %q", w.Code, w.Body)
	}
	if _, err := p.pool.Exec(t.Context(), "UPDATE issues SET state = 'scheduled', scheduled_at = now(), waits = 'it is late' WHERE number = 7"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.pool.Exec(t.Context(), `
		INSERT INTO river_job (kind, args, state, attempt, max_attempts, finalized_at) VALUES ('webhook', '{}', 'discarded', 8, 8, now())`); err != nil {
		t.Fatal(err)
	}
	if w := p.get("/readyz"); w.Code != http.StatusOK || w.Body.String() != "ready\nissues that wait for a person: 1\nbackground jobs that wait for a person: 1\n" {
		t.Errorf("/readyz says %d %q", w.Code, w.Body)
	}
	b := p.as(t, owner)
	seen := map[string]bool{}
	for _, link := range deskLinks.FindAllStringSubmatch(b.Page("/desk", http.StatusOK), -1) {
		if seen[link[1]] {
			continue
		}
		seen[link[1]] = true
		if page := b.Page(link[1], http.StatusOK); !strings.Contains(page, "7 waits for a curator: it is late</a>") {
			t.Errorf("%s does not say what waits", link[1])
		}
	}
	for _, path := range []string{"/desk/inbox", "/desk/people", "/desk/me", "/desk/settings", "/desk/activity"} {
		if !seen[path] {
			t.Errorf("the desk does not lead to %s", path)
		}
	}
	if page := p.as(t, newsletter.User{}).Page("/sign-in", http.StatusOK); strings.Contains(page, "waits for a curator") {
		t.Error("the sign-in says what waits")
	}
}
