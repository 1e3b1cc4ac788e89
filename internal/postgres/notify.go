package postgres

import (
	"context"
	"encoding/json"

	"broadsheet/internal/newsletter"
)

// DeskChannel is the name on which every process hears of what changed on the
// desk. A payload is a [Notice] in JSON, or what processes tell each other
// about who is here: see [Store.Gossip].
const DeskChannel = "desk"

// NoticeKind says what a [Notice] is about.
type NoticeKind string

// The kinds of notices.
const (
	NoticeOrder    NoticeKind = "order"    // an issue's order, sections or state
	NoticeItem     NoticeKind = "item"     // an item's words
	NoticeBoard    NoticeKind = "board"    // another part of what a board shows
	NoticePresence NoticeKind = "presence" // who is here: no change of the database
)

// Parts of a board that a notice of kind NoticeBoard can name.
const (
	PartWords    = "words"    // the issue's own: number, date, title, summary, introduction
	PartInbox    = "inbox"    // what waits beside every board
	PartSections = "sections" // who has them and how far they are
	PartNotes    = "notes"    // blue notes
)

// Notice says that something a board shows has changed, and who changed it.
type Notice struct {
	Kind    NoticeKind `json:"kind"`
	Issue   int64      `json:"issue,omitempty"`   // id of the issue; 0: it concerns every board
	Item    int64      `json:"item,omitempty"`    // of NoticeItem
	Part    string     `json:"part,omitempty"`    // of NoticeBoard
	Version int        `json:"version,omitempty"` // of the item's or the issue's words afterwards
	By      string     `json:"by,omitempty"`      // name
	ByID    int64      `json:"by_id,omitempty"`   // account
}

// notifyDesk tells every process, at the end of the transaction, what somebody
// has changed. Whatever changes something that a board shows calls it in its
// own transaction; the same notice twice is sent once. A rehearsal's is never
// sent.
func (s *Store) notifyDesk(ctx context.Context, by newsletter.User, notices ...Notice) error {
	payloads := make([]string, len(notices))
	for k, n := range notices {
		n.By, n.ByID = by.Name, by.ID
		payload, err := json.Marshal(n)
		if err != nil {
			return wrap(err, "write a notice")
		}
		payloads[k] = string(payload)
	}
	return s.Gossip(ctx, payloads...)
}

// Gossip sends payloads to every process that listens, this one too. Each must
// be shorter than 8,000 bytes, which is as much as PostgreSQL carries.
func (s *Store) Gossip(ctx context.Context, payloads ...string) error {
	if len(payloads) == 0 {
		return nil
	}
	_, err := s.db.Exec(ctx, "SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload", DeskChannel, payloads)
	return wrap(err, "notify")
}

// inboxChanged is the notice that something came into the inbox or left it.
var inboxChanged = Notice{Kind: NoticeBoard, Part: PartInbox}

// notifyBoard tells every process that a part of an issue's board has changed,
// by the issue's id; 0 stands for the inbox.
func (s *Store) notifyBoard(ctx context.Context, by newsletter.User, issueID int64, part string) error {
	if issueID == 0 {
		return s.notifyDesk(ctx, by, inboxChanged)
	}
	return s.notifyDesk(ctx, by, Notice{Kind: NoticeBoard, Part: part, Issue: issueID})
}

// notifyOrder tells every process which issues' order a move has touched.
func (m mover) notifyOrder(ctx context.Context) error {
	var notices []Notice
	for _, id := range m.made.issues {
		notices = append(notices, Notice{Kind: NoticeOrder, Issue: id})
	}
	return m.notifyDesk(ctx, m.by, notices...)
}

// IssueOrder is what stands where in an issue, at one moment.
type IssueOrder struct {
	Version  int64 // of the order of everything on the desk
	Number   int
	State    newsletter.IssueState
	Words    int // version of the issue's own words
	Sections []SectionOrder
}

// SectionOrder is a section with what stands in it, in order.
type SectionOrder struct {
	ID    int64           `json:"id"`
	Title string          `json:"title"`
	Kind  newsletter.Kind `json:"kind"`
	Items []struct {
		ID      int64 `json:"id"`
		Version int   `json:"version"` // of its words
	} `json:"items"`
}

// IssueOrder returns the order of an issue by its id, or ErrNotFound.
func (s *Store) IssueOrder(ctx context.Context, issueID int64) (IssueOrder, error) {
	return one[IssueOrder](ctx, s, "read the order", `
		SELECT (SELECT version FROM desk_order) AS version, number, state, version AS words,
		       coalesce((SELECT jsonb_agg(jsonb_build_object('id', id, 'title', title, 'kind', kind, 'items',
		               coalesce((SELECT jsonb_agg(jsonb_build_object('id', id, 'version', version) ORDER BY position)
		                         FROM items WHERE section_id = sections.id), '[]')) ORDER BY position)
		           FROM issue_sections sections WHERE issue_id = issues.id), '[]') AS sections
		FROM issues WHERE id = $1`, issueID)
}

// IssueID returns an issue's id and state by its number, or ErrNotFound.
func (s *Store) IssueID(ctx context.Context, number int) (id int64, state newsletter.IssueState, err error) {
	err = s.db.QueryRow(ctx, "SELECT id, state FROM issues WHERE number = $1", number).Scan(&id, &state)
	return id, state, wrap(err, "find the issue")
}
