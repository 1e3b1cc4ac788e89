package desk

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/job"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// webhookView is the owner's page of the address that is told of what happens to
// issues.
type webhookView struct {
	page.DeskFrame
	Form   page.Form
	There  bool   // there is one
	Secret string // that was just made, else ""
	Until  string // how long the one before works, too, or ""
	Jobs   []jobLine
}

var webhookPage = page.Define[webhookView]("desk/webhook.html")

type webhookForm struct {
	Address string `form:"address"`
}

var webhookDone = map[string]string{
	"changed": "The new address is told from now on. The secret has stayed.",
	"tested":  "A test is on its way. Load the page again in a moment to see what came of it.",
	"removed": "Nobody is told any more.",
}

// webhook shows where messages go, and what came of them.
func (d *Desk) webhook(w http.ResponseWriter, r *http.Request) error {
	hook, err := d.store.Webhook(r.Context())
	if err != nil && !errors.Is(err, newsletter.ErrNotFound) {
		return err
	}
	return d.showWebhook(w, r, webhookForm{hook.Address}, "", nil)
}

// setWebhook has an address be told. The first one gets a secret, which is shown
// this once and is in no redirect.
func (d *Desk) setWebhook(w http.ResponseWriter, r *http.Request) error {
	var form webhookForm
	var secret []byte
	err := decode(r, &form, func() error {
		form.Address = strings.TrimSpace(form.Address)
		return newsletter.CheckWebhook(form.Address, d.inside)
	})
	if err == nil && !page.Kept(r.Context()) {
		secret, err = d.store.SetWebhook(r.Context(), page.User(r.Context()), form.Address)
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok || err == nil && page.Kept(r.Context()) {
		return d.showWebhook(w, r, form, "", wrong)
	}
	if err != nil {
		return err
	}
	if secret == nil {
		return seeOther(w, r, address.Webhook+"?done=changed")
	}
	return d.showWebhook(w, r, form, secretWords(secret), nil)
}

// newWebhookSecret replaces the secret and shows the new one this once.
func (d *Desk) newWebhookSecret(w http.ResponseWriter, r *http.Request) error {
	secret, err := d.store.NewWebhookSecret(r.Context(), page.User(r.Context()))
	if errors.Is(err, newsletter.ErrNotFound) {
		return seeOther(w, r, address.Webhook) // it was removed meanwhile
	}
	if err != nil {
		return err
	}
	hook, err := d.store.Webhook(r.Context())
	if err != nil {
		return err
	}
	return d.showWebhook(w, r, webhookForm{hook.Address}, secretWords(secret), nil)
}

func (d *Desk) testWebhook(w http.ResponseWriter, r *http.Request) error {
	err := d.store.TestWebhook(r.Context(), page.User(r.Context()))
	if errors.Is(err, newsletter.ErrNotFound) {
		return seeOther(w, r, address.Webhook)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, address.Webhook+"?done=tested")
}

func (d *Desk) removeWebhook(w http.ResponseWriter, r *http.Request) error {
	if err := d.store.RemoveWebhook(r.Context(), page.User(r.Context())); err != nil {
		return err
	}
	return seeOther(w, r, address.Webhook+"?done=removed")
}

// secretWords writes a secret as Standard Webhooks has it given to people.
func secretWords(secret []byte) string {
	return "whsec_" + base64.StdEncoding.EncodeToString(secret)
}

func (d *Desk) showWebhook(w http.ResponseWriter, r *http.Request, form webhookForm, secret string, wrong newsletter.Invalid) error {
	frame, _, err := d.frame(r, "Webhook")
	if err != nil {
		return err
	}
	view := webhookView{DeskFrame: frame, Secret: secret, There: true}
	hook, err := d.store.Webhook(r.Context())
	switch {
	case errors.Is(err, newsletter.ErrNotFound):
		view.There = false
	case err != nil:
		return err
	case hook.Until != nil:
		view.Until = clockWords(*hook.Until, d.now.Publication().Location())
	}
	jobs, err := d.store.JobsOf(r.Context(), job.WebhookKind)
	if err != nil {
		return err
	}
	view.Jobs = d.jobLines(jobs)
	if done := webhookDone[r.URL.Query().Get("done")]; done != "" && wrong == nil {
		view.Notice = done
	}
	view.Form = form.shown(view.There)
	view.Problems = page.Mark(view.Form.Fields, wrong)
	return webhookPage.Render(w, r, view.Status(), view)
}

// shown returns the form as the page shows it.
func (f webhookForm) shown(there bool) page.Form {
	button := "Tell this address"
	if there {
		button = "Change the address"
	}
	return page.Form{
		Action: address.Webhook, Button: button,
		Fields: []page.Field{{
			Name: "address", Label: "Address to tell", Value: f.Address, Autocomplete: "off",
			Hint: "It begins with https:// and is given by the tool that wants to be told.",
		}},
	}
}
