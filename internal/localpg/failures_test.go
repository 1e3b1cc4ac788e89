package localpg

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// startFails starts a server that cannot be started and holds the one line of the
// error against what it must contain.
func startFails(t *testing.T, dir string, want ...string) {
	t.Helper()
	s, err := Start(t.Context(), Options{Dir: dir})
	if err == nil {
		s.Close()
		t.Fatal("it started")
	}
	checkLine(t, err.Error(), want)
}

func checkLine(t *testing.T, line string, want []string) {
	t.Helper()
	if strings.Contains(line, "\n") {
		t.Errorf("more than one line: %q", line)
	}
	for _, part := range want {
		if !strings.Contains(line, part) {
			t.Errorf("%q lacks %q", line, part)
		}
	}
}

// withVersion returns a folder whose data was made by the version.
func withVersion(t *testing.T, version string) string {
	dir := folder(t)
	data := filepath.Join(dir, "postgres", dataName)
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte(version), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestDataOfAnotherMajor(t *testing.T) {
	startFails(t, withVersion(t, "13\n"), "made by PostgreSQL 13", "start afresh: mv ")
	startFails(t, withVersion(t, "99\n"), "made by PostgreSQL 99, which is not on this machine", "99")
	startFails(t, withVersion(t, "\x00"), "damaged", "start afresh: mv ")
}

func TestNoPrograms(t *testing.T) {
	machine(t, nil)
	t.Setenv("PATH", "")
	startFails(t, folder(t), "found no PostgreSQL 15 or newer", "install")
}

func TestNoRoomForTheSocket(t *testing.T) {
	dir := filepath.Join(shared, strings.Repeat("d", 100))
	long := filepath.Join(folder(t), strings.Repeat("t", 100))
	closeServer(t, start(t, shared))
	if err := os.Rename(filepath.Join(shared, "postgres"), filepath.Join(folderAt(t, dir), "postgres")); err != nil {
		t.Fatal(err)
	}
	defer os.Rename(filepath.Join(dir, "postgres"), filepath.Join(shared, "postgres"))
	t.Setenv("TMPDIR", long)
	startFails(t, dir, "socket would be too long (103 bytes are allowed)", "--data-dir")
}

// folderAt makes a folder that other accounts may pass through.
func folderAt(t *testing.T, dir string) string {
	t.Helper()
	if err := makeFolders(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// Somebody could make our folder for the socket first, to listen in our place.
func TestASquattedSocketFolder(t *testing.T) {
	tmp := folder(t)
	t.Setenv("TMPDIR", tmp)
	h := &home{dir: "/" + strings.Repeat("d", 100), account: account{uid: uint32(os.Geteuid())}}
	dir, err := h.socketDir()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := h.socketDir(); err == nil || !strings.Contains(err.Error(), "is somebody else's") {
		t.Errorf("open to all: got %v", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	stranger := *h
	stranger.account.uid++
	if err := os.Rename(dir, filepath.Join(tmp, fmt.Sprintf("broadsheet-%d-%s", stranger.account.uid, shortHash(h.dir)))); err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.socketDir(); err == nil || !strings.Contains(err.Error(), "is somebody else's") {
		t.Errorf("another's: got %v", err)
	}
	if err := os.Symlink(t.TempDir(), dir); err != nil {
		t.Fatal(err)
	}
	if _, err := h.socketDir(); err == nil || !strings.Contains(err.Error(), "is somebody else's") {
		t.Errorf("a link: got %v", err)
	}
}

// What initdb says reaches the user as one line with what to do.
func TestInitdbFails(t *testing.T) {
	for says, want := range map[string]string{
		`initdb: error: could not write to file "x": No space left on device`: "the disk is full; see what fills it: df -h ",
		`could not create directory "x": Read-only file system`:               "read-only; take another folder: --data-dir",
		`initdb: error: could not look up effective user ID 1234`:             "initdb wants a name for the number",
		`FATAL:  could not create shared memory segment: x`:                   "docker run --shm-size",
		`FATAL:  data directory "x" has wrong ownership`:                      "chown -R --reference=",
		`FATAL:  something new`:                                               "PostgreSQL could not make its data: something new; see the whole story: tail ",
		`a riddle`:                                                            "PostgreSQL could not make its data: a riddle; see the whole story: tail ",
	} {
		dir, bin := folder(t), folder(t)
		script(t, bin, "postgres", "echo 'postgres (PostgreSQL) 15.1'")
		script(t, bin, "initdb", fmt.Sprintf("mkdir -p \"$2\"; echo 'hello'; echo '%s' >&2; exit 1", says))
		t.Setenv("PG_BINDIR", bin)
		startFails(t, dir, want)
		if text, err := os.ReadFile(filepath.Join(dir, "postgres", logName)); err != nil || !strings.Contains(string(text), says) {
			t.Errorf("the log says %q (%v), not %q", text, err, says)
		}
		if _, err := os.Stat(filepath.Join(dir, "postgres", newName)); !os.IsNotExist(err) {
			t.Errorf("half-made data is left: %v", err)
		}
	}
}

func TestTheServerFails(t *testing.T) {
	dir := withVersion(t, "15\n")
	bin := folder(t)
	script(t, bin, "initdb", "")
	script(t, bin, "postgres", `case $1 in --version) echo 'postgres (PostgreSQL) 15.1';; *) echo '2026-01-01 [7] FATAL:  no luck today'; exit 1;; esac`)
	t.Setenv("PG_BINDIR", bin)
	startFails(t, dir, "PostgreSQL did not start: no luck today; see the whole story: tail ")
	startFails(t, dir, "no luck today") // and every time
}

// asRoot reports whether the test can take other accounts' places. As an ordinary
// user there is nothing to hold against these cases.
func asRoot() bool { return os.Geteuid() == 0 }

// nobody is an account without rights of its own.
const nobody = 65534

// asNobody has a child run without any rights, from a copy of the test binary that
// it may reach.
func asNobody(t *testing.T) func(*exec.Cmd) {
	t.Helper()
	program := filepath.Join(folder(t), "program")
	from, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(program, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	return func(cmd *exec.Cmd) {
		cmd.Path, cmd.Dir = program, "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
}

func TestAnOrdinaryUser(t *testing.T) {
	if !asRoot() {
		return // every other test is about this
	}
	dir := folder(t)
	if err := os.Chown(dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	program := asNobody(t)
	data := filepath.Join(dir, "mine")
	c := startChild(t, data, program)
	if got := c.line(); !strings.HasPrefix(got, "ready ") {
		t.Fatalf("the child says %q", got)
	}
	// root joins, as the data's owner.
	s := start(t, data)
	if s.home.account.uid != nobody {
		t.Errorf("root's server would run as %+v", s.home.account)
	}
	closeServer(t, s)
	c.end(t)
	if p := pid(t, data); p != 0 {
		t.Errorf("process %d runs on", p)
	}

	theirs := folder(t)
	if err := os.Mkdir(filepath.Join(theirs, "postgres"), 0o755); err != nil {
		t.Fatal(err)
	}
	checkLine(t, startChild(t, theirs, program).line(), []string{"belongs to root", "--data-dir"})
	checkLine(t, startChild(t, folder(t), program).line(), []string{"permission denied", "belongs to root", "--data-dir"})
}

func TestRootWithoutItsRights(t *testing.T) {
	if !asRoot() {
		return
	}
	for _, right := range []string{"setuid", "chown"} {
		c := startChild(t, folder(t), func(cmd *exec.Cmd) {
			program := cmd.Path
			cmd.Path, _ = exec.LookPath("setpriv")
			cmd.Args = []string{"setpriv", "--bounding-set=-" + right, program}
		})
		checkLine(t, c.line(), []string{"root may not switch to the account", "docker run --user"})
	}
}

func TestAFolderThatTheAccountCannotReach(t *testing.T) {
	if !asRoot() {
		return
	}
	private := t.TempDir()
	if err := os.Chmod(private, 0o700); err != nil {
		t.Fatal(err)
	}
	startFails(t, filepath.Join(private, "data"), "who may not enter ", "--data-dir")
}
