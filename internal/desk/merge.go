package desk

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// mergeView is the page that makes one item of two, or asks for the second.
type mergeView struct {
	page.DeskFrame
	Item  postgres.DeskItem // that stays
	Stays string            // its name
	Other string            // the name of the one that goes, or ""

	Form itemFields  // with Other
	Two  []inboxSlip // as they are now, with Other

	Choices []choice // without Other
}

// choice is an item that could be merged.
type choice struct {
	Label, Path string
	By          string
	At          moment
	Same        bool // it has a link in common
}

var mergePage = page.Define[mergeView]("desk/merge.html")

// mergeForm says which item goes, and what its words were.
type mergeForm struct {
	With        int64 `form:"with"`
	WithVersion int   `form:"with_version"`
}

// askMerge shows the form of two items as one, or a list to choose the second
// from.
func (d *Desk) askMerge(w http.ResponseWriter, r *http.Request) error {
	item, err := d.itemTo(newsletter.TriageItem, r)
	if err != nil {
		return err
	}
	var which mergeForm
	if err := page.DecodeForm(r, &which); err != nil || which.With == 0 {
		return d.chooseMerge(w, r, item)
	}
	other, err := d.mergeable(r, item, which.With)
	if err != nil {
		return err
	}
	form := formAt(item)
	form.join(other.Item)
	which.WithVersion = other.Version
	return d.showMerge(w, r, http.StatusOK, item, other, form, which, nil)
}

// mergeable returns the second item of a merge.
func (d *Desk) mergeable(r *http.Request, item postgres.DeskItem, id int64) (postgres.DeskItem, error) {
	if id == item.ID {
		return postgres.DeskItem{}, newsletter.Invalid{{Field: "with", Message: "is the same item; choose another"}}
	}
	other, err := d.store.DeskItem(r.Context(), id)
	if err != nil {
		return postgres.DeskItem{}, err
	}
	return other, newsletter.Allow(page.User(r.Context()), newsletter.TriageItem, other.Object())
}

// merge makes one item of two.
func (d *Desk) merge(w http.ResponseWriter, r *http.Request) error {
	form, wrong, err := decodeItem(r)
	if err != nil {
		return err
	}
	var which mergeForm
	if err := page.DecodeForm(r, &which); err != nil {
		return err
	}
	item, err := d.itemTo(newsletter.TriageItem, r)
	if err != nil {
		return d.refuse(w, r, form, err)
	}
	other, err := d.mergeable(r, item, which.With)
	if err != nil {
		return d.notMerged(w, r, item, form, which, err)
	}
	if page.Kept(r.Context()) || form.rearrange() {
		return d.showMerge(w, r, http.StatusOK, item, other, form, which, nil)
	}
	words, faults := form.item()
	if wrong = joinFaults(wrong, faults); wrong.Err() == nil {
		err = d.store.MergeItems(r.Context(), page.User(r.Context()), item.ID, other.ID, form.Version, which.WithVersion, words, publish.LinksOf)
	}
	conflict, overtaken := errors.AsType[*postgres.ItemConflict](err)
	switch {
	case overtaken && !d.merged(r, item.ID, which.With, form):
		return d.mergeConflict(w, r, item, other, form, which, conflict.Theirs)
	case errors.As(err, &wrong), wrong.Err() != nil:
		return d.showMerge(w, r, http.StatusUnprocessableEntity, item, other, form, which, wrong)
	case err != nil:
		return d.notMerged(w, r, item, form, which, err)
	}
	return seeOther(w, r, address.DeskItem(item.ID)+"?done=merged")
}

// notMerged answers two items that cannot be made one. Those that are one
// already are no failure: the button was pressed twice.
func (d *Desk) notMerged(w http.ResponseWriter, r *http.Request, item postgres.DeskItem, form itemForm, which mergeForm, err error) error {
	if d.merged(r, item.ID, which.With, form) {
		return seeOther(w, r, address.DeskItem(item.ID)+"?done=merged")
	}
	return d.refuse(w, r, form, err)
}

