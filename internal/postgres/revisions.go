package postgres

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// SaveRevision stores a revision of an issue and makes it the one readers get:
// see [Store.KeepRevision] and [Store.Print].
func (s *Store) SaveRevision(ctx context.Context, issueID int64, revision newsletter.Revision, linksOf LinksOf) error {
	if err := s.KeepRevision(ctx, issueID, revision); err != nil {
		return err
	}
	return s.Print(ctx, issueID, revision, linksOf)
}

// KeepRevision stores a revision of an issue. The issue's row must name it as its
// newest at the end of the transaction.
func (s *Store) KeepRevision(ctx context.Context, issueID int64, revision newsletter.Revision) error {
	_, err := s.db.Exec(ctx, "INSERT INTO revisions (issue_id, ordinal, made_at, content) VALUES ($1, $2, $3, $4)",
		issueID, revision.Ordinal, revision.RevisedAt, revision)
	return wrap(err, "keep the revision")
}

// Print makes archive, search, section and site pages show a stored revision of
// an issue from the end of the transaction on. The generation is the caller's to
// raise.
func (s *Store) Print(ctx context.Context, issueID int64, revision newsletter.Revision, linksOf LinksOf) error {
	batch := &pgx.Batch{}
	batch.Queue("DELETE FROM printed_issues WHERE issue_id = $1", issueID)
	var rows printedRows
	for _, section := range revision.Sections {
		for _, item := range section.Items {
			if !item.Withdrawn {
				rows.add(section, item, linksOf(item.Note.Markdown))
			}
		}
	}
	batch.Queue(`
		INSERT INTO printed_issues (number, issue_id, date, summary, items, published_at, revised_at)
		VALUES (@number, @issue, @date, @summary, @items, @published_at, @revised_at)`,
		pgx.StrictNamedArgs{
			"number": revision.Number, "issue": issueID, "date": revision.Date, "summary": revision.Summary,
			"items": len(rows.places), "published_at": revision.PublishedAt, "revised_at": revision.RevisedAt,
		})
	rows.queue(batch, revision)
	queueIntro(batch, revision)
	return wrap(s.db.SendBatch(ctx, batch).Close(), "print the revision")
}

// Unprint takes an issue out of archive, search, section and site pages.
func (s *Store) Unprint(ctx context.Context, issueID int64) error {
	_, err := s.db.Exec(ctx, "DELETE FROM printed_issues WHERE issue_id = $1", issueID)
	return wrap(err, "take the issue out of the archive")
}

// RecallIssue withdraws a locked published issue, or makes a withdrawn one
// published again. It is ErrConflict when it is neither. What readers get is the
// caller's to change in the same transaction: see [Store.Unprint] and
// [Store.Print].
func (s *Store) RecallIssue(ctx context.Context, by newsletter.User, issueID int64, to newsletter.IssueState) error {
	tag, err := s.db.Exec(ctx, `
		UPDATE issues SET state = $2, changed_by = $3, changed_at = now()
		WHERE id = $1 AND state IN ('published', 'withdrawn') AND $2 IN ('published', 'withdrawn')`, issueID, to, by.Name)
	if err == nil && tag.RowsAffected() == 0 {
		err = newsletter.ErrConflict
	}
	if err != nil {
		return wrap(err, "recall the issue")
	}
	return s.notifyDesk(ctx, by, Notice{Kind: NoticeOrder, Issue: issueID})
}

// printedRows collects rows of printed_items and printed_links, column by
// column.
type printedRows struct {
	places                                                []int
	headings, ofs, titles, notes, texts, hosts, addresses []string
	contents                                              []newsletter.PrintedItem

	linkPlaces, linkPositions []int
	urls, canonical, sites    []string
}

func (r *printedRows) add(section newsletter.PrintedSection, item newsletter.PrintedItem, inNote []newsletter.Link) {
	var texts, hosts, addresses []string
	for k, link := range append(append([]newsletter.Link{}, item.Links...), inNote...) {
		normal, site := normalise(link.URL)
		texts, hosts, addresses = append(texts, link.Text), append(hosts, site), append(addresses, link.URL)
		r.linkPlaces, r.linkPositions = append(r.linkPlaces, item.Place), append(r.linkPositions, k+1)
		r.urls, r.canonical, r.sites = append(r.urls, link.URL), append(r.canonical, normal), append(r.sites, site)
	}
	r.places, r.headings, r.ofs = append(r.places, item.Place), append(r.headings, section.Title), append(r.ofs, section.Of)
	r.titles, r.notes = append(r.titles, item.Title), append(r.notes, item.Note.Plain)
	r.texts, r.hosts = append(r.texts, strings.Join(texts, " ")), append(r.hosts, strings.Join(hosts, " "))
	r.addresses = append(r.addresses, strings.Join(addresses, " "))
	r.contents = append(r.contents, item)
}

