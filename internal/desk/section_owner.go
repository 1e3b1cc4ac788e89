package desk

import (
	"context"
	"net/http"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// sectionWork is who looks after a section and how far it has come, as it
// stands at the section's heading.
type sectionWork struct {
	Path     string // of the section, which its forms begin with
	Title    string
	Owner    string
	Mine     bool
	Progress newsletter.Progress
	Arrange  bool // whoever looks may change it
}

// workOf returns who looks after a section of a board; of what is printed
// nobody does any longer.
func workOf(user newsletter.User, board postgres.Board, s postgres.BoardSection) sectionWork {
	if board.State.Printed() {
		return sectionWork{}
	}
	return sectionWork{
		Path: address.DeskSection(board.Number, s.ID, ""), Title: s.Title, Owner: s.Owner, Mine: s.OwnerID == user.ID,
		Progress: s.Progress, Arrange: newsletter.May(user, newsletter.Arrange, board.Object()),
	}
}

// openSection opens a section for editing, and offers everybody who may look
// after it.
func (d *Desk) openSection(ctx context.Context, view *boardView, id string, form *sectionForm) error {
	view.editSection(id, form)
	people, err := d.store.Users(ctx)
	if err != nil {
		return err
	}
	for i := range view.Sections {
		if section := &view.Sections[i]; section.Editing != nil {
			section.Owners = ownerField(view.Board, section.BoardSection, people)
		}
	}
	return nil
}

// ownerField lets one choose who looks after a section.
func ownerField(board postgres.Board, section postgres.BoardSection, people []newsletter.User) page.Field {
	id := func(n int64) string { return strconv.FormatInt(n, 10) }
	options := []page.Option{{Label: "Nobody"}}
	for _, person := range people {
		if newsletter.May(person, newsletter.Arrange, board.Object()) {
			options = append(options, page.Option{Value: id(person.ID), Label: person.Name})
		}
	}
	chosen := ""
	if section.OwnerID != 0 {
		chosen = id(section.OwnerID)
	}
	return page.Field{Name: "owner", ID: "section-" + id(section.ID) + "-owner", Label: "Who looks after it", Options: page.Choose(chosen, options...)}
}

// ownSection gives a section to somebody: "me" is whoever asks, "" nobody.
func (d *Desk) ownSection(w http.ResponseWriter, r *http.Request) error {
	return d.work(w, r, func(number int, id int64) error {
		user := page.User(r.Context())
		var owner int64
		switch chosen := page.Typed(r, "owner"); chosen {
		case "":
		case "me":
			owner = user.ID
		default:
			if owner, _ = strconv.ParseInt(chosen, 10, 64); owner == 0 {
				owner = -1 // nobody's
			}
		}
		return d.store.OwnSection(r.Context(), user, number, id, owner)
	})
}

// markSection says how far a section has come.
func (d *Desk) markSection(w http.ResponseWriter, r *http.Request) error {
	return d.work(w, r, func(number int, id int64) error {
		progress := newsletter.Progress(page.Typed(r, "progress"))
		return d.store.MarkSection(r.Context(), page.User(r.Context()), number, id, progress)
	})
}

// work does something about the section of the address and leads back to where
// it was asked for: the desk's first page, or the section.
func (d *Desk) work(w http.ResponseWriter, r *http.Request, do func(number int, id int64) error) error {
	board, id, err := d.sectionAsked(r)
	if err != nil {
		return err
	}
	if err := do(board.Number, id); err != nil {
		form := sectionForm{ID: id}
		form.keepUnsent(r, board)
		return d.afterSection(w, r, board.Number, form, err)
	}
	if page.Typed(r, "from") == fromDesk {
		return seeOther(w, r, address.Desk)
	}
	return seeOther(w, r, sectionAt(board.Number, id))
}

// fromDesk is what the forms of the desk's first page say that lead back there.
const fromDesk = "desk"

// sectionAt is the board of an issue, at a section.
func sectionAt(number int, id int64) string {
	return address.DeskIssue(number) + "#section-" + strconv.FormatInt(id, 10)
}
