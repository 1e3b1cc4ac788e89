package install

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// machine makes PATH a folder with the given programs alone: shell scripts, by
// name. The folder is returned.
func machine(t *testing.T, programs map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	t.Setenv("PATH", folder)
	for name, script := range programs {
		program(t, folder, name, script)
	}
	return folder
}

func program(t *testing.T, folder, name, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// lamp is a need met by a program of that name.
var lamp = Need{Name: "Lamp", Find: anyOf("Lamp", "lamp"), Debian: []string{"lamp", "oil"}, Homebrew: []string{"lamp@2"}}

func TestFind(t *testing.T) {
	tests := []struct {
		name     string
		programs map[string]string
		need     Need
		found    string // the program's name, or
		fails    string // a part of what is said
	}{
		{"none", nil, Chromium, "", "Chromium is not on this machine"},
		{"the second name", map[string]string{"chromium-browser": ""}, Chromium, "chromium-browser", ""},
		{"both names", map[string]string{"chromium": "", "google-chrome": ""}, Chromium, "chromium", ""},
		{"new enough", map[string]string{"node": "echo v18.20.4"}, Node, "node", ""},
		{"too old", map[string]string{"node": "echo v16.3.0"}, Node, "", "too old: 18 or newer"},
		{"version on standard error", map[string]string{"java": `echo 'openjdk version "17.0.15"' >&2`}, Java, "java", ""},
		{"Java's old count", map[string]string{"java": `echo 'java version "1.8.0_292"' >&2`}, Java, "", "too old: 17 or newer"},
		{"a program that only says it is none", map[string]string{"java": "exit 1"}, Java, "", "does not say its version"},
		{"a version without a number", map[string]string{"java": "echo new"}, Java, "", "too old"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder := machine(t, test.programs)
			path, err := test.need.Find()
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("found %q, said %v; want %q", path, err, test.fails)
				}
				return
			}
			if err != nil || path != filepath.Join(folder, test.found) {
				t.Errorf("found %q (%v), want %s", path, err, test.found)
			}
		})
	}
}

func TestMissing(t *testing.T) {
	machine(t, map[string]string{"gcc": ""})
	postgres := PostgreSQL(func() (int, error) { return 0, errors.New("no server here") })
	var got []string
	for _, n := range Missing([]Need{lamp, GCC, postgres}) {
		got = append(got, n.Name)
	}
	if diff := cmp.Diff([]string{"Lamp", "PostgreSQL"}, got); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}

// aptGet is an apt-get that knows one package, lamp, which it installs.
const aptGet = `echo "apt-get $*"
case "$*" in *install*lamp*) printf '#!/bin/sh\n' > "${0%/*}/lamp"; /bin/chmod +x "${0%/*}/lamp";; esac`

func TestRun(t *testing.T) {
	asIs := `while [ "${1#*=}" != "$1" ]; do shift; done; exec "$@"` // env, sudo
	t.Run("installs", func(t *testing.T) {
		machine(t, map[string]string{"apt-get": aptGet, "env": asIs, "sudo": asIs})
		var said strings.Builder
		if err := Run([]Need{lamp}, &said); err != nil {
			t.Fatalf("%v\n%s", err, said.String())
		}
		if _, err := lamp.Find(); err != nil {
			t.Error(err)
		}
		update, install := strings.Index(said.String(), "update\n"), strings.Index(said.String(), "install -y --no-install-recommends lamp oil\n")
		if update < 0 || install < update {
			t.Errorf("want an update, then the packages:\n%s", said.String())
		}
	})
	t.Run("an old list of packages serves", func(t *testing.T) {
		machine(t, map[string]string{"env": asIs, "sudo": asIs,
			"apt-get": aptGet + "\ncase \"$*\" in *update) exit 100;; esac"})
		if err := Run([]Need{lamp}, &strings.Builder{}); err != nil {
			t.Error(err)
		}
	})
	t.Run("fails", func(t *testing.T) {
		machine(t, map[string]string{"env": asIs, "sudo": asIs, "apt-get": "echo no such package; exit 100"})
		var said strings.Builder
		err := Run([]Need{lamp}, &said)
		if err == nil || !strings.Contains(err.Error(), "exit status 100") || !strings.Contains(said.String(), "no such package") {
			t.Errorf("want the manager's failure: %v\n%s", err, said.String())
		}
	})
	t.Run("installs something else", func(t *testing.T) {
		machine(t, map[string]string{"env": asIs, "sudo": asIs, "apt-get": ""})
		err := Run([]Need{lamp}, &strings.Builder{})
		if err == nil || !strings.Contains(err.Error(), "Lamp is not on this machine") {
			t.Errorf("want what is still missing: %v", err)
		}
	})
	t.Run("nothing missing", func(t *testing.T) {
		machine(t, map[string]string{"lamp": ""})
		if err := Run([]Need{lamp}, &strings.Builder{}); err != nil {
			t.Error(err)
		}
	})
	t.Run("no manager", func(t *testing.T) {
		machine(t, nil)
		if err := Run([]Need{lamp}, &strings.Builder{}); !errors.Is(err, ErrNoManager) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAllowed(t *testing.T) {
	machine(t, map[string]string{"brew": ""})
	t.Setenv("CI", "")
	nobody, err := os.Open(filepath.Join(machineFile(t), "words"))
	if err != nil {
		t.Fatal(err)
	}
	defer nobody.Close()
	var asked strings.Builder
	if Allowed(false, []Need{lamp}, nobody, &asked) || asked.Len() > 0 {
		t.Errorf("a file is asked %q and taken to say yes", asked.String())
	}
	if !Allowed(true, []Need{lamp}, nobody, &asked) {
		t.Error("the flag does not count")
	}
	t.Setenv("CI", "true")
	if !Allowed(false, []Need{lamp}, nobody, &asked) {
		t.Error("CI does not count")
	}
}

// machineFile makes a folder with a file that says yes.
func machineFile(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "words"), []byte("yes\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestYes(t *testing.T) {
	for answer, want := range map[string]bool{
		"y\n": true, "Yes\n": true, " YES ": true, "\n": false, "": false, "n\n": false, "yesterday\n": false, "no\ny\n": false,
	} {
		if got := yes(strings.NewReader(answer)); got != want {
			t.Errorf("%q is taken for yes: %v", answer, got)
		}
	}
}
