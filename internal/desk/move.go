package desk

import (
	"errors"
	"net/http"
	"strconv"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// moveForm is where an item is to go: a step up or down, or a place in a
// section.
type moveForm struct {
	To      string `form:"to"`
	Issue   int    `form:"issue"`
	Section string `form:"section"`
	After   string `form:"after"`   // item id, empty for the first place, afterLast for the last
	Version int64  `form:"version"` // order it was chosen from, or 0
}

// afterLast is the value of "after" for the end of a section. A form without
// "after" means the same.
const afterLast = "last"

// askMove is the page of all the places an item can go to.
func (d *Desk) askMove(w http.ResponseWriter, r *http.Request) error {
	item, err := d.itemToMove(r)
	if err != nil {
		return err
	}
	view, err := d.moveView(r, item)
	if err != nil {
		return err
	}
	return movePage.Render(w, r, http.StatusOK, view)
}

// move puts an item where it is to go, in today's order.
func (d *Desk) move(w http.ResponseWriter, r *http.Request) error {
	item, err := d.itemToMove(r)
	if err != nil {
		return err
	}
	var form moveForm
	var to postgres.Target
	err = decode(r, &form, func() error { return form.validate(r, item, &to) })
	user := page.User(r.Context())
	switch {
	case err != nil:
	case form.To != "":
		to.Issue = item.Issue
		err = d.store.StepItem(r.Context(), user, item.ID, form.To == "up", form.Version)
	default:
		err = d.store.MoveItem(r.Context(), user, item.ID, to, form.Version)
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		return d.moveRefused(w, r, item, wrong)
	}
	if conflict, ok := errors.AsType[*postgres.MoveConflict](err); ok {
		return d.moveConflict(w, r, item.ID, form, to, conflict.What)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, boardAt(to.Issue, item.ID))
}

// itemToMove returns the item of the address, if whoever asks may move it.
func (d *Desk) itemToMove(r *http.Request) (postgres.DeskItem, error) {
	id, err := pathID(r)
	if err != nil {
		return postgres.DeskItem{}, err
	}
	item, err := d.store.DeskItem(r.Context(), id)
	if err != nil {
		return postgres.DeskItem{}, err
	}
	return item, newsletter.Allow(page.User(r.Context()), newsletter.PlaceItem, item.Object())
}

// validate reads the target out of the form. Without an issue it is the one
// the item stands in.
func (f *moveForm) validate(r *http.Request, item postgres.DeskItem, to *postgres.Target) error {
	var wrong newsletter.Invalid
	if f.To != "" {
		if f.To != "up" && f.To != "down" {
			wrong.Add("to", "is neither up nor down; choose one of them")
		}
		return wrong.Err()
	}
	if f.Issue == 0 {
		f.Issue = item.Issue
	}
	*to = postgres.Target{Issue: f.Issue, Section: f.Section, After: postgres.Last}
	if f.Issue < 1 || f.Issue > newsletter.MaxNumber {
		wrong.Add("issue", "is missing; choose an issue")
	}
	if f.Section == "" {
		wrong.Add("section", "is missing; choose a section of the issue")
	}
	if r.PostForm.Has("after") && f.After != afterLast {
		after, err := after(f.After)
		if to.After = after; err != nil || after == item.ID {
			wrong.Add("after", "is not another item's number; choose a place in the list")
		}
	}
	return wrong.Err()
}

// after reads the item that is to be followed: none is the first place.
func after(s string) (int64, error) {
	if s == "" {
		return postgres.First, nil
	}
	id, err := strconv.ParseInt(s, 10, 64)
	if err == nil && id < 1 {
		err = strconv.ErrRange
	}
	return id, err
}

// moveRefused shows the places again with what was wrong.
func (d *Desk) moveRefused(w http.ResponseWriter, r *http.Request, item postgres.DeskItem, wrong newsletter.Invalid) error {
	view, err := d.moveView(r, item)
	if err != nil {
		return err
	}
	view.Problems = page.Mark(nil, wrong)
	return movePage.Render(w, r, http.StatusUnprocessableEntity, view)
}
