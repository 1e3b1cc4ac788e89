package site

import (
	"context"
	"net/http"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

var (
	followPage = page.Define[followView]("site/follow.html")
	aboutPage  = page.Define[aboutView]("site/about.html")
)

// followView says how to get every issue: by mail, by feed, by section.
type followView struct {
	page.Frame
	Issues   []page.Entry // the feeds of whole issues
	Events   []page.Entry // the calendar
	Sections []sectionFeeds
}

// sectionFeeds is a standing section with its feeds.
type sectionFeeds struct {
	page.Entry
	Feeds []page.Entry
}

// aboutView is what the publication says of itself.
type aboutView struct {
	page.Frame
	Issues  int             // published
	First   newsletter.Date // of the earliest issue
	Contact *page.Entry     // nil where there is none
}

func (s *Site) follow(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.Follow, func(_ context.Context, db snapshot) (answer, error) {
		frame := db.frame("Follow", address.Follow)
		frame.Description = "How to get every issue of " + frame.Name() + " as it comes out."
		whole := func(path string) string { return path }
		view := followView{Frame: frame, Issues: s.feeds(whole), Events: []page.Entry{{Title: "Calendar", Path: s.base.Absolute(address.Events)}}}
		for _, section := range db.publication.Sections {
			of := func(path string) string { return address.ListFeed(address.Section(section.Slug(), 1), path) }
			view.Sections = append(view.Sections, sectionFeeds{sectionEntry(section), s.feeds(of)})
		}
		return html(followPage, view)
	})
}

// feeds returns a feed in its formats with the absolute addresses that people
// copy into a reader; of makes its path of that of the whole publication.
func (s *Site) feeds(of func(path string) string) []page.Entry {
	return []page.Entry{
		{Title: "RSS", Path: s.base.Absolute(of(address.RSS))},
		{Title: "Atom", Path: s.base.Absolute(of(address.Atom))},
		{Title: "JSON Feed", Path: s.base.Absolute(of(address.JSON))},
	}
}

func (s *Site) about(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.About, func(ctx context.Context, db snapshot) (answer, error) {
		span, err := db.Span(ctx)
		if err != nil {
			return answer{}, err
		}
		issues, err := db.CountIssues(ctx)
		if err != nil {
			return answer{}, err
		}
		return html(aboutPage, aboutView{db.frame("About", address.About), issues, span.First, contact(db.publication.Contact)})
	})
}

// contact returns where the publication can be written to: a web address as it
// is, anything else that looks like one as a mail address.
func contact(given string) *page.Entry {
	switch {
	case strings.HasPrefix(given, "https://"), strings.HasPrefix(given, "http://"):
		return &page.Entry{Title: given, Path: given}
	case strings.Contains(given, "@"):
		return &page.Entry{Title: given, Path: "mailto:" + given}
	}
	return nil
}
