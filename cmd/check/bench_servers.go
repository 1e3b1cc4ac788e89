package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// child is a process that serves.
type child struct {
	cmd     *exec.Cmd
	stdin   io.Closer // to the end of which a bare server lives
	address string    // host and port
	began   time.Time
}

// announcement is what a server prints when it accepts requests.
const announcement = "listening on http://"

// oneProcessor has a server do everything with a single processor, so that its
// CPU time and its pace say the same.
const oneProcessor = "GOMAXPROCS=1"

// startChild starts a server, with settings for its environment, and waits until
// it listens. It is told to end when ctx does.
func startChild(ctx context.Context, cmd *exec.Cmd, input []byte, settings ...string) (*child, error) {
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Env = append(os.Environ(), settings...)
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = patience
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{cmd: cmd, stdin: stdin, began: began}
	if _, err := stdin.Write(input); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if address, found := strings.CutPrefix(lines.Text(), announcement); found {
			c.address = address
			return c, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s does not say that it listens", cmd.Path), c.stop())
}

// stop ends the server.
func (c *child) stop() error {
	c.stdin.Close()
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	return c.cmd.Wait()
}

// start starts our program with the archive of so many issues.
func (b *measure) start(ctx context.Context, issues int, settings ...string) (*child, error) {
	return startChild(ctx, exec.CommandContext(ctx, b.program, "serve", "--listen=127.0.0.1:0", "--log-level=warn", "--database-url="+b.url(issues)), nil, settings...)
}

// kept is an answer as the program gave it.
type kept struct {
	Type string
	Tag  string
	Body []byte // compressed
}

// startBare starts this program again as the bare server of some pages.
func startBare(ctx context.Context, pages map[string]kept) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	input, err := json.Marshal(pages)
	if err != nil {
		return nil, err
	}
	return startChild(ctx, exec.CommandContext(ctx, self, "--bench-bare"), append(input, '\n'), oneProcessor)
}

// serveBare is that server: nothing but net/http and the pages it reads from
// in, until in ends.
func serveBare(in io.Reader, out io.Writer) error {
	input := bufio.NewReader(in)
	line, err := input.ReadBytes('\n')
	if err != nil {
		return err
	}
	var pages map[string]kept
	if err := json.Unmarshal(line, &pages); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{ReadHeaderTimeout: patience, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := pages[r.RequestURI]
		header := w.Header()
		header.Set("Content-Type", p.Type)
		header.Set("Content-Encoding", "br")
		header.Set("Content-Length", strconv.Itoa(len(p.Body)))
		_, _ = w.Write(p.Body)
	})}
	go func() {
		_, _ = io.Copy(io.Discard, input)
		server.Close()
	}()
	fmt.Fprintln(out, announcement+listener.Addr().String())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// cpu returns the processor time that the server has used so far, in steps of
// 10 ms, or 0 where the system has no /proc.
func (c *child) cpu() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	// utime and stime, the 14th and 15th field; the second is a name in brackets.
	// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
	_, rest, _ := bytes.Cut(stat, []byte(") "))
	fields := strings.Fields(string(rest))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory returns how much of the server is in memory, in MiB, or 0 where the
// system has no /proc.
func (c *child) memory() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kibibytes, _ := strconv.ParseFloat(fields[0], 64)
	return kibibytes / 1024
}
