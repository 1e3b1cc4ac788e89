package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// moveView is the page of all the places an item can go to: today's order of
// one issue, and the other issues that are open.
type moveView struct {
	page.DeskFrame
	Item     postgres.DeskItem
	Called   string // the item's mark, or its label outside issues
	Label    string
	Board    postgres.Board // the issue whose places are offered; of number 0 when there is none
	Up, Down bool
	Sections []moveSection
	Others   []postgres.IssueLine // that take items from whoever asks
	Wish     *wish                // what was asked for when others were faster
}

// moveSection is a section with its items in today's order.
type moveSection struct {
	ID     int64
	Title  string
	Rows   []moveRow
	Places []page.Option // after which item, for a list to choose from
}

// moveRow is an item in today's order.
type moveRow struct {
	ID    int64
	Mark  string
	Label string
	Here  bool // it is the item to be moved
}

// wish is a move that today's order has overtaken.
type wish struct {
	Happened string   // what others did
	Sentence string   // what was asked for, as in "to News, after 413.4"
	Fields   []hidden // to ask for it again, in today's order; none when its place is gone
}

var movePage = page.Define[moveView]("desk/move.html")

// moveView reads the places an item can go to: those in the issue that the
// query names, else in its own, else in the one that is due next of those that
// whoever asks may put items into.
func (d *Desk) moveView(r *http.Request, item postgres.DeskItem) (moveView, error) {
	frame, open, err := d.frame(r, "Move "+label(item.Item))
	if err != nil {
		return moveView{}, err
	}
	view := moveView{DeskFrame: frame, Item: item, Label: label(item.Item)}
	view.Called = view.Label
	open = placeable(frame.User, open)
	number := 0
	if len(open) > 0 {
		number = open[0].Number
	}
	if item.Issue != 0 {
		number = item.Issue
	}
	if asked, err := newsletter.ParseNumber(r.URL.Query().Get("issue")); err == nil && among(open, asked) {
		number = asked
	}
	view.Others = slices.DeleteFunc(open, func(line postgres.IssueLine) bool { return line.Number == number })
	if number == 0 {
		return view, nil
	}
	view.Board, err = d.store.Board(r.Context(), number)
	if err != nil {
		return moveView{}, err
	}
	view.offer()
	return view, nil
}

func among(open []postgres.IssueLine, number int) bool {
	return slices.ContainsFunc(open, func(line postgres.IssueLine) bool { return line.Number == number })
}

// offer fills in the places of the board.
func (v *moveView) offer() {
	marks := marksOf(v.Board)
	for k, s := range v.Board.Sections {
		section := moveSection{ID: s.ID, Title: s.Title}
		section.Places = append(section.Places, page.Option{Value: "", Label: "First"})
		for i, item := range s.Items {
			row := moveRow{ID: item.ID, Mark: marks[item.ID].String(), Label: label(item.Item), Here: item.ID == v.Item.ID}
			section.Rows = append(section.Rows, row)
			if row.Here {
				v.Called = row.Mark
				v.Up, v.Down = k > 0 || i > 0, k < len(v.Board.Sections)-1 || i < len(s.Items)-1
				continue
			}
			section.Places = append(section.Places, page.Option{Value: strconv.FormatInt(row.ID, 10), Label: "After " + row.Mark + ": " + row.Label})
		}
		last := &section.Places[len(section.Places)-1]
		last.Chosen = true
		v.Sections = append(v.Sections, section)
	}
}

// moveConflict answers with today's order and the wish.
func (d *Desk) moveConflict(w http.ResponseWriter, r *http.Request, id int64, form moveForm, to postgres.Target, what string) error {
	item, err := d.store.DeskItem(r.Context(), id)
	if err != nil {
		return err
	}
	view, err := d.moveViewOf(r, item, to.Issue)
	if err != nil {
		return err
	}
	view.Title = "Moved meanwhile"
	view.Wish = view.wish(form, to)
	view.Wish.Happened = d.happened(item, what)
	return movePage.Render(w, r, http.StatusConflict, view)
}

// moveViewOf is the move page with the places of a certain issue.
func (d *Desk) moveViewOf(r *http.Request, item postgres.DeskItem, number int) (moveView, error) {
	if number == 0 {
		return d.moveView(r, item)
	}
	asking := r.Clone(r.Context())
	asking.URL.RawQuery = "issue=" + strconv.Itoa(number)
	return d.moveView(asking, item)
}

// happened says what others did meanwhile.
func (d *Desk) happened(item postgres.DeskItem, what string) string {
	switch what {
	case "after":
		return "The item it was to follow was moved or removed while you looked at the order."
	case "section":
		return "The section was moved, renamed or removed while you looked at the order."
	}
	return fmt.Sprintf("%s moved this item while you looked at the order, %s.", page.Capital(nameOr(item.ChangedBy)), d.ago(item.ChangedAt).Words)
}

// wish says what was asked for, and how to ask for it again if its place is
// still there.
func (v *moveView) wish(form moveForm, to postgres.Target) *wish {
	version := hidden{"version", strconv.FormatInt(v.Board.Order, 10)}
	if form.To != "" {
		wish := &wish{Sentence: "one place " + form.To}
		if v.Item.Issue != 0 {
			wish.Fields = []hidden{{"to", form.To}, version}
		}
		return wish
	}
	fields := []hidden{{"issue", strconv.Itoa(to.Issue)}, {"section", to.Section}, {"after", form.After}, version}
	if to.After == postgres.Last {
		fields[2].Value = afterLast
	}
	k := slices.IndexFunc(v.Sections, func(s moveSection) bool {
		return strconv.FormatInt(s.ID, 10) == to.Section || s.Title == to.Section
	})
	if k < 0 {
		return &wish{Sentence: "to a section that is gone"}
	}
	section := v.Sections[k]
	fields[1].Value = strconv.FormatInt(section.ID, 10)
	switch to.After {
	case postgres.First:
		return &wish{Sentence: "to the first place of " + section.Title, Fields: fields}
	case postgres.Last:
		return &wish{Sentence: "to the end of " + section.Title, Fields: fields}
	}
	for _, row := range section.Rows {
		if row.ID == to.After {
			return &wish{Sentence: fmt.Sprintf("to %s, after %s (%s)", section.Title, row.Mark, row.Label), Fields: fields}
		}
	}
	return &wish{Sentence: "to " + section.Title + ", after an item that is no longer there"}
}
