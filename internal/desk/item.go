package desk

import (
	"crypto/rand"
	"errors"
	"math"
	"net/http"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// itemView is the page of an item: its form, the printed result, where it ran
// and what else can be done to it.
type itemView struct {
	page.DeskFrame
	Item    postgres.DeskItem
	Where   string // "In the inbox", "413, News"
	Sent    moment
	Changed moment // when it was last changed since it was sent, or no words
	Form    itemFields
	Printed page.Item
	Ran     []ran
	Triage  bool // whoever asks may decline, hold, restore and merge
	AddTo   int  // printed issue that it may have been forgotten in, or 0
	Blue    blueNotes
}

var itemPage = page.Define[itemView]("desk/item.html")

// doneWords are what the page of an item says after something was done to it.
var doneWords = map[string]string{
	"saved":  "Saved. This is how it will be printed.",
	"merged": "Two items are one now. This is how it will be printed.",
}

// itemTo returns the item in the address, if whoever asks may do the action to
// it.
func (d *Desk) itemTo(action newsletter.Action, r *http.Request) (postgres.DeskItem, error) {
	id, err := pathID(r)
	if err != nil {
		return postgres.DeskItem{}, err
	}
	item, err := d.store.DeskItem(r.Context(), id)
	if err != nil {
		return postgres.DeskItem{}, err
	}
	return item, newsletter.Allow(page.User(r.Context()), action, item.Object())
}

// item shows an item's form as it is stored.
func (d *Desk) item(w http.ResponseWriter, r *http.Request) error {
	item, err := d.itemTo(newsletter.EditItem, r)
	if err != nil && page.Fragment(r) {
		return d.refuseInRow(w, r, itemForm{}, err)
	}
	if err != nil {
		return err
	}
	notice := doneWords[r.URL.Query().Get("done")]
	return d.showItem(w, r, http.StatusOK, item, formAt(item), nil, notice)
}

// formAt is the form of a stored item with where it stands.
func formAt(item postgres.DeskItem) itemForm {
	form := formOf(item.Item)
	form.Version, form.Section, form.Stood = item.Version, item.Section, placeOf(item)
	if item.Issue != 0 {
		form.Issue = strconv.Itoa(item.Issue)
	}
	return form
}

// saveItem saves an item's words, and where the form says so puts it
// elsewhere: both or nothing.
func (d *Desk) saveItem(w http.ResponseWriter, r *http.Request) error {
	form, wrong, err := decodeItem(r)
	if err != nil {
		return err
	}
	item, err := d.itemTo(newsletter.EditItem, r)
	if err != nil {
		return d.refuse(w, r, form, err)
	}
	user := page.User(r.Context())
	if err := mayPlace(r, user, item.Object()); err != nil {
		return d.refuse(w, r, form, err)
	}
	if !r.PostForm.Has("issue") {
		here := formAt(item)
		form.Issue, form.Section, form.Stood = here.Issue, here.Section, here.Stood
	}
	switch {
	case page.Kept(r.Context()), form.rearrange():
		return d.showItem(w, r, http.StatusOK, item, form, nil, "")
	case form.Both:
		return d.showBoth(w, r, item, form)
	case form.overtaken(item):
		return d.showOvertaken(w, r, item, form)
	}
	version := 0
	words, faults := form.item()
	to, misplaced := form.target()
	if wrong = joinFaults(joinFaults(wrong, faults), misplaced); wrong.Err() == nil {
		version, err = d.saveWords(r, item, form, words, to)
	}
	conflict, overtaken := errors.AsType[*postgres.ItemConflict](err)
	switch {
	case overtaken:
		view := d.itemConflict(r, form, words, conflict.Theirs)
		if page.Fragment(r) {
			return d.conflictInRow(w, r, form, view, conflict.Theirs)
		}
		return d.conflict(w, r, view)
	case errors.As(err, &wrong), wrong.Err() != nil:
		return d.showItem(w, r, http.StatusUnprocessableEntity, item, form, wrong, "")
	case err != nil:
		return d.refuse(w, r, form, err)
	}
	if page.Fragment(r) {
		return d.showSaved(w, r, item, form, version)
	}
	return seeOther(w, r, address.DeskItem(item.ID)+"?done=saved")
}

// saveWords saves an item's words and its place in one transaction, and returns
// the version of the words. The place
// comes first, as everything that moves takes its turn before it holds
// anything else.
func (d *Desk) saveWords(r *http.Request, item postgres.DeskItem, form itemForm, words newsletter.Item, to *postgres.Target) (version int, err error) {
	ctx, user := r.Context(), page.User(r.Context())
	err = d.store.Tx(ctx, func(tx *postgres.Store) error {
		var err error
		switch {
		case !form.moves(item):
		case to == nil:
			err = tx.Restore(ctx, user, item.ID)
		default:
			err = tx.MoveItem(ctx, user, item.ID, *to, math.MaxInt64) // overtaken has looked who was faster
		}
		if conflict, ok := errors.AsType[*postgres.MoveConflict](err); ok {
			return newsletter.Invalid{{Field: conflict.What, Message: "is not in issue " + form.Issue + "; choose another"}}
		}
		if err != nil {
			return err
		}
		version, err = tx.SaveItem(ctx, user, item.ID, form.Version, words, publish.LinksOf)
		return err
	})
	return version, err
}

// showItem shows an item with the form as it was typed.
func (d *Desk) showItem(w http.ResponseWriter, r *http.Request, status int, item postgres.DeskItem, form itemForm, wrong newsletter.Invalid, notice string) error {
	if page.Fragment(r) {
		return d.showItemEditor(w, r, status, item, form, wrong, func(view *editorView) { view.Notice = notice })
	}
	view, err := d.itemView(r, item, form, wrong)
	if err != nil {
		return err
	}
	if notice != "" {
		view.Notice = notice
	}
	return itemPage.Render(w, r, status, view)
}

// itemView reads everything on an item's page, with the form as it was typed.
func (d *Desk) itemView(r *http.Request, item postgres.DeskItem, form itemForm, wrong newsletter.Invalid) (itemView, error) {
	frame, open, err := d.frame(r, "Edit "+label(item.Item))
	if err != nil {
		return itemView{}, err
	}
	user := page.User(r.Context())
	typed := newsletter.Item{Note: item.Note}
	for _, url := range form.urls() {
		typed.Links = append(typed.Links, newsletter.Link{URL: url})
	}
	where, err := d.ranIn(r.Context(), user, addressesOf(typed), item.ID)
	if err != nil {
		return itemView{}, err
	}
	notes, err := d.store.BlueNotesOn(r.Context(), item.ID)
	if err != nil {
		return itemView{}, err
	}
	fields, problems := form.fields(wrong, where, placeable(user, open))
	frame.Problems = problems
	view := itemView{
		DeskFrame: frame, Item: item, Where: whereOf(item), Sent: d.ago(item.SubmittedAt),
		Form: fields.toItem(item, form), Printed: printedItem(item), Ran: ranOf(typed, where),
		Triage: newsletter.May(user, newsletter.TriageItem, item.Object()),
		Blue: d.blueNotes(user, notes, blueForm{
			Action: address.DeskItemTo(item.ID, "blue-notes"), On: "this item", Key: rand.Text(), From: fromItem,
		}, item.Object()),
	}
	if item.ChangedAt.After(item.SubmittedAt) && item.ChangedBy != "" {
		view.Changed = d.ago(item.ChangedAt)
	}
	view.AddTo, err = d.forgottenIn(r, item)
	return view, err
}

// forgottenIn returns the newest printed issue, for those who may add an item
// to it that stands outside every issue, or 0.
func (d *Desk) forgottenIn(r *http.Request, item postgres.DeskItem) (int, error) {
	if !item.State.Loose() || !newsletter.MayEver(page.User(r.Context()), newsletter.CorrectIssue) {
		return 0, nil
	}
	newest, err := d.store.Near(r.Context(), newsletter.MaxNumber, 1)
	if err != nil || len(newest) == 0 {
		return 0, err
	}
	return newest[0].Number, nil
}

// printedItem returns an item as it will be printed.
func printedItem(item postgres.DeskItem) page.Item {
	note, _ := printedNote(item.Item) // what is stored was checked when it was saved
	return page.NewItem(newsletter.Mark{Issue: item.Issue, Place: item.Place}, newsletter.PrintedItem{
		Title: item.Title, Note: newsletter.Text{HTML: string(note)}, Links: item.Links, Sponsored: item.Sponsored,
		EventOn: item.EventOn, EventUntil: item.EventUntil, PlaceName: item.PlaceName,
	})
}

// whereOf says where an item stands.
func whereOf(item postgres.DeskItem) string {
	switch item.State {
	case newsletter.Placed:
		return "In " + strconv.Itoa(item.Issue) + ", " + item.Section
	case newsletter.Held:
		return "Held for a later issue"
	case newsletter.Declined:
		return "Declined"
	}
	return "In the inbox"
}
