package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// What a redaction reads and writes: every word that the desk has kept, of print
// and before it. Names of people in their own account, the settings, default
// sections and old addresses are read alone: each is changed on its own page and
// nothing of what it was is kept.

// KeptIn is a column that keeps words of the desk.
type KeptIn struct {
	What                 string // as it goes on after "in": "headings", "earlier versions"
	Form                 KeptForm
	table, column, issue string // issue is the id of the issue that a row belongs to, in SQL
}

// Column names it as SQL does: "corrections.sentence".
func (in KeptIn) Column() string { return in.table + "." + in.column }

// KeptForm says how the words of a column are written.
type KeptForm string

// The forms of words.
const (
	KeptLine  KeptForm = "line"  // plain, of one line
	KeptPlain KeptForm = "plain" // plain, of several lines
	KeptNote  KeptForm = "note"  // the Markdown of a note
	KeptIntro KeptForm = "intro" // the Markdown of an introduction
	KeptLinks KeptForm = "links" // a list of links in JSON

	KeptFields KeptForm = "fields" // [Fields] in JSON
)

// KeptIns are the columns that keep words beside those of items, issues and
// revisions, which have methods of their own.
var KeptIns = []KeptIn{
	{"headings", KeptLine, "issue_sections", "title", "issue_id"},
	{"corrections", KeptLine, "corrections", "sentence", "issue_id"},
	{"reasons and replies", KeptLine, "items", "reason", "issue_id"},
	{"reasons and replies", KeptPlain, "items", "reply", "issue_id"},
	{"reasons and replies", KeptLine, "issues", "override", "id"},
	{"reasons and replies", KeptPlain, "issues", "waits", "id"},
	{"earlier versions", KeptLine, "item_versions", "title", itemsIssue},
	{"earlier versions", KeptNote, "item_versions", "note", itemsIssue},
	{"earlier versions", KeptLine, "item_versions", "place_name", itemsIssue},
	{"earlier versions", KeptLinks, "item_versions", "links", itemsIssue},
	{"earlier versions", KeptLine, "issue_versions", "title", "issue_id"},
	{"earlier versions", KeptLine, "issue_versions", "summary", "issue_id"},
	{"earlier versions", KeptIntro, "issue_versions", "intro", "issue_id"},
	{"earlier orders", KeptPlain, "issue_orders", "what", "issue_id"},
	{"blue notes", KeptPlain, "blue_notes", "text", "coalesce(issue_id, (SELECT issue_id FROM issue_sections WHERE id = section_id), " + itemsIssue + ")"},
	{"the activity", KeptFields, "audit", "detail", "issue_ids[1]"},
	{"the activity", KeptPlain, "audit", "object", "issue_ids[1]"},
}

// The pages on which words are changed that a redaction leaves, as they go on
// after "in".
const (
	InSettings  = "the settings"
	InSections  = "the default sections"
	InRedirects = "the old addresses"
	InPeople    = "names of people"
)

// ChangedByHand are the columns whose words a redaction finds and leaves: an
// address or a name in "(redacted)" would be worse than none.
var ChangedByHand = []KeptIn{
	{InSettings, KeptLine, "publication", "name", "0"},
	{InSettings, KeptLine, "publication", "tagline", "0"},
	{InSettings, KeptLine, "publication", "description", "0"},
	{InSettings, KeptIntro, "publication", "about", "0"},
	{InSettings, KeptNote, "publication", "closing", "0"},
	{InSettings, KeptLine, "publication", "contact", "0"},
	{InSettings, KeptLine, "publication", "subscribe", "0"},
	{InSections, KeptLine, "standing_sections", "title", "0"},
	{InRedirects, KeptLine, "redirects", "from_path", "0"},
	{InRedirects, KeptLine, "redirects", "to_path", "0"},
	{InPeople, KeptLine, "people", "name", "0"},
	{InPeople, KeptLine, "people", "email", "0"},
}

