package page

import (
	"fmt"
	"net/http"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
)

// DeskFrame stands around every page of the desk and of the sign-in; their
// views embed one. Such pages lie in the template folders desk/ and account/
// and are put into base/desk.html, which shows Problems and Notice itself.
type DeskFrame struct {
	Frame
	User     newsletter.User // who asks; nobody on the pages before the sign-in
	Here     string          // path of the place that is marked in the bar
	Draft    int             // number of the issue that is due next; 0: not said
	Inbox    int             // items in the inbox; 0: not said
	Problems []Problem       // what is wrong in the form, in its order
	Notice   string          // what has happened, in a sentence
	Waits    []Entry         // what waits for a person, in sentences
}

// keptNotice is said over a form that an expired session interrupted.
const keptNotice = "Your session had ended. Nothing is lost: look it over and save."

// NewDeskFrame returns the frame of a page for whoever asks.
func NewDeskFrame(r *http.Request, frame Frame, title string) DeskFrame {
	frame.Title, frame.NoIndex = title, true
	d := DeskFrame{Frame: frame, User: User(r.Context()), Here: r.URL.Path}
	if Kept(r.Context()) {
		d.Notice = keptNotice
	}
	return d
}

// FullTitle is the title of the browser's tab. It starts with "Error:" when
// something is wrong, which is then the first thing a screen reader says.
func (d DeskFrame) FullTitle() string {
	if len(d.Problems) > 0 {
		return "Error: " + d.Frame.FullTitle()
	}
	return d.Frame.FullTitle()
}

// Status is the status of the answer: 422 when something is wrong, else 200.
func (d DeskFrame) Status() int {
	if len(d.Problems) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// SingleKeys is the switch for the desk's single-letter keys.
func SingleKeys(on bool) Field {
	return Field{Name: "single_keys", Label: "Single letters are keys of the desk", Hint: "Keys with Alt or Ctrl work in any case.", Type: "checkbox", Checked: on}
}

// Places returns the places of the desk's bar that whoever asks may go to.
func (d DeskFrame) Places() []Entry {
	first := Entry{Title: "Desk", Path: address.Desk}
	if d.Draft != 0 {
		first = Entry{Title: fmt.Sprintf("Issue %d", d.Draft), Path: address.DeskIssue(d.Draft)}
	}
	places := []Entry{
		first,
		{Title: counted("Inbox", d.Inbox), Path: address.Inbox},
		{Title: "Issues", Path: address.Issues},
	}
	if newsletter.MayEver(d.User, newsletter.ManagePeople) {
		places = append(places, Entry{Title: "People", Path: address.People})
	}
	return d.mark(places)
}

// Further returns the places that stand below a page of the desk.
func (d DeskFrame) Further() []Entry {
	places := []Entry{{Title: "Where did it run", Path: address.Links}}
	for _, place := range []struct {
		title, path string
		action      newsletter.Action
	}{
		{"Sections", address.Sections, newsletter.ManageSections},
		{"Settings", address.Settings, newsletter.ManagePublication},
		{"Old addresses", address.Redirects, newsletter.ManagePublication},
		{"Activity", address.Activity, newsletter.SeeActivity},
		{"Shortcuts", address.Shortcuts, newsletter.UseDesk},
	} {
		if newsletter.MayEver(d.User, place.action) {
			places = append(places, Entry{Title: place.title, Path: place.path})
		}
	}
	return d.mark(places)
}

func (d DeskFrame) mark(places []Entry) []Entry {
	for i := range places {
		places[i].Here = places[i].Path == d.Here
	}
	return places
}

// counted returns a place's name with its number where there is one.
func counted(place string, n int) string {
	if n == 0 {
		return place
	}
	return fmt.Sprintf("%s %d", place, n)
}
