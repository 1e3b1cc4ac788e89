package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	osexec "os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"broadsheet/internal/pgtest"
)

// asProgram makes the test binary the program itself: its own main, in a
// process of its own, with the race detector where the tests have it.
const asProgram = "BROADSHEET_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	pgtest.Main(m)
}

// patience is how long a test waits for what takes moments on a machine with
// nothing else to do.
const patience = time.Minute

// process is the program, running.
type process struct {
	cmd            *osexec.Cmd
	stdout, stderr *transcript
	ended          chan struct{} // closed when it has, and everything it wrote is kept
}

// environment is the program's: ours without what would tell it, or
// PostgreSQL's libraries, where a database is.
func environment(more ...string) []string {
	env := []string{asProgram + "=1"}
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		foreign := strings.HasPrefix(name, "BROADSHEET_") || strings.HasPrefix(name, "PG") && name != "PG_BINDIR"
		if !foreign && name != "DATABASE_URL" {
			env = append(env, setting)
		}
	}
	return append(env, more...)
}

// program returns the command that runs the program in an empty folder.
func program(t *testing.T, args ...string) *osexec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := osexec.Command(self, args...)
	cmd.Dir, cmd.Env = t.TempDir(), environment()
	return cmd
}

// start starts a command. It is killed at the end of the test if it still runs.
func start(t *testing.T, cmd *osexec.Cmd) *process {
	t.Helper()
	p := &process{cmd, newTranscript(), newTranscript(), make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.stdout, p.stderr
	cmd.WaitDelay = patience // whoever else holds its output must not hang the test
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		_ = cmd.Wait() // the status is read from its state
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-p.ended
		if t.Failed() {
			t.Logf("%s\nstdout: %.4000s\nstderr: %.4000s", strings.Join(cmd.Args[1:], " "), p.stdout, p.stderr)
		}
	})
	return p
}

var listening = regexp.MustCompile(`(?m)^listening on (http://\S+:\d+)\n`)

// address waits until the program accepts requests and returns where.
func (p *process) address(t *testing.T) string {
	t.Helper()
	return p.stdout.await(t, listening, p.ended)[1]
}

// wait waits for the end of the process and returns its exit status.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		t.Fatalf("%q does not end", p.cmd.Args[1:])
	}
	return p.cmd.ProcessState.ExitCode()
}

// stop asks the process to end and holds it to doing so cleanly.
func (p *process) stop(t *testing.T, how syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(how); err != nil {
		t.Fatal(err)
	}
	if status := p.wait(t); status != 0 {
		t.Errorf("%q ended with %d after %s", p.cmd.Args[1:], status, how)
	}
}

// transcript keeps what a process writes.
type transcript struct {
	mu    sync.Mutex
	text  []byte
	grown chan struct{} // closed and made anew with every growth
}

func newTranscript() *transcript { return &transcript{grown: make(chan struct{})} }

func (o *transcript) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = append(o.text, p...)
	close(o.grown)
	o.grown = make(chan struct{})
	return len(p), nil
}

func (o *transcript) read() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.text), o.grown
}

func (o *transcript) String() string {
	text, _ := o.read()
	return text
}

// await waits for something to be written, by a process that has not ended.
func (o *transcript) await(t *testing.T, what *regexp.Regexp, ended <-chan struct{}) []string {
	t.Helper()
	for deadline := time.After(patience); ; {
		text, grown := o.read()
		if found := what.FindStringSubmatch(text); found != nil {
			return found
		}
		select {
		case <-grown:
		case <-ended:
			if found := what.FindStringSubmatch(o.String()); found != nil {
				return found
			}
			t.Fatalf("the program ended without writing %s", what)
		case <-deadline:
			t.Fatalf("the program does not write %s", what)
		}
	}
}

// result is what a command that ran to its end left.
type result struct {
	status         int
	stdout, stderr string
}

// execute runs the program to its end.
func execute(t *testing.T, args ...string) result {
	t.Helper()
	return finish(t, program(t, args...))
}

func finish(t *testing.T, cmd *osexec.Cmd) result {
	t.Helper()
	p := start(t, cmd)
	status := p.wait(t)
	return result{status, p.stdout.String(), p.stderr.String()}
}

// succeed runs the program and holds it to ending well without a word on
// stderr. It returns stdout.
func succeed(t *testing.T, args ...string) string {
	t.Helper()
	r := execute(t, args...)
	if r.status != 0 || r.stderr != "" {
		t.Fatalf("%q ended with %d and %q", args, r.status, r.stderr)
	}
	return r.stdout
}

// refuses holds a result to a status, one line on stderr that has all the
// words, and silence on stdout.
func (r result) refuses(t *testing.T, status int, words ...string) {
	t.Helper()
	line, rest, ended := strings.Cut(r.stderr, "\n")
	if r.status != status || r.stdout != "" || !ended || rest != "" || !strings.HasPrefix(line, "broadsheet: ") {
		t.Errorf("status %d, stdout %q, stderr %q; want status %d and one line on stderr", r.status, r.stdout, r.stderr, status)
	}
	for _, word := range words {
		if !strings.Contains(line, word) {
			t.Errorf("%q does not say %q", line, word)
		}
	}
}

// get asks for a page.
func get(ctx context.Context, url string) (status int, body string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	var text bytes.Buffer
	_, err = io.Copy(&text, response.Body)
	return response.StatusCode, text.String(), err
}

// page holds a page to a status and words and returns it.
func page(t *testing.T, url string, status int, words ...string) string {
	t.Helper()
	got, body, err := get(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if got != status {
		t.Errorf("%s is answered with %d, want %d", url, got, status)
	}
	for _, word := range words {
		if !strings.Contains(body, word) {
			t.Errorf("%s does not show %q:\n%.2000s", url, word, body)
		}
	}
	return body
}

// eventually asks again and again until true.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(patience); !ok(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("in vain waited until %s", what)
		}
	}
}

// silent reports whether nobody answers at an address any longer.
func silent(ctx context.Context, url string) bool {
	_, _, err := get(ctx, url)
	return errors.Is(err, syscall.ECONNREFUSED)
}
