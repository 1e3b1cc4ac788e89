package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// publishedItems is how many items an issue has whose publication is measured:
// four times what is usual.
const publishedItems = 60

// How often each side publishes: before it is measured, as a connection plans its
// statements and reads the dictionaries when it first has to, and the program has
// several; and measured.
const (
	warmUps      = 4
	publications = 25
)

// rawPublication is what a publication is compared with: one transaction that
// stores the same rows, with the draft's words and links and their vectors for the
// search, and for the rest those of an issue like it. It looks nothing over, asks nobody,
// renders nothing, makes no page.
var rawPublication = []string{
	"UPDATE issues SET state = 'published', published_at = now(), revision = 1 WHERE number = @draft",
	`UPDATE items SET place = placed.place
	 FROM (SELECT items.id, row_number() OVER (ORDER BY sections.position, items.position) AS place
	       FROM items JOIN issue_sections sections ON sections.id = section_id JOIN issues ON issues.id = items.issue_id WHERE number = @draft) AS placed
	 WHERE items.id = placed.id`,
	`INSERT INTO revisions (issue_id, ordinal, made_at, content)
	 SELECT (SELECT id FROM issues WHERE number = @draft), 1, now(), content FROM revisions JOIN issues ON id = issue_id WHERE number = @like`,
	`INSERT INTO printed_issues (number, issue_id, date, summary, items, published_at, revised_at)
	 SELECT @draft, (SELECT id FROM issues WHERE number = @draft), date, summary, items, now(), now() FROM printed_issues WHERE number = @like`,
	`INSERT INTO printed_items (number, place, standing_id, heading, content, note, search, year, sites)
	 SELECT @draft, place, standing_id, heading, content, items.note, search_vector(search_config('en'), '', items.note, '', '', site, url), year, ARRAY[site]
	 FROM printed_items JOIN items USING (place) JOIN links ON item_id = items.id
	 WHERE number = @like AND issue_id = (SELECT id FROM issues WHERE number = @draft)`,
	`INSERT INTO printed_links (number, place, position, url, canonical, site)
	 SELECT @draft, place, links.position, url, canonical, site
	 FROM links JOIN items ON items.id = item_id WHERE issue_id = (SELECT id FROM issues WHERE number = @draft)`,
	`INSERT INTO printed_intros (number, intro, search)
	 SELECT number, intro, search_vector(search_config('en'), '', intro, '', '', '', '') FROM issues WHERE number = @draft`,
	`INSERT INTO printed_words (word)
	 SELECT unnest(tsvector_to_array(search)) FROM printed_items WHERE number = @draft
	 EXCEPT SELECT word FROM printed_words WHERE word = ANY (ARRAY(SELECT unnest(tsvector_to_array(search)) FROM printed_items WHERE number = @draft))`,
	"INSERT INTO audit (actor, action, object) VALUES ('check', 'publish issue', @draft::int::text || ' like ' || @like::int::text)",
	"WITH raised AS (UPDATE generation SET number = number + 1 RETURNING number) SELECT pg_notify('broadsheet', 'generation') FROM raised",
}

// newsroom publishes issues in an archive: through the form of the program that
// serves it, and by SQL.
type newsroom struct {
	store  *postgres.Store
	pool   *pgxpool.Pool
	by     newsletter.User
	client *http.Client
	base   string
	server *child
	invent inventor
	number int // of the newest issue
	like   int // of the issue that the program published last
}

// close stops the program.
func (n *newsroom) close() {
	n.pool.Close()
	_ = n.server.stop() // it was told to end
}

// publications measures how long it takes from the press of the button until the
// issue's page, the archive, the feed and a search for one of its words are new.
// The archives take turns, too.
func (b *measure) publications(ctx context.Context, table io.Writer) (err error) {
	sizes := []int{smallArchive, middleArchive, largeArchive}
	var rooms []*newsroom
	for _, issues := range sizes {
		room, err := b.newsroom(ctx, issues)
		if err != nil {
			return err
		}
		defer room.close()
		rooms = append(rooms, room)
	}
	us, them := make([][]float64, len(rooms)), make([][]float64, len(rooms))
	for pair := range warmUps + publications {
		for i, room := range rooms {
			mine, raw, err := room.pair(ctx, pair%2)
			if err != nil {
				return err
			}
			if pair >= warmUps {
				us[i], them[i] = append(us[i], mine), append(them[i], raw)
			}
		}
	}
	fmt.Fprintln(table, "\tuntil new\tSQL\tratio\tgoal (must)\t")
	for i, issues := range sizes {
		fmt.Fprintf(table, "%d issues\t%.1f\t%.1f\t%.2f\t1.50 (2.50)\t\n", issues, median(us[i]), median(them[i]), median(ratios(us[i], them[i])))
	}
	fmt.Fprintf(table, "%d issues beside %d\t\t%.2f\t%.2f\t1.10 (1.50)\t\n", largeArchive, smallArchive,
		median(ratios(them[2], them[0])), median(ratios(us[2], us[0])))
	return nil
}

