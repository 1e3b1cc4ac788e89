package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// How much is measured. An odd number of pairs has a median that was measured.
const (
	pairs    = 9
	stint    = time.Second // of one server, in one pair
	clients  = 8           // connections that ask without a pause
	maxCount = 200_000     // requests of a stint, should the clock fail
)

// bound is what a server is held to, as parts of what a bare one does: requests
// per second at least, CPU time per request at most. 0 is no bound.
type bound struct{ rate, cpu float64 }

// contest is one comparison of the program with a bare server.
type contest struct {
	name       string
	target     string
	unmodified bool // ours says that the page has not changed; bare sends it
	goal, must bound
}

// contests are those of the project's quality goals that a bare server can be
// compared in.
var contests = []contest{
	{"issue page", "/issues/60", false, bound{0.95, 1.12}, bound{0.85, 1.20}},
	{"home", "/", false, bound{0.95, 1.12}, bound{0.85, 1.20}},
	{"feed", "/feed.xml", false, bound{0.95, 1.12}, bound{0.85, 1.20}},
	{"issue page, 304", "/issues/60", true, bound{1, 0}, bound{0.9, 0}},
	{"archive", "/archive", false, bound{}, bound{}},
	{"search, repeated", "/search?q=lighthouse", false, bound{0.8, 0}, bound{0.6, 0}},
}

// bench compares the program's pages with a bare net/http server that writes the
// same compressed bytes from memory, and prints ratios. Both run as processes of
// their own with one processor each, so that neither the load generator nor the
// other one is measured with them; they take turns, first one and then the other
// leading, and what counts is the median of the pairs' ratios.
func bench(ctx context.Context, out io.Writer) error {
	dir, err := os.MkdirTemp("", "broadsheet-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintf(out, "%d pairs of %s for each line; %d connections\n\n", pairs, stint, clients)
	ours, stop, err := startOurs(ctx, dir)
	if err != nil {
		return err
	}
	defer stop()
	pages, err := fetchPages(ours.address)
	if err != nil {
		return err
	}
	bare, err := startBare(ctx, pages)
	if err != nil {
		return err
	}
	defer bare.stop()
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "\tbytes\trequests/s\tof bare\tgoal (must)\tCPU/request\tof bare\tgoal (must)\t")
	for _, c := range contests {
		result, err := c.hold(ctx, ours, bare, pages[c.target])
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		fmt.Fprintln(table, result)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	return lighthouse(ctx, out, ours.address)
}

// hold holds a contest. The first pair only warms up.
func (c contest) hold(ctx context.Context, ours, bare *child, p kept) (result, error) {
	us, them := ask(c.target, "", http.StatusOK, len(p.Body)), ask(c.target, "", http.StatusOK, len(p.Body))
	if c.unmodified {
		us = ask(c.target, p.Tag, http.StatusNotModified, 0)
	}
	var pace, each, rate, cpu []float64
	for pair := range pairs + 1 {
		turns := []func() error{
			func() (err error) { us.score, err = ours.stint(ctx, us); return err },
			func() (err error) { them.score, err = bare.stint(ctx, them); return err },
		}
		if err := errors.Join(turns[pair%2](), turns[1-pair%2]()); err != nil {
			return result{}, err
		}
		if pair == 0 {
			continue
		}
		pace, each = append(pace, us.perSecond()), append(each, us.cpuEach())
		rate, cpu = append(rate, us.perSecond()/them.perSecond()), append(cpu, us.cpuEach()/them.cpuEach())
	}
	return result{c, len(p.Body), median(pace), median(each), median(rate), median(cpu)}, nil
}

// result is how a contest went, in medians.
type result struct {
	contest
	size       int     // of the page, in compressed bytes
	pace, each float64 // our requests per second, and microseconds of CPU for each
	rate, cpu  float64 // the same as parts of bare's
}

// String returns the result as a line of the table.
func (r result) String() string {
	return fmt.Sprintf("%s\t%d\t%.0f\t%.2f\t%s\t%.1f µs\t%.2f\t%s\t",
		r.name, r.size, r.pace, r.rate, against(r.goal.rate, r.must.rate), r.each, r.cpu, against(r.goal.cpu, r.must.cpu))
}

// against shows a goal and what must be reached at least.
func against(goal, must float64) string {
	if goal == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f (%.2f)", goal, must)
}

// median returns the middle one of an odd number of values.
func median(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}
