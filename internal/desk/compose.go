package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// composeRoutes are the routes of issues, their sections and order, and of the
// owner's pages.
func (d *Desk) composeRoutes() []page.Route {
	const (
		issue   = address.Issues + "/{number:[0-9]+}"
		section = issue + "/sections/{id:[0-9]+}"
		move    = address.Items + "/{id:[0-9]+}/move"
	)
	return []page.Route{
		{Method: http.MethodGet, Pattern: address.Issues, Action: newsletter.UseDesk, Handler: d.issues},
		{Method: http.MethodPost, Pattern: address.Issues, Action: newsletter.CreateIssue, Handler: d.createIssue, Form: true},
		{Method: http.MethodGet, Pattern: issue, Action: newsletter.UseDesk, Handler: d.board},
		{Method: http.MethodPost, Pattern: issue, Action: newsletter.WriteIssue, Handler: d.saveIssue, Form: true},
		{Method: http.MethodGet, Pattern: issue + "/discard", Action: newsletter.DiscardIssue, Handler: d.askDiscard},
		{Method: http.MethodPost, Pattern: issue + "/discard", Action: newsletter.DiscardIssue, Handler: d.discard},
		{Method: http.MethodPost, Pattern: issue + "/sections", Action: newsletter.Arrange, Handler: d.addSection, Form: true},
		{Method: http.MethodPost, Pattern: section, Action: newsletter.Arrange, Handler: d.changeSection, Form: true},
		{Method: http.MethodPost, Pattern: section + "/remove", Action: newsletter.Arrange, Handler: d.removeSection},
		{Method: http.MethodPost, Pattern: section + "/owner", Action: newsletter.Arrange, Handler: d.ownSection},
		{Method: http.MethodPost, Pattern: section + "/progress", Action: newsletter.Arrange, Handler: d.markSection},
		{Method: http.MethodGet, Pattern: move, Action: newsletter.PlaceItem, Handler: d.askMove},
		{Method: http.MethodPost, Pattern: move, Action: newsletter.PlaceItem, Handler: d.move},
		{Method: http.MethodGet, Pattern: issue + "/history", Action: newsletter.UseDesk, Handler: d.history},
		{Method: http.MethodPost, Pattern: issue + "/history", Action: newsletter.Arrange, Handler: d.restoreInIssue},
		{Method: http.MethodGet, Pattern: issue + "/preview", Action: newsletter.PreviewIssue, Handler: d.preview},
		{Method: http.MethodGet, Pattern: issue + "/preview-link", Action: newsletter.PreviewIssue, Handler: d.askPreviewLink},
		{Method: http.MethodPost, Pattern: issue + "/preview-link", Action: newsletter.PreviewIssue, Handler: d.makePreviewLink},
		{Method: http.MethodPost, Pattern: issue + "/preview-link/revoke", Action: newsletter.PreviewIssue, Handler: d.revokePreviewLink},
		{Method: http.MethodGet, Pattern: address.Preview("{secret}"), Action: newsletter.ReadShared, Handler: d.sharedPreview},
		{Method: http.MethodGet, Pattern: issue + "/events", Action: newsletter.UseDesk, Handler: d.events, Script: true},
		{Method: http.MethodPost, Pattern: issue + "/presence", Action: newsletter.UseDesk, Handler: d.editing, Script: true},
		{Method: http.MethodGet, Pattern: issue + "/publish", Action: newsletter.PublishIssue, Handler: d.askPublish},
		{Method: http.MethodPost, Pattern: issue + "/publish", Action: newsletter.PublishIssue, Handler: d.publish, Form: true},
		{Method: http.MethodPost, Pattern: issue + "/unschedule", Action: newsletter.PublishIssue, Handler: d.unschedule},
		{Method: http.MethodGet, Pattern: issue + "/correct", Action: newsletter.CorrectIssue, Handler: d.askCorrect},
		{Method: http.MethodPost, Pattern: issue + "/correct", Action: newsletter.CorrectIssue, Handler: d.correct, Form: true},
		{Method: http.MethodPost, Pattern: issue + "/items/{place:[0-9]+}/withdraw", Action: newsletter.CorrectIssue, Handler: d.withdrawItem},
		{Method: http.MethodGet, Pattern: issue + "/withdraw", Action: newsletter.CorrectIssue, Handler: d.askWithdraw},
		{Method: http.MethodPost, Pattern: issue + "/withdraw", Action: newsletter.CorrectIssue, Handler: d.withdraw},
		{Method: http.MethodPost, Pattern: issue + "/reinstate", Action: newsletter.CorrectIssue, Handler: d.reinstate},
		{Method: http.MethodGet, Pattern: issue + "/published", Action: newsletter.PublishIssue, Handler: d.published},
		{Method: http.MethodGet, Pattern: issue + "/mail.html", Action: newsletter.PublishIssue, Handler: d.mailHTML},
		{Method: http.MethodGet, Pattern: address.Sections, Action: newsletter.ManageSections, Handler: d.standing},
		{Method: http.MethodPost, Pattern: address.Sections, Action: newsletter.ManageSections, Handler: d.saveStanding, Form: true},
		{Method: http.MethodGet, Pattern: address.Settings, Action: newsletter.ManagePublication, Handler: d.settings},
		{Method: http.MethodPost, Pattern: address.Settings, Action: newsletter.ManagePublication, Handler: d.saveSettings, Form: true},
		{Method: http.MethodGet, Pattern: address.Redirects, Action: newsletter.ManagePublication, Handler: d.redirects},
		{Method: http.MethodPost, Pattern: address.Redirects, Action: newsletter.ManagePublication, Handler: d.keepRedirect, Form: true},
		{Method: http.MethodPost, Pattern: address.Redirects + "/remove", Action: newsletter.ManagePublication, Handler: d.removeRedirect},
		{Method: http.MethodGet, Pattern: address.Webhook, Action: newsletter.ManagePublication, Handler: d.webhook},
		{Method: http.MethodPost, Pattern: address.Webhook, Action: newsletter.ManagePublication, Handler: d.setWebhook, Form: true},
		{Method: http.MethodPost, Pattern: address.Webhook + "/secret", Action: newsletter.ManagePublication, Handler: d.newWebhookSecret},
		{Method: http.MethodPost, Pattern: address.Webhook + "/test", Action: newsletter.ManagePublication, Handler: d.testWebhook},
		{Method: http.MethodPost, Pattern: address.Webhook + "/remove", Action: newsletter.ManagePublication, Handler: d.removeWebhook},
		{Method: http.MethodGet, Pattern: address.Activity, Action: newsletter.SeeActivity, Handler: d.activity},
		{Method: http.MethodPost, Pattern: address.Activity + "/jobs/{id:[0-9]+}/retry", Action: newsletter.SeeActivity, Handler: d.retryJob},
		{Method: http.MethodPost, Pattern: address.Activity + "/jobs/{id:[0-9]+}/dismiss", Action: newsletter.SeeActivity, Handler: d.dismissJob},
		{Method: http.MethodGet, Pattern: address.Redact, Action: newsletter.RedactWords, Handler: d.askRedact},
		{Method: http.MethodPost, Pattern: address.Redact, Action: newsletter.RedactWords, Handler: d.redact},
	}
}