// ratios returns how many times as much each of some values is as its pair.
func ratios(values, pairs []float64) []float64 {
	all := make([]float64, len(values))
	for i := range values {
		all[i] = values[i] / pairs[i]
	}
	return all
}

// pair publishes an issue by each of the two, the first or the second one
// leading, and returns the milliseconds of both.
func (n *newsroom) pair(ctx context.Context, leads int) (mine, raw float64, err error) {
	turns := []func() error{
		func() (err error) { mine, err = n.press(ctx); return err },
		func() (err error) { raw, err = n.raw(ctx); return err },
	}
	err = errors.Join(turns[leads](), turns[1-leads]())
	return mine, raw, err
}

// newsroom returns somebody who publishes in an archive, signed in at a program
// that serves it with all processors: it is people who wait.
func (b *measure) newsroom(ctx context.Context, issues int) (*newsroom, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	server, err := b.start(ctx, issues)
	if err != nil {
		return nil, err
	}
	pool, err := openPlain(ctx, b.url(issues))
	if err != nil {
		return nil, errors.Join(err, server.stop())
	}
	room := &newsroom{
		store: postgres.New(pool), pool: pool, server: server, base: "http://" + server.address, invent: newInventor(), number: issues,
		by:     newsletter.User{Name: "Ines", Email: "ines@letter.example", Role: newsletter.Owner},
		client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	if err := room.signIn(ctx); err != nil {
		room.close()
		return nil, err
	}
	return room, nil
}

// signIn gives the person an account and signs them in.
func (n *newsroom) signIn(ctx context.Context) (err error) {
	if n.by.ID, err = n.store.AddUser(ctx, n.by, ""); err != nil {
		return err
	}
	link, err := n.store.NewSignInLink(ctx, n.by.ID)
	if err != nil {
		return err
	}
	return n.post("/sign-in/"+link, nil)
}

// post sends a form that leads on to a page.
func (n *newsroom) post(path string, form url.Values) error {
	answer, err := n.client.PostForm(n.base+path, form)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("%s is answered with %s", path, answer.Status)
	}
	return nil
}

// draft makes the next issue, and returns a word that is in it alone.
func (n *newsroom) draft(ctx context.Context) (word string, err error) {
	n.number++
	now, err := n.store.Now(ctx)
	if err != nil {
		return "", err
	}
	words := newsletter.Issue{Number: n.number, Date: newsletter.DateOf(now)}
	if err := n.store.CreateIssue(ctx, n.by, words, ""); err != nil {
		return "", err
	}
	words.Intro = n.invent.sentence(introWords)
	if err := n.store.SaveIssue(ctx, n.by, n.number, 1, words); err != nil {
		return "", err
	}
	word = fmt.Sprintf("unheard%d", n.number)
	for k := range publishedItems {
		item := newsletter.Item{
			Note:  n.invent.sentence(noteWords/2 + n.invent.IntN(noteWords)),
			Links: []newsletter.Link{{URL: fmt.Sprintf("https://www.%s.example/%d/%d", n.invent.word(), n.number, k)}},
		}
		if k == 0 {
			item.Note += " " + word
		}
		if _, err := n.store.CreateItem(ctx, n.by, item, &postgres.Target{Issue: n.number, Section: "News", After: postgres.Last}, "", publish.LinksOf); err != nil {
			return "", err
		}
	}
	return word, nil
}

// press publishes a new issue and asks for all that is to be new, and returns the
// milliseconds of both.
func (n *newsroom) press(ctx context.Context) (float64, error) {
	word, err := n.draft(ctx)
	if err != nil {
		return 0, err
	}
	pages := []string{"/archive", "/feed.xml", "/search?q=" + word}
	var before []kept
	for _, page := range pages {
		old, err := fetch(n.server.address, page)
		if err != nil {
			return 0, err
		}
		before = append(before, old)
	}
	began := time.Now()
	if err := n.post(fmt.Sprintf("/desk/issues/%d/publish", n.number), url.Values{"when": {"now"}}); err != nil {
		return 0, err
	}
	var readers errgroup.Group // who come at once
	readers.Go(func() error {
		_, err := fetch(n.server.address, fmt.Sprintf("/issues/%d", n.number))
		return err
	})
	for k, page := range pages {
		readers.Go(func() error {
			now, err := fetch(n.server.address, page)
			if err == nil && now.Tag == before[k].Tag {
				err = fmt.Errorf("%s is what it was before %d was published", page, n.number)
			}
			return err
		})
	}
	if err := readers.Wait(); err != nil {
		return 0, err
	}
	n.like = n.number
	return milliseconds(began), nil
}

// raw stores what publication would of a new issue, by SQL alone. It returns
// the milliseconds.
func (n *newsroom) raw(ctx context.Context) (float64, error) {
	if _, err := n.draft(ctx); err != nil {
		return 0, err
	}
	batch := &pgx.Batch{}
	for _, statement := range rawPublication {
		batch.Queue(statement, pgx.NamedArgs{"like": n.like, "draft": n.number})
	}
	began := time.Now()
	err := pgx.BeginFunc(ctx, n.pool, func(tx pgx.Tx) error { return tx.SendBatch(ctx, batch).Close() })
	return milliseconds(began), err
}
