package desk

import (
	"errors"
	"net/http"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// readHeadingCorrection reads the heading of a section of a printed issue.
func (d *Desk) readHeadingCorrection(r *http.Request, c *correction, sent bool) error {
	section, found := sectionOf(c.board, c.form.Section)
	if !found {
		return newsletter.ErrNotFound
	}
	c.name = "the heading “" + section.Title + "”"
	c.was = headingControls(section.Title)
	if !sent {
		c.form.Was, c.fields = section.Title, c.was
		return nil
	}
	form := sectionForm{ID: section.ID}
	wrong, err := read(r, &form)
	if err != nil {
		return err
	}
	form.Kind = section.Kind // which stays
	faults, _ := errors.AsType[newsletter.Invalid](form.validate())
	c.wrong, c.fields = joinFaults(wrong, faults), headingControls(form.Title)
	c.correct = func(w publish.Wish) error {
		return publish.CorrectHeading(r.Context(), d.store, page.User(r.Context()), w, section.ID, c.form.Was, form.Title)
	}
	return nil
}

// sectionOf returns a section of a board by its id.
func sectionOf(board postgres.Board, id int64) (postgres.BoardSection, bool) {
	for _, section := range board.Sections {
		if section.ID == id {
			return section, true
		}
	}
	return postgres.BoardSection{}, false
}
