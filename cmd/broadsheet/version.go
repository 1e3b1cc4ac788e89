package main

import (
	"fmt"
	"runtime/debug"
)

type versionCommand struct{}

// Run prints the program's version and the Go release it was built with.
func (versionCommand) Run(out *output) error {
	version, goVersion := "unknown", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version, goVersion = info.Main.Version, info.GoVersion
	}
	_, err := fmt.Fprintf(out.stdout, "broadsheet %s, %s\n", version, goVersion)
	return err
}
