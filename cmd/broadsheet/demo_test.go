package main

import (
	"errors"
	"io/fs"
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// dataFolder is a new folder that the account PostgreSQL runs as may pass
// through. At the end of the test no server may be left in it.
func dataFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "broadsheet-data")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if pid := postmaster(t, dir); pid != 0 {
			t.Errorf("PostgreSQL still runs as process %d", pid)
			_ = syscall.Kill(pid, syscall.SIGQUIT)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

// postmaster returns the process of a data folder's server, 0 if none runs.
func postmaster(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "postgres/data/postmaster.pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return 0
	}
	return pid
}

// demo returns the command that shows the demo on a free port, in a shell that
// knows of a database which does not answer.
func demo(t *testing.T, dir string, more ...string) *osexec.Cmd {
	t.Helper()
	cmd := program(t, append([]string{"demo", "--listen", "127.0.0.1:0", "--data-dir", dir}, more...)...)
	cmd.Env = environment("DATABASE_URL="+deadURL, "BROADSHEET_DATABASE_URL="+deadURL, "PGHOST=nowhere.invalid", "PGOPTIONS=-c nonsense=1")
	return cmd
}

var issueLink = regexp.MustCompile(`/issues/\d+`)

// issues counts the issues of the archive.
func issues(t *testing.T, at string) int {
	t.Helper()
	there := map[string]bool{}
	for _, path := range issueLink.FindAllString(page(t, at+"/sitemap.xml", 200), -1) {
		there[path] = true
	}
	return len(there)
}

// TestDemo is a newcomer's day with the demo: a second one beside the first,
// a crash, a fresh start, and nothing left behind.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	first := start(t, demo(t, dir))
	at := first.address(t)
	for _, words := range []string{at + "\n", dir + ", database broadsheet_demo\n", "--fresh\n", "Ctrl C\n"} {
		if !strings.Contains(first.stdout.String(), words) {
			t.Errorf("the greeting lacks %q:\n%s", words, first.stdout)
		}
	}
	if strings.Count(first.stdout.String(), "listening on") != 1 {
		t.Errorf("not one line says where it listens:\n%s", first.stdout)
	}
	page(t, at+"/", 200, "The Quiet Pager")
	loaded := issues(t, at)
	if loaded < 14 {
		t.Errorf("the demo has %d issues", loaded)
	}

	second := start(t, demo(t, dir))
	if n := issues(t, second.address(t)); n != loaded || second.address(t) == at {
		t.Errorf("the second demo, at %s beside %s, has %d issues, the first %d", second.address(t), at, n, loaded)
	}
	first.stop(t, syscall.SIGTERM)
	page(t, second.address(t)+"/archive/2018", 404)
	page(t, second.address(t)+"/readyz", 200)
	if err := second.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	second.wait(t)

	third := start(t, demo(t, dir))
	if n := issues(t, third.address(t)); n != loaded {
		t.Errorf("after kill -9 the demo has %d issues of %d", n, loaded)
	}
	third.stop(t, syscall.SIGINT)
	if pid := postmaster(t, dir); pid != 0 {
		t.Errorf("PostgreSQL still runs as process %d after the last one has left", pid)
	}
}

// TestDemoFresh forgets an import into the demo's database, and only that.
func TestDemoFresh(t *testing.T) {
	t.Parallel()
	database := pgtestURL(t)
	p := start(t, demo(t, dataFolder(t), "--database-url", database))
	loaded := issues(t, p.address(t))
	if out := p.stdout.String(); !strings.Contains(out, "in the database you named\n") {
		t.Errorf("the greeting is\n%s", out)
	}
	p.stop(t, syscall.SIGTERM)
	succeed(t, "import", "--database-url", database, filepath.Join(folder(t, map[string]string{"p.md": post(9000)}), "p.md"))

	p = start(t, demo(t, dataFolder(t), "--database-url", database))
	if n := issues(t, p.address(t)); n != loaded+1 {
		t.Errorf("started again the demo has %d issues, want those it left, %d", n, loaded+1)
	}
	p.stop(t, syscall.SIGTERM)
	p = start(t, demo(t, dataFolder(t), "--database-url", database, "--fresh"))
	if n := issues(t, p.address(t)); n != loaded {
		t.Errorf("afresh the demo has %d issues, want %d", n, loaded)
	}
	p.stop(t, syscall.SIGTERM)
}

// TestDemoLeavesANewsletterAlone gives the demo a database with a newsletter.
func TestDemoLeavesANewsletterAlone(t *testing.T) {
	t.Parallel()
	database := pgtestURL(t)
	succeed(t, "import", "--database-url", database, filepath.Join(folder(t, map[string]string{"p.md": post(7)}), "p.md"))
	before := succeed(t, "export", "--database-url", database, "--format", "jsonl", "--out", "-")
	for _, more := range []string{"--fresh", "--log-format=text"} {
		finish(t, demo(t, dataFolder(t), "--database-url", database, more)).
			refuses(t, 1, "holds a newsletter of its own; give the demo an empty one")
	}
	if after := succeed(t, "export", "--database-url", database, "--format", "jsonl", "--out", "-"); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

func TestDemoStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"0.0.0.0:0", ":0", "192.0.2.7:80", "[::]:0", "example.org:80", "127.0.0.1"} {
		cmd := program(t, "demo", "--data-dir", dataFolder(t), "--listen", listen)
		finish(t, cmd).refuses(t, 2, "127.0.0.1")
	}
}

// TestGoRun ends "go run" the way a supervisor does: it does not tell the
// program it runs, which must notice.
func TestGoRun(t *testing.T) {
	t.Parallel()
	args := []string{"run", "."}
	if raceDetector() {
		args = []string{"run", "-race", "."} // compiled for the tests already
	}
	cmd := osexec.Command("go", append(args, "demo", "--listen", "127.0.0.1:0", "--data-dir", dataFolder(t))...)
	cmd.Env = environment()
	p := start(t, cmd)
	at := p.address(t)
	page(t, at+"/", 200, "The Quiet Pager")
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.wait(t) // it has ended when nobody holds its output any longer
	if !silent(t.Context(), at+"/livez") {
		t.Errorf("%s still answers", at)
	}
}

// raceDetector reports whether the tests run with it.
func raceDetector() bool {
	info, _ := debug.ReadBuildInfo()
	for _, setting := range info.Settings {
		if setting.Key == "-race" {
			return setting.Value == "true"
		}
	}
	return false
}
