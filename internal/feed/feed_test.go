package feed

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

const weekly = address.Base("https://weekly.example")

func moment(day int) time.Time {
	return time.Date(2013, time.September, day, 8, 0, 0, 0, time.FixedZone("BST", 3600))
}

func source() Source {
	return Source{Base: weekly, Publication: newsletter.Publication{
		Name: "The Quiet Pager", Tagline: "Operations without noise", Description: "Five links a week for people on call.",
		Language: "en-GB", TimeZone: "Europe/London",
	}}
}

func printed(words string) newsletter.Text {
	return newsletter.Text{Plain: words, HTML: "<p>" + words + "</p>"}
}

// whole is the feed of some issues.
func whole(s Source, newest ...newsletter.Revision) Feed {
	var entries []Entry
	for _, r := range newest {
		entries = append(entries, s.Issue(r))
	}
	return s.Issues(entries)
}

// issue is a corrected issue with everything that can be printed in it.
func issue() newsletter.Revision {
	return newsletter.Revision{
		Number: 139, Ordinal: 2, Date: newsletter.Date{Year: 2013, Month: time.September, Day: 1},
		Summary: "The alert nobody dared delete", PublishedAt: moment(2), RevisedAt: moment(5),
		Intro: printed("Welcome <em>back</em>."),
		Sections: []newsletter.PrintedSection{
			{Title: "Sponsor & friends", Kind: newsletter.KindSponsor, Items: []newsletter.PrintedItem{{
				Place: 1, Title: "Try Lantern", Note: printed("Logs that glow."), Sponsored: true,
				Links: []newsletter.Link{{URL: "https://lantern.example/?a=1&b=é|x"}},
			}}},
			{Title: "Events", Kind: newsletter.KindEvents, Items: []newsletter.PrintedItem{
				{
					Place: 2, Note: printed("A gathering."), PlaceName: "Ghent",
					Links:      []newsletter.Link{{URL: "http://gather.example/2013", Text: "Programme"}},
					EventOn:    newsletter.Date{Year: 2013, Month: time.October, Day: 28},
					EventUntil: newsletter.Date{Year: 2013, Month: time.October, Day: 29},
				},
				{Place: 3, Withdrawn: true},
			}},
		},
		Corrections: []newsletter.Correction{
			{At: time.Date(2013, time.September, 4, 23, 30, 0, 0, time.UTC), Place: 2, Sentence: "The town is Ghent."},
			{At: moment(5), Sentence: "A heading was misspelt."},
		},
	}
}

func item(number, place int, published time.Time, printed newsletter.PrintedItem) Item {
	printed.Place = place
	return Item{
		Mark:        newsletter.Mark{Issue: number, Place: place},
		PublishedAt: published, RevisedAt: published, Printed: printed,
	}
}

func read(t interface {
	Helper()
	Fatalf(string, ...any)
}, document []byte, err error) *gofeed.Feed {
	t.Helper()
	if err != nil {
		t.Fatalf("writing: %v", err)
	}
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(document))
	if err != nil {
		t.Fatalf("an independent reader refuses it: %v\n%s", err, document)
	}
	return feed
}

func TestRSSAsAReaderSeesIt(t *testing.T) {
	document, err := whole(source(), issue()).RSS()
	got := read(t, document, err)
	entry := got.Items[0]
	want := map[string]string{
		"version": "2.0", "title": "The Quiet Pager", "description": "Five links a week for people on call.",
		"link": "https://weekly.example/", "self": "https://weekly.example/feed.xml", "language": "en-GB",
		"updated": "Thu, 05 Sep 2013 07:00:00 +0000",
		"entry":   "139: The alert nobody dared delete", "entry link": "https://weekly.example/issues/139",
		"id": "tag:weekly.example,2013-09-02:139", "published": "Mon, 02 Sep 2013 07:00:00 +0000",
		"summary": "The alert nobody dared delete",
	}
	if diff := cmp.Diff(want, map[string]string{
		"version": got.FeedVersion, "title": got.Title, "description": got.Description,
		"link": got.Link, "self": got.FeedLink, "language": got.Language, "updated": got.Updated,
		"entry": entry.Title, "entry link": entry.Link, "id": entry.GUID, "published": entry.Published,
		"summary": entry.Description,
	}); diff != "" {
		t.Error(diff)
	}
}

func TestAtomAsAReaderSeesIt(t *testing.T) {
	document, err := whole(source(), issue()).Atom()
	got := read(t, document, err)
	entry := got.Items[0]
	want := map[string]string{
		"version": "1.0", "title": "The Quiet Pager", "subtitle": "Operations without noise", "author": "The Quiet Pager",
		"link": "https://weekly.example/", "self": "https://weekly.example/atom.xml", "language": "en-GB",
		"updated": "2013-09-05T07:00:00Z",
		"entry":   "139: The alert nobody dared delete", "entry link": "https://weekly.example/issues/139",
		"id": "tag:weekly.example,2013-09-02:139", "published": "2013-09-02T07:00:00Z",
		"entry updated": "2013-09-05T07:00:00Z", "summary": "The alert nobody dared delete",
	}
	if diff := cmp.Diff(want, map[string]string{
		"version": got.FeedVersion, "title": got.Title, "subtitle": got.Description, "author": got.Authors[0].Name,
		"link": got.Link, "self": got.FeedLink, "language": got.Language, "updated": got.Updated,
		"entry": entry.Title, "entry link": entry.Link, "id": entry.GUID, "published": entry.Published,
		"entry updated": entry.Updated, "summary": entry.Description,
	}); diff != "" {
		t.Error(diff)
	}
}

