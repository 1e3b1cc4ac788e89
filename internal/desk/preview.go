package desk

import (
	"errors"
	"net/http"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/exchange"
	"broadsheet/internal/feed"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// previewView is the page that readers would get, under a slim bar of the
// desk's.
type previewView struct {
	page.Issue
	Board   string // the path back to it, or "" for those who only have the secret
	Text    string // the path to it as plain text
	Mail    string // the path to it as a mail in HTML
	Feed    string // the path to its entry in the feeds
	Share   string // the path to its secret address
	Publish string // the path on, or "" for those who may not
}

// The preview stands in the site's frame, not in the desk's.
var previewPage = page.Define[previewView]("site/preview.html")

// The other shapes of a preview, as its address says them.
const (
	asText = "text"
	asMail = "mail"
	asFeed = "feed"
)

// preview shows what an issue would be if it were published now: its page, the
// letter as text or as a mail, or its entry in the feeds. Of one that has been
// printed meanwhile it leads to what was printed.
func (d *Desk) preview(w http.ResponseWriter, r *http.Request) error {
	board, err := d.boardFor(r, newsletter.PreviewIssue)
	switch mayEver := newsletter.MayEver(page.User(r.Context()), newsletter.PreviewIssue); {
	case mayEver && board.State == newsletter.Published:
		return seeOther(w, r, address.Issue(board.Number))
	case mayEver && board.State == newsletter.Withdrawn:
		return seeOther(w, r, address.DeskIssue(board.Number))
	case err != nil:
		return err
	}
	view, revision, err := d.previewView(r, board)
	if _, unprintable := errors.AsType[newsletter.Invalid](err); unprintable {
		return seeOther(w, r, address.DeskIssueTo(board.Number, "publish")) // which names every text
	}
	if err != nil {
		return err
	}
	switch r.URL.Query().Get("as") {
	case asText:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err = w.Write(exchange.Text(revision, d.now.Publication()))
		return err
	case asMail:
		return d.writeMail(w, revision)
	case asFeed:
		return d.writeEntry(w, revision)
	}
	here := address.DeskIssueTo(board.Number, "preview")
	view.Text, view.Mail, view.Feed = here+"?as="+asText, here+"?as="+asMail, here+"?as="+asFeed
	view.Board, view.Share = address.DeskIssue(board.Number), address.DeskIssueTo(board.Number, "preview-link")
	if newsletter.May(page.User(r.Context()), newsletter.PublishIssue, board.Object()) {
		view.Publish = address.DeskIssueTo(board.Number, "publish")
	}
	return previewPage.Render(w, r, http.StatusOK, view)
}

// writeEntry answers with a feed of a revision alone, as XML that browsers show.
func (d *Desk) writeEntry(w http.ResponseWriter, revision newsletter.Revision) error {
	source := feed.Source{Publication: d.now.Publication(), Base: d.base}
	document, err := source.Issues([]feed.Entry{source.Issue(revision)}).Page(1, 1).Atom()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, err = w.Write(document)
	return err
}

// previewView is the page and the revision that an issue would be if it were
// published now. It is a [newsletter.Invalid] when a text of it cannot be
// printed.
func (d *Desk) previewView(r *http.Request, board postgres.Board) (previewView, newsletter.Revision, error) {
	now, err := d.store.Now(r.Context())
	if err != nil {
		return previewView{}, newsletter.Revision{}, err
	}
	revision, err := publish.Preview(board, now)
	if err != nil {
		return previewView{}, newsletter.Revision{}, err
	}
	earlier, later, err := d.store.Neighbours(r.Context(), board.Number)
	frame := page.Frame{
		Publication: d.now.Publication(), Base: d.base, NoIndex: true,
		Title: "Preview of " + strconv.Itoa(board.Number), Description: revision.Summary,
	}
	return previewView{Issue: page.NewIssue(frame, revision, earlier, later)}, revision, err
}
