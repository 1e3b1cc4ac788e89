package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// pollEvery is how often a lock, the server's state or its end is looked at while
// waiting for it.
const pollEvery = 20 * time.Millisecond

// lock opens a file of the home and takes the lock on it, waiting for its turn.
// The lock is gone with the file's last descriptor, so even kill -9 releases it.
// how is syscall.LOCK_EX or LOCK_SH.
func (h *home) lock(ctx context.Context, name string, how int) (*os.File, error) {
	for {
		f, err := h.tryLock(name, how)
		if !errors.Is(err, errLocked) {
			return f, err
		}
		if err := pause(ctx); err != nil {
			return nil, fmt.Errorf("waiting for another of our processes to start or stop PostgreSQL in %s: %w", h.dir, err)
		}
	}
}

// errLocked is what tryLock fails with when somebody holds the lock.
var errLocked = errors.New("the lock is taken")

// tryLock is lock without the waiting.
func (h *home) tryLock(name string, how int) (*os.File, error) {
	f, err := h.open(name, os.O_RDWR)
	if err != nil {
		return nil, err
	}
	switch err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		f.Close()
		return nil, errLocked
	case err != nil:
		f.Close()
		return nil, fmt.Errorf("the file system of %s has no locks (%w); take a folder of a local disk: --data-dir DIR", h.dir, err)
	}
	return f, nil
}

// alive reports whether a process of the server lives. The server inherits the
// locked file from us and its own processes from it, so this needs no process
// number, which may have gone to another program meanwhile.
func (h *home) alive() (bool, error) {
	f, err := h.tryLock(aliveName, syscall.LOCK_EX)
	if errors.Is(err, errLocked) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, f.Close()
}

// pause waits a moment, or fails when ctx is done.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(pollEvery):
		return nil
	}
}
