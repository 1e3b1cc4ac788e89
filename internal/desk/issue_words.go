package desk

import (
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// The parts of an issue's own words that are edited by themselves.
const (
	partHead  = "head"
	partIntro = "intro"
)

// wordsForm is a part of an issue's own words, open for editing on its board.
type wordsForm struct {
	Part    string
	Fields  []page.Field
	Printed template.HTML // the introduction as it will be printed
	Version int
}

func formOfIssue(board postgres.Board) issueForm {
	return issueForm{
		Number: board.Number, Date: board.Date, Title: board.Title, Summary: board.Summary,
		Intro: board.Intro, Version: board.Version,
	}
}

func newWordsForm(r *http.Request, part string, form issueForm) *wordsForm {
	words := &wordsForm{Part: part, Version: form.Version}
	if part == partHead {
		words.Fields = issueFields(r, form)
		return words
	}
	words.Fields = []page.Field{{Name: "intro", Label: "Introduction, in Markdown", Value: form.Intro, Rows: 12, Printed: true}}
	words.Printed = printedIntro(form.Intro)
	return words
}

// saveIssue saves what was sent of an issue's own words; what was not sent
// stays as it is.
func (d *Desk) saveIssue(w http.ResponseWriter, r *http.Request) error {
	var form issueForm
	if _, err := read(r, &form); err != nil { // before anything can be refused
		return err
	}
	board, err := d.boardSent(r, newsletter.WriteIssue)
	if err != nil {
		return d.refuseWritten(w, r, form, err)
	}
	number := board.Number
	err = decode(r, &form, func() error {
		form.keepUnsent(r, board)
		if form.Based == hashOf(board.Intro) {
			form.Version = board.Version
		}
		wrong, _ := errors.AsType[newsletter.Invalid](form.validate())
		if form.Date != board.Date { // an old draft keeps the date it has
			wrong = joinFaults(wrong, near(form.Date, d.today()))
		}
		return wrong.Err()
	})
	switch {
	case page.Kept(r.Context()):
		return d.showWords(w, r, http.StatusOK, board, form, nil)
	case r.PostForm.Has("both"):
		form.Intro, form.Version = both(form.Intro, board.Intro), board.Version
		return d.showWords(w, r, http.StatusOK, board, form, nil)
	case err == nil:
		err = d.store.SaveIssue(r.Context(), page.User(r.Context()), number, form.Version, form.draft())
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		return d.showWords(w, r, faultStatus(err), board, form, wrong)
	}
	if conflict, ok := errors.AsType[*postgres.IssueConflict](err); ok {
		view := d.issueConflict(r, number, form, conflict.Theirs)
		if introInPlace(r) {
			return d.introConflict(w, r, form, view, conflict.Theirs)
		}
		return d.conflict(w, r, view)
	}
	if err != nil {
		return d.refuseWritten(w, r, form, err)
	}
	if introInPlace(r) {
		return d.showSavedIntro(w, r, form.Number, form)
	}
	return seeOther(w, r, address.DeskIssue(form.Number)+"#"+partSent(r))
}

// refuseWritten answers a form of an issue that is gone or closed.
func (d *Desk) refuseWritten(w http.ResponseWriter, r *http.Request, form issueForm, err error) error {
	if introInPlace(r) {
		return d.refuseIntro(w, r, form, err)
	}
	return d.refuseIssue(w, r, err, form.words(r)...)
}

// words returns the fields that were sent, as they were typed.
func (f issueForm) words(r *http.Request) []page.Field {
	fields := append(issueFields(r, f), page.Field{Name: "intro", Label: "Introduction, in Markdown", Value: f.Intro, Rows: 12, Printed: true})
	return slices.DeleteFunc(fields, func(field page.Field) bool { return !r.PostForm.Has(field.Name) })
}

// keepUnsent fills what the form did not have with what the issue has.
func (f *issueForm) keepUnsent(r *http.Request, board postgres.Board) {
	sent, now := r.PostForm, formOfIssue(board)
	if !sent.Has("number") {
		f.Number = now.Number
	}
	if !sent.Has("date") {
		f.Date = now.Date
	}
	if !sent.Has("title") {
		f.Title = now.Title
	}
	if !sent.Has("summary") {
		f.Summary = now.Summary
	}
	if !sent.Has("intro") {
		f.Intro = now.Intro
	}
}

// validate looks an issue's own words over, also whether they can be printed.
func (f issueForm) validate() error {
	wrong, _ := errors.AsType[newsletter.Invalid](f.draft().Validate())
	if _, err := markdown.Intro(f.Intro); err != nil {
		wrong = joinFaults(newsletter.Invalid{{Field: "intro", Message: markdownFault(err)}}, wrong)
	}
	return wrong.Err()
}

// partSent tells which part of the words a form has.
func partSent(r *http.Request) string {
	if r.PostForm.Has("intro") {
		return partIntro
	}
	return partHead
}

// showWords shows the board with the words open for editing.
func (d *Desk) showWords(w http.ResponseWriter, r *http.Request, status int, board postgres.Board, form issueForm, wrong newsletter.Invalid) error {
	if introInPlace(r) {
		return d.showIntroEditor(w, r, status, board, form, wrong, nil)
	}
	view, err := d.boardView(r, board.Number)
	if err != nil {
		return err
	}
	view.Editing = newWordsForm(r, partSent(r), form)
	if r.PostForm.Has("intro") && r.PostForm.Has("number") {
		view.Editing.Fields = append(issueFields(r, form), view.Editing.Fields...)
	}
	view.Problems = page.Mark(view.Editing.Fields, wrong)
	return boardPage.Render(w, r, status, view)
}

// issueConflict is the page of words that somebody else changed first.
func (d *Desk) issueConflict(r *http.Request, number int, form issueForm, theirs postgres.Board) conflictView {
	view := conflictView{
		Who: theirs.ChangedBy, What: "this issue", Saved: d.ago(theirs.ChangedAt),
		Action: address.DeskIssue(number), Back: address.DeskIssue(number),
		Fields: []hidden{{"version", strconv.Itoa(theirs.Version)}, {"id", strconv.FormatInt(theirs.ID, 10)}},
	}
	if asked, _ := issueNumber(r); partSent(r) == partIntro && asked == theirs.Number {
		view.What = "this introduction"
	}
	for _, field := range []struct {
		name, label  string
		mine, theirs string
	}{
		{"number", "Number", strconv.Itoa(form.Number), strconv.Itoa(theirs.Number)},
		{"date", "Date", form.Date.String(), theirs.Date.String()},
		{"title", "Working title", form.Title, theirs.Title},
		{"summary", "Summary", form.Summary, theirs.Summary},
		{"intro", "Introduction", form.Intro, theirs.Intro},
	} {
		if !r.PostForm.Has(field.name) {
			continue
		}
		view.Fields = append(view.Fields, hidden{field.name, field.mine})
		if field.mine != field.theirs {
			view.Differences = append(view.Differences, compare(field.name, field.label, field.name == "intro", field.mine, field.theirs))
		}
	}
	return view
}
