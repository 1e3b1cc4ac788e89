package feed

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestJSONAsAReaderSeesIt(t *testing.T) {
	document, err := whole(source(), issue()).JSON()
	got := read(t, document, err)
	entry := got.Items[0]
	want := map[string]string{
		"version": "https://jsonfeed.org/version/1.1", "title": "The Quiet Pager", "description": "Five links a week for people on call.", "author": "The Quiet Pager",
		"link": "https://weekly.example/", "self": "https://weekly.example/feed.json", "language": "en-GB",
		"entry": "139: The alert nobody dared delete", "entry link": "https://weekly.example/issues/139",
		"id": "tag:weekly.example,2013-09-02:139", "published": "2013-09-02T07:00:00Z",
		"entry updated": "2013-09-05T07:00:00Z", "summary": "The alert nobody dared delete",
	}
	if diff := cmp.Diff(want, map[string]string{
		"version": got.FeedVersion, "title": got.Title, "description": got.Description, "author": got.Authors[0].Name,
		"link": got.Link, "self": got.FeedLink, "language": got.Language,
		"entry": entry.Title, "entry link": entry.Link, "id": entry.GUID, "published": entry.Published,
		"entry updated": entry.Updated, "summary": entry.Description,
	}); diff != "" {
		t.Error(diff)
	}
	if whole := string(whole(source(), issue()).entries[0].html); entry.Content != whole {
		t.Errorf("the content is %q, want %q", entry.Content, whole)
	}
}

// TestJSONRequirements holds the document against JSON Feed 1.1: version and
// title and items have to be there, of each item its id and its content.
func TestJSONRequirements(t *testing.T) {
	for name, revisions := range map[string][]newsletter.Revision{"full": {issue()}, "empty": nil} {
		document, err := whole(source(), revisions...).JSON()
		if err != nil {
			t.Fatal(err)
		}
		var root struct {
			Version string
			Title   *string
			Items   []map[string]any
		}
		if err := json.Unmarshal(document, &root); err != nil {
			t.Fatal(err)
		}
		if root.Version != "https://jsonfeed.org/version/1.1" || root.Title == nil || root.Items == nil || len(root.Items) != len(revisions) {
			t.Errorf("%s: %s", name, document)
		}
		for _, item := range root.Items {
			for _, field := range []string{"id", "url", "title", "content_html", "date_published", "date_modified"} {
				if text, ok := item[field].(string); !ok || text == "" {
					t.Errorf("%s: %s is %v", name, field, item[field])
				}
			}
		}
	}
}