const itemsIssue = "(SELECT issue_id FROM items WHERE id = item_id)"

// KeptText is a text in a column.
type KeptText struct {
	Row   string // which one, until somebody changes it
	Issue int64  // id of the issue that it belongs to, or 0
	Text  string
}

// holds is a condition that is true of a text with every part in it, whatever
// marks of Markdown stand between their letters. The parts, between signs of
// percent, are $1. replace takes a quarter of the time of translate, and no part
// has a sign that LIKE reads.
func holds(text string) string {
	return `replace(replace(replace(replace(` + text + `, '*', ''), '_', ''), '` + "`" + `', ''), '\', '') LIKE ALL ($1::text[])`
}

// parted are the parts as holds takes them.
func parted(parts []string) []string {
	patterns := make([]string, len(parts))
	for k, part := range parts {
		patterns[k] = "%" + part + "%"
	}
	return patterns
}

// InParallel lets the queries of a transaction be shared among PostgreSQL's
// workers, also over tables that look small to it, as their texts lie elsewhere.
// With few revisions to read, starting workers would take longer than that.
func (s *Store) InParallel(ctx context.Context) error {
	_, err := s.db.Exec(ctx, `
		SELECT set_config(name, '0', true) FROM unnest(ARRAY['min_parallel_table_scan_size', 'parallel_setup_cost', 'parallel_tuple_cost']) AS name
		WHERE (SELECT reltuples FROM pg_class WHERE oid = 'revisions'::regclass) > 1000`)
	return wrap(err, "share the work")
}

// KeptTexts returns the texts of a column that have all parts of some words in
// them. Parts have neither marks of Markdown nor characters that JSON escapes.
func (s *Store) KeptTexts(ctx context.Context, in KeptIn, parts []string) ([]KeptText, error) {
	column := in.column + "::text"
	return collect[KeptText](ctx, s, "read "+in.What, `
		SELECT ctid::text AS row, coalesce(`+in.issue+`, 0) AS issue, `+column+` AS text
		FROM `+in.table+` WHERE `+in.column+"::text <> '' AND "+holds(column)+" ORDER BY ctid", parted(parts))
}

// ReplaceKept puts another text into a column. It is ErrConflict when somebody
// has changed the row since it was read.
func (s *Store) ReplaceKept(ctx context.Context, in KeptIn, was KeptText, text string) error {
	cast := ""
	if in.Form == KeptLinks || in.Form == KeptFields {
		cast = "::jsonb"
	}
	tag, err := s.db.Exec(ctx, "UPDATE "+in.table+" SET "+in.column+" = $3::text"+cast+" WHERE ctid = $1::text::tid AND "+in.column+"::text = $2", was.Row, was.Text, text)
	if err == nil && tag.RowsAffected() == 0 {
		err = newsletter.ErrConflict
	}
	return wrap(err, "redact "+in.What)
}

// LockWords keeps everybody from writing items and issues until the end of the
// transaction. Who reads goes on.
func (s *Store) LockWords(ctx context.Context) error {
	if err := s.TakeTurn(ctx); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, "LOCK TABLE issues IN EXCLUSIVE MODE; LOCK TABLE items IN EXCLUSIVE MODE")
	return wrap(err, "wait until nobody writes")
}

// KeptItems returns the items that have all parts of some words in their title,
// note and place, or in a link, by id.
func (s *Store) KeptItems(ctx context.Context, parts []string) ([]DeskItem, error) {
	return s.deskItems(ctx, "read the items", " WHERE items.id = ANY(ARRAY(SELECT id FROM items WHERE "+holds("title || ' ' || note || ' ' || place_name")+
		" UNION SELECT item_id FROM links WHERE "+holds("url || ' ' || text")+")) ORDER BY items.id", parted(parts))
}

// RewriteItem replaces the words of a locked item wherever it stands, as a new
// version.
func (s *Store) RewriteItem(ctx context.Context, by newsletter.User, item newsletter.Item, linksOf LinksOf) error {
	_, err := s.writeItem(ctx, by, item, linksOf)
	return err
}

