package desk

import (
	"net/http"

	"broadsheet/internal/page"
)

// conflictView is the page of a text that somebody else changed first: both
// versions of every field that differs, and three ways on.
type conflictView struct {
	page.DeskFrame
	Who         string // who was faster, or "" when no name is known
	What        string // what they changed: "this note"
	Saved       moment // when they did
	Differences []difference
	Fields      []hidden // the whole form as it was sent, with today's version
	Action      string   // where the form goes
	Back        string   // the page with their version
}

// hidden is a field that a form sends without showing it.
type hidden struct{ Name, Value string }

var conflictPage = page.Define[conflictView]("desk/conflict.html")

// Long reports whether a text of several lines differs, so that both versions
// can go into the editor.
func (v conflictView) Long() bool {
	for _, d := range v.Differences {
		if d.Long {
			return true
		}
	}
	return false
}

// Own reports whether it was the same person, in another window.
func (v conflictView) Own() bool { return v.Who != "" && v.Who == v.User.Name }

// conflict answers with the page of a text conflict. Keeping mine sends the
// fields again; the editor with both gets them with "both" besides.
func (d *Desk) conflict(w http.ResponseWriter, r *http.Request, view conflictView) error {
	frame, _, err := d.frame(r, "Changed meanwhile")
	if err != nil {
		return err
	}
	view.DeskFrame = frame
	return conflictPage.Render(w, r, http.StatusConflict, view)
}
