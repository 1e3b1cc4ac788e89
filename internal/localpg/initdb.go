package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

// prepare returns the programs for the home's data, after making the data if there
// is none yet. Data is only ever started by the major version that made it.
func (h *home) prepare(ctx context.Context, throwaway bool) (Programs, error) {
	data := filepath.Join(h.dir, dataName)
	version, err := h.files.ReadFile(dataName + "/PG_VERSION")
	if errors.Is(err, fs.ErrNotExist) {
		programs, err := Find()
		if err != nil {
			return Programs{}, err
		}
		return programs, h.initialise(ctx, programs, throwaway)
	}
	if err != nil {
		return Programs{}, folderError(h.dir, err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(version)))
	if err != nil {
		return Programs{}, fmt.Errorf("the data in %s is damaged (PG_VERSION is %q); put it aside and start afresh: mv %[1]s %[1]s.damaged", data, version)
	}
	return findMajor(major, data)
}

// initialise makes the data beside its place and moves it there when it is whole,
// so that an interrupted attempt leaves nothing that looks like data.
func (h *home) initialise(ctx context.Context, p Programs, throwaway bool) error {
	if err := h.files.RemoveAll(newName); err != nil {
		return folderError(h.dir, err)
	}
	args := []string{"-D", filepath.Join(h.dir, newName), "-U", superuser, "-A", "trust", "-E", "UTF8", "--no-instructions"}
	if throwaway {
		args = append(args, "--no-sync")
	}
	output, err := h.initdb(ctx, p, append(args, "--locale=C.UTF-8"))
	if err != nil && strings.Contains(output, "invalid locale name") { // older macOS has no C.UTF-8
		output, err = h.initdb(ctx, p, append(args, "--locale=en_US.UTF-8", "--lc-collate=C"))
	}
	if err != nil {
		h.files.RemoveAll(newName) // best effort: the next attempt does it too
		return h.initError(ctx, p, err, output)
	}
	if err := h.files.Rename(newName, dataName); err != nil {
		return folderError(h.dir, err)
	}
	return nil
}

// initdb runs the program, and returns what it printed, which the log gets as well.
func (h *home) initdb(ctx context.Context, p Programs, args []string) (string, error) {
	log, err := h.openLog()
	if err != nil {
		return "", err
	}
	defer log.Close()
	output, err := h.command(ctx, p, "initdb", args...).CombinedOutput()
	if _, writeErr := log.Write(output); err == nil && writeErr != nil {
		err = folderError(h.dir, writeErr)
	}
	return string(output), err
}

// initError explains why initdb failed.
func (h *home) initError(ctx context.Context, p Programs, err error, output string) error {
	if ctx.Err() != nil {
		return fmt.Errorf("making the database in %s: %w", h.dir, context.Cause(ctx))
	}
	if errors.Is(err, syscall.ENOSPC) {
		return err // of the log
	}
	if _, ran := errors.AsType[*exec.ExitError](err); ran {
		return h.explain("PostgreSQL could not make its data", output)
	}
	return h.startError(p, err)
}

// startError explains why a program could not even be started.
func (h *home) startError(p Programs, err error) error {
	switch {
	case h.account.other && errors.Is(err, syscall.EPERM):
		return h.account.switchError(err)
	case h.account.other && errors.Is(err, fs.ErrPermission):
		for _, path := range []string{h.dir, p.Bin} {
			if at := h.account.barrier(path); at != "" {
				return fmt.Errorf("PostgreSQL would run as %s, who may not enter %s; let it through (type: chmod o+x %[2]s) "+
					"or take another folder: --data-dir DIR", h.account.name, at)
			}
		}
	}
	return fmt.Errorf("cannot run the programs in %s (%w); name the folder of others: PG_BINDIR=DIR", p.Bin, err)
}

// causes are what PostgreSQL prints that we can explain, and what to say then;
// DIR stands for the home.
var causes = []struct {
	line   *regexp.Regexp
	advice string
}{
	{regexp.MustCompile(`No space left on device|Disk quota exceeded`),
		"the disk is full; see what fills it: df -h DIR"},
	{regexp.MustCompile(`Read-only file system`),
		"the disk of DIR is read-only; take another folder: --data-dir FOLDER"},
	{regexp.MustCompile(`could not look up effective user ID`),
		"initdb wants a name for the number of this user; give it one in /etc/passwd, or use another server: --database-url URL"},
	{regexp.MustCompile(`could not (resize|create|open) shared memory`),
		"shared memory is short; in a container: docker run --shm-size=256m"},
	{regexp.MustCompile(`has wrong ownership|has invalid permissions`),
		"its files have the wrong owner or mode; type: chown -R --reference=DIR DIR/data && chmod 700 DIR/data"},
	{regexp.MustCompile(`Cannot allocate memory|could not fork`),
		"memory is short; see what uses it: free -m"},
}

// serious finds the line that matters in what PostgreSQL prints.
var serious = regexp.MustCompile(`(?m)^.*(?:FATAL|PANIC|error):\s+(.*)$`)

// explain makes one line out of what initdb or the server printed before it ended.
func (h *home) explain(what, output string) error {
	for _, c := range causes {
		if c.line.MatchString(output) {
			return fmt.Errorf("%s in %s: %s", what, h.dir, strings.ReplaceAll(c.advice, "DIR", h.dir))
		}
	}
	reason := "it gave no reason"
	if found := serious.FindStringSubmatch(output); found != nil {
		reason = found[1]
	} else if text := strings.TrimSpace(output); text != "" {
		reason = text[strings.LastIndexByte(text, '\n')+1:]
	}
	return fmt.Errorf("%s: %s; see the whole story: tail %s", what, reason, filepath.Join(h.dir, logName))
}
