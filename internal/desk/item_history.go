package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// itemHistoryView is the page of all that an item has said.
type itemHistoryView struct {
	page.DeskFrame
	Item     postgres.DeskItem
	Label    string
	Sent     moment
	Where    string
	Edit     bool // whoever looks may
	Versions versionList
	Pages    pages
}

// versionList is some versions of a text, newest first.
type versionList struct {
	List   []oldVersion
	Action string // where one is brought back, or "" for those who may not
	Newest int    // version of the text as it is
}

// oldVersion is a version with what it changed.
type oldVersion struct {
	Number  int
	By      string
	When    moment
	Changes []change
}

// pages leads to the pages before and after one of a long list.
type pages struct {
	Show         string // part of the history that is listed, or ""
	Newer, Older int    // numbers of pages, or 0
}

// Query is what the address of a page ends in.
func (p pages) Query(number int) string {
	values := url.Values{"page": {strconv.Itoa(number)}}
	if p.Show != "" {
		values.Set("show", p.Show)
	}
	return "?" + values.Encode()
}

// restoreForm says what is to be brought back, and what the page showed as the
// newest.
type restoreForm struct {
	Restore int   `form:"restore"` // version of a text
	Version int   `form:"version"` // newest one
	Order   int64 `form:"order"`   // version of an issue's order
	Seen    int64 `form:"seen"`    // newest one
}

var itemHistoryPage = page.Define[itemHistoryView]("desk/item-history.html")

// itemHistory shows what an item has said, and when and by whom it was
// changed, to everybody at the desk.
func (d *Desk) itemHistory(w http.ResponseWriter, r *http.Request) error {
	item, err := d.itemTo(newsletter.UseDesk, r)
	if err != nil {
		return err
	}
	return d.showItemHistory(w, r, http.StatusOK, item, nil)
}

func (d *Desk) showItemHistory(w http.ResponseWriter, r *http.Request, status int, item postgres.DeskItem, wrong newsletter.Invalid) error {
	frame, _, err := d.frame(r, "History of "+label(item.Item))
	if err != nil {
		return err
	}
	frame.Problems = page.Mark(nil, wrong)
	number := pageNumber(r)
	versions, err := d.store.ItemVersions(r.Context(), item.ID, number)
	if err != nil {
		return err
	}
	view := itemHistoryView{
		DeskFrame: frame, Item: item, Label: label(item.Item), Sent: d.ago(item.SubmittedAt), Where: whereOf(item),
		Edit:     newsletter.May(frame.User, newsletter.EditItem, item.Object()),
		Versions: versionList{List: d.oldItems(versions), Newest: item.Version},
	}
	if view.Edit {
		view.Versions.Action = address.DeskItemTo(item.ID, "history")
	}
	var more bool
	view.Versions.List, more = upTo(postgres.VersionsPerPage, view.Versions.List)
	view.Pages = pagesAround(number, more)
	return itemHistoryPage.Render(w, r, status, view)
}

// oldItems compares each version of an item with the one before. The very first
// is shown as it was.
func (d *Desk) oldItems(versions []postgres.ItemVersion) []oldVersion {
	list := make([]oldVersion, len(versions))
	for k, v := range versions {
		list[k] = oldVersion{Number: v.Number, By: nameOr(v.By), When: d.ago(v.At)}
		if k+1 < len(versions) {
			list[k].Changes = changes(compareItems(v.Words, versions[k+1].Words))
		} else {
			list[k].Changes = plainly(changes(compareItems(v.Words, newsletter.Item{})))
		}
	}
	return list
}

// plainly returns changes without marks, where there is nothing to compare
// with.
func plainly(list []change) []change {
	for _, c := range list {
		c.Parts = slices.DeleteFunc(c.Parts, func(p part) bool { return p.Kind == "gone" })
		for k := range c.Parts {
			c.Parts[k].Kind = ""
		}
	}
	return list
}

// restoreItem brings back what an item said once, as if it had been typed
// anew: as a new version, and whoever changed the item since the page was made
// is asked about as ever.
func (d *Desk) restoreItem(w http.ResponseWriter, r *http.Request) error {
	item, err := d.itemTo(newsletter.EditItem, r)
	if err != nil {
		return err
	}
	var form restoreForm
	wrong, err := read(r, &form)
	if err != nil {
		return err
	}
	if form.Restore == 0 {
		wrong = joinFaults(wrong, newsletter.Invalid{{Field: "version", Message: "is missing; choose one to bring back"}})
	}
	if wrong.Err() != nil {
		return d.showItemHistory(w, r, http.StatusUnprocessableEntity, item, wrong)
	}
	old, err := d.store.ItemVersion(r.Context(), item.ID, form.Restore)
	if err != nil {
		return err
	}
	again := formOf(old.Words)
	again.Version = form.Version
	r.PostForm = url.Values{}
	for _, field := range again.values(false) {
		r.PostForm.Add(field.Name, field.Value)
	}
	return d.saveItem(w, r)
}

// upTo returns the beginning of a list, and whether there is more.
func upTo[T any](n int, list []T) ([]T, bool) { return list[:min(n, len(list))], len(list) > n }

// pagesAround leads on from a page that has more after it or not.
func pagesAround(number int, more bool) pages {
	around := pages{Newer: number - 1}
	if more {
		around.Older = number + 1
	}
	return around
}

// pageNumber returns the page of a list that is asked for; anything but a
// number is the first.
func pageNumber(r *http.Request) int {
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	return min(max(number, 1), postgres.MaxPage)
}
