package desk

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/address"
	"broadsheet/internal/markdown"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/page"
	"broadsheet/internal/postgres"
)

// boardView is an issue's board: the sheet in print order, beside what is to
// be done before publishing and the inbox.
type boardView struct {
	page.DeskFrame
	Board     postgres.Board
	May       boardMay
	Changed   moment // when the issue's own words were last changed
	Out       moment // when it was published; no words for a draft
	Scheduled string // when it publishes itself, or ""
	Intro     template.HTML
	Sections  []boardSection
	Blue      blueNotes // on the issue as a whole
	Checks    []check
	Slips     slips
	Editing   *wordsForm   // the issue's own words, when they are open for editing
	Add       *sectionForm // nil for those who may not arrange
}

// boardMay says what whoever looks at a board may do there.
type boardMay struct{ Write, Arrange, Place, Preview, Publish, Discard, Correct, Redact bool }

// boardSection is a section of the board.
type boardSection struct {
	postgres.BoardSection
	Rows        []boardRow
	Paid        bool // every item is sponsored
	First, Last bool // in the issue
	Work        sectionWork
	Blue        blueNotes
	Editing     *sectionForm
	Owners      page.Field // who may look after it, while it is open for editing
}

// boardRow is an item in its place.
type boardRow struct {
	postgres.DeskItem
	Mark     string // as it is printed, or would be now
	Note     template.HTML
	Shown    []page.Link
	At       moment
	Event    page.Span
	Up, Down bool // there is a place to move to
	Edit     bool // whoever looks may
	Blue     blueNotes
}

var boardPage = page.Define[boardView]("desk/board.html")

// board shows an issue's board. What "edit" names is open for editing: "head",
// "intro", "section-7", or "note" and what a blue note is to be on.
func (d *Desk) board(w http.ResponseWriter, r *http.Request) error {
	number, err := issueNumber(r)
	if err != nil {
		return err
	}
	edit := r.URL.Query().Get("edit")
	if edit == partIntro && page.Fragment(r) {
		return d.introEditor(w, r)
	}
	view, err := d.boardView(r, number)
	if err != nil {
		return err
	}
	if view.Notice, err = d.leftNotice(r); err != nil {
		return err
	}
	id, isSection := strings.CutPrefix(edit, "section-")
	switch {
	case isSection && view.May.Arrange:
		if err := d.openSection(r.Context(), &view, id, nil); err != nil {
			return err
		}
	case (edit == partHead || edit == partIntro) && view.May.Write:
		view.Editing = newWordsForm(r, edit, formOfIssue(view.Board))
	}
	view.askRemark(edit)
	return boardPage.Render(w, r, http.StatusOK, view)
}

// boardView reads everything on an issue's board. It takes the same number of
// queries however many items there are.
func (d *Desk) boardView(r *http.Request, number int) (boardView, error) {
	board, err := d.store.Board(r.Context(), number)
	if err != nil {
		return boardView{}, err
	}
	frame, _, err := d.frame(r, "Issue "+strconv.Itoa(number))
	if err != nil {
		return boardView{}, err
	}
	if frame.Here = address.Issues; frame.Draft == number {
		frame.Here = address.DeskIssue(number)
	}
	view := boardView{
		DeskFrame: frame, Board: board, May: mayOnBoard(frame.User, board),
		Changed: d.ago(board.ChangedAt), Out: d.ago(board.PublishedAt), Intro: printedIntro(board.Intro),
		Sections: d.boardSections(frame.User, board),
	}
	if board.State == newsletter.Scheduled {
		view.Scheduled = clockWords(board.ScheduledAt, d.now.Publication().Location())
	}
	d.showBlueNotes(&view)
	if view.May.Arrange {
		view.Add = &sectionForm{Kind: newsletter.KindLinks}
		view.Add.show(board)
	}
	if board.State.Printed() {
		return view, nil // nothing is left to be done
	}
	if view.Checks, err = d.checks(r.Context(), board, d.dayOf(board), "", view.May.Write); err != nil {
		return boardView{}, err
	}
	view.Slips, err = d.slips(r, board, frame.Inbox)
	return view, err
}

func mayOnBoard(user newsletter.User, board postgres.Board) boardMay {
	may := func(action newsletter.Action) bool { return newsletter.May(user, action, board.Object()) }
	return boardMay{
		Write: may(newsletter.WriteIssue), Arrange: may(newsletter.Arrange), Place: may(newsletter.PlaceItem),
		Preview: may(newsletter.PreviewIssue), Publish: may(newsletter.PublishIssue), Discard: may(newsletter.DiscardIssue),
		Correct: may(newsletter.CorrectIssue), Redact: may(newsletter.RedactWords) && board.State.Printed(),
	}
}

// printedIntro returns an introduction as it will be printed; one that cannot
// be is shown as it was written.
func printedIntro(intro string) template.HTML {
	text, err := markdown.Intro(intro)
	if err != nil {
		return template.HTML(template.HTMLEscapeString(intro))
	}
	return template.HTML(text.HTML) // passed the allow-list just now
}

func (d *Desk) boardSections(user newsletter.User, board postgres.Board) []boardSection {
	marks := marksOf(board)
	var sections []boardSection
	for k, s := range board.Sections {
		section := boardSection{BoardSection: s, First: k == 0, Last: k == len(board.Sections)-1, Work: workOf(user, board, s)}
		section.Paid = len(s.Items) > 0 && !slices.ContainsFunc(s.Items, func(i postgres.DeskItem) bool { return !i.Sponsored })
		for i, item := range s.Items {
			row := boardRow{
				DeskItem: item, Mark: marks[item.ID].String(), Note: rowNote(item.Item), Shown: linksOf(item.Item),
				At: d.ago(item.SubmittedAt), Edit: newsletter.May(user, newsletter.EditItem, item.Object()),
				Up: !section.First || i > 0, Down: !section.Last || i < len(s.Items)-1,
			}
			if !item.EventOn.IsZero() {
				row.Event = page.SpanOf(item.EventOn, item.EventUntil)
			}
			section.Rows = append(section.Rows, row)
		}
		sections = append(sections, section)
	}
	return sections
}

// marksOf returns the marks of an issue's items: those printed, or those they
// would have if the issue were printed now.
func marksOf(board postgres.Board) map[int64]newsletter.Mark {
	issue := board.Issue()
	issue.NumberPlaces()
	marks := map[int64]newsletter.Mark{}
	for _, item := range issue.Items() {
		marks[item.ID] = newsletter.Mark{Issue: issue.Number, Place: item.Place}
	}
	return marks
}
