package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// TestReadersGetWhatIsAddedAndNotWhatIsRedacted adds a forgotten item to a printed
// issue and takes words out again, and looks at everything that readers get each
// time.
func TestReadersGetWhatIsAddedAndNotWhatIsRedacted(t *testing.T) {
	p, people := desk(t)
	o := &objects{t: t, p: p, people: people, numbers: 100}
	last := o.issue(newsletter.Published)
	path := address.Issue(last.Number)
	places := []string{path, path + ".md", path + ".txt", path + ".json", "/", "/feed.xml", "/atom.xml", "/feed.json",
		"/sections/news", "/sites/zeppelin.example", "/search?q=Zeppelin", "/search?q=redacted"}
	curator, owner := p.as(t, people[newsletter.Curator]), p.as(t, people[newsletter.Owner])
	unmarked := strings.NewReplacer("<mark>", "", "</mark>", "") // which search puts around what it found
	has := func(word string) map[string]bool {
		held := map[string]bool{}
		for _, place := range places {
			seen := look(p, place, "")
			held[place] = seen.status == http.StatusOK && strings.Contains(unmarked.Replace(seen.body), word)
		}
		return held
	}
	answer := curator.Post("/desk"+path+"/correct", url.Values{"part": {"item"}, "key": {"one"}, "stands": {fmt.Sprint(last.Sections[0].ID)},
		"note": {"By Zeppelin Doe."}, "url": {"https://zeppelin.example/x"}, "sentence": {"Zeppelin Doe was forgotten."}})
	if answer.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", answer.Code, answer.Body)
	}
	for place, held := range has("Zeppelin Doe") {
		if !held && !strings.HasSuffix(place, "redacted") {
			t.Errorf("%s lacks what was added", place)
		}
	}
	tags := map[string]string{}
	for _, place := range places {
		tags[place] = look(p, place, "").tag
	}
	answer = owner.Post(address.Redact, url.Values{"words-to-redact": {"Zeppelin Doe"}})
	times := between(answer.Body.String(), `name="times" value="`, `"`)
	answer = owner.Post(address.Redact, url.Values{"words-to-redact": {"Zeppelin Doe"}, "do": {"redact"}, "times": {times}})
	if answer.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", answer.Code, answer.Body)
	}
	for place, held := range has("Zeppelin Doe") {
		if held {
			t.Errorf("%s still has the words", place)
		}
		if tags[place] != "" && place != "/search?q=redacted" && look(p, place, tags[place]).status == http.StatusNotModified {
			t.Errorf("%s: who has the words is told that they are the newest", place)
		}
	}
	for _, place := range []string{path, path + ".json", "/atom.xml", "/search?q=redacted"} {
		if !has("(redacted)")[place] {
			t.Errorf("%s does not say that words were taken out", place)
		}
	}
}

// between returns what stands between two texts, or "".
func between(text, before, after string) string {
	_, text, _ = strings.Cut(text, before)
	text, _, _ = strings.Cut(text, after)
	return text
}
