package desk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// sectionConflictView shows today's order of the sections to somebody whose
// change of one it has overtaken.
type sectionConflictView struct {
	page.DeskFrame
	Board  postgres.Board
	Wish   string   // what was asked for
	Action string   // where it can be asked for again
	Fields []hidden // none when the section is gone
}

var sectionConflictPage = page.Define[sectionConflictView]("desk/section-conflict.html")

// sectionConflict answers a change of a section that was moved, renamed or
// removed meanwhile.
func (d *Desk) sectionConflict(w http.ResponseWriter, r *http.Request, number int, form sectionForm) error {
	board, err := d.store.Board(r.Context(), number)
	if err != nil {
		return err
	}
	frame, _, err := d.frame(r, "Moved meanwhile")
	if err != nil {
		return err
	}
	view := sectionConflictView{DeskFrame: frame, Board: board, Action: address.DeskSection(number, form.ID, "")}
	k := slices.IndexFunc(board.Sections, func(s postgres.BoardSection) bool { return s.ID == form.ID })
	title := form.Title
	if k >= 0 {
		title = board.Sections[k].Title
		view.Fields = []hidden{{"version", strconv.FormatInt(board.Order, 10)}}
	}
	switch {
	case strings.HasSuffix(r.URL.Path, "/remove"):
		view.Action = address.DeskSection(number, form.ID, "remove")
		view.Wish = "remove " + title
	case form.To != "":
		view.Wish = "move " + title + " " + form.To
		view.Fields = append(view.Fields, hidden{"to", form.To})
	default:
		view.Wish = "call " + title + " “" + form.Title + "”"
		view.Fields = append(view.Fields, hidden{"title", form.Title}, hidden{"kind", string(form.Kind)})
	}
	if k < 0 {
		view.Fields = nil
	}
	return sectionConflictPage.Render(w, r, http.StatusConflict, view)
}
