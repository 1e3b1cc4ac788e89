package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// starts compares how long it takes from the start of a process until it has
// answered with the home page.
func (b *measure) starts(ctx context.Context, table io.Writer) error {
	fmt.Fprintln(table, "\tms\tbare\tratio\tgoal (must)\t")
	for _, issues := range []int{smallArchive, largeArchive} {
		ours, err := b.serve(ctx, issues)
		if err != nil {
			return err
		}
		page, err := fetch(ours.address, "/")
		if err != nil {
			return err
		}
		var us, them, ratios []float64
		for pair := range pairs + 1 {
			var mine, bare float64
			turns := []func() error{
				func() (err error) {
					mine, err = firstPage(func() (*child, error) { return b.start(ctx, issues, oneProcessor) })
					return err
				},
				func() (err error) {
					bare, err = firstPage(func() (*child, error) { return startBare(ctx, map[string]kept{"/": page}) })
					return err
				},
			}
			if err := errors.Join(turns[pair%2](), turns[1-pair%2]()); err != nil {
				return err
			}
			if pair > 0 {
				us, them, ratios = append(us, mine), append(them, bare), append(ratios, mine/bare)
			}
		}
		fmt.Fprintf(table, "%d issues\t%.0f\t%.0f\t%.2f\t3 (6)\t\n", issues, median(us), median(them), median(ratios))
	}
	return nil
}

// firstPage starts a server, and stops it when it has answered. It returns the
// milliseconds until then.
func firstPage(start func() (*child, error)) (float64, error) {
	server, err := start()
	if err != nil {
		return 0, err
	}
	_, err = fetch(server.address, "/")
	took := milliseconds(server.began)
	return took, errors.Join(err, server.stop())
}

func milliseconds(since time.Time) float64 { return time.Since(since).Seconds() * 1000 }

// renderings shows how long a page takes that is not held yet, in a small and in
// a large archive.
func (b *measure) renderings(ctx context.Context, table io.Writer) error {
	targets := []string{"/", "/issues/100", "/archive", "/archive/2025", "/sections/news", "/sites/lighthouse.example", "/feed.xml", "/sitemap.xml", "/search", "/search?q=lighthouse"}
	took := map[int][][]float64{}
	for range pairs {
		for _, issues := range []int{smallArchive, largeArchive} {
			times, err := b.render(ctx, issues, targets)
			if err != nil {
				return err
			}
			took[issues] = append(took[issues], times)
		}
	}
	fmt.Fprintf(table, "\t%d issues\t%d issues\tratio\t\n", smallArchive, largeArchive)
	for i, target := range targets {
		at := func(issues int) float64 {
			var times []float64
			for _, round := range took[issues] {
				times = append(times, round[i])
			}
			return median(times)
		}
		fmt.Fprintf(table, "%s\t%.1f\t%.1f\t%.2f\t\n", target, at(smallArchive), at(largeArchive), at(largeArchive)/at(smallArchive))
	}
	return nil
}

// render asks a new process for each page once, and returns the milliseconds.
func (b *measure) render(ctx context.Context, issues int, targets []string) (times []float64, err error) {
	server, err := b.start(ctx, issues, oneProcessor)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	for _, target := range slices.Concat([]string{"/about"}, targets) { // the first one opens connections
		began := time.Now()
		if _, err := fetch(server.address, target); err != nil {
			return nil, err
		}
		times = append(times, milliseconds(began))
	}
	return times[1:], nil
}
