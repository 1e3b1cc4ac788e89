package desk

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// sectionForm is the form of a section of an issue: its heading and kind, and
// for a new one which section it follows.
type sectionForm struct {
	ID      int64           // 0 for a new one
	Title   string          `form:"title"`
	Kind    newsletter.Kind `form:"kind"`
	After   string          `form:"after"`
	To      string          `form:"to"`
	Version int64           `form:"version"`

	Open   bool // a new one's form is unfolded
	Fields []page.Field
}

// kinds are the kinds of section as people choose them.
func kinds(chosen newsletter.Kind) []page.Option {
	return page.Choose(string(chosen),
		page.Option{Value: string(newsletter.KindLinks), Label: "Links"},
		page.Option{Value: string(newsletter.KindSponsor), Label: "Sponsor"},
		page.Option{Value: string(newsletter.KindEvents), Label: "Events"},
		page.Option{Value: string(newsletter.KindJobs), Label: "Jobs"})
}

// show fills the form's fields. Those of a section that exists carry its id,
// as a page has several.
func (f *sectionForm) show(board postgres.Board) {
	id := func(name string) string { return "section-" + strconv.FormatInt(f.ID, 10) + "-" + name }
	f.Fields = []page.Field{
		{Name: "title", ID: id("title"), Label: "Heading", Value: f.Title, Printed: true},
		{Name: "kind", ID: id("kind"), Label: "Kind", Options: kinds(f.Kind)},
	}
	if f.ID == 0 {
		places := []page.Option{{Value: "", Label: "At the end"}}
		for _, section := range board.Sections {
			places = append(places, page.Option{Value: strconv.FormatInt(section.ID, 10), Label: "After " + section.Title})
		}
		f.Fields = append(f.Fields, page.Field{Name: "after", ID: id("after"), Label: "Place", Options: page.Choose(f.After, places...)})
	}
}

// validate looks over what a form says about a section.
func (f *sectionForm) validate() error {
	if f.Kind == "" && f.ID == 0 {
		f.Kind = newsletter.KindOfHeading(f.Title)
	}
	issue := newsletter.Issue{
		Number: 1, Date: newsletter.Date{Year: 2000, Month: 1, Day: 1}, State: newsletter.Draft, // sound, but for the section
		Sections: []newsletter.Section{{Title: f.Title, Kind: f.Kind}},
	}
	wrong, _ := errors.AsType[newsletter.Invalid](issue.Validate())
	for i := range wrong {
		wrong[i].Field = strings.TrimPrefix(wrong[i].Field, "sections[0].")
	}
	return wrong.Err()
}

// addSection adds a section to an issue. It belongs to the standing section of
// its name or kind.
func (d *Desk) addSection(w http.ResponseWriter, r *http.Request) error {
	var form sectionForm
	if _, err := read(r, &form); err != nil {
		return err
	}
	board, err := d.boardSent(r, newsletter.Arrange)
	if err != nil {
		return d.refuseIssue(w, r, err, form.words())
	}
	err = decode(r, &form, form.validate)
	if page.Kept(r.Context()) {
		return d.showSection(w, r, http.StatusOK, board.Number, form, nil)
	}
	if err == nil {
		of := d.now.Publication().StandingFor(form.Title, form.Kind)
		err = d.store.AddSection(r.Context(), page.User(r.Context()), board.Number, form.Title, form.Kind, of, form.After)
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		if now, err := d.store.Board(r.Context(), board.Number); err != nil || !form.stands(now) { // else the button was pressed twice
			return d.showSection(w, r, http.StatusUnprocessableEntity, board.Number, form, wrong)
		}
	} else if err != nil {
		return d.refuseIssue(w, r, err, form.words())
	}
	return seeOther(w, r, address.DeskIssue(board.Number)+"#sections")
}

// words returns the heading that was typed.
func (f *sectionForm) words() page.Field {
	return page.Field{Name: "title", Label: "Heading", Value: f.Title, Printed: true}
}

// stands reports whether an issue has the very section that the form adds,
// where the form puts it.
func (f *sectionForm) stands(board postgres.Board) bool {
	k := slices.IndexFunc(board.Sections, func(s postgres.BoardSection) bool { return s.Title == f.Title && s.Kind == f.Kind })
	switch {
	case k < 0:
		return false
	case f.After == "":
		return k == len(board.Sections)-1
	case k == 0:
		return false
	}
	before := board.Sections[k-1]
	return f.After == strconv.FormatInt(before.ID, 10) || strings.EqualFold(f.After, before.Title)
}

