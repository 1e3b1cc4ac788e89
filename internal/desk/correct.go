package desk

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// correctView is the page on which a part of a printed issue is corrected.
type correctView struct {
	page.DeskFrame
	Number      int
	Heading     string // of the page: "Correct 413.6", "Add an item to 413"
	What        string // is corrected: "413.6"
	Part        string // "intro", "heading", "item", or an item's place
	Hidden      []page.Hidden
	Fields      []page.Field
	Sentence    page.Field
	Differences []difference // to what is printed, once somebody asked for them
	Looked      bool
	Item        bool // the part is a printed item, which can be withdrawn
	Address     string
}

var correctPage = page.Define[correctView]("desk/correct.html")

// correctForm is what every correction says.
type correctForm struct {
	Part     string `form:"part"`
	Sentence string `form:"sentence"`
	Silent   bool   `form:"silent"`
	Version  int    `form:"version"`
	Do       string `form:"do"` // "look": show the difference first

	Section int64  `form:"section"` // whose heading it is, or to which something is added
	Was     string `form:"was"`     // the heading that the form was made from
	Item    int64  `form:"item"`    // that is added, where it waits already
	Stands  string `form:"stands"`  // where an added one goes; see placesIn
	Key     string `form:"key"`     // of a form that adds

	Heading string          `form:"heading"` // of a new section, which it goes to
	Kind    newsletter.Kind `form:"kind"`
}

// The parts of a printed issue that are neither its introduction nor an item.
const (
	partHeading = "heading"
	partItem    = "item" // that is not in it yet
)

// correction is a part of a printed issue with the words that somebody wants
// there.
type correction struct {
	board   postgres.Board
	form    correctForm
	fields  []page.Field // of the words
	wrong   newsletter.Invalid
	was     []page.Field // what is printed
	name    string
	heading string // of the page, where it is not "Correct" and the name
	place   int
	correct func(publish.Wish) error
}

// wish is the correction as a wish; a sentence beside "silent" is not told.
func (c correction) wish() publish.Wish {
	w := publish.Wish{Number: c.board.Number, Place: c.place, Version: c.form.Version, Sentence: c.form.Sentence}
	if c.form.Silent {
		w.Sentence = ""
	}
	return w
}

// askCorrect shows a part of a printed issue as it is printed, to be corrected.
func (d *Desk) askCorrect(w http.ResponseWriter, r *http.Request) error {
	board, err := d.boardFor(r, newsletter.CorrectIssue)
	if err != nil {
		return err
	}
	var form correctForm
	if _, err := read(r, &form); err != nil { // what cannot be read of an address names nothing
		return err
	}
	c, err := d.correction(r, board, correctForm{Part: form.Part, Section: form.Section, Item: form.Item, Stands: form.Stands}, false)
	if err != nil {
		return err
	}
	return d.showCorrect(w, r, http.StatusOK, c)
}

// correct prints a part of an issue anew, or shows first what that changes.
func (d *Desk) correct(w http.ResponseWriter, r *http.Request) error {
	board, form, wrong, err := d.correctSent(r)
	if err != nil {
		return d.refuseCorrection(w, r, form, err)
	}
	c, err := d.correction(r, board, form, true)
	if err != nil {
		return d.refuseCorrection(w, r, form, err)
	}
	c.wrong = joinFaults(wrong, c.wrong)
	switch {
	case c.wrong.Err() != nil:
		return d.showCorrect(w, r, http.StatusUnprocessableEntity, c)
	case page.Kept(r.Context()), form.Do == doLook:
		return d.showCorrect(w, r, http.StatusOK, c)
	}
	return d.corrected(w, r, c, c.correct(c.wish()))
}

// correctSent reads what every correction says, of an issue that whoever asks may
// correct.
func (d *Desk) correctSent(r *http.Request) (board postgres.Board, form correctForm, wrong newsletter.Invalid, err error) {
	if wrong, err = read(r, &form); err != nil {
		return board, form, nil, err
	}
	board, err = d.boardFor(r, newsletter.CorrectIssue)
	if n := utf8.RuneCountInString(form.Sentence); n > newsletter.MaxTitle {
		wrong.Add("sentence", fmt.Sprintf("has %d characters; at most %d", n, newsletter.MaxTitle))
	}
	return board, form, wrong, err
}

// corrected answers after a correction was tried.
func (d *Desk) corrected(w http.ResponseWriter, r *http.Request, c correction, err error) error {
	switch {
	case err == nil:
		d.turnOver(r)
		return seeOther(w, r, address.DeskIssue(c.board.Number))
	case errors.As(err, &c.wrong):
		return d.showCorrect(w, r, http.StatusUnprocessableEntity, c)
	case !c.overtaken(err):
		return d.refuseCorrection(w, r, c.form, err)
	}
	c.form.Do = doLook
	return d.showCorrect(w, r, http.StatusConflict, c)
}

