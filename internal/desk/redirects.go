package desk

import (
	"errors"
	"net/http"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/publish"
)

// redirectsView is the owner's page of old addresses and where they lead.
type redirectsView struct {
	page.DeskFrame
	Words string // that the list is filtered by
	List  []newsletter.Redirect
	Total int // that pass the filter
	Add   page.Form
}

// More returns how many that pass the filter are not shown.
func (v redirectsView) More() int { return v.Total - len(v.List) }

var redirectsPage = page.Define[redirectsView]("desk/redirects.html")

// redirectsShown is how many redirects the page lists at once. An imported
// archive may have thousands; a word of the address finds one.
const redirectsShown = 100

type redirectForm struct {
	From string `form:"from"`
	To   string `form:"to"`
}

func (f *redirectForm) redirect() newsletter.Redirect {
	return newsletter.Redirect{From: ownPath(f.From), To: ownPath(f.To)}
}

// ownPath takes scheme and host from an address that was copied whole.
func ownPath(given string) string {
	if _, rest, found := strings.Cut(given, "://"); found {
		if slash := strings.IndexByte(rest, '/'); slash >= 0 {
			return rest[slash:]
		}
		return "/"
	}
	return given
}

// redirects shows the old addresses.
func (d *Desk) redirects(w http.ResponseWriter, r *http.Request) error {
	return d.showRedirects(w, r, redirectForm{}, nil)
}

// addRedirect lets an old address lead to one of today.
func (d *Desk) addRedirect(w http.ResponseWriter, r *http.Request) error {
	var form redirectForm
	err := decode(r, &form, func() error { return form.redirect().Validate() })
	if err == nil && !page.Kept(r.Context()) {
		err = publish.AddRedirect(r.Context(), d.store, page.User(r.Context()), form.redirect())
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok || err == nil && page.Kept(r.Context()) {
		return d.showRedirects(w, r, form, wrong)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, address.Redirects+"?done=added")
}

// removeRedirect lets an old address lead nowhere.
func (d *Desk) removeRedirect(w http.ResponseWriter, r *http.Request) error {
	var form redirectForm
	if err := decode(r, &form, func() error { return nil }); err != nil {
		return err
	}
	if err := d.store.RemoveRedirect(r.Context(), page.User(r.Context()), form.From); err != nil {
		return err
	}
	return seeOther(w, r, address.Redirects+"?done=removed")
}

var redirectDone = map[string]string{
	"added":   "The old address leads there now, for ever.",
	"removed": "The old address leads nowhere any more.",
}

func (d *Desk) showRedirects(w http.ResponseWriter, r *http.Request, form redirectForm, wrong newsletter.Invalid) error {
	frame, _, err := d.frame(r, "Old addresses")
	if err != nil {
		return err
	}
	all, err := d.store.Redirects(r.Context())
	if err != nil {
		return err
	}
	view := redirectsView{DeskFrame: frame, Words: strings.TrimSpace(r.URL.Query().Get("q")), Add: page.Form{
		Action: address.Redirects,
		Fields: []page.Field{
			{Name: "from", Label: "Old address", Value: form.From, Hint: "As it was at the old place, such as /2013/09/issue-139.html."},
			{Name: "to", Label: "Leads to", Value: form.To, Hint: "An address here, such as /issues/139."},
		},
		Button: "Add the old address",
	}}
	for _, redirect := range all {
		if strings.Contains(redirect.From, view.Words) || strings.Contains(redirect.To, view.Words) {
			if view.Total++; view.Total <= redirectsShown {
				view.List = append(view.List, redirect)
			}
		}
	}
	if done := redirectDone[r.URL.Query().Get("done")]; done != "" && wrong == nil {
		view.Notice = done
	}
	view.Problems = page.Mark(view.Add.Fields, wrong)
	return redirectsPage.Render(w, r, view.Status(), view)
}
