package desk

import (
	"html/template"
	"net/http"
	"strings"
	"time"

	"broadsheet/internal/page"
)

// editorView is a text open for editing in place: what the desk's modules put
// into a row of the board, and what they take the version, the printed result
// and what is wrong from, each time they have saved it.
type editorView struct {
	page.DeskFrame
	ID       string     // begins the ids of its controls, as a board may have several editors
	Form     itemFields // of an introduction only Note, Action and Hidden
	Item     bool       // it is an item, and no introduction
	Blank    linkFields // a link to be added; its number is 0
	Printed  page.Item
	Intro    template.HTML
	Ran      []ran
	Words    int    // of the text
	Saved    string // when it was saved, as in "14:02:11" in the publication's zone; "" before
	Zone     string // of the publication, for what the module says of times
	Conflict *conflictView
	Theirs   string // when the others were saved, as in "14:03"
	Refused  *refusedEditor
}

// refusedEditor says why words cannot be saved where they were meant to be.
type refusedEditor struct {
	What  string // "The item is gone"
	Why   string
	Typed bool     // there are words to be copied
	New   []hidden // they can be saved as a new item by this form
}

var editorPage = page.Define[editorView]("desk/editor.html")

// editorFrame is the frame of an editor. It is never shown, but for what is
// wrong in it, so it says nothing that the database would have to be asked for.
func (d *Desk) editorFrame(r *http.Request, title string) page.DeskFrame {
	return page.NewDeskFrame(r, page.Frame{Publication: d.now.Publication(), Base: d.base}, title)
}

// local is a time in the publication's zone.
func (d *Desk) local(at time.Time) time.Time { return at.In(d.now.Publication().Location()) }

// showRefused answers a module that the words it sent cannot be saved.
func (d *Desk) showRefused(w http.ResponseWriter, r *http.Request, err error, refused refusedEditor) error {
	view := editorView{DeskFrame: d.editorFrame(r, "Not saved"), Refused: &refused}
	return editorPage.Render(w, r, page.Status(err), view)
}

// named begins the ids of an editor's controls with its own, in the lines of
// what is wrong as well.
func (v *editorView) named() {
	f := &v.Form
	fields := []*page.Field{&f.Note, &f.Title, &f.Sponsored, &f.EventOn, &f.EventUntil, &f.PlaceName, &f.Issue, &f.Section, &v.Blank.URL, &v.Blank.Text}
	for i := range f.Links {
		fields = append(fields, &f.Links[i].URL, &f.Links[i].Text)
	}
	for _, field := range fields {
		for i := range v.Problems {
			if v.Problems[i].ID == field.Anchor() {
				v.Problems[i] = page.Problem{ID: v.ID + "-" + field.Anchor(), Text: field.Problem()}
			}
		}
		field.ID = v.ID + "-" + field.Anchor()
	}
}

// countWords counts the words of a text as readers get it.
func countWords(plain string) int { return len(strings.Fields(plain)) }
