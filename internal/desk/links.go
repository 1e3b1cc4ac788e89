package desk

import (
	"encoding/json"
	"net/http"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// linksView is the page that says where a link ran.
type linksView struct {
	page.DeskFrame
	Field page.Field
	URL   string // that was looked for, or ""
	Ran   []ran
	Add   string // address that adds it
}

var linksPage = page.Define[linksView]("desk/links.html")

// links says where an address stands already: as a page, or as JSON for those
// who ask for it.
func (d *Desk) links(w http.ResponseWriter, r *http.Request) error {
	var asked struct {
		URL string `form:"url"`
	}
	decoded := page.DecodeForm(r, &asked)
	found, _ := takeAddress(asked.URL)
	var wrong newsletter.Invalid
	if item := (newsletter.Item{Links: []newsletter.Link{{URL: found}}}); decoded != nil || item.Validate() != nil {
		wrong.Add("url", "is no web address; give one such as https://weekly.example/page")
		found = ""
	}
	if strings.HasPrefix(r.Header.Get("Accept"), "application/json") {
		return d.linksJSON(w, r, found, wrong)
	}
	view := linksView{Field: page.Field{Name: "url", Label: "Address", Hint: "Paste anything that has an address in it.", Value: asked.URL}, URL: found}
	if asked.URL == "" && decoded == nil {
		wrong = nil // nobody has asked yet
	}
	return d.showLinks(w, r, view, wrong)
}

func (d *Desk) showLinks(w http.ResponseWriter, r *http.Request, view linksView, wrong newsletter.Invalid) error {
	frame, _, err := d.frame(r, "Where did it run")
	if err != nil {
		return err
	}
	if view.URL != "" {
		where, err := d.ranIn(r.Context(), page.User(r.Context()), []string{view.URL}, 0)
		if err != nil {
			return err
		}
		view.Ran, view.Add = where[view.URL], address.NewItemWith(view.URL)
	}
	fields := []page.Field{view.Field}
	frame.Problems = page.Mark(fields, wrong)
	view.DeskFrame, view.Field = frame, fields[0]
	status := http.StatusOK
	if len(wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return linksPage.Render(w, r, status, view)
}

// linkAnswer is where an address stands already, for programs.
type linkAnswer struct {
	URL   string      `json:"url"`
	Ran   []linkPlace `json:"ran"`
	Error string      `json:"error,omitempty"`
}

type linkPlace struct {
	Mark      string          `json:"mark"`  // "402.3", or "" when it was not printed
	Issue     int             `json:"issue"` // or 0
	State     string          `json:"state"` // of the issue, or outside issues of the item
	Date      newsletter.Date `json:"date"`  // of the issue
	By        string          `json:"by"`
	At        string          `json:"at"` // RFC 3339, UTC
	Title     string          `json:"title"`
	Sponsored bool            `json:"sponsored"`
}

func (d *Desk) linksJSON(w http.ResponseWriter, r *http.Request, url string, wrong newsletter.Invalid) error {
	answer, status := linkAnswer{URL: url, Ran: []linkPlace{}}, http.StatusOK
	if len(wrong) > 0 {
		answer.Error, status = wrong.Error(), http.StatusUnprocessableEntity
	} else {
		found, err := d.store.Occurrences(r.Context(), []string{url}, 0)
		if err != nil {
			return err
		}
		for _, o := range found[url] {
			answer.Ran = append(answer.Ran, linkPlaceOf(o))
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(answer)
}

func linkPlaceOf(o postgres.Occurrence) linkPlace {
	p := linkPlace{
		Issue: o.Issue, State: string(o.ItemState), Date: o.Date, By: o.By,
		At: o.At.Format("2006-01-02T15:04:05Z"), Title: o.Title, Sponsored: o.Sponsored,
	}
	if o.IssueState != "" {
		p.State = string(o.IssueState)
	}
	if o.IssueState.Printed() {
		p.Mark = o.Mark.String()
	}
	return p
}
