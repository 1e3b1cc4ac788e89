package desk

import (
	"context"
	"strings"

	"broadsheet/internal/address"
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

// checks looks an issue over. Paths to places on the board begin with board:
// empty on the board itself. Those who may write are led to forms.
func (d *Desk) checks(ctx context.Context, issue postgres.Board, board string, write bool) ([]check, error) {
	today := d.today()
	findings, err := publish.Check(ctx, d.store, issue, today)
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

// mendAt returns where a finding can be mended.
func mendAt(f publish.Finding, number int, board string, write bool) string {
	switch {
	case f.ItemID != 0:
		return board + "#" + rowAnchor(f.ItemID)
	case f.Blocker: // there is no item
		return board + "#inbox"
	case !write:
		return board + "#issue"
	case strings.Contains(f.Sentence, "introduction"):
		return address.DeskIssue(number) + "?edit=" + partIntro + "#intro"
	}
	return address.DeskIssue(number) + "?edit=" + partHead + "#date"
}
