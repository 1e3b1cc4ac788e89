package desk

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// readForgotten reads an item that is to be added to a printed issue: one that
// waits already, or a new one.
func (d *Desk) readForgotten(r *http.Request, c *correction, sent bool) error {
	issue := c.board.Issue()
	c.name = newsletter.Mark{Issue: c.board.Number, Place: issue.NextPlace()}.String()
	c.heading, c.form.Key = "Add an item to "+strconv.Itoa(c.board.Number), cmp.Or(c.form.Key, rand.Text())
	form, err := d.forgottenItem(r, c)
	if err != nil {
		return err
	}
	c.was = itemControls(itemForm{}) // nothing of it is printed
	if !sent {
		c.fields = append(placesIn(c.board, c.form), itemControls(form)...)
		return nil
	}
	form, wrong, err := decodeItem(r)
	if err != nil {
		return err
	}
	words, faults := form.item()
	words.ID = c.form.Item
	to, misplaced := c.form.target(c.board)
	c.wrong = joinFaults(joinFaults(wrong, misplaced), faults)
	c.fields = append(placesIn(c.board, c.form), itemControls(form)...)
	c.correct = func(w publish.Wish) error {
		return publish.AddItem(r.Context(), d.store, page.User(r.Context()), w, words, to, c.form.Key)
	}
	return nil
}

// forgottenItem returns the form of the item that is to be added: of one that
// waits outside every issue, which whoever asks may place, or an empty one.
func (d *Desk) forgottenItem(r *http.Request, c *correction) (itemForm, error) {
	if c.form.Item == 0 {
		return itemForm{}, nil
	}
	item, err := d.store.DeskItem(r.Context(), c.form.Item)
	if err != nil {
		return itemForm{}, err
	}
	if item.IssueID != c.board.ID { // or the form was sent twice
		err = newsletter.Allow(page.User(r.Context()), newsletter.PlaceItem, item.Object())
	}
	c.form.Version = cmp.Or(c.form.Version, item.Version)
	return formOf(item.Item), err
}

// placesIn is the field of where an added item goes: the beginning of each
// section, and after each item. A place is the section's id, and with a hyphen
// that of the item it follows.
func placesIn(board postgres.Board, form correctForm) []page.Field {
	var places []page.Option
	chosen := form.Stands
	for _, section := range board.Sections {
		first := strconv.FormatInt(section.ID, 10)
		places = append(places, page.Option{Value: first, Label: section.Title + ", first"})
		last := first
		for _, item := range section.Items {
			last = fmt.Sprintf("%d-%d", section.ID, item.ID)
			mark := newsletter.Mark{Issue: board.Number, Place: item.Place}
			places = append(places, page.Option{Value: last, Label: fmt.Sprintf("%s, after %s: %s", section.Title, mark, label(item.Item))})
		}
		if section.ID == form.Section {
			chosen = cmp.Or(chosen, last)
		}
	}
	return []page.Field{{Name: "stands", Label: "Place", Options: page.Choose(chosen, places...)}}
}

// target returns where an added item is to go.
func (f correctForm) target(board postgres.Board) (postgres.Target, newsletter.Invalid) {
	section, after, follows := strings.Cut(f.Stands, "-")
	id, _ := strconv.ParseInt(section, 10, 64)
	to := postgres.Target{Issue: board.Number, Section: section, After: postgres.First}
	if follows {
		to.After, _ = strconv.ParseInt(after, 10, 64)
	}
	if _, found := sectionOf(board, id); !found || follows && to.After < 1 {
		return to, newsletter.Invalid{{Field: "stands", Message: "is none of the issue; choose one of the list"}}
	}
	return to, nil
}

// addedBefore makes the form of an item that it has added already, with other
// words, one that corrects that item.
func (c *correction) addedBefore(item postgres.DeskItem) {
	c.place, c.name, c.heading = item.Place, newsletter.Mark{Issue: item.Issue, Place: item.Place}.String(), ""
	c.form.Part, c.form.Version = strconv.Itoa(item.Place), item.Version
	c.was, c.fields = itemControls(formOf(item.Item)), c.fields[1:]
	c.wrong.Add("version", "was added as "+c.name+" by this form before, with other words; look at the difference and correct it, or leave")
}
