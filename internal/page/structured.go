package page

import (
	"cmp"
	"time"

	"broadsheet/internal/address"
)

// Structured says what a page is in the words of https://schema.org, for search
// engines. Pages hold it as JSON-LD, a block of data that no browser runs.
type Structured struct {
	Context       string       `json:"@context,omitempty"`
	Type          string       `json:"@type"`
	Name          string       `json:"name,omitempty"`
	URL           string       `json:"url,omitempty"`
	Description   string       `json:"description,omitempty"`
	Language      string       `json:"inLanguage,omitempty"`
	IssueNumber   int          `json:"issueNumber,omitempty"`
	DatePublished string       `json:"datePublished,omitempty"` // RFC 3339
	DateModified  string       `json:"dateModified,omitempty"`
	Position      int          `json:"position,omitempty"` // of an item: its place
	IsPartOf      *Structured  `json:"isPartOf,omitempty"`
	Parts         []Structured `json:"hasPart,omitempty"`
	Search        *search      `json:"potentialAction,omitempty"`
	Breadcrumb    *Structured  `json:"breadcrumb,omitempty"`      // of a page: where it is
	Main          *Structured  `json:"mainEntity,omitempty"`      // what the page lists
	Elements      []Structured `json:"itemListElement,omitempty"` // of a list, in order
	Item          string       `json:"item,omitempty"`            // address of a step of where a page is
}

// search says how the site is searched.
type search struct {
	Type   string `json:"@type"`
	Target string `json:"target"`
	Query  string `json:"query-input"`
}

// Structured returns what the home page, the page of an issue, the archive or
// the page about the publication is, and nil for every other page and for those
// without a canonical address.
func (f Frame) Structured() *Structured {
	const schema = "https://schema.org"
	var ofItsOwn = map[string]string{address.Archive: "CollectionPage", address.About: "AboutPage"}
	if f.Canonical() == "" {
		return nil
	}
	home := f.Base.Absolute(address.Home)
	switch {
	case f.Path == address.Home:
		return &Structured{
			Context: schema, Type: "WebSite", Name: f.Name(), URL: home, Description: f.Describe(), Language: f.Language(),
			Search: &search{"SearchAction", f.Base.Absolute(address.Search) + "?q={words}", "required name=words"},
		}
	case f.Issue != 0:
		return &Structured{
			Context: schema, Type: "PublicationIssue", Name: f.FullTitle(), URL: f.Canonical(), Description: f.Describe(),
			Language: f.Language(), IssueNumber: f.Issue, DatePublished: stamp(f.PublishedAt), DateModified: stamp(f.RevisedAt),
			IsPartOf: &Structured{Type: "Periodical", Name: f.Name(), URL: home},
		}
	case ofItsOwn[f.Path] != "":
		return &Structured{
			Context: schema, Type: ofItsOwn[f.Path], Name: f.FullTitle(), URL: f.Canonical(), Description: f.Describe(),
			Language: f.Language(), IsPartOf: &Structured{Type: "WebSite", Name: f.Name(), URL: home},
		}
	}
	return nil
}

// Structured returns what [Frame.Structured] does, and on an issue's own page
// its items: each at its anchor, in its place, called as its title or its first
// link is. Withdrawn ones are none.
func (i Issue) Structured() *Structured {
	page := i.Frame.Structured()
	if page == nil || i.Path == address.Home {
		return page
	}
	for _, section := range i.Article.Sections {
		for _, item := range section.Items {
			if item.Withdrawn {
				continue
			}
			name := cmp.Or(item.Title, item.TitleLink.Text, item.TitleLink.Host+item.TitleLink.Rest)
			page.Parts = append(page.Parts, Structured{
				Type: "CreativeWork", Name: name, URL: i.Base.Absolute(address.Item(item.Mark)), Position: item.Mark.Place,
			})
		}
	}
	return page
}

// Listing returns what a page is that lists things: with where it is, a step for
// each page above it and one for itself, and the list. It is nil without a
// canonical address.
func (f Frame) Listing(above []Entry, list []Structured) *Structured {
	if f.Canonical() == "" {
		return nil
	}
	home := f.Base.Absolute(address.Home)
	steps := []Structured{{Type: "ListItem", Position: 1, Name: f.Name(), Item: home}}
	for _, step := range append(above, Entry{Title: f.Title, Path: f.Path}) {
		steps = append(steps, Structured{Type: "ListItem", Position: len(steps) + 1, Name: step.Title, Item: f.Base.Absolute(step.Path)})
	}
	for i := range list {
		list[i].Type, list[i].Position = "ListItem", i+1
	}
	return &Structured{
		Context: "https://schema.org", Type: "CollectionPage", Name: f.FullTitle(), URL: f.Canonical(), Description: f.Describe(),
		Language: f.Language(), IsPartOf: &Structured{Type: "WebSite", Name: f.Name(), URL: home},
		Breadcrumb: &Structured{Type: "BreadcrumbList", Elements: steps}, Main: &Structured{Type: "ItemList", Elements: list},
	}
}

// Published is the moment that an issue came out, and Modified that of its
// latest revision, as RFC 3339 writes them; "" on every other page. The home
// page is the publication's, whichever issue it shows.
func (f Frame) Published() string {
	if f.Path == address.Home {
		return ""
	}
	return stamp(f.PublishedAt)
}

// Modified returns the moment of the issue's latest revision: see
// [Frame.Published].
func (f Frame) Modified() string { return stamp(f.RevisedAt) }

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
