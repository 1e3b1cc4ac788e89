package desk

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
)

// standingView is the page of the publication's default sections.
type standingView struct {
	page.DeskFrame
	Rows    []standingLine
	Version string
}

// standingLine is a section's line of the form: its id, or "" for a new one,
// and its name, kind and place.
type standingLine struct {
	ID     string
	Fields []page.Field
}

var standingPage = page.Define[standingView]("desk/standing.html")

// standingForm is the form of the default sections: four fields each, in
// order. A section without a name is left out; one without an id is the one of
// its name, or a new one.
type standingForm struct {
	IDs     []string `form:"id"`
	Titles  []string `form:"title"`
	Kinds   []string `form:"kind"`
	Places  []string `form:"place"`
	Version string   `form:"version"`

	sections []newsletter.StandingSection // as they are to be
	rows     []int                        // of the form, from which each of them came
}

// spareSections are the empty lines in which new sections are written.
const spareSections = 2

func standingOf(sections []newsletter.StandingSection) standingForm {
	form := standingForm{Version: fingerprint(sections)}
	for i, section := range sections {
		form.IDs = append(form.IDs, strconv.FormatInt(section.ID, 10))
		form.Titles = append(form.Titles, section.Title)
		form.Kinds = append(form.Kinds, string(section.Kind))
		form.Places = append(form.Places, strconv.Itoa(i+1))
	}
	return form
}

// validate puts the sections into their order and looks them over.
func (f *standingForm) validate() error {
	var wrong newsletter.Invalid
	places := map[int]int{}
	for row, title := range f.Titles {
		if title == "" {
			continue
		}
		place, err := strconv.Atoi(at(f.Places, row))
		if places[row] = place; at(f.Places, row) == "" {
			places[row] = len(f.Titles) + 1 // new ones without a place come last
		} else if err != nil {
			wrong.Add(rowField("place", row), "is not a number; give its place in the order, such as 2")
		}
		if _, err := strconv.ParseInt(title, 10, 64); err == nil {
			wrong.Add(rowField("title", row), "is a number, which forms take for a section's id; add a word to it")
		}
		f.rows = append(f.rows, row)
	}
	slices.SortStableFunc(f.rows, func(a, b int) int { return cmp.Compare(places[a], places[b]) })
	for _, row := range f.rows {
		id, _ := strconv.ParseInt(at(f.IDs, row), 10, 64) // whatever is no id is a new one's
		f.sections = append(f.sections, newsletter.StandingSection{ID: id, Title: f.Titles[row], Kind: newsletter.Kind(at(f.Kinds, row))})
	}
	if len(f.sections) == 0 {
		wrong.Add(rowField("title", 0), "is empty; a publication has at least one section")
	}
	sound := newsletter.Publication{Name: "Sound", Language: "en", TimeZone: "UTC", Sections: f.sections} // but for the sections
	invalid, _ := errors.AsType[newsletter.Invalid](sound.Validate())
	return joinFaults(wrong, f.inForm(invalid)).Err()
}

// inForm gives what is wrong with the sections the form's names.
func (f *standingForm) inForm(invalid newsletter.Invalid) newsletter.Invalid {
	for i := range invalid {
		invalid[i].Field = f.formField(invalid[i].Field)
	}
	return invalid
}

// formField returns the form's name of a field of a section.
func (f *standingForm) formField(field string) string {
	var k int
	var part string
	if n, _ := fmt.Sscanf(field, "sections[%d].%s", &k, &part); n == 2 && k < len(f.rows) {
		return rowField(part, f.rows[k])
	}
	return field
}

func rowField(name string, row int) string { return fmt.Sprintf("%s-%d", name, row+1) }

