package site

import (
	"context"
	"net/http"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

var (
	followPage = page.Define[followView]("site/follow.html")
	aboutPage  = page.Define[aboutView]("site/about.html")
)

// followView says how to get every issue: by mail, by feed, by section.
type followView struct {
	page.Frame
	Sections []sectionFeeds
}

// sectionFeeds is a standing section with its feeds.
type sectionFeeds struct {
	page.Entry
	RSS, Atom, JSON string
}

// aboutView is what the publication says of itself.
type aboutView struct {
	page.Frame
	Span    postgres.Span
	Contact *page.Entry // nil where there is none
}

func (s *Site) follow(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.Follow, func(_ context.Context, db snapshot) (answer, error) {
		frame := db.frame("Follow", address.Follow)
		frame.Description = "How to get every issue of " + frame.Name() + " as it comes out."
		view := followView{Frame: frame}
		for _, section := range db.publication.Sections {
			slug := section.Slug()
			view.Sections = append(view.Sections, sectionFeeds{
				sectionEntry(section), address.SectionFeed(slug, address.RSS), address.SectionFeed(slug, address.Atom), address.SectionFeed(slug, address.JSON),
			})
		}
		return html(followPage, view)
	})
}

func (s *Site) about(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.About, func(ctx context.Context, db snapshot) (answer, error) {
		span, err := db.Span(ctx)
		if err != nil {
			return answer{}, err
		}
		return html(aboutPage, aboutView{db.frame("About", address.About), span, contact(db.publication.Contact)})
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