// changeSection moves a section up or down, or gives it another heading and
// kind.
func (d *Desk) changeSection(w http.ResponseWriter, r *http.Request) error {
	form := sectionForm{}
	if _, err := read(r, &form); err != nil {
		return err
	}
	board, id, err := d.sectionAsked(r)
	if err != nil {
		return d.refuseIssue(w, r, err, form.words())
	}
	err = decode(r, &form, func() error {
		form.ID = id
		form.keepUnsent(r, board)
		return form.validate()
	})
	if page.Kept(r.Context()) {
		return d.showSection(w, r, http.StatusOK, board.Number, form, nil)
	}
	user := page.User(r.Context())
	switch {
	case form.To == "up" || form.To == "down":
		err = d.store.MoveSection(r.Context(), user, board.Number, id, form.To == "up", form.Version)
	case form.To != "":
		err = newsletter.Invalid{{Field: "to", Message: "is neither up nor down; choose one of them"}}
	case err == nil:
		err = d.store.RenameSection(r.Context(), user, board.Number, id, form.Title, form.Kind, form.Version)
	}
	return d.afterSection(w, r, board.Number, form, err)
}

// removeSection takes an empty section out of an issue.
func (d *Desk) removeSection(w http.ResponseWriter, r *http.Request) error {
	form := sectionForm{}
	if err := page.DecodeForm(r, &form); err != nil {
		return err
	}
	board, id, err := d.sectionAsked(r)
	if err != nil {
		return err
	}
	form.ID = id
	form.keepUnsent(r, board)
	err = d.store.RemoveSection(r.Context(), page.User(r.Context()), board.Number, id, form.Version)
	if err != nil {
		return d.afterSection(w, r, board.Number, form, err)
	}
	return seeOther(w, r, address.DeskIssue(board.Number)+"#sections")
}

// afterSection answers for what happened to a section.
func (d *Desk) afterSection(w http.ResponseWriter, r *http.Request, number int, form sectionForm, err error) error {
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		return d.showSection(w, r, http.StatusUnprocessableEntity, number, form, wrong)
	}
	if _, ok := errors.AsType[*postgres.MoveConflict](err); ok {
		return d.sectionConflict(w, r, number, form)
	}
	if err != nil {
		return d.refuseIssue(w, r, err, form.words())
	}
	return seeOther(w, r, sectionAt(number, form.ID))
}

// sectionAsked returns the board and the section's id of the address, if whoever
// asks may arrange the issue. The section may be gone.
func (d *Desk) sectionAsked(r *http.Request) (postgres.Board, int64, error) {
	board, err := d.boardSent(r, newsletter.Arrange)
	if err != nil {
		return postgres.Board{}, 0, err
	}
	id, err := pathID(r)
	return board, id, err
}

// keepUnsent fills what the form did not have with what the section has.
func (f *sectionForm) keepUnsent(r *http.Request, board postgres.Board) {
	for _, section := range board.Sections {
		if section.ID != f.ID {
			continue
		}
		if !r.PostForm.Has("title") {
			f.Title = section.Title
		}
		if !r.PostForm.Has("kind") {
			f.Kind = section.Kind
		}
	}
}

// showSection shows the board with a section's form open.
func (d *Desk) showSection(w http.ResponseWriter, r *http.Request, status, number int, form sectionForm, wrong newsletter.Invalid) error {
	view, err := d.boardView(r, number)
	if err != nil {
		return err
	}
	form.show(view.Board)
	if form.Version == 0 {
		form.Version = view.Board.Order
	}
	view.Problems = page.Mark(form.Fields, wrong)
	if form.ID == 0 {
		form.Open, view.Add = true, &form
	} else if err := d.openSection(r.Context(), &view, strconv.FormatInt(form.ID, 10), &form); err != nil {
		return err
	}
	return boardPage.Render(w, r, status, view)
}

// editSection opens a section for editing, with what was typed or as it is.
func (v *boardView) editSection(id string, form *sectionForm) {
	for i := range v.Sections {
		section := &v.Sections[i]
		if strconv.FormatInt(section.ID, 10) != id {
			continue
		}
		if form == nil {
			form = &sectionForm{ID: section.ID, Title: section.Title, Kind: section.Kind, Version: v.Board.Order}
			form.show(v.Board)
		}
		section.Editing = form
	}
}
