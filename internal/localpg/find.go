package localpg

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
)

// oldest is the first major version of PostgreSQL that the schema needs.
const oldest = 15

// ErrNotFound is what Find and Start fail with when the machine lacks the
// programs; the error around it says what was seen and how to install them.
var ErrNotFound = errors.New("found no PostgreSQL 15 or newer on this machine")

// Programs is one installation of PostgreSQL's server.
type Programs struct {
	Bin   string // the folder of initdb and postgres
	Major int    // 17, say
}

// roots are patterns of the folders where packages put the programs beside PATH:
// Debian's, Homebrew's on its three kinds of machine, Postgres.app's, and the
// packages of the PostgreSQL project for Red Hat and its kin.
var roots = []string{
	"/usr/lib/postgresql/*/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	"/usr/pgsql-*/bin",
}

// Find returns the newest PostgreSQL of the machine, 15 or newer. PG_BINDIR, when
// set, is the only folder looked at; else those of PATH come before the usual ones.
// It fails with ErrNotFound.
func Find() (Programs, error) {
	var newest Programs
	for _, p := range installed() {
		if p.Major > newest.Major {
			newest = p
		}
	}
	switch {
	case newest.Major >= oldest:
		return newest, nil
	case os.Getenv("PG_BINDIR") != "":
		return Programs{}, fmt.Errorf("%w in PG_BINDIR=%s; type: unset PG_BINDIR", ErrNotFound, os.Getenv("PG_BINDIR"))
	case newest.Major > 0:
		return Programs{}, fmt.Errorf("%w, only %d in %s; %s", ErrNotFound, newest.Major, newest.Bin, installAdvice(""))
	}
	return Programs{}, fmt.Errorf("%w; %s", ErrNotFound, installAdvice(""))
}

// findMajor returns the programs of exactly one major version, the one that made
// the data in the folder.
func findMajor(major int, data string) (Programs, error) {
	if major < oldest {
		return Programs{}, fmt.Errorf("the data in %s was made by PostgreSQL %d, and 15 is the oldest that will do; "+
			"put it aside and start afresh: mv %[1]s %[1]s.%d", data, major, major)
	}
	for _, p := range installed() {
		if p.Major == major {
			return p, nil
		}
	}
	return Programs{}, fmt.Errorf("the data in %s was made by PostgreSQL %d, which is not on this machine "+
		"(no other version can read it); %s", data, major, installAdvice(strconv.Itoa(major)))
}

// installed returns every installation, old ones too, in the order of search.
func installed() []Programs {
	var folders []string
	if only := os.Getenv("PG_BINDIR"); only != "" {
		folders = []string{only}
	} else {
		folders = filepath.SplitList(os.Getenv("PATH"))
		for _, pattern := range roots {
			matches, _ := filepath.Glob(pattern) // fails on a malformed pattern alone
			folders = append(folders, matches...)
		}
	}
	var all []Programs
	for _, folder := range folders {
		if p, ok := programsIn(folder); ok {
			all = append(all, p)
		}
	}
	return all
}

// versionLine is what `postgres --version` prints: "postgres (PostgreSQL) 15.18 (Debian …)".
var versionLine = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)`)

// programsIn looks for the server's programs in a folder. Links are followed: the
// server looks for its other files beside the real program.
func programsIn(folder string) (Programs, bool) {
	initdb, err := filepath.EvalSymlinks(filepath.Join(folder, "initdb"))
	if err != nil {
		return Programs{}, false
	}
	bin, err := filepath.Abs(filepath.Dir(initdb))
	if err != nil {
		return Programs{}, false
	}
	line, err := exec.Command(filepath.Join(bin, "postgres"), "--version").Output()
	found := versionLine.FindSubmatch(line)
	if err != nil || found == nil {
		return Programs{}, false
	}
	major, err := strconv.Atoi(string(found[1]))
	return Programs{Bin: bin, Major: major}, err == nil
}

// installAdvice is the command that installs a major version, or any when major is
// empty, with this machine's package manager.
func installAdvice(major string) string {
	switch _, err := exec.LookPath("apt-get"); {
	case runtime.GOOS == "darwin":
		if major == "" {
			major = "17"
		}
		return "type: brew install postgresql@" + major
	case err != nil:
		return "install postgresql-server " + major + " with the system's package manager"
	case major != "":
		major = "-" + major
	}
	if os.Geteuid() == 0 {
		return "type: apt-get install -y postgresql" + major
	}
	return "type: sudo apt-get install -y postgresql" + major
}
