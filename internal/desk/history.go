package desk

import (
	"net/http"
	"net/url"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// historyView is the page of what an issue was: its own words, its orders, its
// revisions, and who did what. Each begins there; all of one part is on pages
// of its own.
type historyView struct {
	page.DeskFrame
	Board    postgres.Board
	Pages    pages
	Versions versionList
	Orders   []oldOrder
	Arrange  bool // whoever looks may go back to an earlier order
	Deeds    []deed
	Activity bool // whoever looks may see the deeds
	Printed  []printing
	More     map[string]bool // parts that have more than their beginning
}

// printing is a revision.
type printing struct {
	Ordinal int
	When    moment
}

// The parts of an issue's history that can be long.
const (
	partVersions = "words"
	partOrders   = "orders"
	partDeeds    = "activity"
)

// beginning is how much of each part stands on the page of all.
const beginning = 8

var historyPage = page.Define[historyView]("desk/history.html")

// Shows reports whether a part is on the page.
func (v historyView) Shows(part string) bool { return v.Pages.Show == "" || v.Pages.Show == part }

// history shows what an issue was, or with "order" one of its orders, to
// everybody at the desk.
func (d *Desk) history(w http.ResponseWriter, r *http.Request) error {
	board, err := d.boardFor(r, newsletter.UseDesk)
	if err != nil {
		return err
	}
	if asked := r.URL.Query().Get("order"); asked != "" {
		return d.showOrder(w, r, board, asked)
	}
	return d.showHistory(w, r, http.StatusOK, board, nil)
}

func (d *Desk) showHistory(w http.ResponseWriter, r *http.Request, status int, board postgres.Board, wrong newsletter.Invalid) error {
	frame, _, err := d.frame(r, "History of "+strconv.Itoa(board.Number))
	if err != nil {
		return err
	}
	frame.Here, frame.Problems = address.Issues, page.Mark(nil, wrong)
	if frame.Notice, err = d.restored(r, board); err != nil {
		return err
	}
	view := historyView{
		DeskFrame: frame, Board: board, More: map[string]bool{},
		Arrange:  newsletter.May(frame.User, newsletter.Arrange, board.Object()),
		Activity: newsletter.May(frame.User, newsletter.SeeDeeds, board.Object()),
	}
	number := 1
	switch show := r.URL.Query().Get("show"); show {
	case partVersions, partOrders, partDeeds:
		view.Pages.Show, number = show, pageNumber(r)
	}
	for _, read := range []func(*http.Request, *historyView, int) error{d.readVersions, d.readOrders, d.readDeeds, d.readPrinted} {
		if err := read(r, &view, number); err != nil {
			return err
		}
	}
	return historyPage.Render(w, r, status, view)
}

// fill returns what of a part the page shows, and notes that there is more.
func fill[T any](view *historyView, part string, number, perPage int, list []T) []T {
	if view.Pages.Show == "" {
		list, view.More[part] = upTo(beginning, list)
		return list
	}
	list, more := upTo(perPage, list)
	view.Pages = pagesAround(number, more)
	view.Pages.Show = part
	return list
}

func (d *Desk) readVersions(r *http.Request, view *historyView, number int) error {
	if !view.Shows(partVersions) {
		return nil
	}
	versions, err := d.store.IssueVersions(r.Context(), view.Board.ID, number)
	view.Versions.List = fill(view, partVersions, number, postgres.VersionsPerPage, d.oldIssues(versions))
	view.Versions.Newest = view.Board.Version
	if newsletter.May(view.User, newsletter.WriteIssue, view.Board.Object()) {
		view.Versions.Action = address.DeskIssueTo(view.Board.Number, "history")
	}
	return err
}

func (d *Desk) readOrders(r *http.Request, view *historyView, number int) error {
	if !view.Shows(partOrders) {
		return nil
	}
	orders, err := d.store.EarlierOrders(r.Context(), view.Board.ID, number)
	view.Orders = fill(view, partOrders, number, postgres.DeskPerPage, d.oldOrders(orders))
	return err
}

// readDeeds reads who did what, for those who may see it.
func (d *Desk) readDeeds(r *http.Request, view *historyView, number int) error {
	if view.Pages.Show == partDeeds {
		if err := newsletter.Allow(view.User, newsletter.SeeDeeds, view.Board.Object()); err != nil {
			return err
		}
	}
	if !view.Activity || !view.Shows(partDeeds) {
		return nil
	}
	deeds, err := d.store.IssueDeeds(r.Context(), view.Board.ID, number)
	for _, done := range fill(view, partDeeds, number, postgres.DeskPerPage, deeds) {
		view.Deeds = append(view.Deeds, deed{done, d.ago(done.At)})
	}
	return err
}

func (d *Desk) readPrinted(r *http.Request, view *historyView, _ int) error {
	if view.Pages.Show != "" || !view.Board.State.Printed() {
		return nil
	}
	revisions, err := d.store.Printings(r.Context(), view.Board.ID)
	for _, revision := range revisions {
		view.Printed = append(view.Printed, printing{revision.Ordinal, d.ago(revision.MadeAt)})
	}
	return err
}

// oldIssues compares each version of an issue's own words with the one before.
// The very first is shown as it was.
func (d *Desk) oldIssues(versions []postgres.IssueVersion) []oldVersion {
	list := make([]oldVersion, len(versions))
	for k, v := range versions {
		list[k] = oldVersion{Number: v.Version, By: nameOr(v.Name), When: d.ago(v.At)}
		if k+1 < len(versions) {
			list[k].Changes = changes(compareIssues(v, versions[k+1]))
		} else {
			list[k].Changes = plainly(changes(compareIssues(v, postgres.IssueVersion{})))
		}
	}
	return list
}

// compareIssues returns how two versions of an issue's own words differ.
func compareIssues(mine, other postgres.IssueVersion) []difference {
	var list []difference
	for _, field := range []struct{ label, mine, other string }{
		{"Introduction", mine.Intro, other.Intro},
		{"Summary", mine.Summary, other.Summary},
		{"Working title", mine.Title, other.Title},
		{"Date", dayText(mine.Date), dayText(other.Date)},
		{"Number", numberText(mine.Number), numberText(other.Number)},
	} {
		if field.mine != field.other {
			list = append(list, compare("", field.label, false, field.mine, field.other))
		}
	}
	return list
}

func dayText(day newsletter.Date) string {
	if day.IsZero() {
		return ""
	}
	return page.LongDay(day)
}

func numberText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// restoreInIssue brings back an issue's words or its order.
func (d *Desk) restoreInIssue(w http.ResponseWriter, r *http.Request) error {
	board, err := d.boardFor(r, newsletter.Arrange)
	if err != nil {
		return err
	}
	var form restoreForm
	wrong, err := read(r, &form)
	switch {
	case err != nil:
		return err
	case wrong.Err() != nil:
	case form.Order != 0:
		return d.restoreOrder(w, r, board, form)
	case form.Restore != 0:
		return d.restoreWords(w, r, board, form)
	default:
		wrong = newsletter.Invalid{{Field: "version", Message: "is missing; choose one to bring back"}}
	}
	return d.showHistory(w, r, http.StatusUnprocessableEntity, board, wrong)
}

// restoreWords brings back an introduction with its summary and title, as if
// they had been typed anew. Number and date are no words: they stay.
func (d *Desk) restoreWords(w http.ResponseWriter, r *http.Request, board postgres.Board, form restoreForm) error {
	old, err := d.store.IssueVersion(r.Context(), board.ID, form.Restore)
	if err != nil {
		return err
	}
	r.PostForm = url.Values{
		"id": {strconv.FormatInt(board.ID, 10)}, "version": {strconv.Itoa(form.Version)},
		"intro": {old.Intro}, "summary": {old.Summary}, "title": {old.Title},
	}
	return d.saveIssue(w, r)
}
