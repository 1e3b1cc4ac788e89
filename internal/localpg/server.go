package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// bringUp returns the socket of the running server, after starting one if none runs.
func (s *Server) bringUp(ctx context.Context, throwaway bool) (socket, error) {
	alive, err := s.home.alive()
	if err != nil {
		return socket{}, err
	}
	if alive {
		at, err := s.home.awaitReady(ctx)
		if !errors.Is(err, errGone) {
			return at, err
		}
		// It was on its way out.
	} else if running, ok := s.home.readState(); ok && running.socket.answers() {
		return running.socket, nil // started by hand: not ours to stop
	}
	return s.start(ctx, throwaway)
}

// start starts the server. None of its processes lives.
func (s *Server) start(ctx context.Context, throwaway bool) (socket, error) {
	programs, err := s.home.prepare(ctx, throwaway)
	if err != nil {
		return socket{}, err
	}
	dir, err := s.home.socketDir()
	if err != nil {
		return socket{}, err
	}
	// What a killed server leaves behind. PostgreSQL would believe that it still
	// runs if the process number has gone to another program of the same account.
	for _, stale := range []string{filepath.Join(s.home.dir, dataName, "postmaster.pid"), socket{dir, "5432"}.path() + ".lock"} {
		if err := os.Remove(stale); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return socket{}, folderError(s.home.dir, err)
		}
	}
	said, err := s.home.spawn(programs, dir, throwaway)
	if err != nil {
		return socket{}, err
	}
	at, err := s.home.awaitReady(ctx)
	if errors.Is(err, errGone) {
		return socket{}, s.home.explain("PostgreSQL did not start", said())
	}
	if err == nil {
		s.log.Info("started PostgreSQL", "major", programs.Major, "folder", s.home.dir, "account", s.home.account.name)
	}
	return at, err
}

// spawn starts the server's process and returns at once. said gives what the
// server has printed into its log since.
func (h *home) spawn(p Programs, socketDir string, throwaway bool) (said func() string, err error) {
	output, err := h.openLog()
	if err != nil {
		return nil, err
	}
	defer output.Close()
	before, err := output.Seek(0, 2)
	if err != nil {
		return nil, folderError(h.dir, err)
	}
	lock, err := h.tryLock(aliveName, syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer lock.Close() // the server's copy holds it from now on

	cmd := h.command(context.Background(), p, "postgres", settings(h, socketDir, throwaway)...)
	cmd.Stdout, cmd.Stderr = output, output
	cmd.ExtraFiles = []*os.File{lock}
	if err := cmd.Start(); err != nil {
		return nil, h.startError(p, err)
	}
	go cmd.Wait() // leaves no zombie; how it ended stands in its log
	return func() string {
		text, _ := h.files.ReadFile(logName)
		return string(text[min(before, int64(len(text))):])
	}, nil
}

// settings are the server's arguments. They are given with each start, not written
// into its configuration: the folder may have been moved.
func settings(h *home, socketDir string, throwaway bool) []string {
	quoted := `"` + strings.ReplaceAll(socketDir, `"`, `""`) + `"`
	args := []string{"-D", filepath.Join(h.dir, dataName), "-c", "listen_addresses=", "-c", "port=5432",
		"-c", "unix_socket_directories=" + quoted, "-c", "unix_socket_permissions=0700",
		"-c", "logging_collector=off", "-c", "log_destination=stderr"}
	if throwaway {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
			"-c", "max_connections=300")
	}
	return args
}

// logLimit is how large the server's log may grow before a start begins a new one.
const logLimit = 8 << 20

// openLog opens the server's log for appending; a long one is put aside first, in
// place of the one before.
func (h *home) openLog() (*os.File, error) {
	if info, err := h.files.Stat(logName); err == nil && info.Size() > logLimit {
		if err := h.files.Rename(logName, logName+".old"); err != nil {
			return nil, folderError(h.dir, err)
		}
	}
	return h.open(logName, os.O_WRONLY|os.O_APPEND)
}

// stop ends the server, if one of ours runs, and waits until it has: connections
// are cut, everything is written down ("fast shutdown").
func (s *Server) stop() error {
	asked := 0
	for deadline := time.Now().Add(patience); ; {
		alive, err := s.home.alive()
		if err != nil {
			return err
		}
		if !alive {
			break
		}
		if now, ok := s.home.readState(); ok && asked == 0 {
			asked = now.pid
			if err := syscall.Kill(asked, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("stopping PostgreSQL (process %d, data in %s): %w; type: kill %[1]d", asked, s.home.dir, err)
			}
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("PostgreSQL (data in %s) does not stop; type: kill -QUIT %d", s.home.dir, asked)
		}
		time.Sleep(pollEvery)
	}
	if asked != 0 {
		s.log.Info("stopped PostgreSQL", "folder", s.home.dir)
		if s.socket.dir != s.home.dir {
			os.Remove(s.socket.dir) // the short folder; made anew when needed
		}
	}
	return nil
}

// command is one of the programs, run as the account in the home. The settings of
// the shell do not reach it: PGDATA and its kin would, and messages of another
// language could not be explained.
func (h *home) command(ctx context.Context, p Programs, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.Bin, name), args...)
	cmd.Dir = h.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.SysProcAttr = h.account.process()
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}
