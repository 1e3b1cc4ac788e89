package desk

import (
	"fmt"
	"net/http"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// Frame returns the frame of a page that is not the desk's own, for whoever asks:
// on the way in nobody sees what is behind the sign-in.
func (d *Desk) Frame(r *http.Request, title string) (page.DeskFrame, error) {
	if page.User(r.Context()).ID == 0 {
		return page.NewDeskFrame(r, page.Frame{Publication: d.now.Publication(), Base: d.base}, title), nil
	}
	frame, _, err := d.frame(r, title)
	return frame, err
}

// frame returns the frame of a page of the desk for whoever asks, and the
// issues that are open, the one due next first.
func (d *Desk) frame(r *http.Request, title string) (page.DeskFrame, []postgres.IssueLine, error) {
	frame := page.NewDeskFrame(r, page.Frame{Publication: d.now.Publication(), Base: d.base}, title)
	open, err := d.store.OpenIssues(r.Context())
	if err != nil {
		return frame, nil, err
	}
	if len(open) > 0 {
		frame.Draft = open[0].Number
	}
	frame.Waits = waits(frame.User, open)
	var gaveUp int
	frame.Inbox, gaveUp, err = d.store.DeskCounts(r.Context())
	if gaveUp > 0 && newsletter.MayEver(frame.User, newsletter.SeeActivity) {
		frame.Waits = append(frame.Waits, page.Entry{Title: "Background work gave up and waits for you: " + plural(gaveUp, "job"), Path: address.Activity})
	}
	return frame, open, err
}

// waits names the issues that were to publish themselves and did not, with where
// somebody can do something about it, or look.
func waits(user newsletter.User, open []postgres.IssueLine) []page.Entry {
	var list []page.Entry
	for _, issue := range open {
		if issue.Waits == "" {
			continue
		}
		path := address.DeskIssue(issue.Number)
		if newsletter.MayEver(user, newsletter.PublishIssue) {
			path = address.DeskIssueTo(issue.Number, "publish")
		}
		list = append(list, page.Entry{Title: fmt.Sprintf("%d waits for a curator: %s", issue.Number, issue.Waits), Path: path})
	}
	return list
}
