// Command broadsheet curates and publishes a link newsletter.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands are the program's commands with their settings. Every setting is a
// flag with an environment variable.
type commands struct {
	Demo    demoCommand    `cmd:"" help:"Show the program with an invented newsletter. Needs nothing but PostgreSQL's programs."`
	Serve   serveCommand   `cmd:"" help:"Serve the newsletter."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema up to date, or show how it stands."`
	User    userCommand    `cmd:"" help:"Add people, list them, disable them, or give them a one-time sign-in address."`
	Import  importCommand  `cmd:"" help:"Read issues from files or folders. Reading them again changes nothing."`
	Export  exportCommand  `cmd:"" help:"Write issues to files."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// Exit statuses.
const (
	exitFailed     = 1
	exitWrongWords = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run carries out one command line and returns the exit status. Results go to
// stdout; an error is one line on stderr.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	ctx, release := watchParent(ctx)
	defer release()

	exit := -1
	var c commands
	parser, err := kong.New(&c,
		kong.Name("broadsheet"),
		kong.Description("A web desk and public site for link newsletters."),
		kong.UsageOnError(),
		kong.Writers(stdout, stderr),
		kong.Exit(func(status int) { exit = status }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(&output{stdout, stderr}),
	)
	if err != nil {
		panic(err) // the command table itself is wrong
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 { // --help has been printed
		return exit
	}
	if err != nil {
		return report(stderr, err, exitWrongWords)
	}
	if err := parsed.Run(); err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			err = errors.New("stopped before it was done; type the same command again")
		}
		var words wrongWords
		if errors.As(err, &words) {
			return report(stderr, err, exitWrongWords)
		}
		return report(stderr, err, exitFailed)
	}
	return 0
}

// output is where a command writes.
type output struct{ stdout, stderr io.Writer }

// wrongWords is an error in how the command was called.
type wrongWords string

// Error returns what is wrong.
func (w wrongWords) Error() string { return string(w) }

// report writes an error as one line and returns the status.
func report(stderr io.Writer, err error, status int) int {
	line := strings.Join(strings.Fields(err.Error()), " ")
	if status == exitWrongWords {
		line += "; see: broadsheet --help"
	}
	fmt.Fprintln(stderr, "broadsheet:", line)
	return status
}
