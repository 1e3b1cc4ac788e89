package desk

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
)

// sinceDeed is what was done to a scheduled issue, with the difference it made.
type sinceDeed struct {
	deed
	Changes []change
}

// sinceScheduled returns one page of what has been done to an issue since
// somebody said when it is to be published, newest first.
func (d *Desk) sinceScheduled(r *http.Request, board postgres.Board) ([]sinceDeed, pages, error) {
	if board.State != newsletter.Scheduled {
		return nil, pages{}, nil
	}
	number := pageNumber(r)
	list, err := d.store.SinceScheduled(r.Context(), board.ID, number)
	if err != nil {
		return nil, pages{}, err
	}
	list, more := upTo(postgres.DeskPerPage, list)
	names, err := d.namesIn(r.Context(), board, list)
	since := make([]sinceDeed, len(list))
	for k, done := range list {
		since[k] = sinceDeed{deed{done.Deed, d.ago(done.At)}, changes(append(d.compareFields(done.Fields), names.compare(done)...))}
	}
	return since, pagesAround(number, more), err
}

// orderNames are the words by which people know what an order names by id.
type orderNames struct{ sections, items map[int64]string }

// namesIn returns the names of all that stands in an issue, and of what has
// stood there before some changes.
func (d *Desk) namesIn(ctx context.Context, board postgres.Board, list []postgres.IssueChange) (orderNames, error) {
	names := orderNames{map[int64]string{}, map[int64]string{}}
	for _, section := range board.Sections {
		names.sections[section.ID] = section.Title
		for _, item := range section.Items {
			names.items[item.ID] = label(item.Item)
		}
	}
	var ids []int64
	for _, done := range list {
		if done.Order != nil {
			names.removed(done)
			ids = append(ids, append(done.Order.Before.Left(board.Layout()), done.Order.After.Left(board.Layout())...)...)
		}
	}
	if len(ids) == 0 {
		return names, nil
	}
	left, err := d.store.DeskItems(ctx, ids)
	for id, item := range left {
		names.items[id] = label(item.Item)
	}
	return names, err
}

// removed notes the heading of a section that a change took out.
func (n orderNames) removed(done postgres.IssueChange) {
	for _, section := range done.Order.Before {
		if !slices.ContainsFunc(done.Order.After, func(s postgres.LayoutSection) bool { return s.Section == section.Section }) {
			n.sections[section.Section] = done.Fields[postgres.FieldHeading].Before
		}
	}
}

// compare returns what a deed changed, field by field.
func (n orderNames) compare(done postgres.IssueChange) []difference {
	var list []difference
	if done.Item != nil {
		list = append(list, compareItems(done.Item.After, done.Item.Before)...)
	}
	if done.Words != nil {
		list = append(list, compareIssues(done.Words.After, done.Words.Before)...)
	}
	if done.Order != nil {
		order := difference{Label: "Order"}
		order.Mine, order.Other = differIn(n.lines(done.Order.After), n.lines(done.Order.Before))
		list = append(list, order)
	}
	return list
}

// comparedFields are the fields that a deed may change beside words and orders,
// as they are called.
var comparedFields = []struct{ name, label string }{
	{postgres.FieldTime, "Time"}, {postgres.FieldOverride, overrideLabel}, {postgres.FieldHeading, "Heading"}, {postgres.FieldKind, "Kind"},
	{postgres.FieldProgress, "Progress"}, {postgres.FieldOwner, "Looked after by"},
}

// compareFields returns what a deed changed beside words and orders.
func (d *Desk) compareFields(fields postgres.Fields) []difference {
	var list []difference
	for _, field := range comparedFields {
		values, changed := fields[field.name]
		if !changed {
			continue
		}
		if field.name == postgres.FieldTime {
			values.Before, values.After = d.timeWords(values.Before), d.timeWords(values.After)
		}
		list = append(list, compare("", field.label, false, values.After, values.Before))
	}
	return list
}

// timeWords says a moment of the audit on the publication's clock.
func (d *Desk) timeWords(kept string) string {
	at, err := time.Parse(time.RFC3339, kept)
	if err != nil { // there was none
		return kept
	}
	return clockWords(at, d.now.Publication().Location())
}

// lines writes an order as lines: a section's heading, and under it its items.
func (n orderNames) lines(order postgres.Layout) []string {
	var lines []string
	for _, section := range order {
		lines = append(lines, cmp.Or(n.sections[section.Section], "A section that was removed")+"\n")
		for _, id := range section.Items {
			lines = append(lines, "– "+cmp.Or(n.items[id], "An item that is gone")+"\n")
		}
	}
	return lines
}
