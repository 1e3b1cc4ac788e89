package desk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// issuesView is the page of all issues and the form that opens one.
type issuesView struct {
	page.DeskFrame
	Open    []postgres.IssueLine
	Printed []postgres.IssueLine // one page of them, newest first
	Total   int                  // printed ones
	Earlier int                  // page with older ones, or 0
	Later   int                  // page with newer ones, or 0
	Start   *start               // opens the next one; nil for those who may not
}

var issuesPage = page.Define[issuesView]("desk/issues.html")

// issueForm is the form of an issue's own words.
type issueForm struct {
	Number  int             `form:"number"`
	Date    newsletter.Date `form:"date"`
	Title   string          `form:"title"`
	Summary string          `form:"summary"`
	Intro   string          `form:"intro,text"`
	Key     string          `form:"key"`
	Version int             `form:"version"`
	Based   string          `form:"based"` // hash of the introduction that this one was made from, or ""
}

// draft returns the form's words as an issue.
func (f issueForm) draft() newsletter.Issue {
	return newsletter.Issue{
		Number: f.Number, Date: f.Date, Title: f.Title, Summary: f.Summary, Intro: f.Intro, State: newsletter.Draft,
	}
}

// issues lists all issues.
func (d *Desk) issues(w http.ResponseWriter, r *http.Request) error {
	form, err := d.proposal(r)
	if err != nil {
		return err
	}
	view, err := d.issuesView(r, form, startForm{}, nil)
	if err != nil {
		return err
	}
	if number, err := newsletter.ParseNumber(r.URL.Query().Get("discarded")); err == nil {
		view.Notice = strconv.Itoa(number) + " was discarded. Its items are in the inbox and its number is free."
	}
	return issuesPage.Render(w, r, http.StatusOK, view)
}

// proposal fills the form of a new issue: the next number, the next usual day.
func (d *Desk) proposal(r *http.Request) (issueForm, error) {
	highest, last, err := d.store.LastIssue(r.Context())
	if err != nil {
		return issueForm{}, err
	}
	date := d.now.Publication().ProposeDate(d.today(), last)
	return issueForm{Number: newsletter.ProposeNumber(highest), Date: date, Key: rand.Text()}, nil
}

// today is the day it is where the publication is.
func (d *Desk) today() newsletter.Date {
	return newsletter.DateOf(d.clock().In(d.now.Publication().Location()))
}

// yearsAround is how far from today a draft's date may be: what is further is
// a slip of the fingers.
const yearsAround = 2

// near returns what is wrong with a date that is chosen for a draft today.
func near(date, today newsletter.Date) newsletter.Invalid {
	day := func(years int) newsletter.Date {
		return newsletter.DateOf(today.At(0, time.UTC).AddDate(years, 0, 0))
	}
	if date.IsZero() || date.Compare(day(-yearsAround)) >= 0 && date.Compare(day(yearsAround)) <= 0 {
		return nil
	}
	return newsletter.Invalid{{Field: "date", Message: "is more than two years from today; look at the year"}}
}

// createIssue opens a draft: as the form chose, or as it is proposed.
func (d *Desk) createIssue(w http.ResponseWriter, r *http.Request) error {
	var form issueForm
	err := decode(r, &form, func() error {
		wrong, _ := errors.AsType[newsletter.Invalid](form.draft().Validate())
		return joinFaults(wrong, near(form.Date, d.today())).Err()
	})
	var chosen startForm
	if _, unread := read(r, &chosen); unread != nil {
		return unread
	}
	if page.Kept(r.Context()) {
		return d.showIssues(w, r, http.StatusOK, form, chosen, nil)
	}
	var left []int64
	if err == nil {
		left, err = d.open(r, form, chosen)
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		if _, taken := errors.AsType[*postgres.NumberTaken](err); taken {
			if wrong, err = d.takenWords(r, form.Number); err != nil {
				return err
			}
			return d.showIssues(w, r, http.StatusConflict, form, chosen, wrong)
		}
		return d.showIssues(w, r, http.StatusUnprocessableEntity, form, chosen, wrong)
	}
	if err != nil {
		return err
	}
	query := url.Values{}
	for _, id := range left {
		query.Add("left", strconv.FormatInt(id, 10))
	}
	path := address.DeskIssue(form.Number)
	if len(left) > 0 {
		path += "?" + query.Encode()
	}
	return seeOther(w, r, path)
}

// open opens the draft of a form and returns the held items that it does
// without.
func (d *Desk) open(r *http.Request, form issueForm, chosen startForm) ([]int64, error) {
	if !chosen.Chosen {
		return nil, d.store.CreateIssue(r.Context(), page.User(r.Context()), form.draft(), form.Key)
	}
	return d.store.OpenIssue(r.Context(), page.User(r.Context()), chosen.opening(form))
}

