package desk

import (
	"errors"
	"net/http"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/publish"
)

// previewView is the page that readers would get, under a slim bar of the
// desk's.
type previewView struct {
	page.Issue
	Board   string // the path back to it
	Publish string // the path on, or "" for those who may not
}

// The preview stands in the site's frame, not in the desk's.
var previewPage = page.Define[previewView]("site/preview.html")

// preview shows what an issue would be if it were published now.
func (d *Desk) preview(w http.ResponseWriter, r *http.Request) error {
	board, err := d.boardFor(r, newsletter.PreviewIssue)
	if err != nil {
		return err
	}
	now, err := d.store.Now(r.Context())
	if err != nil {
		return err
	}
	revision, err := publish.Preview(board, now)
	if _, unprintable := errors.AsType[newsletter.Invalid](err); unprintable {
		return seeOther(w, r, address.DeskIssueTo(board.Number, "publish")) // which names every text
	}
	if err != nil {
		return err
	}
	earlier, later, err := d.store.Neighbours(r.Context(), board.Number)
	if err != nil {
		return err
	}
	frame := page.Frame{
		Publication: d.now.Publication(), Base: d.base, NoIndex: true,
		Title: "Preview of " + strconv.Itoa(board.Number), Description: revision.Summary,
	}
	view := previewView{Issue: page.NewIssue(frame, revision, earlier, later), Board: address.DeskIssue(board.Number)}
	if newsletter.May(page.User(r.Context()), newsletter.PublishIssue, board.Object()) {
		view.Publish = address.DeskIssueTo(board.Number, "publish")
	}
	return previewPage.Render(w, r, http.StatusOK, view)
}