// KeptIssues returns the own words of the issues that have all parts of some
// words in them, by number.
func (s *Store) KeptIssues(ctx context.Context, parts []string) ([]newsletter.Issue, error) {
	type row struct {
		ID                    int64
		Number                int
		Date                  newsletter.Date
		Title, Summary, Intro string
	}
	rows, err := collect[row](ctx, s, "read the issues", "SELECT id, number, date, title, summary, intro FROM issues WHERE "+
		holds("title || ' ' || summary || ' ' || intro")+" ORDER BY number", parted(parts))
	issues := make([]newsletter.Issue, len(rows))
	for k, r := range rows {
		issues[k] = newsletter.Issue{ID: r.ID, Number: r.Number, Date: r.Date, Title: r.Title, Summary: r.Summary, Intro: r.Intro}
	}
	return issues, err
}

// RewriteIssue replaces the own words of a locked issue in whatever state, as a
// new version.
func (s *Store) RewriteIssue(ctx context.Context, by newsletter.User, issue newsletter.Issue) error {
	if err := s.writeIssue(ctx, by, issue.ID, issue); err != nil {
		return err
	}
	return s.notifyDesk(ctx, by, Notice{Kind: NoticeOrder, Issue: issue.ID})
}

// KeptRevision is a revision that may have to change, against its nature.
type KeptRevision struct {
	IssueID int64
	Served  bool // readers get it
	Content newsletter.Revision
}

// KeptRevisions returns the revisions that have all parts of some words in them,
// by issue, oldest first.
func (s *Store) KeptRevisions(ctx context.Context, parts []string) ([]KeptRevision, error) {
	return collect[KeptRevision](ctx, s, "read the revisions", `
		SELECT issue_id, state = 'published' AND ordinal = revision AS served, content
		FROM revisions JOIN issues ON issues.id = issue_id WHERE `+holds("content::text")+" ORDER BY number, ordinal", parted(parts))
}

// RedactRevision replaces the words of a revision, the one change that the
// schema lets happen to it. Marks, kinds and dates must be the same.
func (s *Store) RedactRevision(ctx context.Context, issueID int64, revision newsletter.Revision) error {
	batch := &pgx.Batch{}
	batch.Queue("SELECT set_config('broadsheet.redacts', 'on', true)")
	batch.Queue("UPDATE revisions SET content = $3 WHERE issue_id = $1 AND ordinal = $2", issueID, revision.Ordinal, revision)
	batch.Queue("SELECT set_config('broadsheet.redacts', 'off', true)")
	return wrap(s.db.SendBatch(ctx, batch).Close(), "redact the revision")
}

// IssueNumbers returns the numbers of issues by their ids.
func (s *Store) IssueNumbers(ctx context.Context, ids []int64) (map[int64]int, error) {
	type row struct {
		ID     int64
		Number int
	}
	rows, err := collect[row](ctx, s, "find the issues", "SELECT id, number FROM issues WHERE id = ANY($1)", notNil(ids))
	numbers := map[int64]int{}
	for _, r := range rows {
		numbers[r.ID] = r.Number
	}
	return numbers, err
}

// RewriteSessions gives the data of every session to rewrite and stores what it
// returns in its stead, where it returns some.
func (s *Store) RewriteSessions(ctx context.Context, rewrite func(data []byte) []byte) error {
	type row struct {
		Token string
		Data  []byte
	}
	rows, err := collect[row](ctx, s, "read the sessions", "SELECT token, data FROM sessions ORDER BY token")
	if err != nil {
		return err
	}
	for _, r := range rows {
		if data := rewrite(r.Data); data != nil {
			if _, err := s.db.Exec(ctx, "UPDATE sessions SET data = $2 WHERE token = $1", r.Token, data); err != nil {
				return wrap(err, "rewrite the session")
			}
		}
	}
	return nil
}
