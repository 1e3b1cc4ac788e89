package postgres

import (
	"context"
	"time"

	"broadsheet/internal/newsletter"
)

// VersionsPerPage is how many versions a page of a history holds. Each is
// compared with the one before, which is work.
const VersionsPerPage = 20

// ItemVersion is what an item said once.
type ItemVersion struct {
	Item   int64  // its id
	Number int    // from 1
	By     string // who saved it, or ""
	At     time.Time
	Words  newsletter.Item // its words alone
}

// IssueVersion is what an issue's own words said once.
type IssueVersion struct {
	Version               int    // from 1
	Name                  string // who saved it, or ""
	At                    time.Time
	Number                int
	Date                  newsletter.Date
	Title, Summary, Intro string
}

// listedWords are an item's words as item_versions keeps them, from items.
const listedWords = "title, note, coalesce(" + linksInOrder + ", '[]'), sponsored, event_on, event_until, place_name"

// keepFirst begins the insertion of what a locked item says before it is
// replaced, unless that is kept already. Only its first version can be
// missing, so that whoever sent the item wrote it.
const keepFirst = `
	INSERT INTO item_versions (item_id, version, name, at, title, note, links, sponsored, event_on, event_until, place_name)
	SELECT id, version, submitted_by, submitted_at, ` + listedWords + ` FROM items WHERE id = @id
	ON CONFLICT DO NOTHING`

// keepItem keeps what an item says now as a version that by saved.
func (s *Store) keepItem(ctx context.Context, by newsletter.User, id int64) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO item_versions (item_id, version, person_id, name, title, note, links, sponsored, event_on, event_until, place_name)
		SELECT id, version, nullif($2::bigint, 0), $3, `+listedWords+` FROM items WHERE id = $1`, id, by.ID, by.Name)
	return wrap(err, "keep the item's version")
}

// keepFirstIssue is to an issue's own words what keepFirst is to an item's.
const keepFirstIssue = `
	INSERT INTO issue_versions (issue_id, version, name, at, number, date, title, summary, intro)
	SELECT id, version, changed_by, changed_at, number, date, title, summary, intro FROM issues WHERE id = @id
	ON CONFLICT DO NOTHING`

// keepIssue keeps an issue's own words as a version that by saved.
func (s *Store) keepIssue(ctx context.Context, by newsletter.User, id int64) error {
	_, err := s.db.Exec(ctx, `
		INSERT INTO issue_versions (issue_id, version, person_id, name, number, date, title, summary, intro)
		SELECT id, version, nullif($2::bigint, 0), $3, number, date, title, summary, intro FROM issues WHERE id = $1`,
		id, by.ID, by.Name)
	return wrap(err, "keep the issue's version")
}

// ItemVersions returns a page (from 1) of what an item said, newest first, and
// one more where there is one: what the page's last is to be compared with. An
// item that was never saved on the desk has none.
func (s *Store) ItemVersions(ctx context.Context, id int64, page int) ([]ItemVersion, error) {
	return s.itemVersions(ctx, "item_id = $1 ORDER BY version DESC LIMIT $2 OFFSET $3", id, VersionsPerPage+1, offset(page, VersionsPerPage))
}

// ItemVersion returns one version of an item, or ErrNotFound.
func (s *Store) ItemVersion(ctx context.Context, id int64, version int) (ItemVersion, error) {
	list, err := s.itemVersions(ctx, "item_id = $1 AND version = $2::bigint", id, version)
	if err == nil && len(list) == 0 {
		err = wrap(newsletter.ErrNotFound, "read the version")
	}
	if err != nil {
		return ItemVersion{}, err
	}
	return list[0], nil
}

func (s *Store) itemVersions(ctx context.Context, which string, args ...any) ([]ItemVersion, error) {
	type row struct {
		ItemID              int64
		Version             int
		Name                string
		At                  time.Time
		Title, Note         string
		Links               []newsletter.Link
		Sponsored           bool
		EventOn, EventUntil newsletter.Date
		PlaceName           string
	}
	rows, err := collect[row](ctx, s, "list the versions", `
		SELECT item_id, version, name, at, title, note, links, sponsored, event_on, event_until, place_name
		FROM item_versions WHERE `+which, args...)
	list := make([]ItemVersion, len(rows))
	for k, r := range rows {
		list[k] = ItemVersion{r.ItemID, r.Version, r.Name, r.At.UTC(), newsletter.Item{
			Title: r.Title, Note: r.Note, Links: r.Links, Sponsored: r.Sponsored,
			EventOn: r.EventOn, EventUntil: r.EventUntil, PlaceName: r.PlaceName,
		}}
	}
	return list, err
}

const selectIssueVersion = "SELECT version, name, at, number, date, title, summary, intro FROM issue_versions WHERE issue_id = $1"

// IssueVersions returns a page (from 1) of what an issue's own words were,
// newest first, and one more where there is one. An issue that was never saved
// on the desk has none.
func (s *Store) IssueVersions(ctx context.Context, issueID int64, page int) ([]IssueVersion, error) {
	return collect[IssueVersion](ctx, s, "list the versions", selectIssueVersion+" ORDER BY version DESC LIMIT $2 OFFSET $3",
		issueID, VersionsPerPage+1, offset(page, VersionsPerPage))
}

// IssueVersion returns one version of an issue's own words, or ErrNotFound.
func (s *Store) IssueVersion(ctx context.Context, issueID int64, version int) (IssueVersion, error) {
	return one[IssueVersion](ctx, s, "read the version", selectIssueVersion+" AND version = $2::bigint", issueID, version)
}

// Printing is a revision of an issue, as a list names it.
type Printing struct {
	Ordinal int // from 1
	MadeAt  time.Time
}

// Printings returns an issue's revisions, newest first; none for one that is
// not published.
func (s *Store) Printings(ctx context.Context, issueID int64) ([]Printing, error) {
	return collect[Printing](ctx, s, "list the revisions", "SELECT ordinal, made_at FROM revisions WHERE issue_id = $1 ORDER BY ordinal DESC", issueID)
}