// issueNumber returns the issue's number in the address, or ErrNotFound.
func issueNumber(r *http.Request) (int, error) {
	n, err := newsletter.ParseNumber(chi.URLParam(r, "number"))
	if err != nil {
		return 0, newsletter.ErrNotFound
	}
	return n, nil
}

// pathID returns the item's or section's id in the address, or ErrNotFound.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil || id < 1 {
		return 0, newsletter.ErrNotFound
	}
	return id, nil
}

// seeOther sends a browser from a form to a page.
func seeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// joinFaults puts what one look at an input found wrong before what another found. A
// field is complained about once.
func joinFaults(first, second newsletter.Invalid) newsletter.Invalid {
	all := slices.Clone(first)
	for _, fault := range second {
		if !slices.ContainsFunc(all, func(f newsletter.FieldError) bool { return f.Field == fault.Field }) {
			all = append(all, fault)
		}
	}
	return all
}

// markdownFault says why a text cannot be printed, as it continues the name of
// its field, or "".
func markdownFault(err error) string {
	if err == nil {
		return ""
	}
	return strings.TrimPrefix(err.Error(), "the text ")
}

// rowAnchor is the id of an item's row on the board.
func rowAnchor(item int64) string { return fmt.Sprintf("item-%d", item) }

// boardAt is the board of an issue, at an item's row.
func boardAt(number int, item int64) string {
	return address.DeskIssue(number) + "#" + rowAnchor(item)
}
