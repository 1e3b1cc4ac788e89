package exchange

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadOldFeed(t *testing.T) {
	day := time.Date(2013, time.September, 1, 8, 0, 0, 0, time.UTC)
	const rss = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Old</title><link>https://old.example/</link>
		<atom:link rel="self" href="https://old.example/index.xml?x=1"/>
		<item><title>Issue 139</title><link>https://old.example/posts/139/</link><guid isPermaLink="false"> id-139 </guid><pubDate>Sun, 01 Sep 2013 08:00:00 +0000</pubDate></item>
		<item><title>No id</title><link>https://old.example/posts/138/</link></item></channel></rss>`
	const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Old</title><id> urn:old:feed </id><link rel="self" href="https://old.example/atom"/>
		<entry><title>Issue 139</title><id>tag:139</id><link href="https://old.example/posts/139/"/><published>2013-09-01T08:00:00Z</published><updated>2014-01-01T08:00:00Z</updated></entry></feed>`
	const feed = `{"version":"https://jsonfeed.org/version/1.1","title":"Old","feed_url":"https://old.example/feed.json","items":[{"id":"139","url":"https://old.example/posts/139/","title":"Issue 139","date_published":"2013-09-01T08:00:00Z"}]}`
	for text, want := range map[string]OldFeed{
		rss: {Kind: "rss", Path: "/index.xml?x=1", Entries: []OldEntry{
			{ID: "id-139", Path: "/posts/139/", Title: "Issue 139", Published: day}, {ID: "https://old.example/posts/138/", Path: "/posts/138/", Title: "No id"}}},
		atom: {Kind: "atom", Path: "/atom", ID: "urn:old:feed", Entries: []OldEntry{{ID: "tag:139", Path: "/posts/139/", Title: "Issue 139", Published: day}}},
		feed: {Kind: "json", Path: "/feed.json", Entries: []OldEntry{{ID: "139", Path: "/posts/139/", Title: "Issue 139", Published: day}}},
	} {
		got, err := ReadOldFeed(strings.NewReader(text))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	}
	for text, want := range map[string]string{"": "is no feed", "hello": "is no feed", "<rss><channel><item>": "cannot be read", "{": "cannot be read"} {
		if _, err := ReadOldFeed(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
