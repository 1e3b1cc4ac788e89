package desk

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"unicode/utf8"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// publishView is the page before publishing: what will happen, and what stands
// in the way.
type publishView struct {
	page.DeskFrame
	Board       postgres.Board
	Items       int
	Sections    int // that have items: others are not printed
	Blockers    []check
	Warnings    []check
	Override    page.Field // shown when there are blockers, or it was said
	When        []page.Field
	Address     string      // where it will be read
	Told        string      // host of the webhook, which is told, or ""
	Scheduled   string      // when it publishes itself, or ""
	Since       []sinceDeed // what was done after that was said
	Pages       pages       // of what was done
	Fingerprint string      // of what is shown
	Changed     bool        // since whoever asks last looked
}

var publishPage = page.Define[publishView]("desk/publish.html")

// publishForm is the wish to publish an issue.
type publishForm struct {
	When     string `form:"when"`
	At       string `form:"at"`
	Clock    string `form:"clock"`
	Override string `form:"override"`
	Version  string `form:"version"` // fingerprint of what the page showed

	day newsletter.Date // on which something stands in the way, or zero
}

// askPublish says what publishing will do, and asks.
func (d *Desk) askPublish(w http.ResponseWriter, r *http.Request) error {
	number, err := issueNumber(r)
	if err != nil {
		return err
	}
	board, err := d.store.Board(r.Context(), number)
	if err != nil {
		return err
	}
	if board.State.Printed() {
		return seeOther(w, r, address.DeskIssueTo(number, "published"))
	}
	view, err := d.publishView(r, publishForm{}, nil)
	if err != nil {
		return err
	}
	return publishPage.Render(w, r, http.StatusOK, view)
}

// publish prints a draft, if it still is what the page showed.
func (d *Desk) publish(w http.ResponseWriter, r *http.Request) error {
	number, err := issueNumber(r)
	if err != nil {
		return err
	}
	var form publishForm
	err = decode(r, &form, form.validate)
	switch {
	case err != nil || page.Kept(r.Context()):
	case form.When == whenAt:
		if err = d.schedule(r, number, form); err == nil {
			return seeOther(w, r, address.DeskIssue(number))
		}
	default:
		_, err = publish.Publish(r.Context(), d.store, page.User(r.Context()), form.request(number))
	}
	if err != nil || page.Kept(r.Context()) {
		err = d.notPublished(w, r, form, err)
		return d.refuseIssue(w, r, err, page.Field{Name: "override", Label: overrideLabel, Value: form.Override})
	}
	d.turnOver(r)
	return seeOther(w, r, address.DeskIssueTo(number, "published"))
}

const overrideLabel = "Why publish all the same"

func (f publishForm) request(number int) publish.Request {
	return publish.Request{Number: number, Fingerprint: f.Version, Override: f.Override}
}

func (f *publishForm) validate() error {
	var wrong newsletter.Invalid
	switch f.When {
	case "", whenNow:
		if f.At != "" { // nothing is published early by mistake
			wrong.Add("when", "is now, and a time is given; choose one of them")
		}
	case whenAt:
	default:
		wrong.Add("when", "is neither now nor at a time; choose one of them")
	}
	if n := utf8.RuneCountInString(f.Override); n > newsletter.MaxTitle {
		wrong.Add("override", fmt.Sprintf("has %d characters; at most %d", n, newsletter.MaxTitle))
	}
	return wrong.Err()
}

// notPublished answers with the page of what stood in the way, or of a kept
// form.
func (d *Desk) notPublished(w http.ResponseWriter, r *http.Request, form publishForm, err error) error {
	if page.Kept(r.Context()) {
		return d.showPublish(w, r, http.StatusOK, form, nil)
	}
	if already, ok := errors.AsType[*publish.Already](err); ok {
		return d.showPublished(w, r, http.StatusConflict, already.Number, already)
	}
	if notReady, ok := errors.AsType[*publish.NotReady](err); ok {
		form.day = notReady.Day
		return d.showPublish(w, r, http.StatusUnprocessableEntity, form, newsletter.Invalid{{
			Field: "override", Message: "is empty; mend what is named below, or say in a sentence why it is published all the same",
		}})
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		return d.showPublish(w, r, http.StatusUnprocessableEntity, form, wrong)
	}
	if _, ok := errors.AsType[*publish.Changed](err); !ok {
		return err
	}
	view, err := d.publishView(r, form, nil)
	if err != nil {
		return err
	}
	view.Changed, view.Title = true, "Changed meanwhile"
	return publishPage.Render(w, r, http.StatusConflict, view)
}

func (d *Desk) showPublish(w http.ResponseWriter, r *http.Request, status int, form publishForm, wrong newsletter.Invalid) error {
	view, err := d.publishView(r, form, wrong)
	if err != nil {
		return err
	}
	return publishPage.Render(w, r, status, view)
}

// publishView looks the issue over as it is now. Texts that cannot be printed
// stand beside what the form got wrong.
func (d *Desk) publishView(r *http.Request, form publishForm, wrong newsletter.Invalid) (publishView, error) {
	board, err := d.boardFor(r, newsletter.PublishIssue)
	if err != nil {
		return publishView{}, err
	}
	frame, _, err := d.frame(r, "Publish "+strconv.Itoa(board.Number))
	if err != nil {
		return publishView{}, err
	}
	checks, err := d.checks(r.Context(), board, cmp.Or(form.day, d.dayOf(board)), address.DeskIssue(board.Number), true)
	if err != nil {
		return publishView{}, err
	}
	view := publishView{DeskFrame: frame, Board: board, Fingerprint: publish.Fingerprint(board), Address: d.base.Absolute(address.Issue(board.Number))}
	view.Told = newsletter.HostOf(board.Webhook)
	if board.State == newsletter.Scheduled {
		view.Scheduled = clockWords(board.ScheduledAt, d.now.Publication().Location())
	}
	if view.Since, view.Pages, err = d.sinceScheduled(r, board); err != nil {
		return publishView{}, err
	}
	for _, section := range board.Sections {
		if view.Items += len(section.Items); len(section.Items) > 0 {
			view.Sections++
		}
	}
	for _, c := range checks {
		if c.Blocker {
			view.Blockers = append(view.Blockers, c)
		} else {
			view.Warnings = append(view.Warnings, c)
		}
	}
	fields := append([]page.Field{{
		Name: "override", Label: overrideLabel, Value: form.Override,
		Hint: "A sentence. It stays on the desk, with your name.",
	}}, d.whenFields(board, form)...)
	if _, err := publish.Preview(board, board.ChangedAt); err != nil {
		unprintable, _ := errors.AsType[newsletter.Invalid](err)
		wrong = joinFaults(wrong, unprintable)
	}
	view.Problems = page.Mark(fields, wrong)
	view.Override, view.When = fields[0], fields[1:]
	return view, nil
}
