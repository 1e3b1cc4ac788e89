package site

import (
	"context"
	"net/http"

	"broadsheet/internal/address"
	"broadsheet/internal/page"
)

var (
	issuePage = page.Define[page.Issue]("site/issue.html")
	emptyPage = page.Define[emptyView]("site/empty.html")
)

// emptyView is the home page before the first issue.
type emptyView struct{ page.Frame }

// Warm makes an issue's page of nothing: it reads the templates and makes the
// compressors that the first reader would wait for. A process calls it while it
// waits for its database.
func Warm() {
	if body, err := issuePage.Bytes(page.Issue{}); err == nil {
		page.NewBody("text/html; charset=utf-8", body)
	}
}

// home shows the newest issue.
func (s *Site) home(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.Home, func(ctx context.Context, db snapshot) (answer, error) {
		span, err := db.Span(ctx)
		if err != nil {
			return answer{}, err
		}
		if span.Newest == 0 {
			return html(emptyPage, emptyView{db.frame("", address.Home)})
		}
		view, err := issueView(ctx, db, span.Newest, "", address.Home)
		if err != nil {
			return answer{}, err
		}
		return html(issuePage, view)
	})
}

// latest redirects to the newest issue, or home where there is none.
func (s *Site) latest(w http.ResponseWriter, r *http.Request) error {
	return s.hold(w, r, address.Latest, func(ctx context.Context, db snapshot) (answer, error) {
		span, err := db.Span(ctx)
		if err != nil || span.Newest == 0 {
			return answer{location: address.Home}, err
		}
		return answer{location: address.Issue(span.Newest)}, nil
	})
}

// issueView reads an issue's page: its newest revision between its neighbours.
func issueView(ctx context.Context, db snapshot, number int, title, path string) (page.Issue, error) {
	revision, err := db.Revision(ctx, number)
	if err != nil {
		return page.Issue{}, err
	}
	earlier, later, err := db.Neighbours(ctx, number)
	if err != nil {
		return page.Issue{}, err
	}
	frame := db.frame(title, path)
	frame.Description = revision.Summary
	frame.Issue, frame.PublishedAt, frame.RevisedAt = revision.Number, revision.PublishedAt, revision.RevisedAt
	return page.NewIssue(frame, revision, earlier, later), nil
}
