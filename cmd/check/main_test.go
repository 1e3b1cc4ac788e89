package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestMain runs the command itself when the test binary is started as it.
func TestMain(m *testing.M) {
	if os.Getenv("BE_THE_CHECK") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// runCheck runs the command in a module of one file and returns what it prints
// and its exit status.
func runCheck(t *testing.T, source string, args ...string) (string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir = t.TempDir()
	write(t, filepath.Join(cmd.Dir, "go.mod"), "module lamp\n")
	write(t, filepath.Join(cmd.Dir, "lamp.go"), source)
	cmd.Env = append(os.Environ(), "BE_THE_CHECK=1")
	out, err := cmd.CombinedOutput()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(out), failed.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(out), 0
}

const formatted = "package lamp\n"

func TestCommand(t *testing.T) {
	tests := []struct {
		name   string
		source string
		args   string
		status int
		want   string // a pattern
	}{
		{"help", formatted, "--help", 0, `gofmt, vet, tidy, staticcheck,\s+govulncheck, test, pages`},
		{"wrong flag", formatted, "--instal", 2, `unknown flag --instal`},
		{"wrong step", formatted, "--only lint", 2, `there is no step "lint"`},
		{"wrong word", formatted, "lint", 2, `unexpected argument lint`},
		{"one step", formatted, "--only gofmt", 0, `(?m)^gofmt +\d+\.\ds passed$\n^1 passed, 0 failed, 0 skipped\n\z`},
		{"two steps, one fails", "package  lamp\n", "--only vet --only gofmt", 1,
			`failed: run .gofmt -w \..\nlamp.go\nvet +\d+\.\ds passed\n1 passed, 1 failed, 0 skipped\n\z`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out, status := runCheck(t, test.source, strings.Fields(test.args)...)
			if status != test.status {
				t.Errorf("exit status %d, want %d", status, test.status)
			}
			if !regexp.MustCompile(test.want).MatchString(out) {
				t.Errorf("it prints\n%swhich has nothing like %s", out, test.want)
			}
		})
	}
}
