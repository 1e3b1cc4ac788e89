package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// How much is measured. An odd number of pairs has a median that was measured. Many
// short ones spread half as much as a fifth of them, each five times as long: what
// else the machine does falls on both servers of a pair, or spoils few of them.
const (
	pairs    = 45
	stint    = 200 * time.Millisecond // of one server, in one pair
	clients  = 8                      // connections that ask without a pause
	maxCount = 200_000                // requests of a stint, should the clock fail
)

// bound is what a server is held to, as parts of what the other one does:
// requests per second at least, CPU time per request at most. 0 is no bound.
type bound struct{ rate, cpu float64 }

// contest is one comparison of a page's server with another one.
type contest struct {
	name       string
	target     string
	unmodified bool // ours says that the page has not changed; the other one sends it
	goal, must bound
}

// againstBare are those of the project's quality goals that a bare server can be
// compared in.
var againstBare = []contest{
	{"issue page", "/issues/100", false, bound{0.95, 1.12}, bound{0.85, 1.20}},
	{"home", "/", false, bound{0.95, 1.12}, bound{0.85, 1.20}},
	{"feed", "/feed.xml", false, bound{0.95, 1.12}, bound{0.85, 1.20}},
	{"issue page, 304", "/issues/100", true, bound{1, 0}, bound{0.9, 0}},
	{"archive", "/archive", false, bound{}, bound{}},
	{"search, repeated", "/search?q=lighthouse", false, bound{0.8, 0}, bound{0.6, 0}},
}

// atSize are the pages that a large archive is compared with a small one in.
var atSize = []contest{
	{"archive", "/archive", false, bound{0.95, 0}, bound{0.9, 0}},
	{"year", "/archive/2026", false, bound{0.95, 0}, bound{0.9, 0}},
	{"section", "/sections/news", false, bound{0.95, 0}, bound{0.9, 0}},
	{"site", "/sites/the.example", false, bound{0.95, 0}, bound{0.9, 0}},
	{"issue page", "/issues/100", false, bound{}, bound{}},
	{"home", "/", false, bound{}, bound{}},
	{"feed", "/feed.xml", false, bound{}, bound{}},
}

// pages compares the small archive's pages with bare ones.
func (b *measure) pages(ctx context.Context, table io.Writer) error {
	ours, err := b.serve(ctx, smallArchive)
	if err != nil {
		return err
	}
	pages := map[string]kept{}
	for _, c := range againstBare {
		if pages[c.target], err = fetch(ours.address, c.target); err != nil {
			return err
		}
	}
	bare, err := startBare(ctx, pages)
	if err != nil {
		return err
	}
	defer bare.stop()
	return holdAll(ctx, table, againstBare, ours, bare, "bare")
}

// growth compares the large archive's pages with the small one's.
func (b *measure) growth(ctx context.Context, table io.Writer) error {
	large, err := b.serve(ctx, largeArchive)
	if err != nil {
		return err
	}
	small, err := b.serve(ctx, smallArchive)
	if err != nil {
		return err
	}
	return holdAll(ctx, table, atSize, large, small, "small")
}

// holdAll holds contests side by side, a pair of each after the other, so that
// whatever the machine does meanwhile falls on all of them. The first pairs only
// warm up.
func holdAll(ctx context.Context, table io.Writer, contests []contest, ours, other *child, name string) error {
	duels := make([]duel, len(contests))
	for i, c := range contests {
		var err error
		if duels[i], err = c.begin(ours, other); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	for pair := range pairs + 1 {
		for i := range duels {
			if err := duels[i].pair(ctx, ours, other, pair); err != nil {
				return fmt.Errorf("%s: %w", duels[i].name, err)
			}
		}
	}
	fmt.Fprintf(table, "\tbytes\trequests/s\tof %s\tgoal (must)\tCPU/request\tof %[1]s\tgoal (must)\t\n", name)
	for _, d := range duels {
		fmt.Fprintln(table, d)
	}
	return nil
}

// duel is a contest that is held.
type duel struct {
	contest
	size       int // of the page, in compressed bytes
	us, them   question
	pace, each []float64 // our requests per second, and microseconds of CPU for each
	rate, cpu  []float64 // the same as parts of the other one's
}

// begin gets to know the page that each server has.
func (c contest) begin(ours, other *child) (duel, error) {
	page, err := fetch(ours.address, c.target)
	if err != nil {
		return duel{}, err
	}
	theirs, err := fetch(other.address, c.target)
	if err != nil {
		return duel{}, err
	}
	us, them := ask(c.target, "", http.StatusOK, len(page.Body)), ask(c.target, "", http.StatusOK, len(theirs.Body))
	if c.unmodified {
		us = ask(c.target, page.Tag, http.StatusNotModified, 0)
	}
	return duel{contest: c, size: len(page.Body), us: us, them: them}, nil
}

// pair has each server asked for a stint, in turns.
func (d *duel) pair(ctx context.Context, ours, other *child, pair int) error {
	turns := []func() error{
		func() (err error) { d.us.score, err = ours.stint(ctx, d.us); return err },
		func() (err error) { d.them.score, err = other.stint(ctx, d.them); return err },
	}
	if err := errors.Join(turns[pair%2](), turns[1-pair%2]()); err != nil || pair == 0 {
		return err
	}
	d.pace, d.each = append(d.pace, d.us.perSecond()), append(d.each, d.us.cpuEach())
	d.rate, d.cpu = append(d.rate, d.us.perSecond()/d.them.perSecond()), append(d.cpu, d.us.cpuEach()/cmp.Or(d.them.cpuEach(), 1))
	return nil
}

// String returns how the duel went, in medians, as a line of the table.
func (d duel) String() string {
	return fmt.Sprintf("%s\t%d\t%.0f\t%.2f\t%s\t%.1f µs\t%.2f\t%s\t",
		d.name, d.size, median(d.pace), median(d.rate), against(d.goal.rate, d.must.rate), median(d.each), median(d.cpu), against(d.goal.cpu, d.must.cpu))
}

// against shows a goal and what must be reached at least.
func against(goal, must float64) string {
	if goal == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f (%.2f)", goal, must)
}