// overtaken reports whether somebody was faster, and makes the form one that is
// based on what they printed.
func (c *correction) overtaken(err error) bool {
	item, isItem := errors.AsType[*postgres.ItemConflict](err)
	issue, isIssue := errors.AsType[*postgres.IssueConflict](err)
	heading, isHeading := errors.AsType[*postgres.HeadingConflict](err)
	move, isMove := errors.AsType[*postgres.MoveConflict](err)
	by := ""
	switch {
	case isItem && c.form.Part == partItem && c.form.Item == 0 && item.Theirs.Place != 0:
		c.addedBefore(item.Theirs)
		return true
	case isItem:
		c.form.Version, c.was, by = item.Theirs.Version, itemControls(formOf(item.Theirs.Item)), " by "+nameOr(item.Theirs.ChangedBy)
	case isIssue:
		words := issueForm{Date: issue.Theirs.Date, Summary: issue.Theirs.Summary, Intro: issue.Theirs.Intro}
		c.form.Version, c.was, by = issue.Theirs.Version, issueControls(words), " by "+nameOr(issue.Theirs.ChangedBy)
	case isHeading:
		c.form.Was, c.was = heading.Theirs.Title, headingControls(heading.Theirs.Title)
	case isMove:
		what := map[string]string{"item": "item", "after": "stands", "section": "stands"}[move.What]
		c.wrong.Add(what, "is not where it was; choose another place, or look where the item stands now")
		return true
	default:
		return false
	}
	c.wrong.Add("", c.name+" was corrected"+by+" meanwhile; look at the difference and print yours, or leave")
	return true
}

// correction reads the part that is meant, and with sent the words that are
// wanted there.
func (d *Desk) correction(r *http.Request, board postgres.Board, form correctForm, sent bool) (correction, error) {
	c := correction{board: board, form: form}
	readPart := d.readItemCorrection
	switch form.Part {
	case partIntro, "":
		c.form.Part, c.name = partIntro, "the date, summary or introduction"
		readPart = d.readIssueCorrection
	case partHeading:
		readPart = d.readHeadingCorrection
	case partItem:
		readPart = d.readForgotten
	}
	err := readPart(r, &c, sent)
	return c, err
}

func (d *Desk) readIssueCorrection(r *http.Request, c *correction, sent bool) error {
	words := formOfIssue(c.board)
	c.was = issueControls(words)
	if sent {
		var form issueForm
		wrong, err := read(r, &form)
		if err != nil {
			return err
		}
		form.keepUnsent(r, c.board)
		faults, _ := errors.AsType[newsletter.Invalid](form.validate())
		words, c.wrong = form, joinFaults(wrong, faults)
	} else {
		c.form.Version = c.board.Version
	}
	c.fields = issueControls(words)
	if typed := page.Typed(r, "date"); sent && words.Date.IsZero() && typed != "" {
		c.fields[0].Value, c.fields[0].Type = typed, ""
	}
	c.correct = func(w publish.Wish) error {
		return publish.CorrectIssue(r.Context(), d.store, page.User(r.Context()), w, words.draft())
	}
	return nil
}

func (d *Desk) readItemCorrection(r *http.Request, c *correction, sent bool) error {
	place, err := newsletter.ParseNumber(c.form.Part)
	if err != nil {
		return newsletter.ErrNotFound
	}
	item, err := publish.ItemAt(c.board, place)
	if err != nil {
		return err
	}
	c.place, c.name = place, newsletter.Mark{Issue: c.board.Number, Place: place}.String()
	c.was = itemControls(formOf(item.Item))
	if !sent {
		c.form.Version = item.Version
		c.fields = c.was
		return nil
	}
	form, wrong, err := decodeItem(r)
	if err != nil {
		return err
	}
	words, faults := form.item()
	c.wrong, c.fields = joinFaults(wrong, faults), itemControls(form)
	c.correct = func(w publish.Wish) error {
		return publish.CorrectItem(r.Context(), d.store, page.User(r.Context()), w, words)
	}
	return nil
}

func (d *Desk) showCorrect(w http.ResponseWriter, r *http.Request, status int, c correction) error {
	heading := cmp.Or(c.heading, "Correct "+c.name)
	frame, _, err := d.frame(r, heading)
	if err != nil {
		return err
	}
	frame.Here = address.Issues
	view := correctView{
		DeskFrame: frame, Number: c.board.Number, Heading: heading, What: c.name, Part: c.form.Part, Hidden: c.form.hidden(), Item: c.place != 0,
		Address: d.base.Absolute(address.Issue(c.board.Number)), Looked: c.form.Do == doLook,
	}
	if view.Looked {
		view.Differences = differencesOf(c.fields, c.was)
	}
	fields := append(c.fields, page.Field{
		Name: "sentence", Label: "What readers are told", Value: c.form.Sentence, Printed: true,
		Hint: "A sentence under the issue, with the day, and in the feeds. Empty, it is corrected silently.",
	})
	view.Problems = page.Mark(fields, c.wrong)
	for i := range fields { // what is sent is the same for all links
		for _, name := range []string{"url", "label"} {
			if strings.HasPrefix(fields[i].Name, name+"-") {
				fields[i].Name = name
			}
		}
	}
	view.Fields, view.Sentence = fields[:len(fields)-1], fields[len(fields)-1]
	return correctPage.Render(w, r, status, view)
}

// differencesOf returns the fields that say something else than what is printed.
func differencesOf(fields, was []page.Field) []difference {
	printed := map[string]page.Field{}
	for _, field := range was {
		printed[field.Name] = field
	}
	said := func(f page.Field) string {
		if f.Type == "checkbox" {
			return map[bool]string{true: "yes", false: "no"}[f.Checked]
		}
		if k := slices.IndexFunc(f.Options, func(o page.Option) bool { return o.Chosen }); k >= 0 {
			return f.Options[k].Label
		}
		return f.Value
	}
	var list []difference
	for _, field := range fields {
		if now, before := said(field), said(printed[field.Name]); now != before {
			list = append(list, compare(field.Name, field.Label, field.Rows > 0, now, before))
		}
	}
	return list
}
