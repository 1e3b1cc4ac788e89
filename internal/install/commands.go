package install

import (
	"os"
	"os/exec"
	"slices"
	"strings"
)

// Command is one line for a shell: a program and its arguments.
type Command []string

// String is the command as a person would type it.
func (c Command) String() string {
	var words []string
	for _, word := range c {
		if strings.ContainsAny(word, " '") {
			word = "'" + word + "'"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// Commands returns what would install the packages that meet the needs here, in
// order. It fails with ErrNoManager.
func Commands(needs []Need) ([]Command, error) {
	if _, err := exec.LookPath("apt-get"); err == nil {
		return apt(needs), nil
	}
	if _, err := exec.LookPath("brew"); err == nil {
		var packages []string
		for _, n := range needs {
			packages = append(packages, n.Homebrew...)
		}
		return []Command{append(Command{"brew", "install"}, unique(packages)...)}, nil
	}
	return nil, ErrNoManager
}

// Debian makes and starts a database cluster of its own when a PostgreSQL server
// is installed, unless a file like this says no. It is there only meanwhile, and
// nothing is installed when it cannot be written.
const (
	clusterFolder = "/etc/postgresql-common/createcluster.d"
	clusterFile   = clusterFolder + "/broadsheet.conf"
	noCluster     = `trap "rm -f ` + clusterFile + `" EXIT INT TERM; mkdir -p ` + clusterFolder +
		" && echo create_main_cluster = false > " + clusterFile + " && "
)

// apt returns the commands for apt-get, which waits its turn when another one is
// at work. What a package only recommends stays away.
func apt(needs []Need) []Command {
	var packages []string
	for _, n := range needs {
		packages = append(packages, n.Debian...)
	}
	manager := Command{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"}
	update := slices.Concat(manager, Command{"update"})
	add := slices.Concat(manager, Command{"install", "-y", "--no-install-recommends"}, unique(packages))
	if slices.ContainsFunc(needs, func(n Need) bool { return n.Name == postgreSQL }) {
		add = Command{"sh", "-c", noCluster + add.String()}
	}
	if os.Geteuid() == 0 {
		return []Command{update, add}
	}
	return []Command{append(Command{"sudo"}, update...), append(Command{"sudo"}, add...)}
}

// unique sorts the words and drops repetitions.
func unique(words []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(words)))
}