// merged reports whether the second item is gone and the one that stays has
// the form's words.
func (d *Desk) merged(r *http.Request, into, from int64, form itemForm) bool {
	if _, err := d.store.DeskItem(r.Context(), from); !errors.Is(err, newsletter.ErrNotFound) {
		return false
	}
	kept, err := d.store.DeskItem(r.Context(), into)
	words, _ := form.item()
	return err == nil && len(compareItems(words, kept.Item)) == 0
}

// mergeConflict shows the form again when one of the items has newer words,
// which stand below it.
func (d *Desk) mergeConflict(w http.ResponseWriter, r *http.Request, item, other postgres.DeskItem, form itemForm, which mergeForm, theirs postgres.DeskItem) error {
	wrong := newsletter.Invalid{{Field: "note", Message: fmt.Sprintf("was changed by %s in one of the items while you were writing. Nothing is lost: what both say now stands below; take over what is new and merge again",
		nameOr(theirs.ChangedBy))}}
	if theirs.ID == item.ID {
		item = theirs
	} else {
		other = theirs
	}
	form.Version, which.WithVersion = item.Version, other.Version
	return d.showMerge(w, r, http.StatusConflict, item, other, form, which, wrong)
}

func (d *Desk) showMerge(w http.ResponseWriter, r *http.Request, status int, item, other postgres.DeskItem, form itemForm, which mergeForm, wrong newsletter.Invalid) error {
	frame, _, err := d.frame(r, "Merge two items")
	if err != nil {
		return err
	}
	two, err := d.inboxSlips(r, []postgres.DeskItem{item, other})
	if err != nil {
		return err
	}
	fields, problems := form.fields(wrong, nil, nil)
	frame.Problems = problems
	fields.Action, fields.Back = address.DeskItemTo(item.ID, "merge"), address.DeskItem(item.ID)
	fields.Hidden = []page.Hidden{
		{Name: "with", Value: strconv.FormatInt(other.ID, 10)},
		{Name: "version", Value: strconv.Itoa(form.Version)},
		{Name: "with_version", Value: strconv.Itoa(which.WithVersion)},
	}
	fields.Button = "Make them one"
	return mergePage.Render(w, r, status, mergeView{
		DeskFrame: frame, Item: item, Stays: label(item.Item), Other: label(other.Item), Form: fields, Two: two,
	})
}

// chooseMerge lists what an item could be merged with: first what has a link
// in common with it, then the inbox.
func (d *Desk) chooseMerge(w http.ResponseWriter, r *http.Request, item postgres.DeskItem) error {
	frame, _, err := d.frame(r, "Merge two items")
	if err != nil {
		return err
	}
	where, err := d.ranIn(r.Context(), page.User(r.Context()), addressesOf(item.Item), item.ID)
	if err != nil {
		return err
	}
	path := func(id int64) string {
		return address.DeskItemTo(item.ID, "merge") + "?with=" + strconv.FormatInt(id, 10)
	}
	listed := map[int64]bool{item.ID: true}
	view := mergeView{DeskFrame: frame, Item: item, Stays: label(item.Item)}
	for _, r := range ranOf(item.Item, where) {
		if r.Item != 0 && !listed[r.Item] {
			listed[r.Item] = true
			view.Choices = append(view.Choices, choice{r.Title, path(r.Item), r.By, r.At, true})
		}
	}
	waiting, _, err := d.store.Inbox(r.Context(), postgres.InboxFilter{Page: 1})
	if err != nil {
		return err
	}
	for _, other := range waiting {
		if !listed[other.ID] {
			view.Choices = append(view.Choices, choice{label(other.Item), path(other.ID), other.SubmittedBy, d.ago(other.SubmittedAt), false})
		}
	}
	return mergePage.Render(w, r, http.StatusOK, view)
}