func (r *printedRows) queue(batch *pgx.Batch, revision newsletter.Revision) {
	batch.Queue(`
		INSERT INTO printed_items (number, place, standing_id, heading, content, note, search, year, sites)
		SELECT @number, place, standing.id, heading, content, note,
		       search_vector(search_config(language), item.title, note, texts, CASE WHEN heading = standing.title THEN '' ELSE heading END, hosts, addresses), @year,
		       ARRAY(SELECT DISTINCT site FROM unnest(string_to_array(hosts, ' ')) AS site WHERE site <> '' ORDER BY site)
		FROM publication, unnest(@places::int[], @headings::text[], @ofs::text[], @titles::text[], @notes::text[],
		            @texts::text[], @hosts::text[], @addresses::text[], @contents::jsonb[])
		     AS item (place, heading, of, title, note, texts, hosts, addresses, content)
		     LEFT JOIN standing_sections standing ON standing.title = of`,
		pgx.StrictNamedArgs{
			"number": revision.Number, "year": revision.Date.Year, "places": r.places, "headings": r.headings, "ofs": r.ofs, "titles": r.titles,
			"notes": r.notes, "texts": r.texts, "hosts": r.hosts, "addresses": r.addresses, "contents": r.contents,
		})
	batch.Queue(`
		INSERT INTO printed_links (number, place, position, url, canonical, site)
		SELECT @number, * FROM unnest(@places::int[], @positions::int[], @urls::text[], @canonical::text[], @sites::text[])`,
		pgx.StrictNamedArgs{
			"number": revision.Number, "places": r.linkPlaces, "positions": r.linkPositions, "urls": r.urls,
			"canonical": r.canonical, "sites": r.sites,
		})
}

// queueIntro has the search look through an issue's introduction.
func queueIntro(batch *pgx.Batch, revision newsletter.Revision) {
	if revision.Intro.Plain == "" {
		return
	}
	batch.Queue(`
		INSERT INTO printed_intros (number, intro, search)
		SELECT $1::int, $2::text, search_vector(search_config(language), '', $2::text, '', '', '', '') FROM publication`,
		revision.Number, revision.Intro.Plain)
}

// reindex makes the search index anew, for another language.
func (s *Store) reindex(ctx context.Context) error {
	batch := &pgx.Batch{}
	batch.Queue(`
		UPDATE printed_items SET search = search_vector(search_config(language), content->>'title', note,
		    coalesce((SELECT string_agg(text #>> '{}', ' ') FROM jsonb_path_query(content, '$.links[*].text') AS text), ''),
		    CASE WHEN heading = (SELECT title FROM standing_sections WHERE id = standing_id) THEN '' ELSE heading END,
		    coalesce((SELECT string_agg(site, ' ' ORDER BY position) FROM printed_links l
		              WHERE l.number = printed_items.number AND l.place = printed_items.place), ''),
		    coalesce((SELECT string_agg(url, ' ' ORDER BY position) FROM printed_links l
		              WHERE l.number = printed_items.number AND l.place = printed_items.place), ''))
		FROM publication`)
	batch.Queue("UPDATE printed_intros SET search = search_vector(search_config(language), '', intro, '', '', '', '') FROM publication")
	return wrap(s.db.SendBatch(ctx, batch).Close(), "make the search index anew")
}

// Revision returns the newest revision of a published issue: ErrNotFound when
// there is none, ErrGone when the issue was withdrawn.
func (s *Store) Revision(ctx context.Context, number int) (newsletter.Revision, error) {
	type row struct {
		State   newsletter.IssueState
		Content newsletter.Revision
	}
	r, err := one[row](ctx, s, "read the revision", `
		SELECT state, content FROM issues JOIN revisions ON issue_id = issues.id AND ordinal = revision
		WHERE number = $1`, number)
	if err == nil && r.State == newsletter.Withdrawn {
		err = newsletter.ErrGone
	}
	if err != nil {
		return newsletter.Revision{}, err
	}
	return r.Content, nil
}

// RevisionsPerPage is how many issues [Store.RecentRevisions] returns at once:
// more than four months of a weekly.
const RevisionsPerPage = 20

// revisionsLimit is RevisionsPerPage in a statement, for the planner to know.
var revisionsLimit = strconv.Itoa(RevisionsPerPage)

// Recent is a revision, and what tells its words from others.
type Recent struct {
	Issue   int64
	Ordinal int
	Written int64 // the transaction that wrote them; a redaction is one
	Content *newsletter.Revision
}

// RecentRevisions returns up to RevisionsPerPage newest revisions, newest issue
// first, after skipping some issues. Of those that are known only their place is
// asked for: most of the time of a revision goes into reading it.
func (s *Store) RecentRevisions(ctx context.Context, skip int, known []Recent) ([]Recent, error) {
	issues, ordinals, written := make([]int64, len(known)), make([]int, len(known)), make([]int64, len(known))
	for i, k := range known {
		issues[i], ordinals[i], written[i] = k.Issue, k.Ordinal, k.Written
	}
	list, err := collect[Recent](ctx, s, "read the newest revisions", `
		SELECT revisions.issue_id AS issue, ordinal, revisions.xmin::text::bigint AS written,
		       CASE WHEN (revisions.issue_id, ordinal, revisions.xmin::text::bigint) IN (SELECT * FROM unnest($2::bigint[], $3::int[], $4::bigint[])) THEN NULL
		       ELSE content END AS content
		FROM (SELECT number, issue_id FROM printed_issues ORDER BY number DESC LIMIT `+revisionsLimit+` OFFSET $1) AS page
		JOIN issues ON issues.id = page.issue_id
		JOIN revisions ON revisions.issue_id = issues.id AND ordinal = revision
		ORDER BY page.number DESC`, skip, issues, ordinals, written)
	for i, r := range list {
		at := slices.IndexFunc(known, func(k Recent) bool { return k.Issue == r.Issue && k.Ordinal == r.Ordinal && k.Written == r.Written })
		if r.Content == nil && at >= 0 {
			list[i].Content = known[at].Content
		}
	}
	return list, err
}
