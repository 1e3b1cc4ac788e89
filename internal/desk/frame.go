package desk

import (
	"net/http"

	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

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
	frame.Inbox, err = d.store.InboxCount(r.Context())
	return frame, open, err
}
