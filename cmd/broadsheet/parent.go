package main

import (
	"context"
	"os"
	"regexp"
	"time"
)

// startedByGoRun recognises where "go run" puts what it builds: a temporary
// folder the first time, and its build cache, which may have any name, after.
var startedByGoRun = regexp.MustCompile(`go-build|/[0-9a-f]{2}/[0-9a-f]{64}-d/`)

// watchParent ends the context when the program was started by "go run" and
// that has gone: go run does not pass signals on, and would leave us behind.
func watchParent(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	executable, err := os.Executable()
	if err != nil || !startedByGoRun.MatchString(executable) {
		return ctx, cancel
	}
	parent := os.Getppid()
	go func() {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if os.Getppid() != parent {
					cancel()
				}
			}
		}
	}()
	return ctx, cancel
}
