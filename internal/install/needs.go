package install

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// Need is something a machine must have, and the packages that bring it.
type Need struct {
	// Name is what a person calls it.
	Name string
	// Find returns the program's path (empty when it is not one program), or says
	// in a sentence why there is none that will do.
	Find func() (string, error)
	// Debian and Homebrew are the packages that bring it.
	Debian, Homebrew []string
}

// Chromium is the browser of the page checks. A font comes with it: without any,
// pictures of pages show boxes for letters.
var Chromium = Need{
	Name: "Chromium",
	Find: anyOf("Chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
	Debian:   []string{"chromium", "fonts-dejavu-core"},
	Homebrew: []string{"google-chrome"},
}

// Node runs npm. 18 is the oldest that the packages of web/checks accept, and
// what Debian 12 has.
var Node = Need{
	Name:     "Node",
	Find:     atLeast(18, "--version", anyOf("Node", "node", "nodejs")),
	Debian:   []string{"nodejs"},
	Homebrew: []string{"node"},
}

// NPM fetches the packages of web/checks. Debian keeps it apart from Node.
var NPM = Need{
	Name:     "npm",
	Find:     anyOf("npm", "npm"),
	Debian:   []string{"npm"},
	Homebrew: []string{"node"},
}

// Java runs the HTML checker. macOS has a program of that name that only says
// there is no Java; Homebrew's stands outside PATH.
var Java = Need{
	Name: "Java",
	Find: atLeast(17, "-version", anyOf("Java",
		"/opt/homebrew/opt/openjdk/bin/java", "/usr/local/opt/openjdk/bin/java", "java")),
	Debian:   []string{"default-jre-headless"},
	Homebrew: []string{"openjdk"},
}

// GCC builds what the race detector links with. gcc without the C library's
// headers builds nothing.
var GCC = Need{
	Name:     "gcc",
	Find:     anyOf("gcc", "gcc"),
	Debian:   []string{"gcc", "libc6-dev"},
	Homebrew: []string{"gcc"},
}

// PostgreSQL is the server's programs. find looks for them: where they stand and
// which are new enough is for the package to know that runs them.
func PostgreSQL[P any](find func() (P, error)) Need {
	return Need{
		Name: postgreSQL,
		Find: func() (string, error) {
			_, err := find()
			return "", err
		},
		Debian:   []string{"postgresql"},
		Homebrew: []string{"postgresql@17"},
	}
}

// postgreSQL is the one name that installing looks at: see apt.
const postgreSQL = "PostgreSQL"

// anyOf finds the first program of several, each a name for PATH or a path.
func anyOf(name string, programs ...string) func() (string, error) {
	return func() (string, error) {
		for _, program := range programs {
			if path, err := exec.LookPath(program); err == nil {
				return filepath.Abs(path)
			}
		}
		return "", fmt.Errorf("%s is not on this machine", name)
	}
}

var firstNumber = regexp.MustCompile(`\d+`)

// atLeast finds what find does if the first number it prints when asked for its
// version is not below oldest.
func atLeast(oldest int, flag string, find func() (string, error)) func() (string, error) {
	return func() (string, error) {
		path, err := find()
		if err != nil {
			return "", err
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		out, err := exec.CommandContext(ctx, path, flag).CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("%s does not say its version: %w", path, err)
		}
		version, err := strconv.Atoi(string(firstNumber.Find(out)))
		if err != nil || version < oldest {
			return "", fmt.Errorf("%s is too old: %d or newer is needed", path, oldest)
		}
		return path, nil
	}
}
