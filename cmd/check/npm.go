package main

import (
	"os"
	"path/filepath"
)

// stale reports whether the npm packages of a folder are missing or older than
// its lock file. npm writes a lock of its own into node_modules when all packages
// are in, so one that was stopped half-way counts as missing.
func stale(folder string) bool {
	installed, err := os.Stat(filepath.Join(folder, "node_modules", ".package-lock.json"))
	if err != nil {
		return true
	}
	wanted, err := os.Stat(filepath.Join(folder, "package-lock.json"))
	return err == nil && wanted.ModTime().After(installed.ModTime())
}
