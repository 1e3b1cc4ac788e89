package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"broadsheet/internal/install"
	"broadsheet/internal/localpg"
)

// pageChecks is where the browser's tests are, with the tools npm fetches.
const pageChecks = "web/checks"

var postgreSQL = install.PostgreSQL(localpg.Find)

// steps is the whole check, the quick and the telling first.
var steps = []step{
	{name: "gofmt", run: gofmt},
	{name: "vet", run: command("go", "vet", "./...")},
	{name: "tidy", run: command("go", "mod", "tidy", "-diff")},
	{name: "staticcheck", run: command("go", "tool", "staticcheck", "./...")},
	{name: "govulncheck", run: govulncheck},
	{name: "test", run: test, needs: []install.Need{install.GCC, postgreSQL}},
	{name: "pages", run: pages, beside: true, needs: []install.Need{ // a browser leaves half a machine idle
		install.Chromium, install.Node, install.NPM, install.Java, postgreSQL}},
}

// command is a step that is one command and fails with it.
func command(name string, args ...string) func(context.Context, io.Writer) error {
	return func(ctx context.Context, w io.Writer) error { return execute(ctx, w, name, args...) }
}

// patience is how long a command that was told to end may take to do so.
const patience = 10 * time.Second

// execute runs a command with what it says going to w. When ctx ends it is
// interrupted, so that it can end what it started.
func execute(ctx context.Context, w io.Writer, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = w, w
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = patience
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

// gofmt fails if a file is not formatted, and lists those that are not.
func gofmt(ctx context.Context, w io.Writer) error {
	var list bytes.Buffer
	err := execute(ctx, io.MultiWriter(w, &list), "gofmt", "-l", ".")
	if err == nil && list.Len() > 0 {
		return errors.New("run `gofmt -w .`")
	}
	return err
}

// wholeProgram is the package whose tests start the program as processes of its
// own: with the race detector each takes several times as long to begin.
const wholeProgram = "/cmd/broadsheet"

// test runs every test but those of the pages, and anew: results kept from before
// know nothing of the machine's programs. All have the race detector, in the usual
// check but for those of whole processes, whose handlers the others race.
func test(ctx context.Context, w io.Writer) error {
	var list bytes.Buffer
	if err := execute(ctx, &list, "go", "list", "./..."); err != nil {
		w.Write(list.Bytes())
		return err
	}
	raced, plain := []string{"test", "-count=1", "-timeout=20m", "-race"}, []string{"test", "-count=1", "-timeout=20m"}
	for name := range strings.FieldsSeq(list.String()) {
		switch {
		case strings.HasSuffix(name, "/"+pageChecks):
		case strings.HasSuffix(name, wholeProgram) && os.Getenv("BROADSHEET_LONG") == "":
			plain = append(plain, name)
		default:
			raced = append(raced, name)
		}
	}
	for _, args := range [][]string{raced, plain} {
		if args[len(args)-1][0] == '-' { // no package is left
			continue
		}
		if err := execute(ctx, w, "go", args...); err != nil {
			return fmt.Errorf("go test: %w", errors.Unwrap(err)) // less the list of packages
		}
	}
	return nil
}

// pages fetches the tools of the page checks if need be, and runs them.
func pages(ctx context.Context, w io.Writer) error {
	if stale(pageChecks) {
		if err := execute(ctx, w, "npm", "ci", "--ignore-scripts", "--prefix", pageChecks); err != nil {
			return err
		}
	}
	return execute(ctx, w, "go", "test", "-count=1", "-timeout=20m", "./"+pageChecks+"/...")
}
