package page

import (
	"encoding/json"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// dataOf returns what a page says of itself, or nil.
func dataOf(t *testing.T, frame Frame) map[string]any {
	t.Helper()
	body, err := Define[errorView]("site/error.html").Bytes(errorView{Frame: frame})
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindSubmatch(body)
	if found == nil {
		return nil
	}
	var data map[string]any
	if err := json.Unmarshal(found[1], &data); err != nil {
		t.Fatalf("%v in %s", err, found[1])
	}
	return data
}

func TestPagesSayWhatTheyAre(t *testing.T) {
	frame := Frame{
		Publication: newsletter.Publication{Name: `The </script> "Pager" & co`, Language: "en-GB"},
		Base:        "https://weekly.example", Title: "Issue 139", Path: "/issues/139", Description: "Fog.", Issue: 139,
		PublishedAt: time.Date(2013, 9, 2, 8, 0, 0, 0, time.UTC), RevisedAt: time.Date(2013, 9, 5, 8, 0, 0, 0, time.UTC),
	}
	want := map[string]any{
		"@context": "https://schema.org", "@type": "PublicationIssue", "name": `Issue 139 · The </script> "Pager" & co`,
		"url": "https://weekly.example/issues/139", "description": "Fog.", "inLanguage": "en-GB", "issueNumber": 139.,
		"datePublished": "2013-09-02T08:00:00Z", "dateModified": "2013-09-05T08:00:00Z",
		"isPartOf": map[string]any{"@type": "Periodical", "name": `The </script> "Pager" & co`, "url": "https://weekly.example/"},
	}
	if diff := cmp.Diff(want, dataOf(t, frame)); diff != "" {
		t.Error(diff)
	}
	frame.Path = "/"
	home := dataOf(t, frame)
	action, _ := home["potentialAction"].(map[string]any)
	if home["@type"] != "WebSite" || home["url"] != "https://weekly.example/" || action["target"] != "https://weekly.example/search?q={words}" {
		t.Errorf("the home page says %v", home)
	}
	frame.Issue = 0
	for path, want := range map[string]any{"/archive": "CollectionPage", "/about": "AboutPage", "/search": nil} {
		frame.Path = path
		if data := dataOf(t, frame); data["@type"] != want {
			t.Errorf("%s says %v", path, data)
		}
	}
}
