package desk

import (
	"net/http"
	"slices"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/publish"
)

// collectRoutes are the routes of collecting: the home page, the inbox, items,
// where links ran, and the list of keys.
func (d *Desk) collectRoutes() []page.Route {
	const item = address.Items + "/{id:[0-9]+}"
	return []page.Route{
		{Method: http.MethodGet, Pattern: address.Desk, Action: newsletter.UseDesk, Handler: d.home},
		{Method: http.MethodGet, Pattern: address.Inbox, Action: newsletter.UseDesk, Handler: d.inbox},
		{Method: http.MethodPost, Pattern: address.Inbox, Action: newsletter.TriageItem, Handler: d.sortInbox, Form: true},
		{Method: http.MethodGet, Pattern: address.Links, Action: newsletter.UseDesk, Handler: d.links},
		{Method: http.MethodGet, Pattern: address.Shortcuts, Action: newsletter.UseDesk, Handler: d.shortcuts},
		{Method: http.MethodPost, Pattern: address.Shortcuts, Action: newsletter.UseDesk, Handler: d.saveKeys, Form: true},
		{Method: http.MethodGet, Pattern: address.NewItem, Action: newsletter.SubmitItem, Handler: d.newItem},
		{Method: http.MethodPost, Pattern: address.Items, Action: newsletter.SubmitItem, Handler: d.createItem, Form: true},
		{Method: http.MethodGet, Pattern: item, Action: newsletter.EditItem, Handler: d.item},
		{Method: http.MethodPost, Pattern: item, Action: newsletter.EditItem, Handler: d.saveItem, Form: true},
		{Method: http.MethodGet, Pattern: item + "/history", Action: newsletter.UseDesk, Handler: d.itemHistory},
		{Method: http.MethodPost, Pattern: item + "/history", Action: newsletter.EditItem, Handler: d.restoreItem},
		{Method: http.MethodGet, Pattern: item + "/decline", Action: newsletter.TriageItem, Handler: d.askDecline},
		{Method: http.MethodPost, Pattern: item + "/decline", Action: newsletter.TriageItem, Handler: d.decline, Form: true},
		{Method: http.MethodPost, Pattern: item + "/hold", Action: newsletter.TriageItem, Handler: d.hold},
		{Method: http.MethodPost, Pattern: item + "/restore", Action: newsletter.TriageItem, Handler: d.restore},
		{Method: http.MethodGet, Pattern: item + "/merge", Action: newsletter.TriageItem, Handler: d.askMerge},
		{Method: http.MethodPost, Pattern: item + "/merge", Action: newsletter.TriageItem, Handler: d.merge, Form: true},
	}
}

// allLinks returns an item's links, listed and inside its note.
func allLinks(item newsletter.Item) []newsletter.Link {
	return slices.Concat(item.Links, publish.LinksOf(item.Note))
}
