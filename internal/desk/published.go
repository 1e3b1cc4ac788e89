package desk

import (
	"errors"
	"net/http"
	"strconv"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// publishedView is the page after publishing, and of an issue that somebody
// else published first. It stays: its copies are of what was printed last.
type publishedView struct {
	page.DeskFrame
	Number int
	State  newsletter.IssueState
	By     string // who was faster, or ""
	At     moment
	Copies *copies             // nil while the issue is withdrawn
	Next   *postgres.IssueLine // the issue that is open already, or nil
	Start  *start              // opens the next one; nil when one is open
}

var publishedPage = page.Define[publishedView]("desk/published.html")

// published says that an issue is out.
func (d *Desk) published(w http.ResponseWriter, r *http.Request) error {
	number, err := issueNumber(r)
	if err != nil {
		return err
	}
	return d.showPublished(w, r, http.StatusOK, number, nil)
}

func (d *Desk) showPublished(w http.ResponseWriter, r *http.Request, status, number int, already *publish.Already) error {
	board, err := d.store.Board(r.Context(), number)
	if err != nil {
		return err
	}
	if !board.State.Printed() {
		return newsletter.ErrNotFound
	}
	title := strconv.Itoa(number) + " is out"
	if already != nil {
		title += " already"
	}
	frame, open, err := d.frame(r, title)
	if err != nil {
		return err
	}
	view := publishedView{DeskFrame: frame, Number: number, State: board.State, At: d.ago(board.PublishedAt)}
	if already != nil {
		view.By = page.Capital(nameOr(already.By))
	}
	if len(open) > 0 {
		view.Next = &open[0]
	} else if view.Start, err = d.startNext(r); err != nil {
		return err
	}
	revision, err := d.store.Revision(r.Context(), number)
	switch {
	case err == nil:
		view.Copies = d.copiesOf(revision)
	case !errors.Is(err, newsletter.ErrGone):
		return err
	}
	return publishedPage.Render(w, r, status, view)
}
