package localpg

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestTheLastOneOutStopsTheServer(t *testing.T) {
	first := start(t, shared)
	server := pid(t, shared)
	second := start(t, shared)
	other := startChild(t, shared, nil)
	if got, want := other.line(), "ready "+strconv.Itoa(server); got != want {
		t.Fatalf("the child says %q, not %q", got, want)
	}
	closeServer(t, first)
	closeServer(t, second)
	if p := pid(t, shared); p != server {
		t.Fatalf("the server is %d, not %d, while the child uses it", p, server)
	}
	other.end(t)
	if p := pid(t, shared); p != 0 {
		t.Errorf("process %d runs on after the last one left", p)
	}
}

func TestAKilledProgramsServerIsTakenOver(t *testing.T) {
	killed := startChild(t, shared, nil)
	server := strings.TrimPrefix(killed.line(), "ready ")
	killed.cmd.Process.Kill()
	killed.cmd.Wait()

	s := start(t, shared)
	if p := strconv.Itoa(pid(t, shared)); p != server {
		t.Errorf("the server is %s, not %s", p, server)
	}
	query(t, s, "SELECT 'here'")
	closeServer(t, s)
	if p := pid(t, shared); p != 0 {
		t.Errorf("process %d runs on", p)
	}
}

// After a crash of server and machine postmaster.pid names a process that is
// another program by now, with the same owner: PostgreSQL alone would refuse.
func TestAStalePostmasterPid(t *testing.T) {
	s := start(t, shared)
	if err := s.EnsureDatabase(t.Context(), "before the crash"); err != nil {
		t.Fatal(err)
	}
	query(t, s, "SELECT 'written down' FROM pg_switch_wal()")
	pidFile := filepath.Join(s.home.dir, dataName, "postmaster.pid")
	text, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid(t, shared), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	closeServer(t, s) // waits until the killed server's children are gone

	stranger := exec.Command("sleep", "60")
	stranger.SysProcAttr = s.home.account.process()
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { stranger.Process.Kill(); stranger.Wait() }()
	_, rest, _ := strings.Cut(string(text), "\n")
	for _, path := range []string{pidFile, s.socket.path() + ".lock"} {
		if err := os.WriteFile(path, []byte(strconv.Itoa(stranger.Process.Pid)+"\n"+rest), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	s = start(t, shared)
	query(t, s, "SELECT datname FROM pg_database WHERE datname = 'before the crash'")
	if err := stranger.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the stranger was hurt: %v", err)
	}
}

func TestManyStartsAtOnce(t *testing.T) {
	dir := folder(t)
	var children []*childProcess
	for range 4 {
		children = append(children, startChild(t, dir, nil))
	}
	want := children[0].line()
	for _, c := range children[1:] {
		if got := c.line(); got != want || !strings.HasPrefix(got, "ready ") {
			t.Errorf("a child says %q, another %q", got, want)
		}
	}
	for _, c := range children {
		c.end(t)
	}
	if p := pid(t, dir); p != 0 {
		t.Errorf("process %d runs on", p)
	}
}

func TestAnInterruptedStartLeavesNothing(t *testing.T) {
	dir := folder(t)
	bin := folder(t)
	script(t, bin, "postgres", "echo 'postgres (PostgreSQL) 15.1'")
	script(t, bin, "initdb", `mkdir -p "$2"; sleep 40 & touch "$2/begun"; wait`)
	t.Setenv("PG_BINDIR", bin)
	interrupted := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		for {
			if _, err := os.Stat(filepath.Join(dir, "postgres", newName, "begun")); err == nil {
				cancel(interrupted)
				return
			}
		}
	}()
	began := time.Now()
	if _, err := Start(ctx, Options{Dir: dir}); !errors.Is(err, interrupted) {
		t.Errorf("got %v", err)
	}
	if waited := time.Since(began); waited > 30*time.Second {
		t.Errorf("initdb's own children went on for %v", waited)
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres", newName)); !os.IsNotExist(err) {
		t.Errorf("the half-made data is still there: %v", err)
	}
}

func TestTheFolderMayMove(t *testing.T) {
	closeServer(t, start(t, shared))
	moved := shared + "-moved"
	if err := os.Rename(shared, moved); err != nil {
		t.Fatal(err)
	}
	defer os.Rename(moved, shared)
	s := start(t, moved)
	query(t, s, "SELECT 'here'")
	closeServer(t, s)
}
