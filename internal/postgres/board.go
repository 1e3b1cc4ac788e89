package postgres

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// Board is an issue as the desk shows it, at one moment.
type Board struct {
	ID                       int64
	Number                   int
	Date                     newsletter.Date
	Title, Summary, Intro    string
	State                    newsletter.IssueState
	ScheduledAt, PublishedAt time.Time
	Waits                    string // why it waits for a person instead of publishing itself, or ""
	Override                 string // why it publishes itself in spite of what stood in the way, or ""
	Withdrawn                []int  // places of withdrawn items
	Version                  int    // of the issue's own words
	Order                    int64  // order version that the board shows
	ChangedBy                string // who last changed the issue's own words
	ChangedAt                time.Time
	Sections                 []BoardSection
	BlueNotes                []BlueNote // on the issue, its sections and items, oldest first
	Webhook                  string     // address that is told when it is published, or ""
}

// BoardSection is a section of a board with its items in order.
type BoardSection struct {
	ID       int64
	Title    string
	Kind     newsletter.Kind
	Of       string              // title of the standing section it came from, or ""
	Moved    int64               // order version in which it was last moved or renamed
	OwnerID  int64               // person who looks after it, or 0; never one who may not
	Owner    string              // that person's name, or ""
	Progress newsletter.Progress // how far it has come
	Items    []DeskItem          `db:"-"`
}

// Object returns what decides who may change the issue.
func (b Board) Object() newsletter.Object { return newsletter.Object{Issue: b.State} }

// Issue returns the board as the domain knows an issue, for freezing and
// previews. Corrections are not among it: what is open has none.
func (b Board) Issue() newsletter.Issue {
	issue := newsletter.Issue{
		ID: b.ID, Number: b.Number, Date: b.Date, Title: b.Title, Summary: b.Summary, Intro: b.Intro, State: b.State,
		ScheduledAt: b.ScheduledAt, PublishedAt: b.PublishedAt, Withdrawn: b.Withdrawn,
	}
	for _, s := range b.Sections {
		section := newsletter.Section{Title: s.Title, Kind: s.Kind, Of: s.Of}
		for _, item := range s.Items {
			section.Items = append(section.Items, item.Item)
		}
		issue.Sections = append(issue.Sections, section)
	}
	return issue
}

// Board returns the board of an issue, or ErrNotFound. It takes the same
// number of queries however many items the issue has.
func (s *Store) Board(ctx context.Context, number int) (board Board, err error) {
	err = s.View(ctx, func(s *Store) error {
		board, err = s.board(ctx, number)
		return err
	})
	return board, err
}

// LockIssue returns the board of an issue, or ErrNotFound, and keeps
// everybody from changing the issue and its items until the transaction ends.
func (s *Store) LockIssue(ctx context.Context, number int) (Board, error) {
	if _, err := s.lockIssue(ctx, number); err != nil {
		return Board{}, err
	}
	_, err := s.db.Exec(ctx, `
		SELECT FROM items WHERE issue_id = (SELECT id FROM issues WHERE number = $1) ORDER BY id FOR UPDATE`, number)
	if err != nil {
		return Board{}, wrap(err, "lock the items")
	}
	return s.board(ctx, number)
}

// lockIssue locks an issue by its number, or returns ErrNotFound.
func (s *Store) lockIssue(ctx context.Context, number int) (lockedIssue, error) {
	return one[lockedIssue](ctx, s, "lock the issue", "SELECT id, number, state FROM issues WHERE number = $1 FOR UPDATE", number)
}

// board reads a board in four queries. Without a snapshot the issue must be
// locked.
func (s *Store) board(ctx context.Context, number int) (Board, error) {
	type row struct {
		ID                       int64
		Number                   int
		Date                     newsletter.Date
		Title, Summary, Intro    string
		State                    newsletter.IssueState
		ScheduledAt, PublishedAt *time.Time
		Waits, Override          string
		Withdrawn                []int
		Version                  int
		Order                    int64
		ChangedBy                string
		ChangedAt                time.Time
		Webhook                  string
	}
	r, err := one[row](ctx, s, "read the board", `
		SELECT id, number, date, title, summary, intro, state, scheduled_at, published_at, waits, override, withdrawn, version,
		       (SELECT version FROM desk_order) AS order, changed_by, changed_at,
		       coalesce((SELECT address FROM webhook), '') AS webhook
		FROM issues WHERE number = $1`, number)
	if err != nil {
		return Board{}, err
	}
	board := Board{
		ID: r.ID, Number: r.Number, Date: r.Date, Title: r.Title, Summary: r.Summary, Intro: r.Intro, State: r.State,
		ScheduledAt: utc(r.ScheduledAt), PublishedAt: utc(r.PublishedAt), Waits: r.Waits, Override: r.Override, Withdrawn: r.Withdrawn,
		Version: r.Version, Order: r.Order, ChangedBy: r.ChangedBy, ChangedAt: r.ChangedAt.UTC(), Webhook: r.Webhook,
	}
	if board.Sections, err = s.boardSections(ctx, board.ID); err != nil {
		return Board{}, err
	}
	items, err := s.deskItems(ctx, "read the board's items", " WHERE items.issue_id = $1 ORDER BY items.position", board.ID)
	for _, item := range items {
		section := &board.Sections[findID(board.Sections, item.SectionID)]
		section.Items = append(section.Items, item)
	}
	if err != nil {
		return Board{}, err
	}
	board.BlueNotes, err = s.blueNotesOf(ctx, board.ID)
	return board, err
}

// boardSections returns an issue's sections in order, without their items.
func (s *Store) boardSections(ctx context.Context, issueID int64) ([]BoardSection, error) {
	return collect[BoardSection](ctx, s, "read the sections", `
		SELECT sections.id, sections.title, sections.kind, coalesce(standing.title, '') AS of, moved,
		       coalesce(people.id, 0) AS owner_id, coalesce(people.name, '') AS owner, progress
		FROM issue_sections sections LEFT JOIN standing_sections standing ON standing.id = standing_id
		     LEFT JOIN people ON people.id = owner_id AND disabled_at IS NULL AND role = ANY($2)
		WHERE issue_id = $1 ORDER BY sections.position`, issueID, newsletter.RolesFor(newsletter.Arrange))
}

// findID returns the index of the section of an id, or -1.
func findID(sections []BoardSection, id int64) int {
	return slices.IndexFunc(sections, func(s BoardSection) bool { return s.ID == id })
}

// findSection returns the index of the section that a form names by id or by
// heading, or -1.
func findSection(sections []BoardSection, name string) int {
	if id, err := strconv.ParseInt(name, 10, 64); err == nil {
		if k := findID(sections, id); k >= 0 {
			return k
		}
	}
	return slices.IndexFunc(sections, func(s BoardSection) bool { return strings.EqualFold(s.Title, name) })
}