func (d *Desk) showIssues(w http.ResponseWriter, r *http.Request, status int, form issueForm, chosen startForm, wrong newsletter.Invalid) error {
	view, err := d.issuesView(r, form, chosen, wrong)
	if err != nil {
		return err
	}
	return issuesPage.Render(w, r, status, view)
}

// takenWords says of a number that another issue has which that is, and what to
// do.
func (d *Desk) takenWords(r *http.Request, number int) (newsletter.Invalid, error) {
	free, err := d.proposal(r)
	if err != nil {
		return nil, err
	}
	open, err := d.store.OpenIssues(r.Context())
	stands := "was published"
	if slices.ContainsFunc(open, func(line postgres.IssueLine) bool { return line.Number == number }) {
		stands = "is open"
	}
	return newsletter.Invalid{{Field: "number", Message: fmt.Sprintf(
		"%d %s already; nothing of yours is lost: go to it from the list, or choose another, such as %d", number, stands, free.Number)}}, err
}

// faultStatus is the status of a page that says what was wrong with a form:
// that of a conflict where somebody was faster.
func faultStatus(err error) int {
	if errors.Is(err, newsletter.ErrConflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// issuesPerPage keeps the list of many years' issues below 60 KB.
const issuesPerPage = 100

func (d *Desk) issuesView(r *http.Request, form issueForm, chosen startForm, wrong newsletter.Invalid) (issuesView, error) {
	frame, open, err := d.frame(r, "Issues")
	if err != nil {
		return issuesView{}, err
	}
	view := issuesView{DeskFrame: frame, Open: open}
	lines, err := d.store.IssueLines(r.Context())
	if err != nil {
		return issuesView{}, err
	}
	for _, line := range lines {
		if line.State.Printed() {
			view.Printed = append(view.Printed, line)
		}
	}
	view.turnTo(r)
	if newsletter.May(frame.User, newsletter.CreateIssue, newsletter.Object{}) {
		view.Start, view.Problems, err = d.startView(r, form, chosen, wrong)
	}
	return view, err
}

// turnTo keeps the page of printed issues that was asked for.
func (v *issuesView) turnTo(r *http.Request) {
	v.Total = len(v.Printed)
	last := max(1, (v.Total+issuesPerPage-1)/issuesPerPage)
	asked, _ := strconv.Atoi(r.URL.Query().Get("page")) // anything but a number is the first
	asked = min(max(asked, 1), last)
	v.Printed = v.Printed[(asked-1)*issuesPerPage : min(asked*issuesPerPage, v.Total)]
	v.Later = asked - 1
	if asked < last {
		v.Earlier = asked + 1
	}
}

// issueFields are the fields of an issue but the introduction. What was sent
// is shown again as it was typed.
func issueFields(r *http.Request, form issueForm) []page.Field {
	number, date, dateType := strconv.Itoa(form.Number), form.Date.String(), "date"
	if r.PostForm.Has("number") {
		number = page.Typed(r, "number")
		date = page.Typed(r, "date")
		dateType = "text" // a browser empties a date field whose day does not exist
	}
	return []page.Field{
		{Name: "number", Label: "Number", Value: number, Hint: "It can be changed until publication and is taken for ever then."},
		{Name: "date", Label: "Date", Type: dateType, Value: date, Hint: "As it will be printed, such as 2026-11-15."},
		{Name: "title", Label: "Working title", Value: form.Title, Hint: "For the desk only. It may stay empty."},
		{Name: "summary", Label: "Summary", Value: form.Summary, Printed: true,
			Hint: "One line for the archive, feeds and cards. Without one the introduction’s first sentence stands there."},
	}
}

// read reads a request's form as far as it can be read, and returns what of it
// cannot. The error is that of a form too large.
func read[T any](r *http.Request, form *T) (newsletter.Invalid, error) {
	err := page.DecodeForm(r, form)
	wrong, readable := errors.AsType[newsletter.Invalid](err)
	if readable {
		err = nil
	}
	return wrong, err
}

// decode reads a request's form and, as far as it could be read, looks it
// over. The error is an Invalid with what either found, or that of a form too
// large.
func decode[T any](r *http.Request, form *T, validate func() error) error {
	wrong, err := read(r, form)
	if err != nil {
		return err
	}
	err = validate()
	more, ok := errors.AsType[newsletter.Invalid](err)
	if err != nil && !ok {
		return err
	}
	return joinFaults(wrong, more).Err()
}
