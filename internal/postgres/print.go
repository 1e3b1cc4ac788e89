package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"broadsheet/internal/newsletter"
)

// Print makes archive, search, section and site pages show a stored revision of
// an issue from the end of the transaction on. The generation is the caller's to
// raise.
func (s *Store) Print(ctx context.Context, issueID int64, revision newsletter.Revision, linksOf LinksOf) error {
	return s.PrintAll(ctx, []IssueRevision{{issueID, revision}}, linksOf)
}

// PrintAll is [Store.Print] for several issues, in one round trip.
func (s *Store) PrintAll(ctx context.Context, revisions []IssueRevision, linksOf LinksOf) error {
	batch := &pgx.Batch{}
	queuePrint(batch, revisions, linksOf)
	return wrap(s.db.SendBatch(ctx, batch).Close(), "print the revision")
}

func queuePrint(batch *pgx.Batch, revisions []IssueRevision, linksOf LinksOf) {
	batch.Queue("DELETE FROM printed_issues WHERE issue_id = ANY($1)", column(revisions, func(r IssueRevision) int64 { return r.IssueID }))
	var rows printedRows
	for _, revision := range revisions {
		before := len(rows.items)
		rows.addAll(revision.Revision, linksOf)
		queuePrinted(batch, revision, len(rows.items)-before)
	}
	rows.queue(batch)
	batch.Queue(addWords, column(revisions, func(r IssueRevision) int { return r.Number }))
}

// queuePrinted stores what the archive shows of an issue of so many items.
func queuePrinted(batch *pgx.Batch, revision IssueRevision, items int) {
	batch.Queue(`
		INSERT INTO printed_issues (number, issue_id, date, summary, items, published_at, revised_at)
		VALUES (@number, @issue, @date, @summary, @items, @published_at, @revised_at)`,
		pgx.StrictNamedArgs{
			"number": revision.Number, "issue": revision.IssueID, "date": revision.Date, "summary": revision.Summary,
			"items": items, "published_at": revision.PublishedAt, "revised_at": revision.RevisedAt,
		})
}

// printedRows collects rows of printed_items, printed_links and printed_intros.
type printedRows struct {
	items  []printedItem
	links  []printedLink
	intros []printedIntro
}

type printedItem struct {
	newsletter.PrintedItem
	number, year            int
	heading, of             string
	texts, hosts, addresses string // of all its links
	sites                   string // each once, in alphabetical order
}

type printedLink struct {
	number, place, position int
	url, canonical, site    string
}

type printedIntro struct {
	number int
	plain  string
}

func (r *printedRows) addAll(revision newsletter.Revision, linksOf LinksOf) {
	for _, section := range revision.Sections {
		for _, item := range section.Items {
			if !item.Withdrawn {
				r.add(revision, section, item, linksOf(item.Note.Markdown))
			}
		}
	}
	if revision.Intro.Plain != "" {
		r.intros = append(r.intros, printedIntro{revision.Number, revision.Intro.Plain})
	}
}

func (r *printedRows) add(revision newsletter.Revision, section newsletter.PrintedSection, item newsletter.PrintedItem, inNote []newsletter.Link) {
	var texts, hosts, addresses []string
	for k, link := range append(append([]newsletter.Link{}, item.Links...), inNote...) {
		normal, site := normalise(link.URL)
		texts, hosts, addresses = append(texts, link.Text), append(hosts, site), append(addresses, link.URL)
		r.links = append(r.links, printedLink{revision.Number, item.Place, k + 1, link.URL, normal, site})
	}
	r.items = append(r.items, printedItem{
		PrintedItem: item, number: revision.Number, year: revision.Date.Year, heading: section.Title, of: section.Of,
		texts: strings.Join(texts, " "), hosts: strings.Join(hosts, " "), addresses: strings.Join(addresses, " "), sites: eachOnce(hosts),
	})
}

// eachOnce returns the sites among those of links, without those of addresses that
// lead to none.
func eachOnce(sites []string) string {
	sites = slices.DeleteFunc(slices.Clone(sites), func(site string) bool { return site == "" })
	slices.Sort(sites)
	return strings.Join(slices.Compact(sites), " ")
}

func (r *printedRows) queue(batch *pgx.Batch) {
	r.queueItems(batch)
	batch.Queue(`
		INSERT INTO printed_links (number, place, position, url, canonical, site)
		SELECT * FROM unnest(@numbers::int[], @places::int[], @positions::int[], @urls::text[], @canonical::text[], @sites::text[])`,
		pgx.StrictNamedArgs{
			"numbers":   column(r.links, func(l printedLink) int { return l.number }),
			"places":    column(r.links, func(l printedLink) int { return l.place }),
			"positions": column(r.links, func(l printedLink) int { return l.position }),
			"urls":      column(r.links, func(l printedLink) string { return l.url }),
			"canonical": column(r.links, func(l printedLink) string { return l.canonical }),
			"sites":     column(r.links, func(l printedLink) string { return l.site }),
		})
	batch.Queue(configured+`
		INSERT INTO printed_intros (number, intro, search)
		SELECT number, plain, search_vector(config, '', plain, '', '', '', '')
		FROM configured, unnest(@numbers::int[], @plain::text[]) AS intro (number, plain)`,
		pgx.StrictNamedArgs{
			"numbers": column(r.intros, func(i printedIntro) int { return i.number }),
			"plain":   column(r.intros, func(i printedIntro) string { return i.plain }),
		})
}

// configured has the search's configuration once for all rows: search_vector, of
// which PostgreSQL makes a part of the statement, would ask for it five times in each.
const configured = `
		WITH configured AS MATERIALIZED (SELECT search_config(language) AS config FROM publication)`

func (r *printedRows) queueItems(batch *pgx.Batch) {
	batch.Queue(configured+`
		INSERT INTO printed_items (number, place, standing_id, heading, content, note, search, year, sites)
		SELECT number, place, standing.id, heading, content, note,
		       search_vector(config, item.title, note, texts, CASE WHEN heading = standing.title THEN '' ELSE heading END, hosts, addresses), year, string_to_array(sites, ' ')
		FROM configured, unnest(@numbers::int[], @years::int[], @places::int[], @headings::text[], @ofs::text[], @titles::text[], @notes::text[],
		            @texts::text[], @hosts::text[], @addresses::text[], @sites::text[], @contents::jsonb[])
		     AS item (number, year, place, heading, of, title, note, texts, hosts, addresses, sites, content)
		     LEFT JOIN standing_sections standing ON standing.title = of`,
		pgx.StrictNamedArgs{
			"numbers":   column(r.items, func(i printedItem) int { return i.number }),
			"years":     column(r.items, func(i printedItem) int { return i.year }),
			"places":    column(r.items, func(i printedItem) int { return i.Place }),
			"headings":  column(r.items, func(i printedItem) string { return i.heading }),
			"ofs":       column(r.items, func(i printedItem) string { return i.of }),
			"titles":    column(r.items, func(i printedItem) string { return i.Title }),
			"notes":     column(r.items, func(i printedItem) string { return i.Note.Plain }),
			"texts":     column(r.items, func(i printedItem) string { return i.texts }),
			"hosts":     column(r.items, func(i printedItem) string { return i.hosts }),
			"addresses": column(r.items, func(i printedItem) string { return i.addresses }),
			"sites":     column(r.items, func(i printedItem) string { return i.sites }),
			"contents":  column(r.items, func(i printedItem) newsletter.PrintedItem { return i.PrintedItem }),
		})
}
