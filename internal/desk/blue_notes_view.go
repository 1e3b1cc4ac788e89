package desk

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// blueNotes are the blue notes on one thing, with a form for another.
type blueNotes struct {
	Open, Done []blueNote
	Form       *blueForm // nil for those who may not write one
}

// blueNote is a blue note as it is shown.
type blueNote struct {
	ID         int64
	Words      []blueWords
	Label      string // first words, by which its button is told apart
	By, DoneBy string
	At, DoneAt moment
	May        bool   // whoever looks may finish it, or open it again
	From       string // where its button leads back to
}

// blueWords are some words of a blue note. Whom it names is a mention.
type blueWords struct {
	Text    string
	Mention bool
}

// blueAnchor is the id of the text of the one form that is unfolded with what
// is wrong in it.
const blueAnchor = "blue-note"

// wordsOf takes a blue note's text apart at the names of those it names. Those
// who have another name since are not found, which loses no word.
func wordsOf(note postgres.BlueNote) []blueWords {
	var words []blueWords
	end := 0
	for _, mention := range newsletter.Mentions(note.Text, note.Mentioned) {
		words = append(words, blueWords{Text: note.Text[end:mention.From]}, blueWords{note.Text[mention.From:mention.To], true})
		end = mention.To
	}
	return append(words, blueWords{Text: note.Text[end:]})
}

// blueNote returns a blue note as somebody sees it on a page.
func (d *Desk) blueNote(user newsletter.User, n postgres.BlueNote, from string) blueNote {
	note := blueNote{
		ID: n.ID, Words: wordsOf(n), Label: firstWords(n.Text), By: n.By, DoneBy: n.DoneBy, At: d.ago(n.At),
		May: newsletter.May(user, newsletter.Remark, n.Object()), From: from,
	}
	if n.DoneAt != nil {
		note.DoneAt = d.ago(*n.DoneAt)
	}
	return note
}

// blueNotes returns the blue notes on one thing, and the form for those who may
// write another.
func (d *Desk) blueNotes(user newsletter.User, notes []postgres.BlueNote, form blueForm, about newsletter.Object) blueNotes {
	var list blueNotes
	for _, n := range notes {
		if note := d.blueNote(user, n, form.From); n.DoneAt == nil {
			list.Open = append(list.Open, note)
		} else {
			list.Done = append(list.Done, note)
		}
	}
	if newsletter.May(user, newsletter.Remark, about) {
		list.Form = &form
	}
	return list
}

// open unfolds the form with what was typed in it.
func (b *blueNotes) open(typed blueForm) {
	if b.Form == nil {
		return
	}
	typed.Action, typed.On, typed.Key = b.Form.Action, b.Form.On, cmp.Or(typed.Key, b.Form.Key)
	b.Form = &typed
}

// showBlueNotes puts the blue notes of a board where they belong. One key does
// for all forms: with it the same note is written once on each thing. It is
// short, as it may stand there many times. The forms themselves do not: one is
// unfolded when it is asked for.
func (d *Desk) showBlueNotes(view *boardView) {
	on := map[postgres.Remarked][]postgres.BlueNote{}
	for _, n := range view.Board.BlueNotes {
		what := postgres.Remarked{Item: n.ItemID, Section: n.SectionID}
		on[what] = append(on[what], n)
	}
	user, number, key := view.User, view.Board.Number, rand.Text()[:12]
	board := address.DeskIssue(number) + "?edit=" // as a refused form is at another address
	view.Blue = d.blueNotes(user, on[postgres.Remarked{}], blueForm{
		Action: address.DeskIssueTo(number, "blue-notes"), On: strconv.Itoa(number), Key: key, Ask: board + partNote + "#head",
	}, view.Board.Object())
	for i := range view.Sections {
		section := &view.Sections[i]
		section.Blue = d.blueNotes(user, on[postgres.Remarked{Section: section.ID}], blueForm{
			Action: address.DeskSection(number, section.ID, "blue-notes"), On: section.Title, Key: key,
			Ask: fmt.Sprintf("%s%s-section-%d#section-%[3]d", board, partNote, section.ID),
		}, view.Board.Object())
		for k := range section.Rows {
			row := &section.Rows[k]
			row.Blue = d.blueNotes(user, on[postgres.Remarked{Item: row.ID}], blueForm{
				Action: address.DeskItemTo(row.ID, "blue-notes"), On: row.Mark, Key: key,
				Ask: fmt.Sprintf("%s%s-item-%d#item-%[3]d", board, partNote, row.ID),
			}, row.Object())
		}
	}
}

// partNote is what "edit" says to unfold the form of a blue note on the issue;
// on a section or an item it goes on "-section-7" or "-item-7".
const partNote = "note"

// askRemark unfolds the form that "edit" names, if it names one.
func (v *boardView) askRemark(edit string) {
	what, found := strings.CutPrefix(edit, partNote)
	if !found {
		return
	}
	var on postgres.Remarked
	if what != "" {
		if n, _ := fmt.Sscanf(what, "-section-%d", &on.Section); n == 0 {
			_, _ = fmt.Sscanf(what, "-item-%d", &on.Item) // anything else unfolds none
		}
		if on == (postgres.Remarked{}) {
			return
		}
	}
	v.openRemark(on, blueForm{Open: true})
}

// openRemark unfolds the form of a remark on the board, and reports whether
// there is one.
func (v *boardView) openRemark(on postgres.Remarked, form blueForm) bool {
	if on.Item == 0 && on.Section == 0 {
		v.Blue.open(form)
		return true
	}
	for i := range v.Sections {
		section := &v.Sections[i]
		if section.ID == on.Section {
			section.Blue.open(form)
			return true
		}
		for k := range section.Rows {
			if section.Rows[k].ID == on.Item {
				section.Rows[k].Blue.open(form)
				return true
			}
		}
	}
	return false
}
