package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"broadsheet/internal/address"
)

// The structs follow JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/.
type jsonFeed struct {
	Version     string       `json:"version"`
	Title       text         `json:"title"`
	HomePage    text         `json:"home_page_url"`
	Self        text         `json:"feed_url"`
	Description text         `json:"description,omitempty"`
	Next        text         `json:"next_url,omitempty"`
	Language    text         `json:"language,omitempty"`
	Authors     []jsonAuthor `json:"authors"`
	Items       []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name text `json:"name"`
}

type jsonItem struct {
	ID        text   `json:"id"`
	URL       text   `json:"url"`
	Title     text   `json:"title"`
	Content   text   `json:"content_html"`
	Summary   text   `json:"summary,omitempty"`
	Published string `json:"date_published"`
	Modified  string `json:"date_modified"`
}

// JSON returns the feed as a JSON Feed 1.1 document. A correction moves
// date_modified and leaves date_published. Of the other pages of a feed it
// names the next, as the format knows no other.
func (f Feed) JSON() ([]byte, error) {
	document := jsonFeed{
		Version:     "https://jsonfeed.org/version/1.1",
		Title:       f.title,
		HomePage:    f.home(),
		Self:        f.self(address.JSON),
		Description: cmp.Or(f.description, f.tagline),
		Language:    f.language,
		Authors:     []jsonAuthor{{f.author}},
		Items:       []jsonItem{},
	}
	for _, r := range f.pages(address.JSON) {
		if r.name == "next" {
			document.Next = r.href
		}
	}
	for _, e := range f.entries {
		document.Items = append(document.Items, jsonItem{
			ID:        e.id,
			URL:       e.link,
			Title:     e.title,
			Content:   e.html,
			Summary:   e.summary,
			Published: e.published.Format(time.RFC3339),
			Modified:  e.updated.Format(time.RFC3339),
		})
	}
	var out bytes.Buffer
	to := json.NewEncoder(&out)
	to.SetEscapeHTML(false)
	to.SetIndent("", " ")
	if err := to.Encode(document); err != nil {
		return nil, fmt.Errorf("writing a feed as JSON: %w", err)
	}
	return out.Bytes(), nil
}
