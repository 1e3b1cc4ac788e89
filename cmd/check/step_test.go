package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/install"

	"github.com/google/go-cmp/cmp"
)

// ends is a step that says what it does and ends with err.
func ends(name string, err error, needs ...install.Need) step {
	return step{name: name, needs: needs, run: func(_ context.Context, w io.Writer) error {
		fmt.Fprintln(w, name, "at work")
		return err
	}}
}

var (
	here   = install.Need{Name: "Here", Find: func() (string, error) { return "/here", nil }}
	lamp   = install.Need{Name: "Lamp", Find: func() (string, error) { return "", errors.New("Lamp is not on this machine") }}
	sound  = ends("sound", nil, here)
	broken = ends("broken", errors.New("it broke"))
	far    = ends("far", leftOut("too far from here"))
	dark   = ends("dark", nil, here, lamp)
)

var anyTime = regexp.MustCompile(` +\d+\.\ds`)

func TestRunner(t *testing.T) {
	tests := []struct {
		name    string
		runner  *runner
		steps   []step
		ok      bool
		printed []string
	}{
		{"nothing", &runner{}, nil, true, []string{"0 passed, 0 failed, 0 skipped"}},
		{"all well", &runner{}, []step{sound, sound}, true, []string{
			"sound passed", "sound passed", "2 passed, 0 failed, 0 skipped"}},
		{"one failed, and its words are shown", &runner{}, []step{broken, sound}, false, []string{
			"broken failed: it broke", "broken at work", "sound passed", "1 passed, 1 failed, 0 skipped"}},
		{"left out by itself", &runner{}, []step{far}, true, []string{
			"far skipped: too far from here", "0 passed, 0 failed, 1 skipped"}},
		{"left out by itself in CI", &runner{strict: true}, []step{far}, true, []string{
			"far skipped: too far from here", "0 passed, 0 failed, 1 skipped"}},
		{"machine lacks something", &runner{}, []step{dark}, true, []string{
			"dark skipped: Lamp is not on this machine; " + howToHave, "0 passed, 0 failed, 1 skipped"}},
		{"CI lacks something", &runner{strict: true}, []step{dark}, false, []string{
			"dark failed: Lamp is not on this machine; " + howToHave, "0 passed, 1 failed, 0 skipped"}},
		{"verbose", &runner{verbose: true}, []step{sound}, true, []string{
			"sound passed", "sound at work", "1 passed, 0 failed, 0 skipped"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			test.runner.out = &out
			for _, group := range together(test.steps) {
				test.runner.run(t.Context(), group...)
			}
			if ok := test.runner.close(); ok != test.ok {
				t.Errorf("ended well: %v, want %v", ok, test.ok)
			}
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			for i, line := range lines {
				lines[i] = strings.Join(strings.Fields(anyTime.ReplaceAllString(line, "")), " ")
			}
			if diff := cmp.Diff(test.printed, lines); diff != "" {
				t.Errorf("printed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestStepsSideBySide has two steps wait for each other.
func TestStepsSideBySide(t *testing.T) {
	met := make(chan bool)
	first, second := sound, sound
	first.run = func(context.Context, io.Writer) error { met <- true; return nil }
	second.beside, second.run = true, func(context.Context, io.Writer) error { <-met; return errors.New("met") }
	var out strings.Builder
	r := runner{out: &out}
	groups := together([]step{second, sound, first, second}) // nothing stands before the first one
	if len(groups) != 3 || len(groups[2]) != 2 {
		t.Fatalf("%d groups, the last of %d", len(groups), len(groups[len(groups)-1]))
	}
	r.run(t.Context(), groups[2]...)
	if r.close() || r.passed != 1 || r.failed != 1 || !strings.HasPrefix(out.String(), "sound and sound side by side\n") {
		t.Errorf("it prints %q", out.String())
	}
}

func TestChoose(t *testing.T) {
	all := []step{sound, broken, far}
	tests := []struct {
		only, want []string
	}{
		{nil, []string{"sound", "broken", "far"}},
		{[]string{"far"}, []string{"far"}},
		{[]string{"far", "sound", "far"}, []string{"sound", "far"}},
	}
	for _, test := range tests {
		got, err := choose(all, test.only)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, stepNames(got)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.only, diff)
		}
	}
	if _, err := choose(all, []string{"sound", "lint"}); err == nil || !strings.Contains(err.Error(), "sound, broken, far") {
		t.Errorf("a step that is not there is answered with %v, which should list those that are", err)
	}
}

func TestNeedsOf(t *testing.T) {
	var got []string
	for _, n := range needsOf([]step{sound, dark, broken}) {
		got = append(got, n.Name)
	}
	if !slices.Equal(got, []string{"Here", "Lamp"}) {
		t.Errorf("the steps need %q, want each once", got)
	}
}
