package desk

import (
	"context"
	"strconv"

	"broadsheet/internal/address"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/postgres"
	"broadsheet/internal/publish"
)

// check is one thing to be done, or known, before an issue is published.
type check struct {
	Blocker  bool
	Mark     string // of the item it is about, or ""
	Path     string // where it can be mended
	Sentence string
	Ran      []ranMark
}

// ranMark is an item that ran before.
type ranMark struct{ Mark, Path string }

// dayOf is when an issue will be published: the day for which it is scheduled,
// or else today.
func (d *Desk) dayOf(issue postgres.Board) newsletter.Date {
	if isSet(issue) {
		return newsletter.DateOf(issue.ScheduledAt.In(d.now.Publication().Location()))
	}
	return d.today()
}

// checks looks an issue over that is published on a day. Paths to places on the
// board begin with board: empty on the board itself. Those who may write are led
// to forms.
func (d *Desk) checks(ctx context.Context, issue postgres.Board, day newsletter.Date, board string, write bool) ([]check, error) {
	findings, err := publish.Check(ctx, d.store, d.now.Publication(), issue, day)
	if err != nil {
		return nil, err
	}
	checks := make([]check, len(findings))
	for i, f := range findings {
		checks[i] = check{Blocker: f.Blocker, Mark: f.Mark, Sentence: f.Sentence, Path: mendAt(f, issue.Number, board, write)}
		for _, mark := range f.Ran {
			checks[i].Ran = append(checks[i].Ran, ranMark{mark.String(), address.Item(mark)})
		}
	}
	return checks, nil
}

// mendAt returns where a finding can be mended, or where what it is about
// stands for those who may not.
func mendAt(f publish.Finding, number int, board string, write bool) string {
	edit := address.DeskIssue(number) + "?edit="
	switch {
	case f.ItemID != 0:
		return board + "#" + rowAnchor(f.ItemID)
	case f.Section != 0:
		return board + "#section-" + strconv.FormatInt(f.Section, 10)
	case f.Kind == newsletter.NoItems:
		return board + "#inbox"
	case f.Kind == newsletter.NoIntro && write:
		return edit + partIntro + "#intro"
	case f.Kind == newsletter.NoIntro:
		return board + "#intro-text"
	case f.Kind == newsletter.DateNotToday && write:
		return edit + partHead + "#date"
	case f.Kind == newsletter.DateNotToday:
		return board + "#head"
	}
	return board + "#issue"
}
