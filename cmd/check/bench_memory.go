package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// memory compares what our program takes after every issue was read, and one of
// them often, with a bare server of the same pages; and a large archive with that.
func (b *measure) memory(ctx context.Context, table io.Writer) error {
	middle, pages, err := b.read(ctx, middleArchive)
	if err != nil {
		return err
	}
	bare, err := startBare(ctx, pages)
	if err != nil {
		return err
	}
	defer bare.stop()
	if err := crawl(ctx, bare, middleArchive, func(string, kept) {}); err != nil {
		return err
	}
	large, _, err := b.read(ctx, largeArchive)
	if err != nil {
		return err
	}
	fmt.Fprintln(table, "\tMiB\tbare\tratio\tgoal (must)\t")
	fmt.Fprintf(table, "%d issues\t%.0f\t%.0f\t%.2f\t2 (3)\t\n", middleArchive, middle, bare.memory(), middle/bare.memory())
	fmt.Fprintf(table, "%d issues\t%.0f\t\t%+.0f MiB\t(+64 MiB)\t\n", largeArchive, large, large-middle)
	return nil
}

// read reads every issue of an archive in a new process, and returns what that
// takes in memory and the pages.
func (b *measure) read(ctx context.Context, issues int) (float64, map[string]kept, error) {
	server, err := b.start(ctx, issues, oneProcessor)
	if err != nil {
		return 0, nil, err
	}
	defer server.stop()
	pages := map[string]kept{}
	err = crawl(ctx, server, issues, func(target string, page kept) {
		if issues == middleArchive {
			pages[target] = page
		}
	})
	return server.memory(), pages, err
}

// crawl reads every issue once and the newest one for a stint.
func crawl(ctx context.Context, server *child, issues int, each func(string, kept)) error {
	var page kept
	for number := range issues {
		target := "/issues/" + strconv.Itoa(number+1)
		var err error
		if page, err = fetch(server.address, target); err != nil {
			return err
		}
		each(target, page)
	}
	_, err := server.stint(ctx, ask("/issues/"+strconv.Itoa(issues), "", http.StatusOK, len(page.Body)))
	return err
}
