package install

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// typed is what Commands would have a person type, a line each, without sudo.
func typed(t *testing.T, needs ...Need) []string {
	t.Helper()
	commands, err := Commands(needs)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range commands {
		lines = append(lines, strings.TrimPrefix(c.String(), "sudo "))
	}
	return lines
}

func TestCommandsBrew(t *testing.T) {
	machine(t, map[string]string{"brew": ""})
	got := typed(t, Node, NPM, lamp)
	if diff := cmp.Diff([]string{"brew install lamp@2 node"}, got); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
}

// Debian's own cluster must be neither made nor started: the file that says so
// stands before anything is installed, and is gone in the end.
func TestCommandsAptPostgreSQL(t *testing.T) {
	machine(t, map[string]string{"apt-get": "", "brew": ""})
	got := typed(t, lamp, PostgreSQL(func() (int, error) { return 0, errors.New("none") }))
	apt := "env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "
	file := "/etc/postgresql-common/createcluster.d/broadsheet.conf"
	want := []string{
		apt + "update",
		`sh -c 'trap "rm -f ` + file + `" EXIT INT TERM; mkdir -p /etc/postgresql-common/createcluster.d && ` +
			"echo create_main_cluster = false > " + file + " && " +
			apt + "install -y --no-install-recommends lamp oil postgresql'",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
}

func TestCommandsSudo(t *testing.T) {
	machine(t, map[string]string{"apt-get": ""})
	commands, err := Commands([]Need{lamp})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands {
		if sudo := c[0] == "sudo"; sudo == (os.Geteuid() == 0) {
			t.Errorf("as user %d: %s", os.Geteuid(), c)
		}
	}
}
