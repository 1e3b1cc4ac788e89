package desk

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/publish"
)

// settingsView is the page of the publication's settings.
type settingsView struct {
	page.DeskFrame
	Fields   []page.Field
	Blockers []page.Field
	Version  string
}

var settingsPage = page.Define[settingsView]("desk/settings.html")

// settingsForm is the form of the publication's settings.
type settingsForm struct {
	Name        string   `form:"name"`
	Tagline     string   `form:"tagline"`
	AccentLight string   `form:"accent_light"`
	AccentDark  string   `form:"accent_dark"`
	Description string   `form:"description,text"`
	About       string   `form:"about,text"`
	Closing     string   `form:"closing,text"`
	Contact     string   `form:"contact"`
	Subscribe   string   `form:"subscribe"`
	Language    string   `form:"language"`
	TimeZone    string   `form:"time_zone"`
	Weekday     int      `form:"weekday"`
	Hour        int      `form:"hour"`
	Blockers    []string `form:"blockers"` // see blockersSent
	Version     string   `form:"version"`
}

func settingsOf(p newsletter.Publication) settingsForm {
	form := settingsForm{
		Name: p.Name, Tagline: p.Tagline, AccentLight: p.Accent.Light, AccentDark: p.Accent.Dark,
		Description: p.Description, About: p.About, Closing: p.Closing,
		Contact: p.Contact, Subscribe: p.Subscribe, Language: p.Language, TimeZone: p.TimeZone,
		Weekday: int(p.Weekday), Hour: p.Hour, Blockers: blockersSent(p),
	}
	form.Version = fingerprint(form)
	return form
}

// onto returns the publication with the form's settings.
func (f settingsForm) onto(p newsletter.Publication) newsletter.Publication {
	p.Name, p.Tagline, p.Description, p.About, p.Closing = f.Name, f.Tagline, f.Description, f.About, f.Closing
	p.Accent = newsletter.Accent{Light: f.AccentLight, Dark: f.AccentDark}
	p.Contact, p.Subscribe, p.Language, p.TimeZone = f.Contact, f.Subscribe, f.Language, f.TimeZone
	p.Weekday, p.Hour = time.Weekday(f.Weekday), f.Hour
	if len(f.Blockers) > 0 {
		p.Blockers = f.chosenBlockers()
	}
	return p
}

// validate looks the settings over, also whether their texts can be printed.
func (f settingsForm) validate() error {
	p := f.onto(newsletter.Publication{})
	wrong, _ := errors.AsType[newsletter.Invalid](p.Validate())
	_, err := publish.RenderPublication(p)
	unprintable, _ := errors.AsType[newsletter.Invalid](err)
	for i, fault := range unprintable {
		unprintable[i].Message = markdownFault(errors.New(fault.Message))
	}
	return joinFaults(wrong, unprintable).Err()
}

// settings shows the publication's settings.
func (d *Desk) settings(w http.ResponseWriter, r *http.Request) error {
	publication, err := d.store.Publication(r.Context())
	if err != nil {
		return err
	}
	return d.showSettings(w, r, http.StatusOK, settingsOf(publication), nil)
}

// saveSettings saves the publication's settings.
func (d *Desk) saveSettings(w http.ResponseWriter, r *http.Request) error {
	var form settingsForm
	err := decode(r, &form, func() error { return form.validate() })
	if page.Kept(r.Context()) {
		return d.showSettings(w, r, http.StatusOK, form, nil)
	}
	if err == nil {
		err = d.changePublication(r.Context(), newsletter.ManagePublication, "change settings",
			func(before newsletter.Publication) (newsletter.Publication, error) {
				after := form.onto(before)
				if now := settingsOf(before).Version; now != form.Version && now != settingsOf(after).Version {
					return before, &publicationConflict{theirs: before}
				}
				return after, nil
			})
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		return d.showSettings(w, r, http.StatusUnprocessableEntity, form, wrong)
	}
	if conflict, ok := errors.AsType[*publicationConflict](err); ok {
		return d.settingsConflict(w, r, form, conflict)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, address.Settings+"?saved=1")
}