// at returns a value of a list, or "" beyond its end.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// fields returns the rows of the form, with some empty ones for new sections,
// and the error summary. Fields of a row share a name when they are sent, and
// are told apart by their ids.
func (f *standingForm) fields(wrong newsletter.Invalid) (rows []standingLine, problems []page.Problem) {
	used := len(f.Titles)
	for used > 0 && f.Titles[used-1] == "" {
		used--
	}
	total := min(max(used+spareSections, len(f.Titles)), newsletter.MaxSections+spareSections)
	var all []page.Field
	for row := range total {
		n := row + 1
		kind := at(f.Kinds, row)
		all = append(all,
			page.Field{Name: rowField("title", row), Label: fmt.Sprintf("Name %d", n), Value: at(f.Titles, row), Printed: true},
			page.Field{Name: rowField("kind", row), Label: fmt.Sprintf("Kind %d", n), Options: kinds(newsletter.Kind(kind))},
			page.Field{Name: rowField("place", row), Label: fmt.Sprintf("Place %d", n), Value: at(f.Places, row)})
	}
	problems = page.Mark(all, wrong)
	for i := range all {
		all[i].ID = all[i].Name
		all[i].Name, _, _ = strings.Cut(all[i].Name, "-")
	}
	for fields := range slices.Chunk(all, 3) {
		rows = append(rows, standingLine{at(f.IDs, len(rows)), fields})
	}
	return rows, problems
}

// standing shows the default sections.
func (d *Desk) standing(w http.ResponseWriter, r *http.Request) error {
	publication, err := d.store.Publication(r.Context())
	if err != nil {
		return err
	}
	return d.showStanding(w, r, http.StatusOK, standingOf(publication.Sections), nil)
}

// saveStanding saves the default sections. Issues that exist stay as they are.
func (d *Desk) saveStanding(w http.ResponseWriter, r *http.Request) error {
	var form standingForm
	err := decode(r, &form, form.validate)
	if page.Kept(r.Context()) {
		return d.showStanding(w, r, http.StatusOK, form, nil)
	}
	if err == nil {
		err = d.changePublication(r.Context(), newsletter.ManageSections, "change default sections",
			func(before newsletter.Publication) (newsletter.Publication, error) {
				switch {
				case listed(before.Sections) == listed(form.sections): // nothing to do, and no conflict
				case fingerprint(before.Sections) != form.Version:
					return before, &publicationConflict{theirs: before}
				default:
					before.Sections = form.sections
				}
				return before, nil
			})
	}
	if wrong, ok := errors.AsType[newsletter.Invalid](err); ok {
		return d.showStanding(w, r, http.StatusUnprocessableEntity, form, form.inForm(wrong))
	}
	if conflict, ok := errors.AsType[*publicationConflict](err); ok {
		return d.standingConflict(w, r, form, conflict)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, address.Sections+"?saved=1")
}

func (d *Desk) showStanding(w http.ResponseWriter, r *http.Request, status int, form standingForm, wrong newsletter.Invalid) error {
	frame, _, err := d.frame(r, "Sections")
	if err != nil {
		return err
	}
	view := standingView{DeskFrame: frame, Version: form.Version}
	view.Rows, view.Problems = form.fields(wrong)
	if r.URL.Query().Get("saved") != "" && status == http.StatusOK {
		view.Notice = "The default sections are saved. Issues that exist stay as they are."
	}
	return standingPage.Render(w, r, status, view)
}

// standingConflict is the page of sections that another owner changed first.
func (d *Desk) standingConflict(w http.ResponseWriter, r *http.Request, mine standingForm, conflict *publicationConflict) error {
	theirs := conflict.theirs.Sections
	view := conflictView{
		Who: conflict.deed.Actor, Saved: d.ago(conflict.deed.At), What: "the default sections", Action: address.Sections, Back: address.Sections,
		Fields:      []hidden{{"version", fingerprint(theirs)}},
		Differences: []difference{compare("title", "Sections in order", false, listed(mine.sections), listed(theirs))},
	}
	for i, section := range mine.sections {
		view.Fields = append(view.Fields, hidden{"id", strconv.FormatInt(section.ID, 10)}, hidden{"title", section.Title}, hidden{"kind", string(section.Kind)}, hidden{"place", strconv.Itoa(i + 1)})
	}
	return d.conflict(w, r, view)
}

// listed writes sections a line each.
func listed(sections []newsletter.StandingSection) string {
	var b strings.Builder
	for _, section := range sections {
		fmt.Fprintf(&b, "%s (%s)\n", section.Title, section.Kind)
	}
	return b.String()
}
