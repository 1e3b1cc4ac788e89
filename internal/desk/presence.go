package desk

import (
	"net/http"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// editingForm says whose row somebody edits.
type editingForm struct {
	Item int64 `form:"item"` // id, or empty
}

// editing tells everybody at an issue's board whose row the person edits:
// "item" is its id, or empty for none. It holds until a stream of the person's
// ends, so it is sent again after a stream was opened anew, and whenever
// presence does not show it. It is answered with 204, kept nowhere and not
// recorded.
func (d *Desk) editing(w http.ResponseWriter, r *http.Request) error {
	issue, open, err := d.openIssue(r)
	if err != nil {
		return err
	}
	var form editingForm
	if err := page.DecodeForm(r, &form); err != nil {
		return err
	}
	if form.Item < 0 {
		return newsletter.Invalid{{Field: "item", Message: "is no item's number; leave it empty for none"}}
	}
	if open {
		d.now.Boards().Edits(issue, page.User(r.Context()), form.Item)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
