package address

import (
	"fmt"
	"net/url"
)

// Addresses behind the sign-in, and the sign-in's own.
const (
	SignIn     = "/sign-in"
	SignOut    = "/sign-out"
	SetUp      = "/set-up"
	Desk       = "/desk"
	Inbox      = "/desk/inbox"
	Items      = "/desk/items"
	NewItem    = "/desk/items/new"
	Issues     = "/desk/issues"
	NewIssue   = "/desk/issues/new"
	BlueNotes  = "/desk/blue-notes"
	Links      = "/desk/links"
	People     = "/desk/people"
	Sections   = "/desk/sections"
	Settings   = "/desk/settings"
	Activity   = "/desk/activity"
	Redact     = "/desk/redact"
	Redirects  = "/desk/redirects"
	Webhook    = "/desk/webhook"
	MySettings = "/desk/me"
	MyPassword = "/desk/me/password"
	Shortcuts  = "/desk/shortcuts"
	Previews   = "/preview"
	Kept       = "/desk/kept" // the form that an expired session interrupted
)

// SignInThen is the sign-in that leads to a path of this program afterwards.
func SignInThen(next string) string {
	return SignIn + "?" + url.Values{"next": {next}}.Encode()
}

// SignInLink is a person's one-time sign-in by its secret.
func SignInLink(secret string) string { return SignIn + "/" + secret }

// PersonTo is what can be done to a person: role, disable, enable or link.
func PersonTo(id int64, deed string) string { return fmt.Sprintf("%s/%d/%s", People, id, deed) }

// KeptForm is the form of a number that an expired session interrupted.
func KeptForm(number int) string { return fmt.Sprintf("%s?form=%d", Kept, number) }

// SetUpLink is the one-time set-up of the first owner by its secret.
func SetUpLink(secret string) string { return SetUp + "/" + secret }

// NewItemWith is the form of a new item with its first link filled in.
func NewItemWith(link string) string {
	return NewItem + "?" + url.Values{"url": {link}}.Encode()
}

// DeskItem is an item's page on the desk.
func DeskItem(id int64) string { return fmt.Sprintf("%s/%d", Items, id) }

// DeskItemTo is what can be done to an item: move, decline, hold, restore,
// merge, history or blue-notes.
func DeskItemTo(id int64, deed string) string { return DeskItem(id) + "/" + deed }

// JobTo is what can be done to a background job: retry or dismiss.
func JobTo(id int64, deed string) string { return fmt.Sprintf("%s/jobs/%d/%s", Activity, id, deed) }

// DeskIssue is an issue's board.
func DeskIssue(number int) string { return fmt.Sprintf("%s/%d", Issues, number) }

// DeskIssueTo is what can be done to an issue: edit, sections, discard,
// preview, preview-link, publish, unschedule, published, mail.html, history or blue-notes.
func DeskIssueTo(number int, deed string) string { return DeskIssue(number) + "/" + deed }

// Preview is an issue's preview by the secret of its link.
func Preview(secret string) string { return Previews + "/" + secret }

// DeskSection is a section of an issue, and with a deed what can be done to
// it: remove, owner, progress or blue-notes.
func DeskSection(number int, id int64, deed string) string {
	path := fmt.Sprintf("%s/sections/%d", DeskIssue(number), id)
	if deed != "" {
		path += "/" + deed
	}
	return path
}
