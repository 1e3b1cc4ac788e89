package desk

import (
	"errors"
	"net/http"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
	"broadsheet/internal/session"
)

// redactView is the owner's page that takes words out of everything. Where they
// stand is shown before anything happens.
type redactView struct {
	page.DeskFrame
	Words  string // that were looked for, or ""
	Secret string // the field that sends them
	Where  []redactPlace
	ByHand []byHand
	Times  int
	Mark   string // what stands in their place
	Form   page.Form
}

// redactPlace is an issue, or the desk outside issues, with what of it holds the
// words.
type redactPlace struct {
	Issue int // 0 outside issues
	Times int
	In    []publish.Stands
}

// byHand is a page on which the owner changes what a redaction leaves.
type byHand struct {
	publish.Stands
	Path, How string
}

// pagesByHand are those pages, and how to get rid of words there.
var pagesByHand = map[string]byHand{
	postgres.InSettings:  {Path: address.Settings, How: "change them there; nothing of what they were is kept"},
	postgres.InSections:  {Path: address.Sections, How: "rename them there; one that was taken out comes back by its name, and can be renamed then"},
	postgres.InRedirects: {Path: address.Redirects, How: "change or remove them there"},
	postgres.InPeople:    {Path: address.People, How: "each person changes their own name"},
}

var redactPage = page.Define[redactView]("desk/redact.html")

// redactForm says which words are to go. They come by a form alone, so that they
// stand in no address.
type redactForm struct {
	Words string `form:"words-to-redact"`
	Do    string `form:"do"`    // "redact", or look
	Times int    `form:"times"` // that were shown
}

const doRedact = "redact"

// askRedact asks which words are to go.
func (d *Desk) askRedact(w http.ResponseWriter, r *http.Request) error {
	if err := newsletter.Allow(page.User(r.Context()), newsletter.RedactWords, newsletter.Object{}); err != nil {
		return err
	}
	return d.showRedact(w, r, http.StatusOK, redactForm{}, nil, nil)
}

// redact shows where words stand, or takes them out of there.
func (d *Desk) redact(w http.ResponseWriter, r *http.Request) error {
	var form redactForm
	wrong, err := read(r, &form)
	if err != nil {
		return err
	}
	words, err := publish.NewWords(form.Words)
	if faults, is := errors.AsType[newsletter.Invalid](err); is {
		for _, fault := range faults {
			wrong = joinFaults(wrong, newsletter.Invalid{{Field: session.Secret, Message: fault.Message}})
		}
	}
	if wrong.Err() != nil {
		return d.showRedact(w, r, http.StatusUnprocessableEntity, form, nil, wrong)
	}
	if form.Do != doRedact {
		return d.showWhere(w, r, http.StatusOK, form, words, nil)
	}
	err = publish.Redact(r.Context(), d.store, page.User(r.Context()), words, form.Times, session.Rewrite)
	if errors.Is(err, newsletter.ErrConflict) {
		return d.showWhere(w, r, http.StatusConflict, form, words,
			newsletter.Invalid{{Field: "", Message: "the desk has changed since you looked; nothing was taken out: look again where the words stand"}})
	}
	if err != nil {
		return err
	}
	d.turnOver(r)
	return seeOther(w, r, address.Redact+"?done=redacted")
}

// showWhere shows where words stand.
func (d *Desk) showWhere(w http.ResponseWriter, r *http.Request, status int, form redactForm, words publish.Words, wrong newsletter.Invalid) error {
	found, err := publish.LookForWords(r.Context(), d.store, page.User(r.Context()), words, session.Rewrite)
	if err != nil {
		return err
	}
	leaves, err := publish.LookByHand(r.Context(), d.store, page.User(r.Context()), words)
	if err != nil {
		return err
	}
	var places []redactPlace
	for _, stands := range found {
		if len(places) == 0 || places[len(places)-1].Issue != stands.Issue {
			places = append(places, redactPlace{Issue: stands.Issue})
		}
		place := &places[len(places)-1]
		place.In, place.Times = append(place.In, stands), place.Times+stands.Times
	}
	return d.showRedact(w, r, status, form, func(view *redactView) {
		view.Words, view.Where = form.Words, places
		for _, stands := range leaves {
			hand := pagesByHand[stands.What]
			hand.Stands = stands
			view.ByHand = append(view.ByHand, hand)
		}
		for _, place := range places {
			view.Times += place.Times
		}
	}, wrong)
}

func (d *Desk) showRedact(w http.ResponseWriter, r *http.Request, status int, form redactForm, fill func(*redactView), wrong newsletter.Invalid) error {
	frame, _, err := d.frame(r, "Redact words")
	if err != nil {
		return err
	}
	fields := []page.Field{{
		Name: session.Secret, Label: "Words", Value: form.Words, Printed: true,
		Hint: "As they are written, to the letter, also inside longer words; other spellings are looked for by themselves. At least 3 characters.",
	}}
	frame.Here, frame.Problems = address.Activity, page.Mark(fields, wrong)
	view := redactView{
		DeskFrame: frame, Secret: session.Secret, Mark: publish.Redacted,
		Form: page.Form{Action: address.Redact, Fields: fields, Button: "Look where they stand"},
	}
	if r.Method == http.MethodGet && r.URL.Query().Get("done") != "" {
		view.Notice = "The words are gone. Readers get what is left from now on."
	}
	if fill != nil {
		fill(&view)
	}
	return redactPage.Render(w, r, status, view)
}

// Within names what of the place holds the words, as it goes on after its
// number: "print, 3 times; blue notes, once".
func (p redactPlace) Within() string {
	words := ""
	for k, in := range p.In {
		if k > 0 {
			words += "; "
		}
		words += in.What + ", " + timesText(in.Times)
	}
	return words
}

func timesText(n int) string {
	if n == 1 {
		return "once"
	}
	return strconv.Itoa(n) + " times"
}

// Often says how often the words stand on the page.
func (h byHand) Often() string { return timesText(h.Times) }

// Often says how often the words stand where they can be taken out.
func (v redactView) Often() string { return timesText(v.Times) }
