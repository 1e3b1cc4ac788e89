package exchange

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
)

// OldFeed is the feed that a publication had before: RSS, Atom or JSON Feed.
type OldFeed struct {
	Kind    string // "rss", "atom" or "json"
	Path    string // its own address without the host, where it says so
	ID      string // its own id, which Atom feeds have alone
	Entries []OldEntry
}

// OldEntry is an entry of an old feed.
type OldEntry struct {
	ID        string
	Path      string // of its page, without the host
	Title     string
	Published time.Time // zero where it is not said
}

// ReadOldFeed reads a feed. Entries without an id have that of their address, as
// feed readers do without one. Its error is one line for the report.
func ReadOldFeed(r io.Reader) (OldFeed, error) {
	limited := &io.LimitedReader{R: r, N: MaxFile + 1}
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true // only there is the id of an Atom feed
	parsed, err := parser.Parse(limited)
	switch {
	case limited.N <= 0:
		return OldFeed{}, fmt.Errorf("the feed is larger than %d MiB; give the feed itself, not an archive of it", MaxFile>>20)
	case errors.Is(err, gofeed.ErrFeedTypeNotDetected):
		return OldFeed{}, errors.New("the file is no feed; give the RSS, Atom or JSON Feed document that readers had before")
	case err != nil:
		return OldFeed{}, errors.New("the feed cannot be read: it is cut or not well formed; save it again from its address")
	}
	feed := OldFeed{Kind: parsed.FeedType, Path: pathOf(parsed.FeedLink)}
	if original, ok := parsed.OriginalFeed().(*atom.Feed); ok {
		feed.ID = strings.TrimSpace(original.ID)
	}
	for _, item := range parsed.Items {
		entry := OldEntry{ID: strings.TrimSpace(item.GUID), Path: pathOf(item.Link), Title: item.Title}
		if entry.ID == "" {
			entry.ID = item.Link
		}
		for _, at := range []*time.Time{item.UpdatedParsed, item.PublishedParsed} {
			if at != nil {
				entry.Published = *at
			}
		}
		feed.Entries = append(feed.Entries, entry)
	}
	return feed, nil
}

// pathOf returns an address without its scheme and host, or "".
func pathOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || !strings.HasPrefix(u.Path, "/") {
		return ""
	}
	return u.RequestURI()
}