func TestSectionFeed(t *testing.T) {
	tools := newsletter.StandingSection{Title: "Tools"}
	feed := source().Section(tools, []Item{
		item(140, 2, moment(9), newsletter.PrintedItem{Title: "Lantern", Note: printed("Glows."), Sponsored: true}),
		item(139, 4, moment(2), newsletter.PrintedItem{Note: printed("A shell for maps.")}),
		item(139, 3, moment(2), newsletter.PrintedItem{Withdrawn: true}),
	})
	rss, err := feed.RSS()
	got := read(t, rss, err)
	atom, err := feed.Atom()
	if id := read(t, atom, err).FeedLink; id != "https://weekly.example/sections/tools/atom.xml" {
		t.Errorf("Atom's own address is %q", id)
	}
	if got.Title != "The Quiet Pager: Tools" || got.Link != "https://weekly.example/sections/tools" ||
		got.FeedLink != "https://weekly.example/sections/tools/feed.xml" {
		t.Errorf("the channel is %q, %q, %q", got.Title, got.Link, got.FeedLink)
	}
	var entries [][3]string
	for _, e := range got.Items {
		entries = append(entries, [3]string{e.GUID, e.Link, e.Title})
	}
	if diff := cmp.Diff([][3]string{
		{"tag:weekly.example,2013-09-09:140.2", "https://weekly.example/issues/140#2", "140.2: Lantern (paid placement)"},
		{"tag:weekly.example,2013-09-02:139.4", "https://weekly.example/issues/139#4", "139.4: A shell for maps."},
		{"tag:weekly.example,2013-09-02:139.3", "https://weekly.example/issues/139#3", "139.3: withdrawn"},
	}, entries); diff != "" {
		t.Error(diff)
	}
	if got := got.Items[2].Content; !strings.Contains(got, "139.3 was withdrawn.") {
		t.Errorf("the withdrawn item's text is %q", got)
	}
}

func TestCorrectionMovesUpdatedAlone(t *testing.T) {
	corrected := issue()
	first := issue()
	first.Ordinal, first.RevisedAt, first.Corrections = 1, first.PublishedAt, nil
	corrected.Date.Day++ // ids do not follow the printed date
	var entries []*gofeed.Item
	for _, r := range []newsletter.Revision{first, corrected} {
		document, err := whole(source(), r).Atom()
		entries = append(entries, read(t, document, err).Items[0])
	}
	if entries[0].GUID != entries[1].GUID || entries[0].Published != entries[1].Published {
		t.Errorf("the correction made %s, %s of %s, %s", entries[1].GUID, entries[1].Published, entries[0].GUID, entries[0].Published)
	}
	if !entries[1].UpdatedParsed.After(*entries[0].UpdatedParsed) {
		t.Errorf("updated stayed at %s", entries[1].Updated)
	}
	for revision, told := range map[*newsletter.Revision]bool{&first: false, &corrected: true} {
		document, err := whole(source(), *revision).RSS()
		if got := bytes.Contains(document, []byte("<atom:updated>"+entries[1].Updated+"</atom:updated>")); err != nil || got != told {
			t.Errorf("RSS tells of revision %d: %v (%v)", revision.Ordinal, got, err)
		}
	}
}

func TestIDOutlivesEarlierIssues(t *testing.T) {
	earlier := issue()
	earlier.Number, earlier.Date = 1, newsletter.Date{Year: 2010, Month: time.January, Day: 3}
	document, err := whole(source(), issue(), earlier).RSS()
	if got := read(t, document, err).Items[0].GUID; got != "tag:weekly.example,2013-09-02:139" {
		t.Errorf("importing an earlier issue changed the id to %s", got)
	}
}

func TestEmptyPublication(t *testing.T) {
	empty := Source{Base: weekly, Publication: newsletter.Publication{Name: "Pager"}}.Issues(nil)
	rss, err := empty.RSS()
	if got := read(t, rss, err); len(got.Items) != 0 || got.Description != "Pager" || strings.Contains(string(rss), "lastBuildDate") {
		t.Errorf("an empty publication's RSS is\n%s", rss)
	}
	atom, err := empty.Atom()
	if got := read(t, atom, err); len(got.Items) != 0 || got.Updated != "1970-01-01T00:00:00Z" {
		t.Errorf("an empty publication's Atom is\n%s", atom)
	}
}

// Issues that readers know from another feed keep the ids they had there.
func TestOldIDs(t *testing.T) {
	s := source()
	s.IDs = map[int]string{0: "urn:old:feed", 139: "https://old.example/?p=139", 138: "entry 138"}
	before := issue()
	before.Number = 138
	feed := whole(s, issue(), before)
	for name, want := range map[string][]string{
		"rss":  {"https://old.example/?p=139", "entry 138"},
		"json": {"https://old.example/?p=139", "entry 138"},
		"atom": {"https://old.example/?p=139", "tag:weekly.example,2013-09-02:138"}, // whose ids are URIs
	} {
		document, err := map[string]func() ([]byte, error){"rss": feed.RSS, "json": feed.JSON, "atom": feed.Atom}[name]()
		got := read(t, document, err)
		if ids := []string{got.Items[0].GUID, got.Items[1].GUID}; !cmp.Equal(ids, want) {
			t.Errorf("%s has the ids %q, want %q", name, ids, want)
		}
	}
	document, err := feed.Atom()
	if err != nil || !strings.Contains(string(document), "<id>urn:old:feed</id>\n") {
		t.Errorf("the Atom feed has not its old id (%v):\n%.600s", err, document)
	}
	s.IDs[0] = "no address"
	if document, err = s.Issues(nil).Atom(); err != nil || !strings.Contains(string(document), "<id>https://weekly.example/atom.xml</id>") {
		t.Errorf("an old id that is no URI: %v\n%.600s", err, document)
	}
}
