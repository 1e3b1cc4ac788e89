package desk

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// bulkForm is what is to be done to several items of the inbox at once. It
// comes with the fields of the list's filter.
type bulkForm struct {
	Items   []string `form:"item"` // ids, in the order of the list
	Do      string   `form:"do"`
	Issue   string   `form:"issue"`   // may be left out when section is an id
	Section string   `form:"section"` // id or heading
	Reason  string   `form:"reason"`
	Version int64    `form:"version"` // of the order the list showed
}

// bulkStates are the states that buttons of the form give items; the other
// button adds them to a section.
var bulkStates = map[string]newsletter.ItemState{"hold": newsletter.Held, "decline": newsletter.Declined, "restore": newsletter.Inbox}

// bulkDone is what the list calls each of the buttons afterwards.
var bulkDone = map[string]string{doAdd: "added", "hold": "held", "decline": "declined", "restore": "restored"}

// maxChosen is how many items one form may sort: four pages of the list.
const maxChosen = 200

// bulkFields are the controls of the form that sorts several items.
type bulkFields struct {
	Section page.Field // without options: there is no issue to add to
	Reason  page.Field
}

// sortInbox does one thing to the chosen items of the inbox, and leads back to
// the same list, which says what was done and what was left.
func (d *Desk) sortInbox(w http.ResponseWriter, r *http.Request) error {
	var form bulkForm
	var wrong newsletter.Invalid
	if err := page.DecodeForm(r, &form); err != nil && !errors.As(err, &wrong) {
		return err
	}
	if page.Kept(r.Context()) {
		return d.showInbox(w, r, http.StatusOK, form, nil)
	}
	ids, faults := form.validate()
	if wrong = joinFaults(wrong, faults); wrong.Err() != nil {
		return d.showInbox(w, r, http.StatusUnprocessableEntity, form, wrong)
	}
	left, err := d.sort(r, form, ids)
	if forbidden, is := errors.AsType[*newsletter.Forbidden](err); is { // the issue has closed meanwhile
		wrong.Add("section", "cannot take them: "+forbidden.Error()+"; choose another")
		return d.showInbox(w, r, http.StatusForbidden, form, wrong)
	}
	if errors.As(err, &wrong) {
		return d.showInbox(w, r, http.StatusUnprocessableEntity, form, wrong)
	}
	if err != nil {
		return err
	}
	done := readInboxFilter(r)
	query := done.values(done.Page)
	query.Set("done", bulkDone[form.Do])
	query.Set("n", strconv.Itoa(len(ids)-len(left)))
	if form.Do == doAdd {
		query.Set("to", form.Section)
		query.Set("in", form.Issue)
	}
	for _, id := range left {
		query.Add("left", strconv.FormatInt(id, 10))
	}
	return seeOther(w, r, address.Inbox+"?"+query.Encode())
}

// sort does what the form says, and returns the ids of the items that were
// left as they are.
func (d *Desk) sort(r *http.Request, form bulkForm, ids []int64) (left []int64, err error) {
	user := page.User(r.Context())
	if state, is := bulkStates[form.Do]; is {
		to := postgres.Triage{State: state}
		if state == newsletter.Declined {
			to.Reason = form.Reason
		}
		return d.store.TriageItems(r.Context(), user, ids, to, form.Version)
	}
	number, err := d.issueOf(r, form)
	if err != nil {
		return nil, err
	}
	to := postgres.Target{Issue: number, Section: form.Section, After: postgres.Last}
	return d.store.MoveItems(r.Context(), user, ids, to, form.Version)
}

// issueOf returns the number of the issue that the form adds to: the one it
// names, or the open one that has the section of the id it names.
func (d *Desk) issueOf(r *http.Request, form bulkForm) (int, error) {
	if form.Issue != "" {
		number, err := newsletter.ParseNumber(form.Issue)
		if err != nil {
			return 0, newsletter.Invalid{{Field: "issue", Message: "is no number of an issue; choose a section of the list"}}
		}
		return number, nil
	}
	open, err := d.store.OpenIssues(r.Context())
	if err != nil {
		return 0, err
	}
	if issue, _ := sectionIn(open, form.Section); issue != 0 {
		return issue, nil
	}
	return 0, newsletter.Invalid{{Field: "section", Message: "stands in no issue that is open; choose another"}}
}

// sectionIn returns the issue and the heading of a section that is named by
// its id, or 0.
func sectionIn(open []postgres.IssueLine, id string) (issue int, heading string) {
	for _, line := range open {
		for _, section := range line.Sections {
			if strconv.FormatInt(section.ID, 10) == id {
				return line.Number, section.Title
			}
		}
	}
	return 0, ""
}

// validate returns the ids of the chosen items, each once, and what is wrong
// with the form.
func (f bulkForm) validate() (ids []int64, wrong newsletter.Invalid) {
	for _, text := range f.Items {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id < 1 {
			wrong.Add("item", "names what is no item; choose from the list")
			break
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(f.Items) == 0 {
		wrong.Add("item", "is empty, and nothing was changed; choose one item or more")
	}
	if len(ids) > maxChosen {
		wrong.Add("item", fmt.Sprintf("has %d items; at most %d at once", len(ids), maxChosen))
	}
	switch {
	case bulkDone[f.Do] == "":
		wrong.Add("do", "is missing; press one of the buttons below the list")
	case f.Do == doAdd && f.Section == "":
		wrong.Add("section", "is missing; choose one")
	case f.Do == "decline":
		wrong = joinFaults(wrong, declineForm{Reason: f.Reason}.validate())
	}
	return ids, wrong
}

// showBulk puts the form of several items onto the page, with what was chosen
// and what is wrong.
func (v *inboxView) showBulk(form bulkForm, wrong newsletter.Invalid, open []postgres.IssueLine) {
	for i, slip := range v.Slips {
		v.Slips[i].Chose = slices.Contains(form.Items, strconv.FormatInt(slip.ID, 10))
	}
	section, first := page.Field{Name: "section", Label: "Section", Options: []page.Option{}}, ""
	for _, issue := range open {
		for _, s := range issue.Sections {
			option := page.Option{Value: strconv.FormatInt(s.ID, 10), Label: s.Title}
			if first == "" && newsletter.KindOfHeading(s.Title) == newsletter.KindLinks {
				first = option.Value
			}
			if len(open) > 1 {
				option.Label = fmt.Sprintf("%d: %s", issue.Number, s.Title)
			}
			section.Options = append(section.Options, option)
		}
	}
	page.Choose(cmp.Or(form.Section, first), section.Options...)
	fields := []page.Field{
		{Name: "item", ID: fmt.Sprintf("choose-%d", v.Slips[0].ID), Label: "The choice"},
		section,
		{Name: "reason", Label: "Reason to decline", Value: form.Reason},
	}
	v.Problems = page.Mark(fields, wrong)
	v.Bulk = &bulkFields{Section: fields[1], Reason: fields[2]}
}

// doneAgain is the filter with what a form says was done, for the list to say
// it on another of its pages.
func (f inboxFilter) doneAgain(r *http.Request) url.Values {
	values, sent := f.values(f.Page), r.URL.Query()
	for _, name := range []string{"done", "n", "to", "in", "left"} {
		if sent.Has(name) {
			values[name] = sent[name]
		}
	}
	return values
}
