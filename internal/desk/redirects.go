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
	Total int       // that pass the filter
	Form  page.Form // adds one, or changes one
	Was   string    // the old address of the one that is changed, or ""
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
	Was  string `form:"was"` // the old address of the one to change; "" adds one
}

// redirect returns what the form says. Old addresses may be copied whole from
// any host, as the archive was elsewhere; where they lead is here.
func (f *redirectForm) redirect(base address.Base) (newsletter.Redirect, error) {
	_, from := parted(f.From)
	host, to := parted(f.To)
	if host != "" && !strings.EqualFold(host, base.Host()) {
		return newsletter.Redirect{}, newsletter.Invalid{{Field: "to", Message: "is an address of another site; old addresses lead to a page here, such as /issues/139"}}
	}
	r := newsletter.Redirect{From: from, To: to}
	return r, r.Validate()
}

// parted parts an address that was copied whole into its host and the rest. An
// address without a scheme has no host.
func parted(given string) (host, rest string) {
	_, rest, found := strings.Cut(given, "://")
	if !found {
		return "", given
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		return rest, "/"
	}
	return rest[:end], "/" + strings.TrimPrefix(rest[end:], "/")
}

// redirects shows the old addresses, with one of them in the form where it is to
// be changed.
func (d *Desk) redirects(w http.ResponseWriter, r *http.Request) error {
	var form redirectForm
	if was := r.URL.Query().Get("change"); was != "" {
		redirect, err := d.store.Redirect(r.Context(), was)
		if err != nil {
			return err
		}
		form = redirectForm{From: redirect.From, To: redirect.To, Was: redirect.From}
	}
	return d.showRedirects(w, r, form, nil)
}

// keepRedirect lets an old address lead to one of today, or somewhere else than
// before.
func (d *Desk) keepRedirect(w http.ResponseWriter, r *http.Request) error {
	var form redirectForm
	var redirect newsletter.Redirect
	err := decode(r, &form, func() (err error) {
		redirect, err = form.redirect(d.base)
		return err
	})
	done := "added"
	switch by := page.User(r.Context()); {
	case err != nil || page.Kept(r.Context()):
	case form.Was != "":
		err, done = publish.ChangeRedirect(r.Context(), d.store, by, form.Was, redirect), "changed"
	default:
		err = publish.AddRedirect(r.Context(), d.store, by, redirect)
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok || err == nil && page.Kept(r.Context()) {
		return d.showRedirects(w, r, form, wrong)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, address.Redirects+"?done="+done)
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
	"changed": "The old address is changed.",
	"removed": "The old address leads nowhere any more.",
}

// shown returns the form as the page shows it.
func (f *redirectForm) shown() page.Form {
	form := page.Form{
		Action: address.Redirects,
		Fields: []page.Field{
			{Name: "from", Label: "Old address", Value: f.From, Hint: "As it was at the old place, such as /2013/09/issue-139.html."},
			{Name: "to", Label: "Leads to", Value: f.To, Hint: "A page here, such as /issues/139."},
		},
		Button: "Add the old address",
	}
	if f.Was != "" {
		form.Hidden, form.Button = []page.Hidden{{Name: "was", Value: f.Was}}, "Change the old address"
	}
	return form
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
	view := redirectsView{DeskFrame: frame, Words: strings.TrimSpace(r.URL.Query().Get("q")), Form: form.shown(), Was: form.Was}
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
	view.Problems = page.Mark(view.Form.Fields, wrong)
	return redirectsPage.Render(w, r, view.Status(), view)
}
