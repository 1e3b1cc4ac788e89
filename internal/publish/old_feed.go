package publish

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/address"
	"broadsheet/internal/exchange"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// FromOldFeed finds out which issue each entry of an old feed is, and returns
// what is to be imported, so that readers of that feed see no old issue as new:
// the ids of the entries, and redirects from the feed's address and those of its
// entries, and the feed's own id. An entry is the issue that its address leads to already; else the one
// whose number stands in its title or address; else the only one of its day.
// Entries that are none of these are named in the warnings.
func FromOldFeed(ctx context.Context, store *postgres.Store, feed exchange.OldFeed) (exchange.Document, error) {
	doc := exchange.Document{Complete: true}
	heads, err := store.Heads(ctx)
	if err != nil {
		return doc, err
	}
	redirects, err := store.Redirects(ctx)
	if err != nil {
		return doc, err
	}
	publication, err := store.Publication(ctx)
	if err != nil {
		return doc, err
	}
	m := matcher{heads: heads, redirects: map[string]string{}, zone: publication.Location()}
	for _, r := range redirects {
		m.redirects[r.From] = r.To
	}
	if feed.ID != "" {
		keepID(&doc, newsletter.FeedID{ID: feed.ID}, "the feed's own id")
	}
	taken := map[int]string{}
	for _, entry := range feed.Entries {
		number := m.issue(entry)
		switch other := taken[number]; {
		case number == 0:
			doc.Warnings = append(doc.Warnings, fmt.Sprintf("the entry %q is no issue that is here; readers will not see it again", entry.Title))
			continue
		case other != "" && other != entry.ID:
			doc.Warnings = append(doc.Warnings, fmt.Sprintf("the entry %q is issue %d, and so is another; the first is kept", entry.Title, number))
			continue
		}
		taken[number] = entry.ID
		keepID(&doc, newsletter.FeedID{Issue: number, ID: entry.ID}, fmt.Sprintf("the id of the entry %q, which is issue %d,", entry.Title, number))
		if err := m.leads(ctx, store, &doc, entry.Path, address.Issue(number)); err != nil {
			return doc, err
		}
	}
	today := map[string]string{"rss": address.RSS, "atom": address.Atom, "json": address.JSON}[feed.Kind]
	if feed.Path == "" {
		doc.Warnings = append(doc.Warnings, "the feed does not say its own address; let that lead to "+today+" by a redirect")
		return doc, nil
	}
	return doc, m.leads(ctx, store, &doc, feed.Path, today)
}

// keepID adds an id to what is imported. One that cannot be kept is named in the
// warnings, and what else the feed says is imported.
func keepID(doc *exchange.Document, id newsletter.FeedID, what string) {
	if err := id.Validate(); err != nil {
		wrong, _ := errors.AsType[newsletter.Invalid](err)
		reason, _, _ := strings.Cut(wrong[0].Message, ";")
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("%s %s; readers will see it as new", what, reason))
		return
	}
	doc.FeedIDs = append(doc.FeedIDs, id)
}

// matcher knows the issues and old addresses that are here.
type matcher struct {
	heads     []postgres.Head
	redirects map[string]string
	zone      *time.Location
}

// leads adds a redirect to what is imported, where the old address leads nowhere
// yet. One that is an address of today is named in the warnings, but for that of
// the home page, which many feeds give entries without an address of their own.
func (m matcher) leads(ctx context.Context, store *postgres.Store, doc *exchange.Document, from, to string) error {
	if from == "" || from == "/" || newsletter.OldAddress(from) == newsletter.OldAddress(to) {
		return nil
	}
	if _, known := m.redirects[newsletter.OldAddress(from)]; known {
		return nil
	}
	redirect := newsletter.Redirect{From: from, To: to}
	if redirect.Validate() != nil {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("the old address of %s, %.60q…, is too long or holds what no address may, and was left out", to, from))
		return nil
	}
	today, err := taken(ctx, store, from)
	if err != nil {
		return err
	}
	if today {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("the old address %s is an address of today too and was left out", from))
		return nil
	}
	doc.Redirects = append(doc.Redirects, redirect)
	return nil
}

var (
	issuePath = regexp.MustCompile(`^/issues/([0-9]+)$`)
	numbers   = regexp.MustCompile(`[0-9]+`)
)

// issue returns the number of the issue that an entry is, or 0.
func (m matcher) issue(entry exchange.OldEntry) int {
	path := newsletter.OldAddress(entry.Path)
	if to, known := m.redirects[path]; known {
		path = to
	}
	if found := issuePath.FindStringSubmatch(path); found != nil {
		if number, _ := strconv.Atoi(found[1]); m.head(number) != nil {
			return number
		}
	}
	for _, text := range []string{entry.Title, entry.Path} {
		for _, digits := range numbers.FindAllString(text, -1) {
			number, _ := strconv.Atoi(digits)
			if head := m.head(number); head != nil && m.near(*head, entry) {
				return number
			}
		}
	}
	return m.ofDay(entry)
}

func (m matcher) head(number int) *postgres.Head {
	k := slices.IndexFunc(m.heads, func(h postgres.Head) bool { return h.Number == number })
	if k < 0 {
		return nil
	}
	return &m.heads[k]
}

// nearDays is how far an entry's day may be from its issue's. A number in a
// title may be another: a year, a count.
const nearDays = 31

func (m matcher) near(head postgres.Head, entry exchange.OldEntry) bool {
	if entry.Published.IsZero() {
		return true
	}
	apart := entry.Published.Sub(head.Date.At(0, m.zone))
	return apart.Abs() <= nearDays*24*time.Hour
}

// ofDay returns the only issue of an entry's day, or 0.
func (m matcher) ofDay(entry exchange.OldEntry) int {
	number := 0
	day := newsletter.DateOf(entry.Published.In(m.zone))
	for _, head := range m.heads {
		if entry.Published.IsZero() || head.Date != day {
			continue
		}
		if number != 0 {
			return 0
		}
		number = head.Number
	}
	return number
}

// feedIDs adds those that are not there yet. An issue that has another id
// already keeps it.
func (i *importer) feedIDs(ctx context.Context, ids []newsletter.FeedID) error {
	for _, id := range ids {
		added, err := i.tx.AddFeedID(ctx, id)
		switch {
		case errors.Is(err, newsletter.ErrConflict) && id.Issue == 0:
			i.report.FeedIDs.count(Differs)
			i.report.Messages = append(i.report.Messages, "the feed is known to readers by another id already and was left as it is")
		case errors.Is(err, newsletter.ErrConflict):
			i.report.FeedIDs.count(Differs)
			i.report.Messages = append(i.report.Messages, fmt.Sprintf("issue %d is known to feed readers by another id already and was left as it is", id.Issue))
		case errors.Is(err, newsletter.ErrNotFound):
			i.report.FeedIDs.count(Differs)
			i.report.Messages = append(i.report.Messages, fmt.Sprintf("issue %d is not published here, so the id of its feed entry was left out", id.Issue))
		case err != nil:
			return err
		case added:
			i.report.FeedIDs.count(Added)
			i.public = true
		default:
			i.report.FeedIDs.count(Unchanged)
		}
	}
	return nil
}
