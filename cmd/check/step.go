package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"broadsheet/internal/install"
)

// step is one part of the check.
type step struct {
	name   string
	needs  []install.Need
	beside bool // it runs beside the step before it
	// run does it, telling w what a person needs to see if it fails. It fails
	// with a leftOut when it could not be done but nothing is wrong with the code.
	run func(ctx context.Context, w io.Writer) error
}

// leftOut is why a step was not done, in a sentence that says how to have it.
type leftOut string

// Error is the sentence.
func (l leftOut) Error() string { return string(l) }

// howToHave ends every sentence about something the machine lacks.
const howToHave = "run `go run ./cmd/check --install` to have it"

// choose returns the steps of the given names, in their own order, or all of them
// when no name is given.
func choose(all []step, names []string) ([]step, error) {
	known := stepNames(all)
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("there is no step %q; the steps are %s", name, strings.Join(known, ", "))
		}
	}
	if len(names) == 0 {
		return all, nil
	}
	return slices.DeleteFunc(slices.Clone(all), func(s step) bool { return !slices.Contains(names, s.name) }), nil
}

func stepNames(all []step) []string {
	var names []string
	for _, s := range all {
		names = append(names, s.name)
	}
	return names
}

// needsOf returns what any of the steps needs, each once.
func needsOf(chosen []step) []install.Need {
	var needs []install.Need
	for _, s := range chosen {
		for _, n := range s.needs {
			if !slices.ContainsFunc(needs, func(had install.Need) bool { return had.Name == n.Name }) {
				needs = append(needs, n)
			}
		}
	}
	return needs
}

// together splits steps into those that run at the same time.
func together(chosen []step) (groups [][]step) {
	for i, s := range chosen {
		if s.beside && i > 0 {
			groups[len(groups)-1] = append(groups[len(groups)-1], s)
		} else {
			groups = append(groups, []step{s})
		}
	}
	return groups
}

// runner runs steps and counts how they end.
type runner struct {
	out     io.Writer
	verbose bool // show what passing steps print
	strict  bool // a step without what it needs has failed, and is not left out

	mu                      sync.Mutex // guards what follows, and out
	passed, failed, skipped int
}

// run does steps at the same time.
func (r *runner) run(ctx context.Context, group ...step) {
	if len(group) > 1 {
		fmt.Fprintln(r.out, strings.Join(stepNames(group), " and "), "side by side")
	}
	var running sync.WaitGroup
	for _, s := range group {
		running.Go(func() {
			var said bytes.Buffer
			start := time.Now()
			err := r.attempt(ctx, s, &said)
			r.report(s, time.Since(start), err, said.Bytes())
		})
	}
	running.Wait()
}

// report counts a step that has ended and prints its duration and result, then
// what it printed if that is worth reading.
func (r *runner) report(s step, duration time.Duration, err error, said []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(r.out, "%-12s ", s.name)
	took := fmt.Sprintf("%6.1fs", duration.Seconds())
	left, isLeftOut := errors.AsType[leftOut](err)
	switch {
	case err == nil:
		r.passed++
		fmt.Fprintln(r.out, took, "passed")
	case isLeftOut:
		r.skipped++
		fmt.Fprintln(r.out, took, "skipped:", left)
	default:
		r.failed++
		fmt.Fprintln(r.out, took, "failed:", err)
	}
	if r.verbose || err != nil && !isLeftOut {
		r.out.Write(said)
	}
}

// attempt does a step unless the machine lacks something for it.
func (r *runner) attempt(ctx context.Context, s step, w io.Writer) error {
	for _, n := range s.needs {
		_, err := n.Find()
		if err == nil {
			continue
		}
		sentence := fmt.Sprintf("%v; %s", err, howToHave)
		if r.strict {
			return errors.New(sentence)
		}
		return leftOut(sentence)
	}
	return s.run(ctx, w)
}

// close prints the last line and reports whether nothing failed.
func (r *runner) close() bool {
	fmt.Fprintf(r.out, "%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
	return r.failed == 0
}
