package desk

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"strconv"

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
	c.was = append(itemControls(itemForm{}), headingFields(correctForm{})...) // nothing of it is printed
	if !sent {
		c.fields = append(d.placesIn(c.board, c.form), itemControls(form)...)
		return nil
	}
	form, wrong, err := decodeItem(r)
	if err != nil {
		return err
	}
	words, faults := form.item()
	words.ID = c.form.Item
	to, section, misplaced := c.form.target(c.board, d.now.Publication())
	c.wrong = joinFaults(joinFaults(wrong, misplaced), faults)
	c.fields = append(d.placesIn(c.board, c.form), itemControls(form)...)
	c.correct = func(w publish.Wish) error {
		return publish.AddItem(r.Context(), d.store, page.User(r.Context()), w, words, to, section, c.form.Key)
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

// addedBefore makes the form of an item that it has added already, with other
// words, one that corrects that item.
func (c *correction) addedBefore(item postgres.DeskItem) {
	c.place, c.name, c.heading = item.Place, newsletter.Mark{Issue: item.Issue, Place: item.Place}.String(), ""
	c.form.Part, c.form.Version = strconv.Itoa(item.Place), item.Version
	c.was, c.fields = itemControls(formOf(item.Item)), c.fields[1+len(headingFields(c.form)):]
	c.wrong.Add("", "the item was added as "+c.name+" by this form before, with other words; look at the difference and correct it, or leave")
}
