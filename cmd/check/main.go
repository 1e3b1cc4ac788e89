// Command check runs the whole test suite, as CI and newcomers do: formatting,
// vet, module files, static analysis, known vulnerabilities, every test, nearly all
// with the race detector, and the browser's look at every page.
//
// What the machine lacks it installs when told to by --install, by a person who
// is asked, or by CI being set. A step that cannot run is left out and named;
// with CI set it fails instead, except for vulnerability data out of reach.
//
// With --long the tests that come in two sizes take the larger one, and all have
// the race detector.
//
// With --bench it checks nothing, and measures the program against the least that
// could do the same instead: a bare net/http server, plain SQL, COPY. It shows
// the issue page to Lighthouse as well.
//
// It ends with the line "N passed, N failed, N skipped", of steps, and exits with
// 1 when something failed, with 2 when the words of the command were wrong.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"broadsheet/internal/install"

	"github.com/alecthomas/kong"
)

// flags are all that can be said to the command.
type flags struct {
	Install bool     `help:"Install what the machine lacks, with apt-get or Homebrew, without asking."`
	Verbose bool     `short:"v" name:"verbose" help:"Show what passing steps print, too."`
	Only    []string `sep:"none" placeholder:"STEP" help:"Run this step alone: ${steps}. May be repeated."`
	Long    bool     `help:"Have the tests that can make more of it do so: fifty editors and 10,000 deeds at one issue, 2,000 publications and 200 kills. Takes a quarter of an hour more."`
	Bench   bool     `help:"Instead, measure pages against a bare net/http server, search against SQL, imports against COPY, publications against a bare transaction, 10,000 issues against 200, and the issue page with Lighthouse. Takes a quarter of an hour."`

	BenchBare bool `hidden:"" help:"Be that server."`
}

// Validate refuses names that no step has.
func (f *flags) Validate() error {
	_, err := choose(steps, f.Only)
	return err
}

func main() {
	var f flags
	kong.Parse(&f,
		kong.Name("check"),
		kong.Description("Runs the whole test suite."),
		kong.Vars{"steps": strings.Join(stepNames(steps), ", ")},
		kong.Exit(func(status int) { os.Exit(min(status, 2)) }))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if !f.run(ctx) {
		os.Exit(1)
	}
}

// run does what the flags say, and reports whether nothing failed.
func (f *flags) run(ctx context.Context) bool {
	var err error
	if f.BenchBare {
		err = serveBare(os.Stdin, os.Stdout)
	} else if err = toRoot(); err == nil && f.Bench {
		err = bench(ctx, os.Stdout)
	} else if err == nil {
		return check(ctx, *f, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
	}
	return err == nil
}

// toRoot changes to the module's folder, which all steps run in.
func toRoot() error {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("go env GOMOD: %w", err)
	}
	return os.Chdir(filepath.Dir(strings.TrimSpace(string(out))))
}

// check runs the chosen steps, having seen to what they need, and reports whether
// none failed.
func check(ctx context.Context, f flags, out io.Writer) bool {
	chosen, err := choose(steps, f.Only)
	if err != nil {
		fmt.Fprintln(out, err)
		return false
	}
	if missing := install.Missing(needsOf(chosen)); len(missing) > 0 && install.Allowed(f.Install, missing, os.Stdin, out) {
		if err := install.Run(missing, out); err != nil {
			fmt.Fprintln(out, err)
		}
	}
	if f.Long {
		os.Setenv("BROADSHEET_LONG", "1")
	}
	r := runner{out: out, verbose: f.Verbose, strict: os.Getenv("CI") != ""}
	for _, group := range together(chosen) {
		r.run(ctx, group...)
	}
	return r.close()
}
