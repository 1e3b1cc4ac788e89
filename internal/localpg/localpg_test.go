package localpg

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// childVariable makes the test binary a program that starts the server of the
// folder it names, says so, and gives it up when its input ends.
const childVariable = "LOCALPG_TEST_CHILD"

// shared is a data folder that many tests use after each other: making one takes
// a second. Each leaves it with no server running.
var shared string

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		os.Exit(child(dir))
	}
	os.Unsetenv("PGOPTIONS")
	var err error
	if shared, err = os.MkdirTemp("", "localpg"); err == nil {
		err = os.Chmod(shared, 0o711)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(shared)
	os.Exit(code)
}

func child(dir string) int {
	s, err := Start(context.Background(), Options{Dir: dir, Throwaway: true})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	now, _ := s.home.readState()
	fmt.Println("ready", now.pid)
	io.Copy(io.Discard, os.Stdin)
	if err := s.Close(); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	return 0
}

// childProcess is another program that uses a server.
type childProcess struct {
	cmd   *exec.Cmd
	stdin io.Closer
	said  *bufio.Scanner
}

// startChild starts one; change, if any, is done to its command first.
func startChild(t *testing.T, dir string, change func(*exec.Cmd)) *childProcess {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+dir)
	if change != nil {
		change(cmd)
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return &childProcess{cmd, stdin, bufio.NewScanner(stdout)}
}

// line returns the next line that the child prints.
func (c *childProcess) line() string {
	c.said.Scan()
	return c.said.Text()
}

// end has the child give up the server and waits for it.
func (c *childProcess) end(t *testing.T) {
	t.Helper()
	c.stdin.Close()
	if last := c.line(); last != "" {
		t.Errorf("the child says %q", last)
	}
	if err := c.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// folder is t.TempDir that other accounts may pass through.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "localpg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), Options{Dir: dir, Throwaway: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func closeServer(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// query returns the one text that the statement gives.
func query(t *testing.T, s *Server, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var text string
	if err := conn.QueryRow(t.Context(), sql).Scan(&text); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return text
}

// pid is the process of the folder's server, 0 if none runs.
func pid(t *testing.T, dir string) int {
	t.Helper()
	h, err := openHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer h.files.Close()
	alive, err := h.alive()
	if err != nil {
		t.Fatal(err)
	}
	now, ok := h.readState()
	if alive != ok {
		t.Errorf("alive is %t and postmaster.pid is there: %t", alive, ok)
	}
	if !alive {
		return 0
	}
	return now.pid
}

func TestAServerOfItsOwn(t *testing.T) {
	t.Setenv("PGOPTIONS", "-c search_path=nowhere -c default_transaction_read_only=on")
	t.Setenv("PGTARGETSESSIONATTRS", "standby")
	t.Setenv("PGDATA", "/nowhere")
	s := start(t, shared)

	for sql, want := range map[string]string{
		"SELECT current_setting('listen_addresses')":                          "",
		"SELECT current_setting('search_path')":                               `"$user", public`,
		"SELECT current_setting('transaction_read_only')":                     "off",
		"SELECT current_setting('server_encoding')":                           "UTF8",
		"SELECT datcollate FROM pg_database WHERE datname = 'postgres'":       "C.UTF-8",
		"SELECT string_agg(DISTINCT auth_method, ' ') FROM pg_hba_file_rules": "trust",
	} {
		if got := query(t, s, sql); got != want {
			t.Errorf("%s gives %q, not %q", sql, got, want)
		}
	}
	for _, path := range []string{s.home.dir, s.socket.dir, filepath.Join(s.home.dir, dataName)} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v: others may enter", path, info.Mode())
		}
	}
	server := pid(t, shared)
	if group, err := syscall.Getpgid(server); err != nil || group != server {
		t.Errorf("the server is in process group %d (%v), which a Ctrl-C may reach, not in its own %d", group, err, server)
	}
	if text, err := os.ReadFile(filepath.Join(s.home.dir, logName)); err != nil || !strings.Contains(string(text), "ready to accept") {
		t.Errorf("its log says %q, %v", text, err)
	}
}

func TestDataOutlivesTheServer(t *testing.T) {
	s := start(t, shared)
	query(t, s, "WITH gone AS (SELECT 1) SELECT set_config('x.y', 'z', false) FROM gone")
	if err := s.EnsureDatabase(t.Context(), "kept é"); err != nil {
		t.Fatal(err)
	}
	closeServer(t, s)
	closeServer(t, s)
	if p := pid(t, shared); p != 0 {
		t.Fatalf("process %d runs on", p)
	}
	s = start(t, shared)
	if got := query(t, s, "SELECT datname FROM pg_database WHERE datname LIKE 'kept%'"); got != "kept é" {
		t.Errorf("got %q", got)
	}
	conn, err := pgx.Connect(t.Context(), s.URL("kept é"))
	if err != nil {
		t.Fatal(err)
	}
	conn.Close(t.Context())
}

func TestEnsureDatabaseByManyAtOnce(t *testing.T) {
	s := start(t, shared)
	results := make(chan error)
	for range 8 {
		go func() { results <- s.EnsureDatabase(t.Context(), "broadsheet") }()
	}
	for range 8 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestALongPathGetsAShortSocket(t *testing.T) {
	dir := filepath.Join(folder(t), strings.Repeat("deep/", 25), "a,b")
	s := start(t, dir)
	if got := query(t, s, "SELECT current_setting('data_directory')"); !strings.HasPrefix(got, dir) {
		t.Errorf("the data is in %s", got)
	}
	info, err := os.Stat(s.socket.dir)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's folder has mode %v: others may enter", info.Mode())
	}
	closeServer(t, s)
	if _, err := os.Stat(s.socket.dir); !os.IsNotExist(err) {
		t.Errorf("the socket's folder is left behind: %v", err)
	}
}
