package desk

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// newItemView is the page that adds an item.
type newItemView struct {
	page.DeskFrame
	Form   itemFields
	Before []before // what is known of the addresses, shown before a word is typed
	None   bool     // what was pasted holds no address
	Gone   bool     // it was an item that is no more
	Again  bool     // the form made several items before, of other words
	Twice  bool     // two of the addresses are the same
	Most   int      // links that an item can have, where there are more
}

// before says of an address where it stands already.
type before struct {
	URL string
	Ran []ran
}

var newItemPage = page.Define[newItemView]("desk/item-new.html")

// newItem shows the form of a new item with what the paste box, a bookmark or
// a share sheet knows already.
func (d *Desk) newItem(w http.ResponseWriter, r *http.Request) error {
	form, wrong, err := decodeItem(r)
	if err != nil {
		return err
	}
	pasted := strings.TrimSpace(strings.Join(r.URL.Query()["url"], ""))
	form.takeShared()
	view := newItemView{None: pasted != "" && len(form.urls()) == 0}
	return d.showNew(w, r, http.StatusOK, form, wrong, view)
}

// takeShared sorts what was shared into the form. Share sheets put the address
// into any field, and the page's title around it.
func (f *itemForm) takeShared() {
	for i, label := range f.Labels {
		if f.URLs[i] != "" && f.Title == "" && !f.Several {
			f.Title, f.Labels[i] = label, ""
		}
	}
	if len(f.urls()) > 0 {
		return
	}
	for _, field := range []*string{&f.Note, &f.Title} {
		if links, rest := takeAddresses(*field); len(links) > 0 {
			*field, f.Several = rest, true
			for i := len(links) - 1; i >= 0; i-- {
				f.URLs, f.Labels = append([]string{links[i].URL}, f.URLs...), append([]string{links[i].Text}, f.Labels...)
			}
			return
		}
		url, words := takeAddress(*field)
		if url == "" || !strings.Contains(*field, url) { // only whole addresses count among words
			continue
		}
		f.URLs, f.Labels = append([]string{url}, f.URLs...), append([]string{""}, f.Labels...)
		if words == "" {
			*field = ""
		}
		return
	}
}

// urls returns the addresses of the form that are some.
func (f *itemForm) urls() []string {
	return slices.DeleteFunc(slices.Clone(f.URLs), func(url string) bool { return !strings.Contains(url, "://") })
}

// createItem stores a new item in the inbox, or in a section of an issue.
func (d *Desk) createItem(w http.ResponseWriter, r *http.Request) error {
	form, wrong, err := decodeItem(r)
	if err != nil {
		return err
	}
	user := page.User(r.Context())
	if err := mayPlace(r, user, newsletter.Object{}); err != nil {
		return err
	}
	if form.rearrange() || page.Kept(r.Context()) {
		return d.showNew(w, r, http.StatusOK, form, nil, newItemView{})
	}
	item, faults := form.item()
	to, misplaced := form.target()
	if wrong = joinFaults(joinFaults(wrong, faults), misplaced); form.Several && form.Do != doEach {
		wrong = joinFaults(wrong, form.severalFault())
	}
	if wrong.Err() != nil {
		return d.showNew(w, r, http.StatusUnprocessableEntity, form, wrong, newItemView{})
	}
	if form.Do == doEach && len(item.Links) > 1 {
		return d.createEach(w, r, form, item, to)
	}
	id, err := d.store.CreateItem(r.Context(), user, item, to, form.Key, publish.LinksOf)
	if conflict, is := errors.AsType[*postgres.ItemConflict](err); is { // the form was sent before, with other words
		return d.conflict(w, r, d.itemConflict(r, form, item, conflict.Theirs))
	}
	if err != nil {
		return d.notCreated(w, r, form, to, err)
	}
	return seeOther(w, r, address.DeskItem(id)+"?done=saved")
}

// notCreated answers a form whose item, or items, the store refused.
func (d *Desk) notCreated(w http.ResponseWriter, r *http.Request, form itemForm, to *postgres.Target, err error) error {
	var wrong newsletter.Invalid
	switch forbidden, is := errors.AsType[*newsletter.Forbidden](err); {
	case errors.As(err, &wrong):
		return d.showNew(w, r, http.StatusUnprocessableEntity, form, wrong, newItemView{})
	case is && to != nil: // the issue has closed meanwhile
		wrong.Add("issue", "cannot take it: "+forbidden.Error()+"; choose another")
		return d.showNew(w, r, http.StatusForbidden, form, wrong, newItemView{})
	}
	return err
}

// mayPlace returns why a form may not say where its item goes, when it does.
func mayPlace(r *http.Request, user newsletter.User, object newsletter.Object) error {
	if r.PostForm.Has("issue") || r.PostForm.Has("section") {
		return newsletter.Allow(user, newsletter.PlaceItem, object)
	}
	return nil
}

// target returns where the form wants its item to stand: at the end of a
// section, or nil for outside every issue.
func (f itemForm) target() (*postgres.Target, newsletter.Invalid) {
	if f.Issue == "" {
		return nil, nil
	}
	number, err := newsletter.ParseNumber(f.Issue)
	switch {
	case err != nil:
		return nil, newsletter.Invalid{{Field: "issue", Message: "is no number of an issue; choose one of the list"}}
	case f.Section == "":
		return nil, newsletter.Invalid{{Field: "section", Message: "is missing; choose one of issue " + strconv.Itoa(number)}}
	}
	return &postgres.Target{Issue: number, Section: f.Section, After: postgres.Last}, nil
}

// showNew shows the form of a new item.
func (d *Desk) showNew(w http.ResponseWriter, r *http.Request, status int, form itemForm, wrong newsletter.Invalid, view newItemView) error {
	frame, open, err := d.frame(r, "Add an item")
	if err != nil {
		return err
	}
	if frame.Here = address.NewItem; form.Key == "" {
		form.Key = rand.Text()
	}
	user := page.User(r.Context())
	where, err := d.ranIn(r.Context(), user, form.urls(), 0)
	if err != nil {
		return err
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		for _, url := range form.urls() {
			if len(where[url]) > 0 {
				view.Before = append(view.Before, before{url, where[url]})
			}
		}
	}
	fields, problems := form.fields(wrong, where, placeable(user, open))
	frame.Problems = problems
	view.DeskFrame, view.Form = frame, fields.toNew(form.Key, placeable(user, open))
	view.showSeveral(form.urls())
	return newItemPage.Render(w, r, status, view)
}

// showSeveral offers to make one item of several links, or several items.
func (v *newItemView) showSeveral(urls []string) {
	if len(urls) < 2 {
		return
	}
	links := make([]newsletter.Link, len(urls))
	for i, url := range urls {
		links[i].URL = url
	}
	v.Twice = postgres.Repeated(links)
	v.Form.Count = len(urls)
	if len(urls) > newsletter.MaxLinks {
		v.Most = newsletter.MaxLinks
	}
}
