package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// TestAWithdrawnIssueIsGoneAndComesBack looks at everything that readers get of
// an issue, before it is withdrawn, meanwhile, and when it is reinstated.
func TestAWithdrawnIssueIsGoneAndComesBack(t *testing.T) {
	p, people := desk(t)
	o := &objects{t: t, p: p, people: people, numbers: 100}
	o.issue(newsletter.Published)
	last := o.issue(newsletter.Published)
	path := address.Issue(last.Number)
	curator := p.as(t, people[newsletter.Curator])
	places := append([]string{path, path + ".md", path + ".txt", path + ".json"}, turning...)
	see := func() map[string]sight {
		seen := map[string]sight{}
		for _, place := range places {
			seen[place] = look(p, place, "")
		}
		return seen
	}
	before := see()
	if page := curator.Page("/desk"+path+"/withdraw", http.StatusOK); !strings.Contains(page, "says that it is gone") {
		t.Errorf("the page asks nothing:\n%s", page)
	}
	curator.Post("/desk"+path+"/withdraw", url.Values{})
	gone := see()
	for _, place := range places {
		own := strings.HasPrefix(place, path)
		if own && (gone[place].status != http.StatusGone || gone[place].tag != "") {
			t.Errorf("%s: %d", place, gone[place].status)
		}
		if !own && strings.Contains(gone[place].body+gone[place].location, path) {
			t.Errorf("%s still has it", place)
		}
		if before[place].tag != "" && look(p, place, before[place].tag).status == http.StatusNotModified && strings.Contains(before[place].body, path) {
			t.Errorf("%s: who has the old page is told that it is the newest", place)
		}
	}
	if page := curator.Page("/desk"+path, http.StatusOK); !strings.Contains(page, "Withdrawn") || !strings.Contains(page, "Reinstate "+strconv.Itoa(last.Number)) {
		t.Errorf("the board says\n%s", page)
	}
	curator.Post("/desk"+path+"/reinstate", url.Values{})
	after := see()
	for _, place := range places {
		if after[place] != before[place] {
			t.Errorf("%s came back otherwise than it was", place)
		}
	}
}
