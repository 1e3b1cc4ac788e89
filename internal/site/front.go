package site

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"broadsheet/internal/feed"
	"broadsheet/internal/postgres"
)

// front are the entries on the first page of the feed as it was made last.
type front struct {
	source  feed.Source // that they are of
	entries map[postgres.Written]feed.Entry
}

// entries returns what stands on a page of the feed, whose first page may be
// shorter than the others. The entries of the first page are kept: at the next
// publication all but one are the same.
func (s *Site) entries(ctx context.Context, db snapshot, source feed.Source, number, first int) ([]feed.Entry, error) {
	if number > 1 {
		older, err := db.RecentRevisions(ctx, first+(number-2)*postgres.RevisionsPerPage, nil)
		return entriesOf(source, older, nil), err
	}
	var known map[postgres.Written]feed.Entry
	if kept := s.front.Load(); kept != nil && reflect.DeepEqual(kept.source, source) {
		known = kept.entries
	}
	newest, err := db.RecentRevisions(ctx, 0, slices.Collect(maps.Keys(known)))
	if err != nil {
		return nil, err
	}
	newest = newest[:min(first, len(newest))]
	list := entriesOf(source, newest, known)
	entries := make(map[postgres.Written]feed.Entry, len(list))
	for i, r := range newest {
		entries[r.Written] = list[i]
	}
	s.front.Store(&front{source, entries})
	return list, nil
}

// entriesOf returns the entries of revisions, those known as they are.
func entriesOf(source feed.Source, revisions []postgres.Recent, known map[postgres.Written]feed.Entry) []feed.Entry {
	entries := make([]feed.Entry, len(revisions))
	for i, r := range revisions {
		if r.Content == nil {
			entries[i] = known[r.Written]
		} else {
			entries[i] = source.Issue(*r.Content)
		}
	}
	return entries
}