func (d *Desk) showSettings(w http.ResponseWriter, r *http.Request, status int, form settingsForm, wrong newsletter.Invalid) error {
	frame, _, err := d.frame(r, "Settings")
	if err != nil {
		return err
	}
	if len(form.Blockers) == 0 {
		form.Blockers = blockersSent(d.now.Publication())
	}
	view := settingsView{DeskFrame: frame, Fields: form.fields(), Blockers: form.blockerFields(), Version: form.Version}
	view.Problems = page.Mark(view.Fields, wrong)
	if r.URL.Query().Get("saved") != "" && status == http.StatusOK {
		view.Notice = "The settings are saved."
	}
	return settingsPage.Render(w, r, status, view)
}

func (f settingsForm) fields() []page.Field {
	var days []page.Option
	for day := time.Sunday; day <= time.Saturday; day++ {
		days = append(days, page.Option{Value: strconv.Itoa(int(day)), Label: day.String()})
	}
	var hours []page.Option
	for hour := range 24 {
		hours = append(hours, page.Option{Value: strconv.Itoa(hour), Label: fmt.Sprintf("%02d:00", hour)})
	}
	return []page.Field{
		{Name: "name", Label: "Name", Value: f.Name, Printed: true},
		{Name: "tagline", Label: "Tagline", Value: f.Tagline, Printed: true, Hint: "One line under the name. It may stay empty."},
		{Name: "accent_light", Label: "Accent on the light page", Value: f.AccentLight, Hint: "The colour of the site’s links and buttons, such as #0A5FA8. Empty is the usual blue."},
		{Name: "accent_dark", Label: "Accent on the dark page", Value: f.AccentDark, Hint: "The same for readers who prefer dark pages, such as #86C5EE. Empty is the usual blue."},
		{Name: "description", Label: "Description", Value: f.Description, Rows: 2, Printed: true, Hint: "A sentence or two for feeds and search engines."},
		{Name: "about", Label: "About page", Value: f.About, Rows: 10, Printed: true, Hint: "In Markdown."},
		{Name: "closing", Label: "Closing words", Value: f.Closing, Rows: 3, Printed: true, Hint: "In Markdown, at the foot of every issue."},
		{Name: "contact", Label: "Contact", Value: f.Contact, Hint: "A mail address or a web address."},
		{Name: "subscribe", Label: "Where to subscribe by mail", Value: f.Subscribe, Hint: "A web address. It may stay empty."},
		{Name: "language", Label: "Language", Value: f.Language, Hint: "A language tag such as en or pt-BR."},
		{Name: "time_zone", Label: "Time zone", Value: f.TimeZone, Hint: "A name such as Europe/London."},
		{Name: "weekday", Label: "Usual day", Options: page.Choose(strconv.Itoa(f.Weekday), days...), Hint: "The dates of new issues are proposed from it."},
		{Name: "hour", Label: "Usual hour", Options: page.Choose(strconv.Itoa(f.Hour), hours...)},
	}
}

// settingsConflict is the page of settings that another owner changed first.
func (d *Desk) settingsConflict(w http.ResponseWriter, r *http.Request, mine settingsForm, conflict *publicationConflict) error {
	theirs := settingsOf(conflict.theirs)
	view := conflictView{
		Who: conflict.deed.Actor, Saved: d.ago(conflict.deed.At), What: "the settings", Action: address.Settings, Back: address.Settings,
		Fields: []hidden{{"version", theirs.Version}},
	}
	other := theirs.fields()
	for i, field := range mine.fields() {
		a, b := shownValue(field), shownValue(other[i])
		view.Fields = append(view.Fields, hidden{field.Name, sentValue(field)})
		if a != b {
			view.Differences = append(view.Differences, compare(field.Name, field.Label, false, a, b))
		}
	}
	if len(mine.Blockers) > 0 {
		for _, kind := range mine.Blockers {
			view.Fields = append(view.Fields, hidden{"blockers", kind})
		}
		if a, b := mine.blockersShown(), theirs.blockersShown(); a != b {
			view.Differences = append(view.Differences, compare("blockers", "What stops publication", false, a, b))
		}
	}
	return d.conflict(w, r, view)
}

// sentValue returns what a field sends, and shownValue what people see in it.
func sentValue(f page.Field) string {
	for _, option := range f.Options {
		if option.Chosen {
			return option.Value
		}
	}
	return f.Value
}

func shownValue(f page.Field) string {
	for _, option := range f.Options {
		if option.Chosen {
			return option.Label
		}
	}
	return f.Value
}
