package desk

import (
	"errors"
	"net/http"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// shortcutsView is the list of the desk's keys, with their switch.
type shortcutsView struct {
	page.DeskFrame
	Keys []shortcut
	Form page.Form
}

// shortcut is what some keys do. They are pressed together, each of the sets
// for itself.
type shortcut struct {
	Sets [][]string
	Does string
}

var shortcutsPage = page.Define[shortcutsView]("desk/shortcuts.html")

// shortcutList is every key of the desk, those of the whole desk last.
var shortcutList = []shortcut{
	{[][]string{{"J"}, {"K"}}, "Next row, row before"},
	{[][]string{{"Alt", "↑"}, {"Alt", "↓"}}, "Move the row up or down"},
	{[][]string{{"Alt", "Shift", "↑"}, {"Alt", "Shift", "↓"}}, "Move the row to the section above or below"},
	{[][]string{{"M"}}, "All places the row can go to"},
	{[][]string{{"E"}}, "Edit the row"},
	{[][]string{{"U"}}, "Undo the last move"},
	{[][]string{{"P"}}, "Preview the issue"},
	{[][]string{{"1"}, {"9"}}, "In the inbox: add to the first section, or to the ninth"},
	{[][]string{{"X"}}, "In the inbox: tick the row"},
	{[][]string{{"N"}}, "Add a link"},
	{[][]string{{"Ctrl", "Enter"}}, "Save what you are writing"},
	{[][]string{{"?"}}, "This list"},
}

// shortcuts shows the list of keys.
func (d *Desk) shortcuts(w http.ResponseWriter, r *http.Request) error {
	return d.showShortcuts(w, r, page.User(r.Context()).SingleKeys)
}

// saveKeys turns single-letter keys on or off.
func (d *Desk) saveKeys(w http.ResponseWriter, r *http.Request) error {
	var form struct {
		Single bool `form:"single_keys"`
	}
	var wrong newsletter.Invalid // none that a checkbox could be marked with
	if err := page.DecodeForm(r, &form); err != nil && !errors.As(err, &wrong) {
		return err
	}
	if page.Kept(r.Context()) {
		return d.showShortcuts(w, r, form.Single)
	}
	if err := d.store.SaveKeys(r.Context(), page.User(r.Context()).ID, form.Single); err != nil {
		return err
	}
	return seeOther(w, r, address.Shortcuts+"?done=saved")
}

func (d *Desk) showShortcuts(w http.ResponseWriter, r *http.Request, single bool) error {
	frame, _, err := d.frame(r, "Shortcuts")
	if err != nil {
		return err
	}
	if frame.Notice == "" && r.URL.Query().Get("done") == "saved" {
		frame.Notice = "Your keys are saved."
	}
	return shortcutsPage.Render(w, r, http.StatusOK, shortcutsView{frame, shortcutList, page.Form{
		Action: address.Shortcuts, Fields: []page.Field{page.SingleKeys(single)}, Button: "Save",
	}})
}
